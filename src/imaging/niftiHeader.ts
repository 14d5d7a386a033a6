import {determinant} from "./affine.js";
import {ImageError} from "./imageError.js";
import {quaternionAffine} from "./quaternionAffine.js";

/** What a NIfTI header says that is needed to read the voxels and place them in space. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly dims: readonly [number, number, number];
  /** Millimetres. */
  readonly spacing: readonly [number, number, number];
  /** As `Volume.affine`. From the sform where its code is set, else the qform, else the spacing alone. */
  readonly affine: Float64Array;
  readonly placedBy: "sform" | "qform" | "spacing";
  readonly datatype: number;
  /** Byte at which the voxels begin. */
  readonly offset: number;
  /** A slope of 0 in the file means unscaled and is given as slope 1, intercept 0. */
  readonly slope: number;
  readonly intercept: number;
}

/** Millimetres per unit of length, by the low three bits of xyzt_units; 0, unknown, is taken as millimetres. */
const millimetres: Readonly<Record<number, number>> = {0: 1, 1: 1000, 2: 1, 3: 0.001};

/** Where the fields stand in the two versions, in bytes. */
const places = {
  1: {size: 348, magic: 344, dim: 40, datatype: 70, pixdim: 76, offset: 108, slope: 112, units: 123, forms: 252},
  2: {size: 540, magic: 4, dim: 16, datatype: 12, pixdim: 104, offset: 168, slope: 176, units: 500, forms: 344}
} as const;

/**
 * Reads the header of a NIfTI-1 or NIfTI-2 single file of either byte order.
 *
 * @param bytes - the file, already unzipped
 * @param name - how messages call the file
 * @throws {ImageError} when the file is too short, no NIfTI, a header/image pair, has a time axis, or no sound geometry
 * @see https://nifti.nimh.nih.gov/nifti-1 (nifti1.h) and /nifti-2 (nifti2.h)
 */
export function readNiftiHeader(bytes: Uint8Array, name: string): NiftiHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const {version, littleEndian} = recognise(view, name);
  const at = places[version];
  const wide = version === 2;
  const whole = (byte: number) =>
    wide ? Number(view.getBigInt64(byte, littleEndian)) : view.getInt16(byte, littleEndian);
  const real = (byte: number) => (wide ? view.getFloat64(byte, littleEndian) : view.getFloat32(byte, littleEndian));
  const [wholeBytes, realBytes] = wide ? [8, 8] : [2, 4];

  const dim = Array.from({length: 8}, (_, axis) => whole(at.dim + axis * wholeBytes));
  const pixdim = Array.from({length: 8}, (_, axis) => real(at.pixdim + axis * realBytes));
  const units = wide ? view.getInt32(at.units, littleEndian) : view.getUint8(at.units);
  const scale = millimetres[units & 7] ?? 1;
  const dims = spatialDims(dim, name);
  const {affine, placedBy} = place(view, version, littleEndian, pixdim, scale);
  const spacing = [0, 1, 2].map((axis) => Math.hypot(affine[axis], affine[4 + axis], affine[8 + axis]));
  if (!spacing.every((side) => side > 0 && side < Infinity)) {
    throw new ImageError(
      name,
      `voxel sides are ${spacing.join(" × ")} mm; write the file again with its true voxel size.`
    );
  }
  // Axes at so small an angle that a voxel has hardly any volume: no image, and no way back from space to voxels.
  const volume = spacing[0] * spacing[1] * spacing[2];
  if (!(Math.abs(determinant(affine)) > 1e-3 * volume) || !affine.every(Number.isFinite)) {
    throw new ImageError(name, "its axes do not span a volume (a damaged sform or qform); write the file again.");
  }
  const slope = real(at.slope);
  const intercept = real(at.slope + realBytes);
  const scaled = slope !== 0 && Number.isFinite(slope) && Number.isFinite(intercept);
  return {
    version,
    littleEndian,
    dims,
    spacing: [spacing[0], spacing[1], spacing[2]],
    affine,
    placedBy,
    datatype: view.getInt16(at.datatype, littleEndian),
    offset: wide ? Number(view.getBigInt64(at.offset, littleEndian)) : view.getFloat32(at.offset, littleEndian),
    slope: scaled ? slope : 1,
    intercept: scaled ? intercept : 0
  };
}

