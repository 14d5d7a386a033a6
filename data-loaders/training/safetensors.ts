import {fromHalf} from "../signatures/halfPrecision.js";

/** A tensor of a safetensors file, as float32. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Tensors by name, and the file's free text by name. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const bytesOf: Readonly<Record<string, number>> = {F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4};
/** The header's length stands in front of it; a larger one than this is no header. */
const largestHeader = 100_000_000;

/**
 * Reads a safetensors file: an 8-byte length, a JSON header, the values little-endian. All kinds of number become float32.
 *
 * @param name - how messages call the file
 * @throws {RangeError} when the bytes are no such file, are cut short, or hold a kind of number not known here
 * @see github.com/huggingface/safetensors, "Format"
 */
export function readSafetensors(bytes: Uint8Array, name: string): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (length > Math.min(largestHeader, bytes.byteLength - 8)) {
    throw new RangeError(`${name} is no safetensors file, or is cut short; download it again.`);
  }
  const {__metadata__: metadata = {}, ...entries} = parseHeader(bytes.subarray(8, 8 + length), name);
  const tensors = new Map<string, Tensor>();
  for (const [tensor, entry] of Object.entries(entries as Record<string, HeaderEntry>)) {
    tensors.set(tensor, readTensor(view, 8 + length, entry, `${name}, tensor "${tensor}",`));
  }
  return {tensors, metadata: metadata as Record<string, string>};
}

function parseHeader(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
    if (typeof header === "object" && header !== null) return header as Record<string, unknown>;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new RangeError(`${name} has no readable safetensors header; download it again.`);
}

function readTensor(view: DataView, start: number, {dtype, shape, data_offsets}: HeaderEntry, where: string): Tensor {
  const width = bytesOf[dtype];
  if (!width) throw new RangeError(`${where} holds ${dtype}; convert it to F32.`);
  const length = shape.reduce((product, side) => product * side, 1);
  const [from, to] = [start + data_offsets[0], start + data_offsets[1]];
  if (to - from !== length * width || to > view.byteLength) {
    throw new RangeError(`${where} does not fill its shape ${shape.join(" × ")}; download the file again.`);
  }
  if (dtype === "F32" && littleEndian) {
    // Copied as bytes: millions of values one by one take seconds.
    const start = view.byteOffset + from;
    return {shape, values: new Float32Array(view.buffer.slice(start, start + 4 * length) as ArrayBuffer)};
  }
  return {shape, values: Float32Array.from({length}, (_, k) => numberAt(view, from + k * width, dtype))};
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function numberAt(view: DataView, at: number, dtype: string): number {
  if (dtype === "F32") return view.getFloat32(at, true);
  if (dtype === "F64") return view.getFloat64(at, true);
  if (dtype === "I64") return Number(view.getBigInt64(at, true));
  if (dtype === "I32") return view.getInt32(at, true);
  const bits = view.getUint16(at, true);
  return dtype === "F16" ? fromHalf(bits) : fromUpperHalf(bits);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function fromUpperHalf(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/** Writes tensors as a safetensors file of float32; equal input gives equal bytes. */
export function writeSafetensors({tensors, metadata}: TensorFile): Uint8Array {
  let end = 0;
  const entries = [...tensors].map(([name, {shape, values}]) => {
    const data_offsets = [end, (end += 4 * values.length)];
    return [name, {dtype: "F32", shape, data_offsets}] as const;
  });
  const header = JSON.stringify({__metadata__: metadata, ...Object.fromEntries(entries)});
  // Padded with blanks so that the values begin on a multiple of 8.
  const text = new TextEncoder().encode(header);
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + end).fill(32, 8, 8 + padded);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  let at = 8 + padded;
  for (const {values} of tensors.values()) {
    if (littleEndian) bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    else values.forEach((value, k) => view.setFloat32(at + 4 * k, value, true));
    at += 4 * values.length;
  }
  return bytes;
}
