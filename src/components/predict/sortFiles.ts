import type {DroppedImage} from "../../inference/requests.js";
import type {DroppedFile} from "./droppedFiles.js";

export type Slot = "pet" | "ct" | "mask";

/** Files by what they are for. */
export type SortedFiles = Readonly<Record<Slot, readonly DroppedFile[]>>;

/**
 * Files dropped all together, told apart by their names as people name them.
 *
 * @throws {Error} a sentence naming the first file whose name does not say what it is
 */
export function sortByName(files: readonly DroppedFile[]): SortedFiles {
  const sorted: Record<Slot, DroppedFile[]> = {pet: [], ct: [], mask: []};
  for (const dropped of files) sorted[slotOf(dropped)].push(dropped);
  return sorted;
}

/** The last word of the path that says it: "ct/mask.nii" is a mask. */
function slotOf({path}: DroppedFile): Slot {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  for (const word of words.reverse()) {
    if (/^(masks?|seg|segmentation|label|labels|roi|gtv.*|rtstruct|rtss|tumou?r|dseg)$/.test(word)) return "mask";
    if (/^(pet|pt|suv|suvbw|fdg)$/.test(word)) return "pet";
    if (/^(ct|hu)$/.test(word)) return "ct";
  }
  throw new Error(`${path}: its name says neither PET nor CT nor mask; give it below, where it belongs.`);
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
