import {chooseRegion, type Region} from "./chooseRegion.js";
import {decoderSource} from "./dicomCodecs.js";
import {decimal, decimals, type DicomDataSet, type DicomElements, isUncompressed, items, text, unsigned16} from "./dicomDataSet.js"; // prettier-ignore
import {maximumPixels, placeOf, readLayout, type SlicePlace} from "./dicomFile.js";
import {dot, normalOf, rasAffine} from "./dicomGeometry.js";
import {pixelBytes, storedFrames} from "./dicomPixels.js";
import {ImageError} from "./imageError.js";
import {maximumVoxels, type Volume} from "./volume.js";

/** One frame of the region: where it lies, and its voxels, 1 within. */
interface Frame {
  readonly place: SlicePlace;
  readonly voxels: Uint8Array;
}

/**
 * One segment of a DICOM SEG as a mask on a grid of its own: the box round the segment. Bring it onto the image with
 * `maskOnGrid`.
 *
 * BINARY: a bit a voxel. FRACTIONAL: within where the share is a half or more. LABELMAP: within where the segment's number
 * stands.
 *
 * @param wanted - the segment's label (any case) or number; null where there is only one
 * @param imageFrameOfReference - where known, must be that of the segmentation
 * @returns null when the segment is empty
 * @throws {ImageError} when the file is no SEG, the segment is not there, or frames do not make a stack
 * @see DICOM PS3.3 A.51 and C.8.20
 */
export async function segmentMask(
  file: DicomElements,
  wanted: string | null = null,
  imageFrameOfReference: string | null = null
): Promise<Volume | null> {
  const {name} = file;
  const modality = text(file, "0008,0060");
  if (modality !== "SEG") {
    throw new ImageError(name, `is ${modality ?? "no image"} and no SEG; give the segmentation.`);
  }
  const frame = text(file, "0020,0052");
  if (frame && imageFrameOfReference && frame !== imageFrameOfReference) {
    throw new ImageError(name, "lies in another frame of reference than the image; give this image's segmentation.");
  }
  const segment = chooseRegion(segments(file), wanted, name, "segments");
  const frames = await framesOf(file, segment.number);
  return stack(
    frames.filter(({voxels}) => voxels.includes(1)),
    file
  );
}

function segments(file: DicomElements): Region[] {
  return items(file, "0062,0002").flatMap((segment) => {
    const number = unsigned16(segment, "0062,0004");
    // 0 is the background of a label map.
    return number ? [{number, name: text(segment, "0062,0005") ?? `segment ${number}`}] : [];
  });
}

async function framesOf(file: DicomElements, segment: number): Promise<Frame[]> {
  const {name} = file;
  const type = text(file, "0062,0001");
  if (type !== "BINARY" && type !== "FRACTIONAL" && type !== "LABELMAP") {
    throw new ImageError(name, `has SegmentationType ${type ?? "missing"}, which cannot be read; export it as BINARY.`);
  }
  const perFrame = items(file, "5200,9230");
  const count = decimal(file, "0028,0008") ?? 1;
  if (perFrame.length !== count || count < 1) {
    throw new ImageError(name, `states ${count} frames and describes ${perFrame.length}; export it again.`);
  }
  const [shared] = items(file, "5200,9229");
  const chosen = perFrame.flatMap((groups, k) => {
    const of = type === "LABELMAP" ? segment : segmentOf(groups, shared);
    return of === segment ? [{k, place: framePlace(groups, shared, name)}] : [];
  });
  const within = await (type === "BINARY" ? bits(file, count) : values(file, count, type, segment));
  return chosen.map(({k, place}) => ({place, voxels: within(k)}));
}

/** Item of a functional group: of the frame, else shared by all. */
function group(groups: DicomDataSet, shared: DicomDataSet | undefined, tag: string): DicomDataSet | undefined {
  return items(groups, tag)[0] ?? (shared && items(shared, tag)[0]);
}

function segmentOf(groups: DicomDataSet, shared: DicomDataSet | undefined): number | null {
  const identification = group(groups, shared, "0062,000A");
  return identification ? unsigned16(identification, "0062,000B") : null;
}

function framePlace(groups: DicomDataSet, shared: DicomDataSet | undefined, name: string): SlicePlace {
  const [position, orientation, measures] = ["0020,9113", "0020,9116", "0028,9110"].map((tag) => group(groups, shared, tag)); // prettier-ignore
  return placeOf(
    position ? decimals(position, "0020,0032") : null,
    orientation ? decimals(orientation, "0020,0037") : null,
    measures ? decimals(measures, "0028,0030") : null,
    name
  );
}

/** A bit a voxel, the lowest of a byte first; a frame may begin within a byte. */
function bits(file: DicomElements, frames: number): (frame: number) => Uint8Array {
  const [rows, columns] = [unsigned16(file, "0028,0010") ?? 0, unsigned16(file, "0028,0011") ?? 0];
  const area = rows * columns;
  if (area === 0 || area > maximumPixels || !isUncompressed(file)) {
    const problem = area > 0 && area <= maximumPixels ? "is a compressed BINARY segmentation" : `has ${rows} × ${columns} voxels a frame`; // prettier-ignore
    throw new ImageError(file.name, `${problem}, which cannot be read; export it again, uncompressed.`);
  }
  const bytes = pixelBytes(file, Math.ceil((area * frames) / 8));
  return (frame) =>
    Uint8Array.from({length: area}, (_, k) => {
      const bit = frame * area + k;
      return (bytes[Math.floor(bit / 8)] >> (bit % 8)) & 1;
    });
}

