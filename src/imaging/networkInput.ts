import {ImageError} from "./imageError.js";
import type {PatientImage} from "./patientImage.js";
import type {Preprocessing} from "./preprocessing.js";
import {type TumourCrop, tumourCrop} from "./tumourCrop.js";
import type {Volume} from "./volume.js";

/**
 * From a patient's image and its mask on one grid to the network's input: the same in loader and page.
 *
 * @returns null when the mask holds no tumour
 * @throws {ImageError} when values around the tumour are no numbers
 */
export function networkInput(image: PatientImage, mask: Volume, preprocessing: Preprocessing): TumourCrop | null {
  const crop = tumourCrop(image.volume, mask, preprocessing, image.unitsPerValue);
  if (crop?.pixels.some(Number.isNaN)) {
    throw new ImageError(
      image.name,
      "holds values that are no numbers (NaN) around the tumour; write the image again."
    );
  }
  return crop;
}
