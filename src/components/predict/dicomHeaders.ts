import {dicomKind, type DicomKind} from "../../imaging/dicomKind.js";
import {keptIn} from "../../numeric/keptIn.js";
import type {DroppedFile} from "./droppedFiles.js";

/** What the first bytes of a file say. */
export type Header =
  | {readonly is: "dicom"; readonly kind: DicomKind}
  | {readonly is: "zip"}
  | {readonly is: "other"}
  /** The browser cannot read it: it has gone, or is a folder. */
  | {readonly is: "unreadable"};

/** As much of a DICOM file as mostly holds its modality and series. */
const beginningBytes = 32_768;

/** A file is read whole up to this size to be told apart when its beginning does not do. */
const wholeBytes = 2 ** 26;

const known = new WeakMap<File, Promise<Header>>();

/** What a file says it is; its beginning is read once. */
export function headerOf({file}: DroppedFile): Promise<Header> {
  return keptIn(known, file, () => readHeader(file));
}

async function readHeader(file: File): Promise<Header> {
  const beginning = await bytesOf(file, beginningBytes);
  if (!beginning) return {is: "unreadable"};
  if (beginning[0] === 0x50 && beginning[1] === 0x4b) return {is: "zip"};
  const kind = dicomKind(beginning);
  if (!kind) return {is: "other"};
  if ((kind.modality && kind.series) || file.size <= beginningBytes || file.size > wholeBytes)
    return {is: "dicom", kind};
  return {is: "dicom", kind: dicomKind((await bytesOf(file, wholeBytes)) ?? beginning) ?? kind};
}

async function bytesOf(file: File, most: number): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, most).arrayBuffer());
  } catch {
    return null;
  }
}

/** A DICOM series among dropped files. */
export interface DroppedSeries {
  /** For the reader: its description and how many files. */
  readonly label: string;
  readonly files: readonly DroppedFile[];
}

/**
 * The series of files that were given as one image.
 *
 * @param modality - DICOM's, e.g. "PT"
 * @returns null when they are not all DICOM files of that modality, so that there is nothing to choose from
 */
export async function seriesAmong(files: readonly DroppedFile[], modality: string): Promise<DroppedSeries[] | null> {
  const bySeries = new Map<string, {description: string; files: DroppedFile[]}>();
  for (const dropped of files) {
    const header = await headerOf(dropped);
    if (header.is !== "dicom" || header.kind.modality !== modality || !header.kind.series) return null;
    const {series, description} = header.kind;
    const found = bySeries.get(series) ?? {description: description ?? series, files: []};
    found.files.push(dropped);
    bySeries.set(series, found);
  }
  return [...bySeries.values()]
    .sort((a, b) => b.files.length - a.files.length)
    .map(({description, files}) => ({
      label: `"${description}" (${files.length} ${files.length === 1 ? "file" : "files"})`,
      files
    }));
}
