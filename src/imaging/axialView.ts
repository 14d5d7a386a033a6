import type {Volume} from "./volume.js";

/**
 * A volume read in axial slices as a radiologist sees them, whatever the order of its axes in the file: columns run to
 * the patient's left, rows to the back, slices to the head. Oblique volumes take the nearest axes.
 */
export interface AxialView {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Millimetres between columns and between rows. */
  readonly columnMm: number;
  readonly rowMm: number;
  /** Index into `Volume.data`. */
  readonly index: (column: number, row: number, slice: number) => number;
}

/** Which axis of the file runs along which axis of the patient, and where it starts. */
export function axialView(volume: Volume): AxialView {
  const {affine, dims, spacing} = volume;
  const strides = [1, dims[0], dims[0] * dims[1]];
  const along = (patientAxis: number, axis: number) => affine[4 * patientAxis + axis] / spacing[axis];
  const nearest = (patientAxis: number, among: readonly number[]) =>
    among.reduce((best, axis) =>
      Math.abs(along(patientAxis, axis)) > Math.abs(along(patientAxis, best)) ? axis : best
    );
  const slice = nearest(2, [0, 1, 2]);
  const inPlane = [0, 1, 2].filter((axis) => axis !== slice);
  const column = nearest(0, inPlane);
  const row = inPlane.find((axis) => axis !== column)!;

  // RAS+ grows to the right, front and head: columns and rows run against it.
  const steps = [
    {axis: column, backward: along(0, column) > 0},
    {axis: row, backward: along(1, row) > 0},
    {axis: slice, backward: along(2, slice) < 0}
  ].map(({axis, backward}) => ({
    start: backward ? (dims[axis] - 1) * strides[axis] : 0,
    stride: backward ? -strides[axis] : strides[axis]
  }));
  const start = steps[0].start + steps[1].start + steps[2].start;
  return {
    columns: dims[column],
    rows: dims[row],
    slices: dims[slice],
    columnMm: spacing[column],
    rowMm: spacing[row],
    index: (c, r, s) => start + c * steps[0].stride + r * steps[1].stride + s * steps[2].stride
  };
}
