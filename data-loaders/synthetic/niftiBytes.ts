import {gzipSync} from "fflate";

/** Voxels of one volume, first axis fastest, as they are stored. */
export interface StoredVolume {
  readonly dims: readonly [number, number, number];
  /** Millimetres. */
  readonly spacing: readonly [number, number, number];
  /** uint8 for masks, int16 for the rest. */
  readonly voxels: Uint8Array | Int16Array;
  /** Value = slope × voxel; default 1. */
  readonly slope?: number;
}

const headerBytes = 352;

/**
 * A gzipped NIfTI-1 file, RAS+, the origin in the middle of the grid. Equal input gives equal bytes: the gzip header
 * bears no time.
 *
 * @see nifti1.h; sform code 1 (scanner)
 */
export function niftiBytes({dims, spacing, voxels, slope = 1}: StoredVolume): Uint8Array {
  const isMask = voxels instanceof Uint8Array;
  const bytes = new Uint8Array(headerBytes + voxels.length * voxels.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  [3, ...dims, 1, 1, 1, 1].forEach((length, axis) => view.setInt16(40 + 2 * axis, length, true));
  view.setInt16(70, isMask ? 2 : 4, true);
  view.setInt16(72, 8 * voxels.BYTES_PER_ELEMENT, true);
  [1, ...spacing].forEach((side, axis) => view.setFloat32(76 + 4 * axis, side, true));
  view.setFloat32(108, headerBytes, true);
  view.setFloat32(112, slope, true);
  view.setUint8(123, 2); // millimetres
  view.setInt16(254, 1, true);
  for (let axis = 0; axis < 3; axis++) {
    view.setFloat32(280 + 16 * axis + 4 * axis, spacing[axis], true);
    view.setFloat32(280 + 16 * axis + 12, (-spacing[axis] * (dims[axis] - 1)) / 2, true);
  }
  bytes.set([0x6e, 0x2b, 0x31, 0], 344); // "n+1"
  if (isMask) bytes.set(voxels, headerBytes);
  else voxels.forEach((value, k) => view.setInt16(headerBytes + 2 * k, value, true));
  return gzipSync(bytes, {level: 4, mtime: 0});
}
