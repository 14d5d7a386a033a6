import {axialView} from "../imaging/axialView.js";
import {isocontour} from "../imaging/isocontour.js";
import {ImageError, RegionError} from "../imaging/imageError.js";
import {maskOnGrid} from "../imaging/maskOnGrid.js";
import {maskVolume} from "../imaging/maskVolume.js";
import {networkInput} from "../imaging/networkInput.js";
import {
  isDicom,
  type ImageSource,
  type PatientImage,
  readPatientImage,
  readTumourMask
} from "../imaging/patientImage.js";
import type {ImageBytes} from "../imaging/dicomSeries.js";
import type {Volume} from "../imaging/volume.js";
import type {CheckedNetwork} from "./network.js";
import {preprocessingOf, signatureOf} from "./publishedNetworks.js";

export type Modality = "pet" | "ct";

/** What the page shows of an image that was read. */
export interface ImageFacts {
  readonly modality: Modality;
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Between columns and between rows. */
  readonly columnMm: number;
  readonly rowMm: number;
  /** PET: how it became SUV; null for CT. */
  readonly conversion: {readonly rule: string; readonly detail: string} | null;
  /** Least and greatest value in SUV or HU. */
  readonly range: readonly [number, number];
}

/** An axial slice as a radiologist sees it. */
export interface Slice {
  readonly columns: number;
  readonly rows: number;
  /** SUV or HU, row by row. */
  readonly values: Float32Array;
  /** 1 in the tumour. */
  readonly mask: Uint8Array;
}

/** A tumour mask as the page tells of it. */
export interface MaskFacts {
  readonly millilitres: number;
  /** Slice of the largest tumour area in each image that is there. */
  readonly slice: Readonly<Partial<Record<Modality, number>>>;
  /** What the reader should know of it, one sentence each. */
  readonly remarks: readonly string[];
}

/** What a network made of a patient. */
export interface Prediction {
  readonly modality: Modality;
  readonly variable: string;
  readonly risk: number;
  /** The risk standardised as the cohort's signatures are. */
  readonly signature: number;
  readonly millilitres: number;
  /** Highest SUV in the mask; null for CT. */
  readonly suvMax: number | null;
  /** Side of the square the network saw. */
  readonly sideMm: number;
  readonly provider: string;
  readonly seconds: number;
}

/** Where a threshold is to grow a region from: a pixel of a PET slice. */
export interface Click {
  readonly column: number;
  readonly row: number;
  readonly slice: number;
  /** Of the local maximum, 0 … 1. */
  readonly share: number;
}

/** A reader's own patient: images, tumour mask and what the networks say. Holds the volumes; none of it leaves. */
export interface Patient {
  readonly load: (modality: Modality, source: ImageSource) => Promise<ImageFacts>;
  readonly slice: (modality: Modality, slice: number) => Slice;
  /** @param roi - which region of the file; null for the only one */
  readonly mask: (file: ImageBytes, roi: string | null) => Promise<MaskFacts>;
  readonly grow: (click: Click) => MaskFacts;
  readonly predict: (modality: Modality, network: CheckedNetwork) => Promise<Prediction>;
  /** Lets go of an image, the mask or all. */
  readonly forget: (what: Modality | "mask" | "all") => void;
}

