import {Gunzip} from "fflate";
import {ImageError} from "./imageError.js";
import {type NiftiHeader, readNiftiHeader} from "./niftiHeader.js";
import type {Volume} from "./volume.js";

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
  768: {bytes: 4, read: (view, byte, little) => view.getUint32(byte, little)}
};

/** Names of the datatypes the standard has and this reader refuses. */
const refused: Readonly<Record<number, string>> = {
  1: "1-bit",
  32: "complex64",
  128: "RGB24",
  1024: "int64",
  1280: "uint64",
  1536: "float128",
  1792: "complex128",
  2048: "complex256",
  2304: "RGBA32"
};

/**
 * Reads one NIfTI volume, gzipped or not, told by its first bytes and not by its name.
 *
 * @param bytes - the file as it lies on disk
 * @param name - how messages call the file, e.g. its path within the study folder
 * @returns values after the file's own scaling, float32
 * @throws {ImageError} one sentence with file and mend: not gzip, no NIfTI, wrong datatype, truncated
 */
export function readNifti(bytes: Uint8Array, name: string): Volume {
  const file = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzip(bytes, name) : bytes;
  const header = readNiftiHeader(file, name);
  return {dims: header.dims, spacing: header.spacing, affine: header.affine, data: readVoxels(file, header, name)};
}

function readVoxels(file: Uint8Array, header: NiftiHeader, name: string): Float32Array {
  const {dims, datatype: code, offset, littleEndian, slope, intercept} = header;
  const datatype = datatypes[code];
  if (!datatype) {
    const kind = refused[code] ?? `code ${code}`;
    throw new ImageError(name, `voxels are ${kind}, which cannot be read; save it as int16, uint8 or float32.`);
  }
  const count = dims[0] * dims[1] * dims[2];
  const needed = offset + count * datatype.bytes;
  if (!(offset >= (header.version === 2 ? 540 : 348)) || !(file.byteLength >= needed)) {
    throw new ImageError(
      name,
      `truncated: its header asks for ${needed} bytes (${dims.join(" × ")} voxels), ${file.byteLength} are there; copy the file again.`
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const data = new Float32Array(count);
  for (let voxel = 0; voxel < count; voxel++) {
    data[voxel] = slope * datatype.read(view, offset + voxel * datatype.bytes, littleEndian) + intercept;
  }
  return data;
}

/**
 * Unzips in a stream, because fflate's `gunzipSync` sizes its output by the last four bytes: of a file cut short these
 * are chance, and the damage would pass as a wrong length.
 */
function unzip(bytes: Uint8Array, name: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let complete = false;
  try {
    const stream = new Gunzip((part, final) => {
      parts.push(part);
      complete = final;
    });
    stream.push(bytes, true);
  } catch {
    complete = false;
  }
  if (!complete) {
    throw new ImageError(name, "truncated or damaged: its gzip stream does not end; copy the file again.");
  }
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    file.set(part, end);
    end += part.length;
  }
  return file;
}
