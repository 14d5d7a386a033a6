import {ImageError, RegionError} from "../../src/imaging/imageError.js";
import {maskVolume} from "../../src/imaging/maskVolume.js";
import {readNifti} from "../../src/imaging/nifti.js";
import {networkInput} from "../../src/imaging/networkInput.js";
import {isDicom, type PatientImage, readPatientImage, readTumourMask} from "../../src/imaging/patientImage.js";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";
import type {TumourCrop} from "../../src/imaging/tumourCrop.js";
import type {Volume} from "../../src/imaging/volume.js";
import type {PatientFiles} from "./patientFiles.js";

/** The network's input, and how the image came to its units. */
export interface PatientCrop extends TumourCrop {
  /** PET: the rule by which it became SUV, and this patient's figures; null for CT. */
  readonly conversion: {readonly rule: string; readonly detail: string} | null;
}

/**
 * A patient's image and its tumour mask on one grid, the image's: DICOM or NIfTI, RTSTRUCT, SEG or NIfTI.
 *
 * @throws {ImageError} when a file is broken, the two do not belong together, or SUV cannot be had
 */
export async function patientVolumes(files: PatientFiles): Promise<{image: PatientImage; mask: Volume}> {
  const {modality, sidecar, weightKg, mask, roi} = files;
  const image = await readPatientImage(modality, {...files.image, sidecar, weightKg});
  try {
    return {image, mask: await readTumourMask(mask, roi, image)};
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
    throw new ImageError(error.file, `${error.fault}; name the tumour's region as "roi" in study.json.`);
  }
}

/**
 * Volume of a patient's tumour mask in ml: of NIfTI labels on their own grid, else on the image's.
 *
 * @throws {ImageError} as `patientVolumes`
 */
export async function tumourMillilitres(files: PatientFiles): Promise<number> {
  const {mask, roi} = files;
  if (roi === null && !isDicom(mask.bytes)) return maskVolume(readNifti(mask.bytes, mask.name));
  return maskVolume((await patientVolumes(files)).mask);
}

/**
 * From a patient's files to the network's input.
 *
 * @returns null when the mask holds no tumour
 * @throws {ImageError} as `patientVolumes`; also when values around the tumour are no numbers
 */
export async function patientCrop(files: PatientFiles, preprocessing: Preprocessing): Promise<PatientCrop | null> {
  const {image, mask} = await patientVolumes(files);
  const crop = networkInput(image, mask, preprocessing);
  if (!crop) return null;
  const conversion = image.conversion && {rule: image.conversion.rule, detail: image.conversion.detail};
  return {...crop, conversion};
}