/** Begins with nothing. Every function throws an `ImageError` or a `RangeError` of one sentence, and nothing has changed then. */
export function newPatient(): Patient {
  const images = new Map<Modality, PatientImage>();
  const masks = new Map<Modality, Volume>();
  const imageOf = (modality: Modality) => {
    const image = images.get(modality);
    if (image) return image;
    throw new RangeError(`There is no ${modality.toUpperCase()} image; give one first.`);
  };
  const placed = (next: ReadonlyMap<Modality, Volume>, millilitres: number, remarks: readonly string[]): MaskFacts => {
    masks.clear();
    for (const [modality, volume] of next) masks.set(modality, volume);
    const slices = [...next].map(([modality, volume]) => [modality, largestSlice(volume)]);
    return {millilitres, slice: Object.fromEntries(slices) as MaskFacts["slice"], remarks};
  };
  return {
    async load(modality, source) {
      const read = await readPatientImage(modality, source);
      // Read as study.json would have it; here the reader has said so.
      const said = modality === "pet" && !source.sidecar && !isDicom(source.files[0].bytes);
      const image = said && read.conversion ? {...read, conversion: {...read.conversion, rule: "SUV already, as you say"}} : read; // prettier-ignore
      images.set(modality, image);
      // A mask was checked against the image it was given with.
      masks.clear();
      return imageFacts(modality, image);
    },
    slice(modality, slice) {
      return sliceOf(imageOf(modality), masks.get(modality) ?? null, slice);
    },
    async mask(file, roi) {
      if (images.size === 0) throw new RangeError("There is no image to put the mask on; give the PET or CT first.");
      const next = new Map<Modality, Volume>();
      for (const [modality, image] of images) next.set(modality, await maskOf(file, roi, image));
      for (const [modality, volume] of next) requireTumour(volume, file.name, images.get(modality)!.name);
      const millilitres = maskVolume(next.get("pet") ?? next.get("ct")!);
      return placed(next, millilitres, []);
    },
    grow({column, row, slice, share}) {
      const pet = imageOf("pet");
      const at = axialView(pet.volume).index(column, row, slice);
      const [nx, ny] = pet.volume.dims;
      const found = isocontour(pet.volume, [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))], share);
      if (found.voxels === 0) throw new RangeError("Nothing takes up the tracer there; click on the lesion.");
      const next = new Map<Modality, Volume>([["pet", found.mask]]);
      const ct = images.get("ct");
      if (ct) next.set("ct", maskOnGrid(found.mask, ct.volume, "The region", ct.name));
      return placed(next, maskVolume(found.mask), contourRemarks(found, pet.unitsPerValue));
    },
    async predict(modality, network) {
      const image = imageOf(modality);
      const mask = masks.get(modality);
      if (!mask) throw new RangeError("There is no tumour mask; give one, or click on the lesion.");
      const begun = performance.now();
      const crop = networkInput(image, mask, preprocessingOf(network.published));
      if (!crop) throw new RangeError("The tumour mask is empty; give another, or click on the lesion.");
      const risk = await network.risk(crop.pixels);
      return {
        modality,
        variable: network.published.variable,
        risk,
        signature: signatureOf(risk, network.published),
        millilitres: maskVolume(mask),
        suvMax: modality === "pet" ? highest(image, mask) : null,
        sideMm: crop.sideMm,
        provider: network.provider.name,
        seconds: (performance.now() - begun) / 1000
      };
    },
    forget(what) {
      // Without its image a mask has no grid.
      masks.clear();
      if (what === "all") images.clear();
      else if (what !== "mask") images.delete(what);
    }
  };
}

async function maskOf(file: ImageBytes, roi: string | null, image: PatientImage): Promise<Volume> {
  try {
    return await readTumourMask(file, roi, image);
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
    throw new ImageError(error.file, `${error.fault}; write the tumour's into "Region of the file".`);
  }
}

function imageFacts(modality: Modality, {name, volume, unitsPerValue, conversion}: PatientImage): ImageFacts {
  const {columns, rows, slices, columnMm, rowMm} = axialView(volume);
  let [low, high] = [Infinity, -Infinity];
  for (const value of volume.data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return {
    modality,
    name,
    columns,
    rows,
    slices,
    columnMm,
    rowMm,
    conversion: conversion && {rule: conversion.rule, detail: conversion.detail},
    range: [low * unitsPerValue, high * unitsPerValue]
  };
}

function sliceOf({volume, unitsPerValue}: PatientImage, mask: Volume | null, slice: number): Slice {
  const view = axialView(volume);
  const {columns, rows} = view;
  if (!(slice >= 0 && slice < view.slices)) throw new RangeError(`There is no slice ${slice + 1} of ${view.slices}.`);
  const values = new Float32Array(columns * rows);
  const tumour = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = view.index(column, row, slice);
      values[row * columns + column] = volume.data[at] * unitsPerValue;
      if (mask && mask.data[at] > 0.5) tumour[row * columns + column] = 1;
    }
  return {columns, rows, values, mask: tumour};
}

function requireTumour({data}: Volume, name: string, image: string): void {
  if (data.some((label) => label > 0.5)) return;
  throw new ImageError(name, `is empty on ${image}: no voxel is tumour; give the mask that was drawn.`);
}

/** The slice the network will look at. */
function largestSlice(mask: Volume): number {
  const view = axialView(mask);
  let [best, most] = [0, 0];
  for (let slice = 0; slice < view.slices; slice++) {
    let voxels = 0;
    for (let row = 0; row < view.rows; row++)
      for (let column = 0; column < view.columns; column++)
        if (mask.data[view.index(column, row, slice)] > 0.5) voxels++;
    if (voxels > most) [best, most] = [slice, voxels];
  }
  return best;
}

function highest({volume, unitsPerValue}: PatientImage, mask: Volume): number {
  let most = -Infinity;
  for (let at = 0; at < volume.data.length; at++) {
    if (mask.data[at] > 0.5 && volume.data[at] > most) most = volume.data[at];
  }
  return most * unitsPerValue;
}

function contourRemarks({maximum, highest, atEdge}: ReturnType<typeof isocontour>, unitsPerValue: number): string[] {
  const suv = (value: number) => (value * unitsPerValue).toFixed(1);
  const remarks: string[] = [];
  if (highest > maximum) {
    const what = `The region runs into something hotter (SUV ${suv(highest)}) than the lesion clicked on (${suv(maximum)})`;
    remarks.push(`${what}; raise the percentage, or give a mask.`);
  }
  if (atEdge) remarks.push("The region reaches the edge of the image; raise the percentage, or give a mask.");
  return remarks;
}
