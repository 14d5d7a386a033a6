import type {DicomSlice, SlicePlace} from "./dicomFile.js";
import {ImageError} from "./imageError.js";
import type {Volume} from "./volume.js";

type Vector = readonly [number, number, number];

/** Slices in order, and the grid they make. */
export interface StackedSlices {
  /** From the first slice along the normal to the last, whatever order the files came in. */
  readonly slices: readonly DicomSlice[];
  readonly dims: Volume["dims"];
  readonly spacing: Volume["spacing"];
  readonly affine: Volume["affine"];
}

/** Positions nearer than this are one place: scanners write them to 0.001 mm or better. */
const samePlaceMm = 0.01;
/** Steps between slices may differ by this share: rounding of the positions, not another step. */
const stepTolerance = 0.02;
/** A stack may lean by this share of a voxel's side over its whole height before it is called tilted. */
const leanTolerance = 0.5;

/**
 * Stacks the slices of one series by where they lie, ImagePositionPatient along the normal, never by instance number.
 *
 * @param slices - at least one; of one series
 * @param name - how messages call the series
 * @param thickness - millimetres, for a series of a single slice
 * @throws {ImageError} when size or orientation change, two slices lie at one place, slices are missing or unevenly
 *   spaced, or the stack leans (gantry tilt)
 */
export function stackSlices(slices: readonly DicomSlice[], name: string, thickness: number | null): StackedSlices {
  requireOneShape(slices, name);
  const {place, layout} = slices[0];
  const normal = normalOf(place);
  const sorted = slices
    .map((slice) => ({slice, along: dot(slice.place.position, normal)}))
    .sort((a, b) => a.along - b.along);
  requireEvenSteps(sorted, name);
  const [first, last] = [sorted[0].slice.place.position, sorted[sorted.length - 1].slice.place.position];
  const gaps = sorted.length - 1;
  const step = gaps > 0 ? difference(last, first).map((d) => d / gaps) : normal.map((n) => n * (thickness ?? NaN));
  if (!step.every(Number.isFinite)) {
    throw new ImageError(name, "is a single slice without SliceThickness, so it has no height; give the whole series.");
  }
  requireUpright(step, normal, gaps, place, name);
  const along = [
    place.alongRow.map((d) => d * place.columnMm),
    place.alongColumn.map((d) => d * place.rowMm),
    step
  ] as const;
  return {
    slices: sorted.map(({slice}) => slice),
    dims: [layout.columns, layout.rows, sorted.length],
    spacing: [place.columnMm, place.rowMm, Math.hypot(...step)],
    affine: rasAffine(along, first)
  };
}

/**
 * Voxel → RAS+ millimetres from DICOM's LPS: x and y change their sign, z stays.
 *
 * @param along - LPS millimetres that one step along i, j, k goes
 * @param origin - LPS millimetres of voxel (0, 0, 0)
 */
export function rasAffine(along: readonly (readonly number[])[], origin: readonly number[]): Float64Array {
  const row = (axis: number) => [...along.map((step) => step[axis]), origin[axis]];
  const flipped = (values: readonly number[]) => values.map((value) => 0 - value);
  return Float64Array.from([...flipped(row(0)), ...flipped(row(1)), ...row(2), 0, 0, 0, 1]);
}

/** The direction in which slices are stacked: row × column. */
export function normalOf({alongRow: r, alongColumn: c}: SlicePlace): Vector {
  return [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
}

export const dot = (a: readonly number[], b: readonly number[]): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const difference = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

function requireOneShape(slices: readonly DicomSlice[], name: string): void {
  const {place, layout, file} = slices[0];
  for (const other of slices) {
    if (other.layout.rows !== layout.rows || other.layout.columns !== layout.columns) {
      const sizes = [layout, other.layout].map(({columns, rows}) => `${columns} × ${rows}`);
      throw new ImageError(
        name,
        `its slices differ in size (${file.name} has ${sizes[0]} pixels, ${other.file.name} ${sizes[1]}); give one series.`
      );
    }
    const spaced = (a: number, b: number) => Math.abs(a - b) <= 1e-3 * a;
    if (!spaced(place.columnMm, other.place.columnMm) || !spaced(place.rowMm, other.place.rowMm)) {
      throw new ImageError(name, `PixelSpacing changes between ${file.name} and ${other.file.name}; give one series.`);
    }
    // 1e-4 turns a slice of 500 mm by 0.05 mm.
    const turned =
      dot(place.alongRow, other.place.alongRow) < 1 - 1e-4 ||
      dot(place.alongColumn, other.place.alongColumn) < 1 - 1e-4;
    if (turned) {
      throw new ImageError(
        name,
        `the orientation changes between ${file.name} and ${other.file.name} (a localizer?); give the one series alone.`
      );
    }
  }
}

/** Every gap between neighbours must be the usual one. */
function requireEvenSteps(sorted: readonly {readonly slice: DicomSlice; readonly along: number}[], name: string): void {
  const gaps = sorted.slice(1).map(({along}, k) => along - sorted[k].along);
  const double = gaps.findIndex((gap) => gap < samePlaceMm);
  if (double >= 0) {
    const [a, b] = [sorted[double].slice.file.name, sorted[double + 1].slice.file.name];
    const kinds = "a dynamic or gated study, or files given twice";
    throw new ImageError(name, `two slices lie at one place: ${a} and ${b} (${kinds}); give each slice once.`);
  }
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  const odd = gaps.findIndex((gap) => Math.abs(gap - usual) > Math.max(samePlaceMm, stepTolerance * usual));
  if (odd < 0) return;
  const [below, above] = [sorted[odd].slice.file.name, sorted[odd + 1].slice.file.name];
  const steps = gaps[odd] / usual;
  const missing = Math.round(steps) - 1;
  if (missing >= 1 && Math.abs(steps - Math.round(steps)) < 0.1) {
    const many = missing === 1 ? "a slice is" : `${missing} slices are`;
    throw new ImageError(name, `${many} missing between ${below} and ${above}; copy the whole series again.`);
  }
  throw new ImageError(
    name,
    `its slices are unevenly spaced (${gaps[odd].toFixed(3)} mm between ${below} and ${above}, ${usual.toFixed(3)} mm elsewhere); resample it to even slices.`
  );
}

function requireUpright(
  step: readonly number[],
  normal: Vector,
  gaps: number,
  {columnMm, rowMm}: SlicePlace,
  name: string
): void {
  const upright = dot(step, normal);
  const sideways = Math.sqrt(Math.max(0, dot(step, step) - upright * upright));
  if (sideways * gaps <= leanTolerance * Math.min(columnMm, rowMm)) return;
  const degrees = (Math.atan2(sideways, upright) * 180) / Math.PI;
  throw new ImageError(
    name,
    `the slices lean by ${degrees.toFixed(1)}° (gantry tilt); correct the tilt (e.g. with dcm2niix) and give the result.`
  );
}
