import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import path from "node:path";
import {ImageError} from "../../src/imaging/imageError.js";
import type {ImageFiles} from "../study/study.js";

/** A file as it lies on disk, and how messages call it. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All that a patient's signature of one modality is made from. */
export interface PatientFiles {
  readonly image: NamedBytes;
  readonly mask: NamedBytes;
  /** PET only: the JSON with the facts SUV needs. */
  readonly sidecar: NamedBytes | null;
}

/** The JSON beside a PET image: its name without .nii or .nii.gz, with .json. */
export function sidecarOf(image: string): string {
  return image.replace(/\.nii(\.gz)?$/i, "") + ".json";
}

/** @throws {ImageError} naming the first file that cannot be read */
export async function readPatientFiles(
  folder: string,
  modality: "pet" | "ct",
  files: ImageFiles
): Promise<PatientFiles> {
  const image = await read(folder, files.image, "put the image there");
  const mask = await readMask(folder, files.mask);
  if (modality === "ct") return {image, mask, sidecar: null};
  const mend =
    'write one with Units, DecayCorrection, PatientWeight, … or, if the image holds SUV already, {"Units": "GML"}';
  return {image, mask, sidecar: await read(folder, sidecarOf(files.image), mend)};
}

/** @throws {ImageError} if the mask cannot be read */
export function readMask(folder: string, name: string): Promise<NamedBytes> {
  return read(folder, name, "put the tumour mask there");
}

async function read(folder: string, name: string, mend: string): Promise<NamedBytes> {
  try {
    return {name, bytes: new Uint8Array(await readFile(path.join(folder, name)))};
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new ImageError(name, `is missing; ${mend}, or list the patient under "exclude" in study.json.`);
    }
    throw new ImageError(name, `cannot be read (${code ?? String(error)}); check the file and who may read it.`);
  }
}

/** SHA-256 over the files' content and over whatever else the result depends on. */
export function contentKey({image, mask, sidecar}: PatientFiles, recipe: string): string {
  const hash = createHash("sha256").update(recipe);
  // Lengths first, so that bytes cannot move from one file to the next unseen.
  for (const file of [image, mask, sidecar]) {
    hash.update(`|${file ? file.bytes.byteLength : "none"}|`);
    if (file) hash.update(file.bytes);
  }
  return hash.digest("hex");
}
