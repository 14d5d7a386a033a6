import type {DroppedImage} from "../../inference/requests.js";
import {type DroppedSeries, headerOf, seriesAmong} from "./dicomHeaders.js";
import type {DroppedFile} from "./droppedFiles.js";

export type Slot = "pet" | "ct" | "mask";

/** Files by what they are for. */
export interface SortedFiles extends Readonly<Record<Slot, readonly DroppedFile[]>> {
  /** What was left aside and why, one sentence each. */
  readonly remarks: readonly string[];
}

/** Texts, tables and pictures were passed over, and nothing is left. */
export const noImages = "There is no image among these files; give DICOM or NIfTI.";

/** Where DICOM's modalities belong. */
const slotOfModality: Readonly<Record<string, Slot>> = {PT: "pet", CT: "ct", RTSTRUCT: "mask", SEG: "mask"};

/**
 * Files dropped all together, told apart: DICOM by what each file says of itself, whatever its name; NIfTI and JSON, which do
 * not say it, by their names as people name them.
 *
 * @param offered - what the page has a place for
 * @throws {Error} a sentence when nothing among them can be used
 */
export async function sortFiles(files: readonly DroppedFile[], offered: readonly Slot[]): Promise<SortedFiles> {
  if (files.length === 0) throw new Error(noImages);
  const sorted: Record<Slot, DroppedFile[]> = {pet: [], ct: [], mask: []};
  const aside = new Map<string, DroppedFile[]>();
  for (const dropped of files) {
    const slot = await slotOf(dropped);
    if (offered.includes(slot as Slot)) sorted[slot as Slot].push(dropped);
    else {
      const why = slot in sorted ? `left aside, since this study has no ${slot.toUpperCase()} network.` : slot;
      aside.set(why, [...(aside.get(why) ?? []), dropped]);
    }
  }
  const remarks = [...aside].map(([why, left]) => `${named(left)}: ${why}`);
  if (remarks.length > 0 && Object.values(sorted).every((some) => some.length === 0))
    throw new Error(remarks.join(" "));
  return {...sorted, remarks};
}

/** The slot, or why there is none. */
async function slotOf(dropped: DroppedFile): Promise<Slot | string> {
  const header = await headerOf(dropped);
  if (header.is === "unreadable") return "cannot be read; choose it again.";
  if (header.is === "zip") return "is a zip archive; unpack it and give the files inside.";
  if (header.is === "other") {
    return slotOfName(dropped.path) ?? "its name says neither PET nor CT nor mask; give it below, where it belongs.";
  }
  const {modality} = header.kind;
  if (!modality) return "is a DICOM file that does not say its modality; give it below, where it belongs.";
  return slotOfModality[modality] ?? `left aside, since DICOM ${modality} is neither PET, CT nor mask.`;
}

/** The last word of the path that says it: "ct/mask.nii" is a mask. */
function slotOfName(path: string): Slot | null {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  for (const word of words.reverse()) {
    if (/^(masks?|seg|segmentation|label|labels|roi|gtv.*|rtstruct|rtss|tumou?r|dseg)$/.test(word)) return "mask";
    if (/^(pet|pt|suv|suvbw|fdg)$/.test(word)) return "pet";
    if (/^(ct|hu)$/.test(word)) return "ct";
  }
  return null;
}

/** "scan.bin" or "notes/a.bin and 3 more" */
function named(files: readonly DroppedFile[]): string {
  return files.length === 1 ? files[0].path : `${files[0].path} and ${files.length - 1} more`;
}

/**
 * What a reader may choose from where the files of one modality are several images: DICOM series, and NIfTI files each with
 * the facts given.
 *
 * @param modality - DICOM's, e.g. "PT"
 * @returns null when the DICOM files are not all of that modality: the reader of images says what they are
 */
export async function imagesAmong(files: readonly DroppedFile[], modality: string): Promise<DroppedSeries[] | null> {
  const facts = files.filter(({path}) => /\.json$/i.test(path));
  const nifti = files.filter(({path}) => isNifti(path));
  const others = files.filter((file) => !facts.includes(file) && !nifti.includes(file));
  const series = await seriesAmong(others, modality);
  return series && [...series, ...nifti.map((file) => ({label: file.path, files: [file, ...facts]}))];
}

/**
 * The files given as one modality, as the worker takes them.
 *
 * @param isSuv - the reader says that a NIfTI PET holds SUV
 * @throws {Error} one sentence: no image, several, or a PET without its facts
 */
export function imageOf(modality: "pet" | "ct", files: readonly DroppedFile[], isSuv: boolean): DroppedImage {
  const facts = files.filter(({path}) => /\.json$/i.test(path));
  const images = files.filter(({path}) => !/\.json$/i.test(path));
  const name = modality.toUpperCase();
  if (images.length === 0)
    throw new Error(`${facts[0]?.path ?? name}: no image came with it; give the ${name} itself.`);
  const nifti = images.filter(({path}) => isNifti(path));
  if (nifti.length === 0) return {name: folderOf(images), files: images.map(({file}) => file), sidecar: null};
  if (images.length > 1) {
    const names = images.slice(0, 3).map(({path}) => path).join(", "); // prettier-ignore
    throw new Error(`${names}: ${images.length} images were given as ${name}; give one.`);
  }
  const [{path, file}] = images;
  if (modality === "ct" || isSuv) return {name: path, files: [file], sidecar: null};
  const wanted = path.replace(/\.nii(\.gz)?$/i, "") + ".json";
  const sidecar = facts.length === 1 ? facts[0] : facts.find((fact) => fact.path === wanted);
  if (sidecar) return {name: path, files: [file], sidecar: sidecar.file};
  throw new Error(
    `${path}: the facts that SUV needs are missing; give ${wanted} with it, or tick "holds SUV already".`
  );
}

export function isNifti(path: string): boolean {
  return /\.nii(\.gz)?$/i.test(path);
}

/** How messages call a series: the folder it came in. */
function folderOf(files: readonly DroppedFile[]): string {
  if (files.length === 1) return files[0].path;
  return files[0].path.split("/").slice(0, -1).join("/") || `${files[0].path} and ${files.length - 1} more`;
}
