import type {SyntheticPatient} from "./clinical.js";
import {suvMax, volumeLogSd, volumeMedian} from "./prevalences.js";
import {patientRandom, whiteNoise} from "./streams.js";
import {blurred, type Box} from "./texture.js";

/** Every patient's grid: 128 × 128 × 72 mm, x to the right, y to the front, z to the head. */
export const grid: Box = {dims: [64, 64, 24], spacing: [2, 2, 3]};

/** A recurrence on the grid. */
export interface Tumour {
  /** 1 in the tumour; connected but for chance fringes. */
  readonly mask: Uint8Array;
  /** 0 at the edge, growing to 1 in the middle; negative outside. */
  readonly depth: Float32Array;
  /** Voxel coordinates. */
  readonly centre: readonly [number, number, number];
  readonly suvMax: number;
}

/** Voxels left free at the border of the grid, by axis. */
const border = [3, 3, 1] as const;
const atBorder = (at: number, axis: number) => at < border[axis] || at >= grid.dims[axis] - border[axis];
const irregularity = 0.16;
const irregularityMm = 7;

/**
 * A lopsided ellipsoid with a bumpy surface, of a log-normal volume by rT: voxels are taken by their distance from the
 * middle until the volume is reached.
 */
export function tumourOf(seed: number, {number, stage}: SyntheticPatient): Tumour {
  const {normal, uniform} = patientRandom(seed, "tumour", number);
  const volumeMl = volumeMedian[stage] * Math.exp(volumeLogSd * normal());
  const maximum = Math.max(2.5, suvMax.median * Math.exp(suvMax.logSd * normal()));
  const centre = [31.5 + 3 * normal(), 33 + 2 * normal(), 11.5 + 1.2 * normal()] as const;
  const axes = [0.85 + 0.3 * uniform(), 0.85 + 0.3 * uniform(), 0.8 + 0.25 * uniform()];
  const bumps = blurred(whiteNoise(seed, "shapeField", number, voxelCount), grid, irregularityMm);
  const bumpScale = irregularity / rootMeanSquare(bumps);
  const radiusMm = Math.cbrt((volumeMl * 1000 * 3) / (4 * Math.PI));
  const distance = new Float32Array(voxelCount).fill(Infinity);
  const scaled = (at: number, axis: number) => ((at - centre[axis]) * grid.spacing[axis]) / (radiusMm * axes[axis]);
  eachVoxel((voxel, i, j, k) => {
    if (atBorder(i, 0) || atBorder(j, 1) || atBorder(k, 2)) return;
    const [x, y, z] = [scaled(i, 0), scaled(j, 1), scaled(k, 2)];
    distance[voxel] = Math.sqrt(x * x + y * y + z * z) * (1 + bumpScale * bumps[voxel]);
  });
  const wanted = Math.round((volumeMl * 1000) / voxelMm3);
  const limit = distance.slice().sort()[Math.min(wanted, voxelCount >> 1)];
  return {
    mask: Uint8Array.from(distance, (d) => (d < limit ? 1 : 0)),
    depth: distance.map((d) => 1 - d / limit),
    centre,
    suvMax: maximum
  };
}

export const voxelCount = grid.dims[0] * grid.dims[1] * grid.dims[2];
const voxelMm3 = grid.spacing[0] * grid.spacing[1] * grid.spacing[2];

/** Calls `visit` with each voxel's index and its coordinates. */
export function eachVoxel(visit: (voxel: number, i: number, j: number, k: number) => void): void {
  let voxel = 0;
  for (let k = 0; k < grid.dims[2]; k++)
    for (let j = 0; j < grid.dims[1]; j++) for (let i = 0; i < grid.dims[0]; i++) visit(voxel++, i, j, k);
}

function rootMeanSquare(field: Float32Array): number {
  return Math.sqrt(field.reduce((sum, value) => sum + value ** 2, 0) / field.length);
}
