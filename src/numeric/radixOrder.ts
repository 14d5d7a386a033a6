const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const DIGIT_MASK = BUCKETS - 1;

/** Sorting by the upper 33 bits leaves few neighbours out of order; more moves than this a row, and all 64 are sorted by. */
const MOVES_PER_ROW = 4;

/**
 * Stable ascending order of doubles: their bit patterns, read as unsigned integers with the sign bit turned (all bits, if
 * negative), have the order of the numbers, so passes of 11 bits sort them in O(n).
 *
 * Three passes sort by sign, exponent and 21 bits of the fraction, which is all that tells most values apart; a pass of
 * insertion mends the rest, and three passes more do where it would take long. Digits that all values share are skipped.
 *
 * @param values - no NaN (−0 counts as 0)
 * @param rows - the rows to sort, in any order; not changed
 * @returns the rows by ascending value; equal values keep the order of `rows`
 */
export function radixOrder(values: Float64Array, rows: Uint32Array): Uint32Array {
  const n = rows.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  split(values, rows, low, high);
  const start = new Uint32Array(n);
  for (let k = 0; k < n; k++) start[k] = k;
  const coarse = passes(start, low, high, 2 * DIGIT_BITS + 9, 64);
  const order = mended(coarse, values, rows) ?? passes(passes(start, low, high, 0, 31), low, high, 31, 64);
  for (let k = 0; k < n; k++) order[k] = rows[order[k]];
  return order;
}

/** Each value's bit pattern in two halves whose order is the order of the numbers. */
function split(values: Float64Array, rows: Uint32Array, low: Uint32Array, high: Uint32Array): void {
  const number = new Float64Array(1);
  const word = new Uint32Array(number.buffer);
  const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  const [lowWord, highWord] = littleEndian ? [0, 1] : [1, 0];
  for (let k = 0; k < rows.length; k++) {
    number[0] = values[rows[k]] + 0; // −0 + 0 is 0
    const turn = word[highWord] >>> 31 ? 0xffffffff : 0;
    low[k] = word[lowWord] ^ turn;
    high[k] = word[highWord] ^ (turn | 0x80000000);
  }
}

/** Sorts by the bits from `from` up to `to`, the lowest digit first. */
function passes(order: Uint32Array, low: Uint32Array, high: Uint32Array, from: number, to: number): Uint32Array {
  const n = order.length;
  let source = order.slice();
  let target = new Uint32Array(n);
  const count = new Uint32Array(BUCKETS);
  for (let bit = from; bit < to; bit += DIGIT_BITS) {
    const mask = bit + DIGIT_BITS > to ? (1 << (to - bit)) - 1 : DIGIT_MASK;
    count.fill(0);
    for (let k = 0; k < n; k++) count[digit(low[k], high[k], bit) & mask]++;
    if (n === 0 || count[digit(low[0], high[0], bit) & mask] === n) continue;
    for (let b = 0, start = 0; b < BUCKETS; b++) {
      const size = count[b];
      count[b] = start;
      start += size;
    }
    for (let k = 0; k < n; k++) {
      const at = source[k];
      target[count[digit(low[at], high[at], bit) & mask]++] = at;
    }
    [source, target] = [target, source];
  }
  return source;
}

/** Eleven bits of a 64-bit word, from `bit` on. */
function digit(low: number, high: number, bit: number): number {
  if (bit >= 32) return (high >>> (bit - 32)) & DIGIT_MASK;
  const lower = low >>> bit;
  return (bit + DIGIT_BITS > 32 ? lower | (high << (32 - bit)) : lower) & DIGIT_MASK;
}

/** The order with neighbours put right by insertion, or null if that takes too many moves. */
function mended(order: Uint32Array, values: Float64Array, rows: Uint32Array): Uint32Array | null {
  let moves = MOVES_PER_ROW * order.length;
  let before = -Infinity;
  for (let k = 0; k < order.length; k++) {
    const value = values[rows[order[k]]];
    if (value >= before) {
      before = value;
      continue;
    }
    const moved = order[k];
    let at = k;
    for (; at > 0 && values[rows[order[at - 1]]] > value; at--) {
      order[at] = order[at - 1];
      if (--moves < 0) return null;
    }
    order[at] = moved;
  }
  return order;
}
