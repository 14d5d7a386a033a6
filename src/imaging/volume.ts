/** A scalar volume in memory. Voxel (i, j, k) is at `data[i + nx * (j + ny * k)]`. */
export interface Volume {
  /** Number of voxels along i, j, k. */
  readonly dims: readonly [number, number, number];
  /** Voxel size along i, j, k in millimetres. */
  readonly spacing: readonly [number, number, number];
  /** Row-major 4 × 4: voxel indices (i, j, k, 1) → millimetres in RAS+: +x to the patient's right, +y front, +z head. */
  readonly affine: Float64Array;
  /** Values after the file's own scaling: stored × slope + intercept. */
  readonly data: Float32Array;
}

/** A volume may have so many voxels: 1024 slices of 512 × 512, 1 GiB as float32. */
export const maximumVoxels = 2 ** 28;
