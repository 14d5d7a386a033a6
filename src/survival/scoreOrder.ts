import {radixOrder} from "../numeric/radixOrder.js";

/** Rows by ascending score: where each stands, and where its ties begin and end. By position in the rows given. */
export interface ScoreOrder {
  readonly place: Uint32Array;
  /** First place with the same score, and one past the last; null where no two scores are equal. */
  readonly ties: {readonly from: Uint32Array; readonly to: Uint32Array} | null;
}

export function scoreOrder(score: Float64Array, row: Uint32Array): ScoreOrder {
  const n = row.length;
  const values = new Float64Array(n);
  const positions = new Uint32Array(n);
  for (let k = 0; k < n; k++) {
    values[k] = score[row[k]];
    positions[k] = k;
  }
  const ascending = radixOrder(values, positions);
  const place = new Uint32Array(n);
  let tied = false;
  for (let q = 0; q < n; q++) {
    place[ascending[q]] = q;
    tied ||= q > 0 && values[ascending[q]] === values[ascending[q - 1]];
  }
  return {place, ties: tied ? tiesOf(values, ascending) : null};
}

function tiesOf(values: Float64Array, ascending: Uint32Array): {from: Uint32Array; to: Uint32Array} {
  const n = ascending.length;
  const [from, to] = [new Uint32Array(n), new Uint32Array(n)];
  let end: number;
  for (let first = 0; first < n; first = end) {
    const value = values[ascending[first]];
    for (end = first + 1; end < n && values[ascending[end]] === value;) end++;
    for (let q = first; q < end; q++) {
      from[ascending[q]] = first;
      to[ascending[q]] = end;
    }
  }
  return {from, to};
}

/** Weights that stand at places 0 … n − 1; any prefix of them is summed in O(log n). */
export interface PlaceCounter {
  /** Puts a weight at a place, or takes it away again where `weight` is negative. */
  readonly add: (place: number, weight: number) => void;
  /** Weight at places before this one. */
  readonly before: (place: number) => number;
  readonly total: () => number;
}

/** A Fenwick tree of weights. */
export function weightCounter(n: number): PlaceCounter {
  const node = new Float64Array(n + 1);
  let sum = 0;
  return {
    add(place, weight) {
      sum += weight;
      for (let i = place + 1; i <= n; i += i & -i) node[i] += weight;
    },
    before(place) {
      let weight = 0;
      for (let i = place; i > 0; i -= i & -i) weight += node[i];
      return weight;
    },
    total: () => sum
  };
}

/**
 * The same where every weight is 1 and a place is taken once: a bit a place, and a Fenwick tree over words of 32 bits. It
 * is so small that it stays in the processor's cache, which makes it several times as fast.
 */
export function bitCounter(n: number): PlaceCounter {
  const words = (n >>> 5) + 1;
  const bits = new Uint32Array(words);
  const node = new Int32Array(words + 1);
  let sum = 0;
  return {
    add(place, weight) {
      const word = place >>> 5;
      bits[word] ^= 1 << (place & 31);
      sum += weight;
      for (let i = word + 1; i <= words; i += i & -i) node[i] += weight;
    },
    before(place) {
      const word = place >>> 5;
      let count = bitsSet(bits[word] & ((1 << (place & 31)) - 1));
      for (let i = word; i > 0; i -= i & -i) count += node[i];
      return count;
    },
    total: () => sum
  };
}

/** Number of bits set in a 32-bit word. @see Warren, Hacker's Delight, 5-1 */
function bitsSet(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
