import type {Grid} from "./resample.js";

/** Corners may be apart by this share of the smallest voxel side: far above rounding, far below a wrong voxel. */
const tolerance = 0.05;

/**
 * Says how two voxel grids differ, or null when they are the same.
 *
 * The same means: equal numbers of voxels, and each of the eight corner voxels within 5% of the smallest voxel side of
 * its counterpart in space. A qform beside an sform, or float32 rounding, passes; a shift by a voxel does not.
 */
export function gridDifference(a: Grid, b: Grid): string | null {
  if (a.dims.some((length, axis) => length !== b.dims[axis])) {
    return `${a.dims.join(" × ")} voxels against ${b.dims.join(" × ")}`;
  }
  let apart = 0;
  for (let corner = 0; corner < 8; corner++) {
    const voxel = a.dims.map((length, axis) => ((corner >> axis) & 1 ? length - 1 : 0));
    const difference = [0, 4, 8].map((row) =>
      voxel.reduce(
        (sum, index, axis) => sum + index * (a.affine[row + axis] - b.affine[row + axis]),
        a.affine[row + 3] - b.affine[row + 3]
      )
    );
    apart = Math.max(apart, Math.hypot(...difference));
  }
  const allowed = tolerance * Math.min(...a.spacing, ...b.spacing);
  return apart <= allowed ? null : `corners lie up to ${apart.toPrecision(3)} mm apart in space`;
}

/** Whether two volumes share one voxel grid; see `gridDifference` for the tolerance. */
export function sameGrid(a: Grid, b: Grid): boolean {
  return gridDifference(a, b) === null;
}
