import {existsSync} from "node:fs";
import {join} from "node:path";
import {filesAt, pathFor} from "./imageFiles.js";
import type {Problems} from "./problems.js";
import type {StudyFile} from "./schema.js";
import type {ImageFiles} from "./study.js";

const modalities = ["pet", "ct"] as const;

/** Images found, files to hash, and what to tell the reader. */
export interface FoundImages {
  readonly images: Partial<Record<"pet" | "ct", (ImageFiles | null)[]>>;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The images of each patient by the path patterns of study.json. A patient without an image stays, without a signature,
 * and is counted; an image without its mask is a problem.
 */
export function findImages(
  folder: string,
  patients: readonly string[],
  patterns: StudyFile["images"],
  problems: Problems
): FoundImages {
  const images: Partial<Record<"pet" | "ct", (ImageFiles | null)[]>> = {};
  const files = new Set<string>();
  const notes: string[] = [];
  for (const modality of modalities) {
    const pattern = patterns?.[modality];
    if (!pattern) continue;
    const found = patients.map((patient) => imagesOf(folder, patient, pattern, problems));
    sharedImages(patients, found, problems);
    const without = patients.filter((patient) => !existsSync(join(folder, pathFor(folder, pattern.image, patient))));
    if (without.length === patients.length) {
      problems.add(
        {file: "study.json", column: `images.${modality}.image`},
        `no patient has such an image; the first would be ${pattern.image.replaceAll("{id}", patients[0])}. Correct the pattern, or remove it.`
      );
      continue;
    }
    if (without.length > 0)
      notes.push(
        `${without.length} of ${patients.length} patients have no ${modality.toUpperCase()} image and so no signature of it.`
      );
    images[modality] = found;
    for (const pair of found) {
      if (!pair) continue;
      const sidecar = pair.image.replace(/\.nii(\.gz)?$/, "") + ".json";
      // BIDS keeps the weights there.
      const table = /(^|\/)sub-/.test(pair.image) ? ["participants.tsv"] : [];
      for (const path of [pair.image, pair.mask, sidecar, ...table])
        for (const file of filesAt(folder, path)) files.add(file);
    }
  }
  return {images, files: [...files], notes};
}

/** Names that differ in case or in "-" and "_" only may lead to one file: two patients would be one. */
function sharedImages(patients: readonly string[], found: readonly (ImageFiles | null)[], problems: Problems): void {
  const owner = new Map<string, string>();
  found.forEach((pair, i) => {
    if (!pair) return;
    const before = owner.get(pair.image);
    if (before !== undefined)
      problems.add(
        {file: pair.image},
        `"${before}" and "${patients[i]}" both find this image: one patient would count twice. Give each an image of exactly its own name.`
      );
    owner.set(pair.image, patients[i]);
  });
}

function imagesOf(
  folder: string,
  patient: string,
  pattern: {readonly image: string; readonly mask: string; readonly roi?: string; readonly unit?: "SUVbw"},
  problems: Problems
): ImageFiles | null {
  const [image, mask] = [pathFor(folder, pattern.image, patient), pathFor(folder, pattern.mask, patient)];
  if (!existsSync(join(folder, image))) return null;
  if (!existsSync(join(folder, mask))) {
    problems.add(
      {file: mask},
      `the tumour mask of ${image} is missing. Put it there, or list ${patient} under "exclude" in study.json.`
    );
    return null;
  }
  const {roi, unit} = pattern;
  return {image, mask, ...(roi ? {roi} : {}), ...(unit ? {unit} : {})};
}