/** Tells version and byte order by the header's own size, which stands first, and checks the magic. */
function recognise(view: DataView, name: string): {version: 1 | 2; littleEndian: boolean} {
  if (view.byteLength < places[1].size) {
    throw new ImageError(
      name,
      `only ${view.byteLength} bytes long, too short for a NIfTI header; copy the file again.`
    );
  }
  for (const version of [1, 2] as const) {
    for (const littleEndian of [true, false]) {
      if (view.getInt32(0, littleEndian) !== places[version].size) continue;
      if (view.byteLength < places[version].size) {
        throw new ImageError(name, "ends within its NIfTI-2 header; copy the file again.");
      }
      const magic = String.fromCharCode(...[0, 1, 2].map((k) => view.getUint8(places[version].magic + k)));
      if (magic === `n+${version}`) return {version, littleEndian};
      const pair = magic === `ni${version}`;
      const problem = pair
        ? "is the header of a NIfTI header/image pair (.hdr/.img); save it as one .nii or .nii.gz file."
        : `has no NIfTI magic ("${printable(magic)}" stands where "n+${version}" should); convert it to NIfTI.`;
      throw new ImageError(name, problem);
    }
  }
  throw new ImageError(name, "is not a NIfTI file (its header size is neither 348 nor 540); convert it to NIfTI.");
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

/** The three spatial axes; further axes must have length 1. */
function spatialDims(dim: readonly number[], name: string): [number, number, number] {
  const rank = dim[0];
  const further = dim.slice(4, rank + 1).filter((length) => length > 1);
  if (rank < 3 || rank > 7 || further.length > 0) {
    const shape = rank >= 1 && rank <= 7 ? dim.slice(1, rank + 1).join(" × ") : `${rank} axes`;
    throw new ImageError(name, `is not one 3-D volume (${shape}); save the one volume to be read.`);
  }
  const dims = dim.slice(1, 4);
  if (!dims.every((length) => Number.isSafeInteger(length) && length > 0)) {
    throw new ImageError(name, `has an axis without voxels (${dims.join(" × ")}); write the file again.`);
  }
  return [dims[0], dims[1], dims[2]];
}

/** Voxel → RAS+ millimetres: sform before qform before spacing, as the standard's own reader prefers. */
function place(
  view: DataView,
  version: 1 | 2,
  littleEndian: boolean,
  pixdim: readonly number[],
  scale: number
): {affine: Float64Array; placedBy: NiftiHeader["placedBy"]} {
  const wide = version === 2;
  const start = places[version].forms;
  const code = (k: number) =>
    wide ? view.getInt32(start + 4 * k, littleEndian) : view.getInt16(start + 2 * k, littleEndian);
  const first = start + (wide ? 8 : 4);
  const real = (k: number) =>
    wide ? view.getFloat64(first + 8 * k, littleEndian) : view.getFloat32(first + 4 * k, littleEndian);
  const rows = (read: (k: number) => number) =>
    Float64Array.from({length: 16}, (_, k) => (k < 12 ? scale * read(k) : k === 15 ? 1 : 0));
  if (code(1) > 0) return {affine: rows((k) => real(6 + k)), placedBy: "sform"};
  if (code(0) > 0) {
    const rotation = quaternionAffine([real(0), real(1), real(2)], [real(3), real(4), real(5)], pixdim);
    return {affine: rows((k) => rotation[k]), placedBy: "qform"};
  }
  return {affine: rows((k) => (k % 5 === 0 ? pixdim[1 + k / 5] : 0)), placedBy: "spacing"};
}
