import {decoderSource} from "./dicomCodecs.js";
import {decimal, readDicomElements, text} from "./dicomDataSet.js";
import {type DicomSlice, instanceOf, readSlice} from "./dicomFile.js";
import {type StackedSlices, stackSlices} from "./dicomGeometry.js";
import {storedFrames} from "./dicomPixels.js";
import {ImageError} from "./imageError.js";
import {maximumVoxels, type Volume} from "./volume.js";

/** A file and how messages call it. */
export interface ImageBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The slices of one CT or PET series, in order along the normal. */
export interface DicomSeries extends StackedSlices {
  readonly name: string;
  readonly modality: "CT" | "PT";
}

const spoken = {CT: "CT", PT: "PET", MR: "MR", NM: "NM"} as const;
const kindOf = (modality: string) => spoken[modality as keyof typeof spoken] ?? modality;

/**
 * Reads the headers of one series and stacks its slices; no pixel is read yet.
 *
 * @param files - every file of the series, in any order
 * @param name - how messages call the series, e.g. its folder
 * @param modality - what the series must be
 * @throws {ImageError} one sentence: no files, another modality, two series, and all that `readSlice` and `stackSlices`
 *   refuse
 */
export function readSeries(files: readonly ImageBytes[], name: string, modality: "CT" | "PT"): DicomSeries {
  if (files.length === 0) throw new ImageError(name, "holds no files; put the DICOM series there.");
  const sets = files.map((file) => readDicomElements(file.bytes, file.name));
  for (const set of sets) {
    const found = text(set, "0008,0060") ?? "unknown";
    if (found !== modality) throw new ImageError(set.name, wrongKind(found, modality));
  }
  const slices = sets.map(readSlice);
  requireOneSeries(slices, name);
  requireDistinct(slices, name);
  const {rows, columns} = slices[0].layout;
  if (rows * columns * slices.length > maximumVoxels) {
    throw new ImageError(name, `has ${slices.length} slices of ${columns} × ${rows}, more than fit; crop the series.`);
  }
  const {file} = slices[0];
  return {name, modality, ...stackSlices(slices, name, decimal(file, "0018,0050"))};
}

function wrongKind(found: string, wanted: "CT" | "PT"): string {
  if (found in spoken)
    return `${/^[MN]/.test(found) ? "An" : "A"} ${kindOf(found)} given as ${kindOf(wanted)}; give the ${kindOf(wanted)} series.`;
  return `is ${found} and no ${kindOf(wanted)}; take it out of the folder of the ${kindOf(wanted)} series.`;
}

/**
 * Reads the pixels of a stacked series: stored × slope + intercept, each slice with its own. HU for CT.
 *
 * @param factors - a factor for each slice on top, e.g. to SUV; without it 1
 * @throws {ImageError} for missing, short or unreadable pixels
 */
export async function readSeriesVolume(series: DicomSeries, factors?: ArrayLike<number>): Promise<Volume> {
  const {slices, dims, spacing, affine} = series;
  const decoders = decoderSource();
  const area = dims[0] * dims[1];
  // Before room is made for all: as `storedFrames` asks of each file.
  const held = slices.reduce((sum, {file}) => sum + file.elements.byteArray.length, 0);
  if (area * slices.length > 1000 * held) {
    throw new ImageError(series.name, "its files are far too short for the size they state; copy the series again.");
  }
  const data = new Float32Array(area * slices.length);
  for (const [k, {file, layout, slope, intercept}] of slices.entries()) {
    const [stored] = await storedFrames(file, layout, decoders);
    const factor = factors?.[k] ?? 1;
    const start = k * area;
    for (let pixel = 0; pixel < area; pixel++) data[start + pixel] = factor * (slope * stored[pixel] + intercept);
  }
  return {dims, spacing, affine, data};
}

/** Reads a CT series as a volume in Hounsfield units. See `readSeries` for what is refused. */
export async function readCtSeries(files: readonly ImageBytes[], name: string): Promise<Volume> {
  return readSeriesVolume(readSeries(files, name, "CT"));
}

function requireOneSeries(slices: readonly DicomSlice[], name: string): void {
  const other = slices.find(({series}) => series !== slices[0].series);
  if (!other) return;
  const called = ({seriesDescription, series, file}: DicomSlice) => `"${seriesDescription ?? series}" (${file.name})`;
  throw new ImageError(
    name,
    `holds two series, ${called(slices[0])} and ${called(other)}; leave one of them in the folder.`
  );
}

function requireDistinct(slices: readonly DicomSlice[], name: string): void {
  const seen = new Map<string, string>();
  for (const slice of slices) {
    const instance = instanceOf(slice);
    const twin = instance && seen.get(instance);
    if (twin) throw new ImageError(name, `holds one slice twice: ${twin} and ${slice.file.name}; remove one.`);
    if (instance) seen.set(instance, slice.file.name);
  }
}
