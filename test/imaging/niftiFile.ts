import {gzipSync} from "node:zlib";

/** A NIfTI file to be written byte by byte from nifti1.h or nifti2.h, independently of the reader. */
export interface NiftiFile {
  readonly dims: readonly [number, number, number];
  /** Stored values, before slope and intercept. */
  readonly values: ArrayLike<number>;
  readonly spacing?: readonly [number, number, number];
  readonly datatype?: keyof typeof types;
  readonly version?: 1 | 2;
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
  int32: {code: 8, bytes: 4, set: "setInt32"},
  float32: {code: 16, bytes: 4, set: "setFloat32"},
  float64: {code: 64, bytes: 8, set: "setFloat64"},
  int8: {code: 256, bytes: 1, set: "setInt8"},
  uint16: {code: 512, bytes: 2, set: "setUint16"},
  uint32: {code: 768, bytes: 4, set: "setUint32"},
  int64: {code: 1024, bytes: 8, set: "setBigInt64"},
  uint64: {code: 1280, bytes: 8, set: "setBigUint64"}
} as const;

export function niftiFile(file: NiftiFile): Uint8Array {
  const type = types[file.datatype ?? "float32"];
  const start = file.version === 2 ? 544 : 352;
  const bytes = new Uint8Array(start + file.values.length * type.bytes);
  const view = new DataView(bytes.buffer);
  const little = !file.bigEndian;
  if (file.version === 2) header2(view, file, type, little);
  else header1(view, file, type, little);
  Array.from(file.values).forEach((value, k) => {
    const at = start + k * type.bytes;
    if (type.set === "setBigInt64" || type.set === "setBigUint64") view[type.set](at, BigInt(value), little);
    else view[type.set](at, value, little);
  });
  return file.gzip ? new Uint8Array(gzipSync(bytes)) : bytes;
}

interface Type {
  readonly code: number;
  readonly bytes: number;
}

/** nifti1.h */
function header1(view: DataView, file: NiftiFile, type: Type, little: boolean): void {
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
  [0x6e, 0x2b, 0x31, 0].forEach((letter, k) => view.setUint8(344 + k, letter));
}

/** nifti2.h */
function header2(view: DataView, file: NiftiFile, type: Type, little: boolean): void {
  view.setInt32(0, 540, little);
  [0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a].forEach((letter, k) => view.setUint8(4 + k, letter));
  view.setInt16(12, type.code, little);
  view.setInt16(14, 8 * type.bytes, little);
  [3, ...file.dims, 1, 1, 1, 1].forEach((length, k) => view.setBigInt64(16 + 8 * k, BigInt(length), little));
  [file.qform?.[6] ?? 1, ...(file.spacing ?? [1, 1, 1])].forEach((side, k) =>
    view.setFloat64(104 + 8 * k, side, little)
  );
  view.setBigInt64(168, 544n, little);
  view.setFloat64(176, file.slope ?? 0, little);
  view.setFloat64(184, file.intercept ?? 0, little);
  view.setInt32(344, file.qform ? 1 : 0, little);
  view.setInt32(348, file.sform ? 1 : 0, little);
  file.qform?.slice(0, 6).forEach((value, k) => view.setFloat64(352 + 8 * k, value, little));
  file.sform?.forEach((value, k) => view.setFloat64(400 + 8 * k, value, little));
  view.setInt32(500, 2, little);
}
