/** A file with where it lay in what was dropped, e.g. "sts_002/PET/1-001.dcm". */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

/** What is no image although it lies in folders of images. */
const besideImages = /(^|\/)(\.[^/]*|DICOMDIR|__MACOSX\/.*|Thumbs\.db|.*\.(txt|md|csv|tsv|xml|html|pdf|png|jpe?g))$/i;

/** The files of a chooser, those of a folder with their paths. */
export function chosenFiles(input: HTMLInputElement): DroppedFile[] {
  const files = Array.from(input.files ?? [], (file) => ({path: file.webkitRelativePath || file.name, file}));
  return files.filter(({path}) => !besideImages.test(path));
}

/** The files of a drop, folders opened all the way down. */
export async function droppedFiles({items, files}: DataTransfer): Promise<DroppedFile[]> {
  // Taken before the first pause: the list is emptied after it.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry?.() ?? null).filter((entry) => entry !== null);
  const plain = Array.from(files, (file) => ({path: file.name, file}));
  const found = entries.length > 0 ? (await Promise.all(entries.map((entry) => filesIn(entry)))).flat() : plain;
  return found.filter(({path}) => !besideImages.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesIn(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    return [{path: entry.fullPath.replace(/^\//, ""), file}];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: DroppedFile[] = [];
  // A reader hands out a hundred entries at a time.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...(await filesIn(inner)));
  }
}
