import {createHash} from "node:crypto";
import {readdir, readFile, stat} from "node:fs/promises";
import path from "node:path";
import type {ImageBytes} from "../../src/imaging/dicomSeries.js";
import {ImageError} from "../../src/imaging/imageError.js";
import {isImageFile} from "../study/imageFiles.js";
import type {ImageFiles} from "../study/study.js";
import {bidsWeight} from "./bidsWeight.js";

/** A file as it lies on disk, and how messages call it. */
export type NamedBytes = ImageBytes;

/** All that a patient's signature of one modality is made from. */
export interface PatientFiles {
  readonly modality: "pet" | "ct";
  /** One NIfTI file, or the files of a DICOM series; named as study.json names the file or folder. */
  readonly image: {readonly name: string; readonly files: readonly NamedBytes[]};
  readonly mask: NamedBytes;
  /** Which region of the mask, as study.json says; null for the only one. */
  readonly roi: string | null;
  /** PET as NIfTI: the JSON with the facts SUV needs; null where the image holds SUV already. */
  readonly sidecar: NamedBytes | null;
  /** kg, from BIDS's participants.tsv. */
  readonly weightKg: number | null;
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
  const found = {
    modality,
    image: {name: files.image, files: await readImages(folder, files.image)},
    mask: await readMask(folder, files.mask),
    roi: files.roi ?? null,
    sidecar: null,
    weightKg: null
  };
  if (modality === "ct" || files.unit === "SUVbw" || /\/$/.test(files.image) || (await isFolder(folder, files.image))) {
    return found;
  }
  const mend =
    'write one with Units, DecayCorrection, PatientWeight, … or, if the images hold SUV already, put "unit": "SUVbw" into study.json';
  const sidecar = await read(folder, sidecarOf(files.image), mend);
  return {...found, sidecar, weightKg: await bidsWeight(folder, files.image)};
}

/** @throws {ImageError} if the mask cannot be read */
export async function readMask(folder: string, name: string): Promise<NamedBytes> {
  const mend = "put the tumour mask there";
  if (!(await isFolder(folder, name))) return read(folder, name, mend);
  const files = await imagesIn(folder, name);
  if (files.length !== 1) {
    throw new ImageError(name, `holds ${files.length} files; the folder of a mask must hold one, RTSTRUCT or SEG.`);
  }
  return read(folder, `${name}/${files[0]}`, mend);
}

async function readImages(folder: string, name: string): Promise<NamedBytes[]> {
  if (!(await isFolder(folder, name))) return [await read(folder, name, "put the image there")];
  const files = await imagesIn(folder, name);
  // One at a time: a series has hundreds of files.
  const found: NamedBytes[] = [];
  for (const file of files) found.push(await read(folder, `${name}/${file}`, "put the image there"));
  return found;
}

async function imagesIn(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(path.join(folder, name), {withFileTypes: true});
  return entries.filter((entry) => entry.isFile() && isImageFile(entry.name)).map((entry) => entry.name).sort(); // prettier-ignore
}

async function isFolder(folder: string, name: string): Promise<boolean> {
  try {
    return (await stat(path.join(folder, name))).isDirectory();
  } catch {
    return false;
  }
}

async function read(folder: string, name: string, mend: string): Promise<NamedBytes> {
  try {
    return {name, bytes: new Uint8Array(await readFile(path.join(folder, name)))};
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new ImageError(name, `is missing; ${mend}, or list the patient under "exclude" in study.json.`);
    }
    if (code === "ERR_FS_FILE_TOO_LARGE") throw new ImageError(name, "is larger than 2 GB; crop the volume.");
    throw new ImageError(name, `cannot be read (${code ?? String(error)}); check the file and who may read it.`);
  }
}

/** SHA-256 over the files' content and over whatever else the result depends on. */
export function contentKey({image, mask, roi, sidecar, weightKg}: PatientFiles, recipe: string): string {
  const hash = createHash("sha256").update(recipe);
  // Lengths first, so that bytes cannot move from one file to the next unseen.
  for (const file of [...image.files, mask, sidecar]) {
    hash.update(`|${file ? file.bytes.byteLength : "none"}|`);
    if (file) hash.update(file.bytes);
  }
  if (roi !== null || weightKg !== null) hash.update(`|${JSON.stringify([roi, weightKg])}|`);
  return hash.digest("hex");
}
