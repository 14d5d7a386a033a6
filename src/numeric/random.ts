import {normalQuantile} from "./distributions.js";

/**
 * Philox4x32-10: a counter-based generator. Block b of stream s is a pure function of (seed, s, b), so a patient's draws
 * depend on no other patient's, and a resample can be drawn again without drawing those before it.
 *
 * @see Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC11
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** Upper 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const other = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) >>> 0;
}

/**
 * One block of the generator, written into `out`.
 *
 * @param counter - four unsigned 32-bit words
 * @param key - two unsigned 32-bit words
 * @param out - length 4
 */
export function philox4x32(counter: ArrayLike<number>, key: ArrayLike<number>, out: Uint32Array): void {
  let [x0, x1, x2, x3] = [counter[0], counter[1], counter[2], counter[3]];
  let [k0, k1] = [key[0], key[1]];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, x0);
    const low0 = Math.imul(MULTIPLIER_0, x0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, x2);
    const low1 = Math.imul(MULTIPLIER_1, x2) >>> 0;
    x0 = (high1 ^ x1 ^ k0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ k1) >>> 0;
    x3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** A seeded source of random numbers; its functions may be passed on by themselves. */
export interface RandomSource {
  /** In (0, 1), never an end point; 52 bits. */
  readonly uniform: () => number;
  /** Standard normal, by inversion: one uniform a draw. */
  readonly normal: () => number;
  /** Whole number in 0 … n − 1, without modulo bias beyond 2⁻⁵². */
  readonly integer: (n: number) => number;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  readonly shuffle: <T extends {length: number; [index: number]: unknown}>(values: T) => T;
}

/**
 * @param seed - whole number 0 … 2⁵³ − 1
 * @param stream - whole number 0 … 2⁵³ − 1; streams of one seed are independent
 * @throws {RangeError} if either is not such a number
 */
export function philox(seed: number, stream = 0): RandomSource {
  const key = words(seed, "seed");
  const [stream0, stream1] = words(stream, "stream");
  const counter = new Uint32Array([0, 0, stream0, stream1]);
  const block = new Uint32Array(4);
  let used = 4;
  const word = () => {
    if (used === 4) {
      philox4x32(counter, key, block);
      if (++counter[0] === 0) counter[1]++;
      used = 0;
    }
    return block[used++];
  };
  // 52 bits and a half: with 53 the largest value would round up to 1.
  const uniform = () => ((word() >>> 6) * 0x4000000 + (word() >>> 6) + 0.5) / 0x10000000000000;
  const integer = (n: number) => Math.floor(uniform() * n);
  return {
    uniform,
    normal: () => normalQuantile(uniform()),
    integer,
    shuffle(values) {
      const array = values as {length: number; [index: number]: unknown};
      for (let i = array.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const held = array[i];
        array[i] = array[j];
        array[j] = held;
      }
      return values;
    }
  };
}

function words(value: number, name: string): Uint32Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`philox: ${name} must be a whole number from 0 to 2^53 − 1, got ${value}.`);
  return new Uint32Array([value >>> 0, Math.floor(value / 0x100000000)]);
}
