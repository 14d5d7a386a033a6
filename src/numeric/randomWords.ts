/**
 * The words of `philox4x32` in bulk: the same generator and bits as random.ts, written for loops that draw hundreds of
 * millions. Half-word products keep every intermediate a 32-bit integer.
 *
 * @param key - two words: the seed
 * @param stream - the two upper words of the counter
 * @param firstBlock - lowest word of the counter of the first block
 * @param out - length a multiple of 4; block firstBlock + i is written from 4 i
 */
export function philoxWords(
  key: readonly [number, number],
  stream: readonly [number, number],
  firstBlock: number,
  out: Uint32Array
): void {
  for (let at = 0; at < out.length; at += 4) {
    let [x0, x1, x2, x3] = [(firstBlock + (at >>> 2)) | 0, 0, stream[0] | 0, stream[1] | 0];
    let [k0, k1] = [key[0] | 0, key[1] | 0];
    for (let round = 0; round < 10; round++) {
      // Upper words of 0xd2511f53 · x0 and 0xcd9e8d57 · x2.
      const [low0, high0] = [x0 & 0xffff, x0 >>> 16];
      const middle0 = (Math.imul(high0, 0x1f53) >>> 0) + (Math.imul(low0, 0x1f53) >>> 16);
      const other0 = (Math.imul(low0, 0xd251) >>> 0) + (middle0 & 0xffff);
      const upper0 = (Math.imul(high0, 0xd251) + (middle0 >>> 16) + (other0 >>> 16)) | 0;
      const [low2, high2] = [x2 & 0xffff, x2 >>> 16];
      const middle2 = (Math.imul(high2, 0x8d57) >>> 0) + (Math.imul(low2, 0x8d57) >>> 16);
      const other2 = (Math.imul(low2, 0xcd9e) >>> 0) + (middle2 & 0xffff);
      const upper2 = (Math.imul(high2, 0xcd9e) + (middle2 >>> 16) + (other2 >>> 16)) | 0;
      const lower0 = Math.imul(0xd2511f53, x0);
      const lower2 = Math.imul(0xcd9e8d57, x2);
      x0 = upper2 ^ x1 ^ k0;
      x1 = lower2;
      x2 = upper0 ^ x3 ^ k1;
      x3 = lower0;
      k0 = (k0 + 0x9e3779b9) | 0;
      k1 = (k1 + 0xbb67ae85) | 0;
    }
    out[at] = x0;
    out[at + 1] = x1;
    out[at + 2] = x2;
    out[at + 3] = x3;
  }
}

/** A stream of words that can be begun anew elsewhere. */
export interface WordStream {
  /** Whole number in 0 … n − 1, n ≤ 2³²; no value is off by more than n · 2⁻³² of its share. One word a draw. */
  readonly below: (n: number) => number;
  readonly restart: (stream: number, purpose: number) => void;
}

/**
 * @param seed - whole number 0 … 2⁵³ − 1
 * @param buffered - words made at a time, a multiple of 4; it does not change what is drawn
 * @throws {RangeError} if the seed is not such a number
 */
export function wordStream(seed: number, buffered = 1024): WordStream {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`wordStream: seed must be a whole number from 0 to 2^53 − 1, got ${seed}.`);
  const key: [number, number] = [seed >>> 0, Math.floor(seed / 0x100000000)];
  const at: [number, number] = [0, 0];
  const words = new Uint32Array(buffered);
  let used = buffered;
  let block = 0;
  return {
    below(n) {
      if (used === buffered) {
        philoxWords(key, at, block, words);
        block += buffered >>> 2;
        used = 0;
      }
      return Math.floor((words[used++] * n) / 0x100000000);
    },
    restart(stream, purpose) {
      at[0] = stream;
      at[1] = purpose;
      block = 0;
      used = buffered;
    }
  };
}
