import {inParts} from "./inParts.js";

/** Numbers in parts: that of each is how many cuts are below it. NaN is in none. */
export interface CutValues {
  readonly values: Float64Array;
  readonly cuts: readonly number[];
}

/** By number its part, NaN for none. */
export function partsOf({values, cuts}: CutValues): Float64Array {
  const parts = new Float64Array(values.length);
  for (const cut of cuts) inParts(parts.length, (from, to) => addAbove(parts, values, cut, from, to));
  inParts(parts.length, (from, to) => markUnknown(parts, values, NaN, from, to));
  return parts;
}

/** The same in bytes. @param none - stands for NaN */
export function partBytes({values, cuts}: CutValues, none: number): Uint8Array {
  const parts = new Uint8Array(values.length);
  for (const cut of cuts) inParts(parts.length, (from, to) => addAbove(parts, values, cut, from, to));
  inParts(parts.length, (from, to) => markUnknown(parts, values, none, from, to));
  return parts;
}

type Parts = Float64Array | Uint8Array;

function addAbove(parts: Parts, values: Float64Array, cut: number, from: number, to: number): void {
  for (let i = from; i < to; i++) parts[i] += values[i] > cut ? 1 : 0;
}

function markUnknown(parts: Parts, values: Float64Array, none: number, from: number, to: number): void {
  for (let i = from; i < to; i++) if (values[i] !== values[i]) parts[i] = none;
}
