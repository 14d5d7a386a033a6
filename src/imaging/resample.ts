import {inverse, product} from "./affine.js";
import type {Volume} from "./volume.js";

/** Where a volume's voxels lie. */
export type Grid = Pick<Volume, "dims" | "spacing" | "affine">;

/** A value at a place given in voxels of the source. */
type Sample = (i: number, j: number, k: number) => number;

/**
 * Brings an image onto another grid: trilinear between voxel centres, in the patient's space. Within half a voxel beyond
 * the outer centres the outer voxel counts.
 *
 * @param outside - the value where the image does not reach
 */
export function resampleLinear(image: Volume, grid: Grid, outside: number): Volume {
  const {dims, data} = image;
  const [nx, ny] = dims;
  const sample: Sample = (i, j, k) => {
    if (!isInside(dims, i, j, k)) return outside;
    const [x, y, z] = [clamp(i, dims[0]), clamp(j, dims[1]), clamp(k, dims[2])];
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [dx, dy, dz] = [x - x0, y - y0, z - z0];
    // A share of 0 must not touch the neighbour: it may lie beyond the volume, or be no number.
    const [right, back, up] = [dx > 0 ? 1 : 0, dy > 0 ? nx : 0, dz > 0 ? nx * ny : 0];
    const at = x0 + nx * (y0 + ny * z0);
    const row = (start: number) => data[start] * (1 - dx) + data[start + right] * dx;
    const plane = (start: number) => row(start) * (1 - dy) + row(start + back) * dy;
    return plane(at) * (1 - dz) + plane(at + up) * dz;
  };
  return sampled(image, grid, sample);
}

/** Brings a mask onto another grid: the nearest voxel's label, 0 where the mask does not reach. */
export function resampleNearest(mask: Volume, grid: Grid): Volume {
  const {dims, data} = mask;
  const sample: Sample = (i, j, k) => {
    if (!isInside(dims, i, j, k)) return 0;
    const [x, y, z] = [clamp(i, dims[0]), clamp(j, dims[1]), clamp(k, dims[2])];
    return data[Math.round(x) + dims[0] * (Math.round(y) + dims[1] * Math.round(z))];
  };
  return sampled(mask, grid, sample);
}

/** Whether a place in voxels lies within the outer edges of a volume's voxels. */
export function isInside(dims: Volume["dims"], i: number, j: number, k: number): boolean {
  // Rounding of the affines must not cost the outermost voxels.
  const edge = 0.5 + 1e-6;
  return i >= -edge && j >= -edge && k >= -edge && i <= dims[0] - 1 + edge && j <= dims[1] - 1 + edge && k <= dims[2] - 1 + edge; // prettier-ignore
}

const clamp = (place: number, length: number) => Math.min(length - 1, Math.max(0, place));

function sampled(source: Volume, {dims, spacing, affine}: Grid, sample: Sample): Volume {
  const [nx, ny, nz] = dims;
  const m = product(inverse(source.affine), affine);
  const data = new Float32Array(nx * ny * nz);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const x = m[1] * j + m[2] * k + m[3];
      const y = m[5] * j + m[6] * k + m[7];
      const z = m[9] * j + m[10] * k + m[11];
      for (let i = 0; i < nx; i++) data[at++] = sample(m[0] * i + x, m[4] * i + y, m[8] * i + z);
    }
  }
  return {dims, spacing, affine, data};
}
