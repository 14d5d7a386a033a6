import {deflateSync, inflateSync} from "fflate";

/** Stands for a pixel outside the volume. */
const OUTSIDE = -32768;

/**
 * Packs a slice for publication: values in whole steps, differences along the rows, low and high bytes apart, deflated.
 *
 * @param values - NaN outside the volume; beyond ±32767 steps they are clipped
 * @param step - of what is kept, in the values' unit
 */
export function packValues(values: ArrayLike<number>, step: number): Uint8Array {
  const n = values.length;
  const bytes = new Uint8Array(2 * n);
  let before = 0;
  for (let i = 0; i < n; i++) {
    const steps = Math.round(values[i] / step);
    const kept = Number.isNaN(steps) ? OUTSIDE : Math.min(32767, Math.max(-32767, steps));
    const difference = (kept - before) & 0xffff;
    bytes[i] = difference & 0xff;
    bytes[n + i] = difference >> 8;
    before = kept;
  }
  return deflateSync(bytes, {level: 9});
}

/** The values again, to the nearest step; NaN outside the volume. */
export function unpackValues(packed: Uint8Array, step: number): Float32Array {
  const bytes = inflateSync(packed);
  const n = bytes.length / 2;
  const values = new Float32Array(n);
  let now = 0;
  for (let i = 0; i < n; i++) {
    now = ((now + (bytes[i] | (bytes[n + i] << 8))) << 16) >> 16;
    values[i] = now === OUTSIDE ? NaN : now * step;
  }
  return values;
}

export const packMask = (mask: Uint8Array): Uint8Array => deflateSync(mask, {level: 9});

export const unpackMask = (packed: Uint8Array): Uint8Array => inflateSync(packed);
