import {inParts} from "./inParts.js";

/** Numbers in parts: that of each is how many cuts are below it. NaN is in none. */
export interface CutValues {
  readonly values: Float64Array;
  readonly cuts: readonly number[];
}

/** By number its part, NaN for none. */
export const partsOf = (cut: CutValues) => filled(new Float64Array(cut.values.length), cut, NaN);

/** The same in bytes. @param none - stands for NaN */
export const partBytes = (cut: CutValues, none: number) => filled(new Uint8Array(cut.values.length), cut, none);

type Parts = Float64Array | Uint8Array;

function filled<P extends Parts>(parts: P, {values, cuts}: CutValues, none: number): P {
  for (const cut of cuts) inParts(parts.length, (from, to) => addAbove(parts, values, cut, from, to));
  inParts(parts.length, (from, to) => markUnknown(parts, values, none, from, to));
  return parts;
}

function addAbove(parts: Parts, values: Float64Array, cut: number, from: number, to: number): void {
  for (let i = from; i < to; i++) parts[i] += values[i] > cut ? 1 : 0;
}

function markUnknown(parts: Parts, values: Float64Array, none: number, from: number, to: number): void {
  for (let i = from; i < to; i++) if (values[i] !== values[i]) parts[i] = none;
}
