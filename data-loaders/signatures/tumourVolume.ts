import type {Variable} from "../../src/cohort/description.js";
import {ImageError} from "../../src/imaging/imageError.js";
import {maskVolume} from "../../src/imaging/maskVolume.js";
import {readNifti} from "../../src/imaging/nifti.js";
import {isDicom} from "../../src/imaging/patientImage.js";
import type {ImageFiles, Study} from "../study/study.js";
import {tumourMillilitres} from "./patientCrop.js";
import {readMask, readPatientFiles} from "./patientFiles.js";

/** Volume of each patient's tumour mask in ml, a baseline that needs no network. */
export interface TumourVolumes {
  readonly variable: Variable;
  /** Length n; NaN where there is no mask. */
  readonly values: Float64Array;
}

/** Measures the mask of the PET, or of the CT where there is no PET. Masks that cannot be read count as missing here. */
export async function tumourVolumes(study: Study, onPatient: (done: number) => void): Promise<TumourVolumes> {
  const {pet, ct} = study.images;
  const values = new Float64Array(study.patients.length).fill(NaN);
  for (let row = 0; row < values.length; row++) {
    const files = pet?.[row] ?? ct?.[row];
    if (files) values[row] = await measured(study.folder, pet?.[row] ? "pet" : "ct", files);
    onPatient(row + 1);
  }
  return {
    variable: {
      id: "tumour_volume",
      label: "Tumour volume",
      type: "numeric",
      units: "ml",
      origin: "image",
      note: `Volume of the tumour mask of the ${pet ? "PET" : "CT"}.`
    },
    values
  };
}

async function measured(folder: string, modality: "pet" | "ct", files: ImageFiles): Promise<number> {
  try {
    // A NIfTI mask measures the same without its image.
    const mask = await readMask(folder, files.mask);
    if (!isDicom(mask.bytes) && files.roi === undefined) return maskVolume(readNifti(mask.bytes, mask.name));
    return await tumourMillilitres(await readPatientFiles(folder, modality, files));
  } catch (error) {
    // The step that reads the images reports a broken mask.
    if (error instanceof ImageError) return NaN;
    throw error;
  }
}
