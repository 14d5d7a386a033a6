import {Gunzip} from "fflate";
import {ImageError} from "./imageError.js";
import {type NiftiHeader, readNiftiHeader} from "./niftiHeader.js";
import {maximumVoxels, type Volume} from "./volume.js";

/** Bytes of one voxel and how to read it, by NIfTI datatype code. */
interface Datatype {
  readonly bytes: number;
  readonly read: (view: DataView, byte: number, littleEndian: boolean) => number;
}

const datatypes: Readonly<Record<number, Datatype>> = {
  2: {bytes: 1, read: (view, byte) => view.getUint8(byte)},
  4: {bytes: 2, read: (view, byte, little) => view.getInt16(byte, little)},
  8: {bytes: 4, read: (view, byte, little) => view.getInt32(byte, little)},
  16: {bytes: 4, read: (view, byte, little) => view.getFloat32(byte, little)},
  64: {bytes: 8, read: (view, byte, little) => view.getFloat64(byte, little)},
  256: {bytes: 1, read: (view, byte) => view.getInt8(byte)},
  512: {bytes: 2, read: (view, byte, little) => view.getUint16(byte, little)},
  768: {bytes: 4, read: (view, byte, little) => view.getUint32(byte, little)},
  // Beyond 2^53 a number of JavaScript rounds; float32 rounds long before.
  1024: {bytes: 8, read: (view, byte, little) => Number(view.getBigInt64(byte, little))},
  1280: {bytes: 8, read: (view, byte, little) => Number(view.getBigUint64(byte, little))}
};

/** Names of the datatypes the standard has and this reader refuses. */
const refused: Readonly<Record<number, string>> = {
  1: "1-bit",
  32: "complex64",
  128: "RGB24",
  1536: "float128",
  1792: "complex128",
  2048: "complex256",
  2304: "RGBA32"
};

/** A NIfTI-1 or NIfTI-2 header ends before this. */
const headerBytes = 540;

/**
 * Reads one NIfTI volume, gzipped or not, told by its first bytes and not by its name.
 *
 * No more memory is taken than the voxels need that the header states, `maximumVoxels` at most, and never more than
 * gzip can pack into the bytes that are there.
 *
 * @param bytes - the file as it lies on disk
 * @param name - how messages call the file, e.g. its path within the study folder
 * @returns values after the file's own scaling, float32
 * @throws {ImageError} one sentence with file and mend: not gzip, no NIfTI, wrong datatype, truncated, too large
 */
export function readNifti(bytes: Uint8Array, name: string): Volume {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new ImageError(name, "is a zip archive; unpack it and give the file inside.");
  }
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const header = readNiftiHeader(zipped ? unzip(bytes, headerBytes, name) : bytes, name);
  const needed = bytesNeeded(header, name);
  const file = zipped ? unzip(bytes, needed, name) : bytes;
  if (file.byteLength < needed) {
    throw new ImageError(
      name,
      `truncated: its header asks for ${needed} bytes (${header.dims.join(" × ")} voxels), ${file.byteLength} are there; copy the file again.`
    );
  }
  return {dims: header.dims, spacing: header.spacing, affine: header.affine, data: readVoxels(file, header)};
}

/** Length of the file up to its last voxel. */
function bytesNeeded({dims, datatype: code, offset, version}: NiftiHeader, name: string): number {
  const datatype = datatypes[code];
  if (!datatype) {
    const kind = refused[code] ?? `code ${code}`;
    throw new ImageError(name, `voxels are ${kind}, which cannot be read; save it as int16, uint8 or float32.`);
  }
  const count = dims[0] * dims[1] * dims[2];
  if (count > maximumVoxels) {
    throw new ImageError(name, `has ${dims.join(" × ")} voxels, more than fit; crop the volume.`);
  }
  if (!(offset >= (version === 2 ? 540 : 348) && offset <= 2 ** 31)) {
    throw new ImageError(name, `its voxels begin at byte ${offset}, which cannot be; write the file again.`);
  }
  return Math.ceil(offset) + count * datatype.bytes;
}

function readVoxels(file: Uint8Array, {dims, datatype: code, offset, littleEndian, slope, intercept}: NiftiHeader) {
  const {bytes, read} = datatypes[code];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  const start = Math.ceil(offset);
  for (let voxel = 0; voxel < data.length; voxel++) {
    data[voxel] = slope * read(view, start + voxel * bytes, littleEndian) + intercept;
  }
  return data;
}

/**
 * The first `limit` bytes of a gzip stream, or all of them where it is shorter.
 *
 * In a stream, because fflate's `gunzipSync` sizes its output by the last four bytes: of a file cut short these are
 * chance, and the damage would pass as a wrong length. In small pieces, so that a small file that unpacks to gigabytes is
 * left as soon as enough is there.
 */
function unzip(bytes: Uint8Array, limit: number, name: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let complete = false;
  try {
    const stream = new Gunzip((part, final) => {
      parts.push(part);
      length += part.length;
      complete ||= final;
    });
    const piece = 16_384;
    for (let from = 0; from < bytes.length && length < limit; from += piece) {
      stream.push(bytes.subarray(from, from + piece), from + piece >= bytes.length);
    }
  } catch {
    complete = false;
  }
  if (!complete && length < limit) {
    throw new ImageError(name, "truncated or damaged: its gzip stream does not end; copy the file again.");
  }
  const file = new Uint8Array(Math.min(length, limit));
  let end = 0;
  for (const part of parts) {
    file.set(part.subarray(0, limit - end), end);
    end = Math.min(limit, end + part.length);
  }
  return file;
}
