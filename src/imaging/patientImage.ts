import {bidsConversion, isBidsPet} from "./bidsPet.js";
import {readDicomElements, text} from "./dicomDataSet.js";
import {segmentMask} from "./dicomSeg.js";
import {type ImageBytes, readSeries, readSeriesVolume} from "./dicomSeries.js";
import {ImageError, RegionError} from "./imageError.js";
import {maskOnGrid} from "./maskOnGrid.js";
import {readNifti} from "./nifti.js";
import {readPetSeries} from "./petSeries.js";
import type {UncheckedFacts} from "./readFacts.js";
import {structureMask} from "./rtStruct.js";
import {type SuvConversion, suvConversion} from "./suv.js";
import type {Volume} from "./volume.js";

/** What a patient's image of one modality is read from. */
export interface ImageSource {
  /** As messages call it: a folder or a file. */
  readonly name: string;
  /** The files of a DICOM series, or one NIfTI file. */
  readonly files: readonly ImageBytes[];
  /** NIfTI PET: the JSON with its facts (`PetFacts`, or BIDS's sidecar); null where the image holds SUV already. */
  readonly sidecar: ImageBytes | null;
  /** Body weight in kg where the sidecar has none (BIDS: participants.tsv). */
  readonly weightKg: number | null;
}

/** A patient's image, whose values × `unitsPerValue` are SUV by body weight, or HU. */
export interface PatientImage {
  readonly name: string;
  readonly volume: Volume;
  readonly unitsPerValue: number;
  /** PET only: how it became SUV. */
  readonly conversion: SuvConversion | null;
  /** DICOM only. */
  readonly frameOfReference: string | null;
}

const alreadySuv: SuvConversion = {factors: [1], rule: "SUV already, as stated", detail: ""};

/**
 * Reads a PET or CT image, DICOM or NIfTI, told by its first bytes.
 *
 * @throws {ImageError} one sentence: what cannot be read, is another modality, or cannot become SUV
 */
export async function readPatientImage(modality: "pet" | "ct", source: ImageSource): Promise<PatientImage> {
  const {name, files} = source;
  if (files.length === 0) throw new ImageError(name, "holds no files; put the image there.");
  if (files.length > 1 || isDicom(files[0].bytes)) return readDicomImage(modality, source);
  const volume = readNifti(files[0].bytes, files[0].name);
  requireModality(volume, modality, name);
  const conversion = modality === "pet" ? niftiConversion(source) : null;
  const unitsPerValue = conversion?.factors[0] ?? 1;
  if (conversion) requireSuv(volume, unitsPerValue, name);
  return {name, volume, unitsPerValue, conversion, frameOfReference: null};
}

/** Whether bytes are those of a DICOM file. */
export function isDicom(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(128, 132)) === "DICM";
}

async function readDicomImage(modality: "pet" | "ct", {name, files}: ImageSource): Promise<PatientImage> {
  const frameOfReference = text(readDicomElements(files[0].bytes, files[0].name), "0020,0052");
  if (modality === "ct") {
    const volume = await readSeriesVolume(readSeries(files, name, "CT"));
    return {name, volume, unitsPerValue: 1, conversion: null, frameOfReference};
  }
  const {volume, suv} = await readPetSeries(files, name);
  requireSuv(volume, 1, name);
  return {name, volume, unitsPerValue: 1, conversion: suv, frameOfReference};
}

function niftiConversion({sidecar, weightKg}: ImageSource): SuvConversion {
  if (!sidecar) return alreadySuv;
  let facts: unknown;
  try {
    facts = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(sidecar.bytes));
  } catch {
    throw new ImageError(sidecar.name, "is no valid JSON in UTF-8; write it again.");
  }
  const isObject = typeof facts === "object" && facts !== null && !Array.isArray(facts);
  if (isObject && isBidsPet(facts as UncheckedFacts)) {
    return bidsConversion(facts as UncheckedFacts, weightKg, sidecar.name);
  }
  return suvConversion(facts, sidecar.name);
}

/** Least and greatest value; NaN is passed over. */
function range({data}: Volume): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Air, and what CT scanners write beyond their field of view, in HU. */
const airOfCt = [-1000, -1024, -2000, -2048, -3024];

/** NIfTI does not say what it shows: a CT begins at the value of air; a PET has nothing below 0 but thousands above. */
function requireModality(volume: Volume, modality: "pet" | "ct", name: string): void {
  const [low, high] = range(volume);
  const values = `its values run from ${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`;
  if (modality === "pet" && airOfCt.includes(low)) {
    throw new ImageError(name, `A CT given as PET (${values}); give the PET.`);
  }
  if (modality === "ct" && low >= 0 && high > 5000) {
    throw new ImageError(name, `A PET given as CT (${values}); give the CT in Hounsfield units.`);
  }
}

/** No tissue takes up a thousand times the mean. */
function requireSuv(volume: Volume, unitsPerValue: number, name: string): void {
  const high = range(volume)[1] * unitsPerValue;
  if (high > 1000) {
    throw new ImageError(
      name,
      `reaches an SUV of ${high.toPrecision(3)}, so its values are in other units; correct its facts.`
    );
  }
}

/**
 * Reads a tumour mask and brings it onto the image's grid: NIfTI labels, RTSTRUCT contours or DICOM SEG, told by the first
 * bytes.
 *
 * @param roi - which region: its name, number or (NIfTI) label; null for the only one (NIfTI: for all labels)
 * @returns 0 and 1 on the image's grid; all 0 where the mask is empty
 * @throws {ImageError} as the readers do, and when the tumour lies outside the image
 */
export async function readTumourMask(mask: ImageBytes, roi: string | null, image: PatientImage): Promise<Volume> {
  const {dims, spacing, affine} = image.volume;
  const grid = {dims, spacing, affine};
  if (!isDicom(mask.bytes)) return maskOnGrid(labelled(readNifti(mask.bytes, mask.name), roi, mask.name), grid, mask.name, image.name); // prettier-ignore
  const file = readDicomElements(mask.bytes, mask.name);
  const kind = text(file, "0008,0060");
  if (kind === "SEG") {
    const segment = await segmentMask(file, roi, image.frameOfReference);
    if (segment) return maskOnGrid(segment, grid, mask.name, image.name);
    return {...grid, data: new Float32Array(dims[0] * dims[1] * dims[2])};
  }
  if (kind === "RTSTRUCT") return structureMask(file, {...grid, frameOfReference: image.frameOfReference}, roi);
  throw new ImageError(mask.name, `is ${kind ?? "no image"} and no mask; give RTSTRUCT, SEG or NIfTI.`);
}

function labelled(mask: Volume, roi: string | null, name: string): Volume {
  if (roi === null) return mask;
  const label = Number(roi);
  if (!Number.isInteger(label) || label < 1) {
    throw new RegionError(name, `is NIfTI, which has labels such as "1" and no names, so none is "${roi}"`);
  }
  return {...mask, data: mask.data.map((value) => (value === label ? 1 : 0))};
}