async function values(
  file: DicomElements,
  frames: number,
  type: "FRACTIONAL" | "LABELMAP",
  segment: number
): Promise<(frame: number) => Uint8Array> {
  const layout = readLayout(file);
  const stored = await storedFrames(file, layout, decoderSource(), frames);
  const half = (unsigned16(file, "0062,000E") ?? 255) / 2;
  const isWithin = type === "LABELMAP" ? (value: number) => value === segment : (value: number) => value >= half;
  return (frame) => Uint8Array.from(stored[frame], (value) => (isWithin(value) ? 1 : 0));
}

/** The box round all voxels within, planes without a frame left empty. */
function stack(frames: readonly Frame[], file: DicomElements): Volume | null {
  if (frames.length === 0) return null;
  const columns = unsigned16(file, "0028,0011")!;
  const {place} = frames[0];
  const normal = normalOf(place);
  const sorted = frames
    .map((frame) => ({...frame, along: dot(frame.place.position, normal)}))
    .sort((a, b) => a.along - b.along);
  const step = stepOf(
    sorted.slice(1).map(({along}, k) => along - sorted[k].along),
    file
  );
  const planeOf = (along: number) => Math.round((along - sorted[0].along) / step);
  sorted.forEach((frame) => requireStacked(frame.place, sorted[0].place, planeOf(frame.along) * step, file.name));

  const [left, right, top, bottom] = bounds(frames, columns);
  const dims = [right - left + 1, bottom - top + 1, planeOf(sorted[sorted.length - 1].along) + 1] as const;
  if (dims[0] * dims[1] * dims[2] > maximumVoxels) {
    throw new ImageError(file.name, `spans ${dims.join(" × ")} voxels, more than fit; export the one lesion.`);
  }
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  for (const {voxels, along} of sorted) {
    const start = dims[0] * dims[1] * planeOf(along);
    for (let row = top; row <= bottom; row++) {
      const from = row * columns;
      data.set(voxels.subarray(from + left, from + right + 1), start + dims[0] * (row - top));
    }
  }
  const steps = [
    sorted[0].place.alongRow.map((d) => d * place.columnMm),
    place.alongColumn.map((d) => d * place.rowMm),
    normal.map((d) => d * step)
  ];
  const origin = sorted[0].place.position.map((at, axis) => at + left * steps[0][axis] + top * steps[1][axis]);
  return {dims, spacing: [place.columnMm, place.rowMm, step], affine: rasAffine(steps, origin), data};
}

/** First and last column, first and last row with a voxel within. */
function bounds(frames: readonly Frame[], columns: number): [number, number, number, number] {
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (const {voxels} of frames) {
    voxels.forEach((value, at) => {
      if (value === 0) return;
      const [column, row] = [at % columns, Math.floor(at / columns)];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    });
  }
  return [left, right, top, bottom];
}

/** Millimetres between planes: as stated where all gaps are multiples of it, else the smallest gap. */
function stepOf(gaps: readonly number[], file: DicomElements): number {
  const [shared] = items(file, "5200,9229");
  const measures = group(items(file, "5200,9230")[0], shared, "0028,9110");
  const stated = measures && (decimal(measures, "0018,0088") ?? null);
  const thickness = measures && decimal(measures, "0018,0050");
  const smallest = gaps.reduce((least, gap) => Math.min(least, gap), Infinity);
  const fits = (step: number) =>
    step > 0 && gaps.every((gap) => gap >= 0.5 * step && Math.abs(gap / step - Math.round(gap / step)) < 0.1);
  if (gaps.length === 0) return stated && stated > 0 ? stated : thickness && thickness > 0 ? thickness : 1;
  if (stated && fits(stated)) return stated;
  if (fits(smallest)) return smallest;
  const problem = smallest < 0.01 ? "has two frames of one segment at one place" : "has unevenly spaced frames";
  throw new ImageError(file.name, `${problem}; export the segmentation on the image's slices.`);
}

/** A frame must lie over the first: same directions and pixels, shifted along the normal alone. */
function requireStacked(place: SlicePlace, first: SlicePlace, along: number, name: string): void {
  const same = (a: readonly number[], b: readonly number[]) => dot(a, b) > 1 - 1e-4;
  const spaced = (a: number, b: number) => Math.abs(a - b) <= 1e-3 * b;
  const normal = normalOf(first);
  const off = place.position.map((at, axis) => at - first.position[axis] - along * normal[axis]);
  const stacked =
    same(place.alongRow, first.alongRow) &&
    same(place.alongColumn, first.alongColumn) &&
    spaced(place.columnMm, first.columnMm) &&
    spaced(place.rowMm, first.rowMm) &&
    Math.hypot(...off) <= 0.2 * Math.max(first.columnMm, first.rowMm);
  if (!stacked) {
    throw new ImageError(
      name,
      "its frames do not lie over one another; export the segmentation on the image's slices."
    );
  }
}
