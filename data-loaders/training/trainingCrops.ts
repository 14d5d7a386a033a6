import {ImageError} from "../../src/imaging/imageError.js";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";
import {patientCrop, tumourMillilitres} from "../signatures/patientCrop.js";
import {readPatientFiles} from "../signatures/patientFiles.js";
import {type Study, StudyError, type StudyProblem} from "../study/study.js";
import type {Images} from "./forwardPass.js";

/** The images of a study's patients, ready for the network. */
export interface StudyCrops {
  /** By row of the study: 3 × side × side; null without an image or with an empty mask. */
  readonly pixels: readonly (Float32Array | null)[];
  /** By row: tumour volume in ml of the mask; NaN where there is none. */
  readonly volume: Float64Array;
  readonly side: number;
}

/**
 * Crops every patient's tumour as the loader does.
 *
 * @throws {StudyError} naming all broken files
 */
export async function studyCrops(
  study: Study,
  preprocessing: Preprocessing,
  onPatient: (done: number, of: number) => void = () => {}
): Promise<StudyCrops> {
  const {modality, inputPixels: side} = preprocessing;
  const files = study.images[modality] ?? study.patients.map(() => null);
  const problems: StudyProblem[] = [];
  const pixels: (Float32Array | null)[] = [];
  const volume = new Float64Array(files.length).fill(NaN);
  for (const [row, patientFiles] of files.entries()) {
    pixels[row] = null;
    if (patientFiles) {
      try {
        const read = await readPatientFiles(study.folder, modality, patientFiles);
        const crop = await patientCrop(read, preprocessing);
        pixels[row] = crop?.pixels ?? null;
        if (crop) volume[row] = await tumourMillilitres(read);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        problems.push({file: error.file, message: error.message});
      }
    }
    onPatient(row + 1, files.length);
  }
  if (problems.length > 0) throw new StudyError(problems);
  return {pixels, volume, side};
}

/** Images of some rows, all of which have one. */
export function imagesOfRows({pixels, side}: StudyCrops, rows: readonly number[]): Images {
  const stacked = new Float32Array(rows.length * 3 * side * side);
  rows.forEach((row, k) => stacked.set(pixels[row]!, k * 3 * side * side));
  return {pixels: stacked, n: rows.length, side};
}
