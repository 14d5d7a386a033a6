const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const DIGIT_MASK = BUCKETS - 1;

/**
 * Stable ascending order of doubles: their bit patterns, read as unsigned integers with the sign bit turned (all bits, if
 * negative), have the order of the numbers, so six passes of 11 bits sort them in O(n). Digits that all values share are
 * skipped.
 *
 * @param values - no NaN (−0 counts as 0)
 * @param rows - the rows to sort, in any order; not changed
 * @returns the rows by ascending value; equal values keep the order of `rows`
 */
export function radixOrder(values: Float64Array, rows: Uint32Array): Uint32Array {
  const n = rows.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const number = new Float64Array(1);
  const word = new Uint32Array(number.buffer);
  const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  const [lowWord, highWord] = littleEndian ? [0, 1] : [1, 0];
  for (let k = 0; k < n; k++) {
    number[0] = values[rows[k]] + 0; // −0 + 0 is 0
    const turn = word[highWord] >>> 31 ? 0xffffffff : 0;
    low[k] = word[lowWord] ^ turn;
    high[k] = word[highWord] ^ (turn | 0x80000000);
  }
  let from = new Uint32Array(n);
  for (let k = 0; k < n; k++) from[k] = k;
  let to = new Uint32Array(n);
  const count = new Uint32Array(BUCKETS);
  for (let bit = 0; bit < 64; bit += DIGIT_BITS) {
    count.fill(0);
    for (let k = 0; k < n; k++) count[digit(low[k], high[k], bit)]++;
    if (n === 0 || count[digit(low[0], high[0], bit)] === n) continue;
    for (let b = 0, start = 0; b < BUCKETS; b++) {
      const size = count[b];
      count[b] = start;
      start += size;
    }
    for (let k = 0; k < n; k++) {
      const at = from[k];
      to[count[digit(low[at], high[at], bit)]++] = at;
    }
    [from, to] = [to, from];
  }
  for (let k = 0; k < n; k++) to[k] = rows[from[k]];
  return to;
}

/** Eleven bits of a 64-bit word, from `bit` on. */
function digit(low: number, high: number, bit: number): number {
  if (bit >= 32) return (high >>> (bit - 32)) & DIGIT_MASK;
  const lower = low >>> bit;
  return (bit + DIGIT_BITS > 32 ? lower | (high << (32 - bit)) : lower) & DIGIT_MASK;
}
