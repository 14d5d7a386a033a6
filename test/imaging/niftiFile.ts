import {gzipSync} from "node:zlib";

/** A NIfTI-1 file to be written byte by byte from nifti1.h, independently of the reader. */
export interface NiftiFile {
  readonly dims: readonly [number, number, number];
  /** Stored values, before slope and intercept. */
  readonly values: ArrayLike<number>;
  readonly spacing?: readonly [number, number, number];
  readonly datatype?: "uint8" | "int16" | "uint16" | "float32" | "float64";
  readonly slope?: number;
  readonly intercept?: number;
  /** Three rows of four. */
  readonly sform?: readonly number[];
  /** b, c, d, offset x, y, z, qfac. */
  readonly qform?: readonly number[];
  readonly bigEndian?: boolean;
  readonly gzip?: boolean;
}

const types = {
  uint8: {code: 2, bytes: 1, set: "setUint8"},
  int16: {code: 4, bytes: 2, set: "setInt16"},
  float32: {code: 16, bytes: 4, set: "setFloat32"},
  float64: {code: 64, bytes: 8, set: "setFloat64"},
  uint16: {code: 512, bytes: 2, set: "setUint16"}
} as const;

export function niftiFile(file: NiftiFile): Uint8Array {
  const little = !file.bigEndian;
  const type = types[file.datatype ?? "float32"];
  const bytes = new Uint8Array(352 + file.values.length * type.bytes);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, little);
  [3, ...file.dims, 1, 1, 1, 1].forEach((length, k) => view.setInt16(40 + 2 * k, length, little));
  view.setInt16(70, type.code, little);
  view.setInt16(72, 8 * type.bytes, little);
  [file.qform?.[6] ?? 1, ...(file.spacing ?? [1, 1, 1])].forEach((side, k) =>
    view.setFloat32(76 + 4 * k, side, little)
  );
  view.setFloat32(108, 352, little);
  view.setFloat32(112, file.slope ?? 0, little);
  view.setFloat32(116, file.intercept ?? 0, little);
  view.setUint8(123, 2);
  view.setInt16(252, file.qform ? 1 : 0, little);
  view.setInt16(254, file.sform ? 1 : 0, little);
  file.qform?.slice(0, 6).forEach((value, k) => view.setFloat32(256 + 4 * k, value, little));
  file.sform?.forEach((value, k) => view.setFloat32(280 + 4 * k, value, little));
  bytes.set([0x6e, 0x2b, 0x31, 0], 344);
  Array.from(file.values).forEach((value, k) => view[type.set](352 + k * type.bytes, value, little));
  return file.gzip ? new Uint8Array(gzipSync(bytes)) : bytes;
}
