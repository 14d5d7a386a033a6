import {ImageError} from "../../src/imaging/imageError.js";
import {readNifti} from "../../src/imaging/nifti.js";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";
import {gridDifference} from "../../src/imaging/sameGrid.js";
import {suvFactor} from "../../src/imaging/suv.js";
import {tumourCrop, type TumourCrop} from "../../src/imaging/tumourCrop.js";
import type {PatientFiles} from "./patientFiles.js";

/**
 * From a patient's files to the network's input.
 *
 * @returns null when the mask holds no tumour
 * @throws {ImageError} when a file is broken, the grids differ, SUV cannot be had, or values are no numbers
 */
export function patientCrop({image, mask, sidecar}: PatientFiles, preprocessing: Preprocessing): TumourCrop | null {
  const volume = readNifti(image.bytes, image.name);
  const tumour = readNifti(mask.bytes, mask.name);
  const difference = gridDifference(tumour, volume);
  if (difference) {
    const mend = "resample the mask onto the image's grid.";
    throw new ImageError(mask.name, `its grid is not that of ${image.name} (${difference}); ${mend}`);
  }
  const factor = sidecar ? suvFactor(parseJson(sidecar), sidecar.name) : 1;
  const crop = tumourCrop(volume, tumour, preprocessing, factor);
  if (crop?.pixels.some(Number.isNaN)) {
    throw new ImageError(
      image.name,
      "holds values that are no numbers (NaN) around the tumour; write the image again."
    );
  }
  return crop;
}

/** The slice of largest area as 8-bit grey, as the network saw it. */
export function greySlice({pixels, mask}: TumourCrop): Uint8Array {
  const middle = pixels.subarray(mask.length, 2 * mask.length);
  return Uint8Array.from(middle, (value) => Math.round((value + 1) * 127.5));
}

function parseJson({name, bytes}: {name: string; bytes: Uint8Array}): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
  } catch {
    throw new ImageError(name, "is no valid JSON in UTF-8; write it again.");
  }
}
