import {inverse, apply} from "./affine.js";
import type {Volume} from "./volume.js";

/** A region around a clicked voxel, on the volume's grid. */
export interface Isocontour {
  /** 1 in the region. Empty where nothing around the click takes up anything. */
  readonly mask: Volume;
  /** Highest value within reach of the click, and its voxel: what the threshold is a share of. */
  readonly maximum: number;
  readonly peak: readonly [number, number, number];
  readonly voxels: number;
  /** Highest value in the region: above `maximum` where the region runs into something hotter. */
  readonly highest: number;
  /** Whether the region reaches the volume's edge, as one does that has run out into the background. */
  readonly atEdge: boolean;
}

/** The maximum is looked for this far from the click, in millimetres: a click need not hit it. */
const reachMm = 10;

/**
 * The connected region (faces touching) of voxels of at least a share of the maximum near a click: the usual 41%
 * isocontour of a PET.
 *
 * @param at - the clicked voxel, i, j, k
 * @param share - of the maximum, 0 … 1; EANM's guideline 2.0 (Boellaard 2015) has 0.41
 * @throws {RangeError} when the voxel lies outside the volume or the share is not above 0 and at most 1
 */
export function isocontour(volume: Volume, at: readonly [number, number, number], share: number): Isocontour {
  const {dims, data} = volume;
  if (at.some((index, axis) => !Number.isInteger(index) || index < 0 || index >= dims[axis])) {
    throw new RangeError(`Voxel ${at.join(", ")} lies outside the volume of ${dims.join(" × ")} voxels.`);
  }
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`The share of the maximum must be above 0% and at most 100%, not ${100 * share}%.`);
  }
  const peak = localMaximum(volume, at);
  const maximum = data[indexOf(volume, peak)];
  const region = new Float32Array(data.length);
  const mask: Volume = {...volume, data: region};
  if (!(maximum > 0)) return {mask, maximum, peak, voxels: 0, highest: maximum, atEdge: false};
  return {mask, maximum, peak, ...flood(volume, peak, share * maximum, region)};
}

/** Fills the region in place. */
function flood({dims, data}: Volume, [i, j, k]: readonly number[], threshold: number, region: Float32Array) {
  const [nx, ny, nz] = dims;
  const layer = nx * ny;
  const open = [i + nx * j + layer * k];
  region[open[0]] = 1;
  let [voxels, highest, atEdge] = [0, -Infinity, false];
  const visit = (inside: boolean, index: number) => {
    if (!inside) atEdge = true;
    else if (region[index] === 0 && data[index] >= threshold) {
      region[index] = 1;
      open.push(index);
    }
  };
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    voxels++;
    highest = Math.max(highest, data[index]);
    const x = index % nx;
    const y = Math.floor(index / nx) % ny;
    const z = Math.floor(index / layer);
    visit(x > 0, index - 1);
    visit(x < nx - 1, index + 1);
    visit(y > 0, index - nx);
    visit(y < ny - 1, index + nx);
    visit(z > 0, index - layer);
    visit(z < nz - 1, index + layer);
  }
  return {voxels, highest, atEdge};
}

/** The highest voxel within reach of another in space; the first of equals. NaN is passed over. */
function localMaximum(volume: Volume, at: readonly [number, number, number]): [number, number, number] {
  const {dims, data, affine} = volume;
  const centre = apply(affine, ...at);
  // Half the sides of the box of voxels around the sphere: how far an index moves a millimetre along each axis.
  const back = inverse(affine);
  const half = [0, 1, 2].map((axis) => Math.ceil(reachMm * Math.hypot(back[4 * axis], back[4 * axis + 1], back[4 * axis + 2]))); // prettier-ignore
  const [from, to] = [at.map((v, axis) => Math.max(0, v - half[axis])), at.map((v, axis) => Math.min(dims[axis] - 1, v + half[axis]))]; // prettier-ignore
  let best: [number, number, number] = [...at];
  let highest = data[indexOf(volume, at)];
  for (let k = from[2]; k <= to[2]; k++)
    for (let j = from[1]; j <= to[1]; j++)
      for (let i = from[0]; i <= to[0]; i++) {
        const value = data[i + dims[0] * (j + dims[1] * k)];
        if (!(value > highest) && !(Number.isNaN(highest) && !Number.isNaN(value))) continue;
        const point = apply(affine, i, j, k);
        if (Math.hypot(...point.map((v, axis) => v - centre[axis])) > reachMm) continue;
        [best, highest] = [[i, j, k], value];
      }
  return best;
}

function indexOf({dims}: Volume, [i, j, k]: readonly number[]): number {
  return i + dims[0] * (j + dims[1] * k);
}
