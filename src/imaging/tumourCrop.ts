import {type AxialView, axialView} from "./axialView.js";
import type {Preprocessing} from "./preprocessing.js";
import type {Volume} from "./volume.js";

/** The network's input of one patient. */
export interface TumourCrop {
  /** 3 × pixels × pixels, values −1 … 1: the slice below the largest, the largest, the slice above. */
  readonly pixels: Float32Array;
  /** pixels × pixels: 1 where the largest slice is tumour. */
  readonly mask: Uint8Array;
  /** Slice of largest tumour area, counted from the feet. */
  readonly slice: number;
  /** Side of the square in millimetres. */
  readonly sideMm: number;
  /** Tumour area on that slice. */
  readonly areaMm2: number;
}

/** The tumour on its slice of largest area: bounding box in columns and rows, inclusive. */
interface LargestSlice {
  readonly slice: number;
  readonly voxels: number;
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
}

/**
 * Cuts the tumour out of a volume: the axial slice of its largest area (the lowest of equals) and its two neighbours
 * (the slice itself again at the end of the volume), a square around the tumour's bounding box with a margin, resampled
 * bilinearly, clipped to the window and mapped to −1 … 1. Squares are square in millimetres, whatever the voxels are.
 *
 * @param image - the volume in any unit
 * @param mask - same grid; any value over 0.5 is tumour
 * @param unitsPerValue - factor from the volume's values to `preprocessing.unit`, e.g. Bq/ml → SUV
 * @returns null when the mask is empty
 */
export function tumourCrop(
  image: Volume,
  mask: Volume,
  preprocessing: Preprocessing,
  unitsPerValue = 1
): TumourCrop | null {
  const view = axialView(mask);
  const largest = largestSlice(mask, view);
  if (!largest) return null;
  const {columns, rows, slice} = largest;
  const width = (columns[1] - columns[0] + 1) * view.columnMm;
  const height = (rows[1] - rows[0] + 1) * view.rowMm;
  const side = Math.max(preprocessing.minimumSideMm, Math.max(width, height) + 2 * preprocessing.marginMm);
  const square: Square = {
    view,
    column: (columns[0] + columns[1]) / 2,
    row: (rows[0] + rows[1]) / 2,
    side,
    pixels: preprocessing.inputPixels
  };
  const area = square.pixels ** 2;
  const pixels = new Float32Array(3 * area);
  const [low, high] = preprocessing.window;
  for (let channel = 0; channel < 3; channel++) {
    const neighbour = Math.min(view.slices - 1, Math.max(0, slice + channel - 1));
    const values = resample(image, square, neighbour, low / unitsPerValue);
    for (let pixel = 0; pixel < area; pixel++) {
      const clipped = Math.min(high, Math.max(low, values[pixel] * unitsPerValue));
      pixels[channel * area + pixel] = (2 * (clipped - low)) / (high - low) - 1;
    }
  }
  const tumour = resample(binary(mask), square, slice, 0);
  const areaMm2 = largest.voxels * view.columnMm * view.rowMm;
  return {pixels, mask: Uint8Array.from(tumour, (share) => (share > 0.5 ? 1 : 0)), slice, sideMm: side, areaMm2};
}

function binary(mask: Volume): Volume {
  return {...mask, data: mask.data.map((label) => (label > 0.5 ? 1 : 0))};
}

function largestSlice(mask: Volume, view: AxialView): LargestSlice | null {
  let largest: LargestSlice | null = null;
  for (let slice = 0; slice < view.slices; slice++) {
    let voxels = 0;
    const columns: [number, number] = [Infinity, -Infinity];
    const rows: [number, number] = [Infinity, -Infinity];
    for (let row = 0; row < view.rows; row++) {
      for (let column = 0; column < view.columns; column++) {
        if (!(mask.data[view.index(column, row, slice)] > 0.5)) continue;
        voxels++;
        columns[0] = Math.min(columns[0], column);
        columns[1] = Math.max(columns[1], column);
        rows[0] = Math.min(rows[0], row);
        rows[1] = Math.max(rows[1], row);
      }
    }
    if (voxels > (largest?.voxels ?? 0)) largest = {slice, voxels, columns, rows};
  }
  return largest;
}

/** A square on an axial slice: its centre in columns and rows, its side in millimetres, its side in pixels. */
interface Square {
  readonly view: AxialView;
  readonly column: number;
  readonly row: number;
  readonly side: number;
  readonly pixels: number;
}

/** Bilinear values at the pixel centres of the square; `outside` beyond the outer edge of the volume's voxels. */
function resample(
  volume: Volume,
  {view, column, row, side, pixels}: Square,
  slice: number,
  outside: number
): Float64Array {
  const columnsAt = linear(column, side / view.columnMm, pixels, view.columns);
  const rowsAt = linear(row, side / view.rowMm, pixels, view.rows);
  const values = new Float64Array(pixels * pixels).fill(outside);
  const at = (c: number, r: number) => volume.data[view.index(c, r, slice)];
  for (let y = 0; y < pixels; y++) {
    const r = rowsAt[y];
    if (!r) continue;
    for (let x = 0; x < pixels; x++) {
      const c = columnsAt[x];
      if (!c) continue;
      const upper = at(c.below, r.below) * (1 - c.share) + at(c.above, r.below) * c.share;
      const lower = at(c.below, r.above) * (1 - c.share) + at(c.above, r.above) * c.share;
      values[y * pixels + x] = upper * (1 - r.share) + lower * r.share;
    }
  }
  return values;
}

/** Between which two voxels each pixel centre lies along one axis, and how far; null outside the volume. */
function linear(centre: number, sideVoxels: number, pixels: number, length: number) {
  return Array.from({length: pixels}, (_, pixel) => {
    const position = centre + ((pixel + 0.5) / pixels - 0.5) * sideVoxels;
    if (position < -0.5 || position > length - 0.5) return null;
    const inside = Math.min(length - 1, Math.max(0, position));
    const below = Math.floor(inside);
    return {below, above: Math.min(length - 1, below + 1), share: inside - below};
  });
}
