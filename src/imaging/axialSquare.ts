import {type AxialView, axialView} from "./axialView.js";
import type {Preprocessing} from "./preprocessing.js";
import type {Volume} from "./volume.js";

/** The tumour on its slice of largest area: bounding box in columns and rows, inclusive. */
interface LargestSlice {
  readonly slice: number;
  readonly voxels: number;
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
}

/** A square on an axial slice: its centre in columns and rows, its side in millimetres, its side in pixels. */
export interface AxialSquare {
  readonly view: AxialView;
  readonly column: number;
  readonly row: number;
  readonly side: number;
  readonly pixels: number;
}

/** The square that a network sees of a tumour, on the slice of its largest area. */
export interface TumourSquare {
  readonly square: AxialSquare;
  /** Slice of largest tumour area, counted from the feet. */
  readonly slice: number;
  /** Tumour area on that slice. */
  readonly areaMm2: number;
}

/** @param mask - any value over 0.5 is tumour @returns null when the mask is empty */
export function tumourSquare(mask: Volume, {minimumSideMm, marginMm, inputPixels}: Preprocessing): TumourSquare | null {
  const view = axialView(mask);
  const largest = largestSlice(mask, view);
  if (!largest) return null;
  const {columns, rows, slice, voxels} = largest;
  const width = (columns[1] - columns[0] + 1) * view.columnMm;
  const height = (rows[1] - rows[0] + 1) * view.rowMm;
  const square = {
    view,
    column: (columns[0] + columns[1]) / 2,
    row: (rows[0] + rows[1]) / 2,
    side: Math.max(minimumSideMm, Math.max(width, height) + 2 * marginMm),
    pixels: inputPixels
  };
  return {square, slice, areaMm2: voxels * view.columnMm * view.rowMm};
}

/** The mask as 0 and 1, whatever its labels are. */
export function binaryMask(mask: Volume): Volume {
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

/** Bilinear values at the pixel centres of the square; `outside` beyond the outer edge of the volume's voxels. */
export function resampleSquare(
  volume: Volume,
  {view, column, row, side, pixels}: AxialSquare,
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
