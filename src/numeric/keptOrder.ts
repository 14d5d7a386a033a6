import {inParts} from "./inParts.js";
import {keptIn} from "./keptIn.js";
import {radixOrder} from "./radixOrder.js";
import {sampleQuantile} from "./sampleQuantile.js";

const kept = new WeakMap<Float64Array, Uint32Array>();

/**
 * Rows of a column by ascending value, those without one left out. Sorted once and kept with the column, so that the order of
 * any part of it costs a look at each row.
 *
 * @param column - not changed from now on
 */
export function keptOrder(column: Float64Array): Uint32Array {
  return keptIn(kept, column, () => {
    const rows = new Uint32Array(column.length);
    let n = 0;
    for (let i = 0; i < column.length; i++) if (column[i] === column[i]) rows[n++] = i;
    return radixOrder(column, rows.subarray(0, n));
  });
}

const ascending = new WeakMap<Float64Array, Float64Array>();

/** The values of a column in ascending order, aligned with `keptOrder`. */
export function keptAscending(column: Float64Array): Float64Array {
  return keptIn(ascending, column, () => Float64Array.from(keptOrder(column), (i) => column[i]));
}

/** Values of a column in ascending order, of the rows that a mask of 0 and 1 keeps. */
export function ascendingAt(column: Float64Array, rows: Uint8Array): Float64Array {
  const order = keptOrder(column);
  const all = keptAscending(column);
  // Each is written, and over by the next if its row is not kept: a processor cannot guess which are.
  const values = new Float64Array(order.length + 1);
  let n = 0;
  inParts(order.length, (from, to) => (n = keepValues(values, n, all, order, rows, from, to)));
  return values.subarray(0, n);
}

function keepValues(
  into: Float64Array,
  n: number,
  all: Float64Array,
  order: Uint32Array,
  rows: Uint8Array,
  from: number,
  to: number
): number {
  for (let k = from; k < to; k++) {
    into[n] = all[k];
    n += rows[order[k]];
  }
  return n;
}

/** The least value of a column above a given one; ∞ if there is none. */
export function nextAbove(column: Float64Array, value: number): number {
  const order = keptOrder(column);
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[order[middle]] > value) high = middle;
    else low = middle + 1;
  }
  return low < order.length ? column[order[low]] : Infinity;
}

/**
 * Quantiles of a column over the rows that a mask keeps, as `sampleQuantile` has them; empty if no row has a value.
 *
 * @param shares - ascending, each in [0, 1]
 */
export function keptQuantiles(column: Float64Array, rows: Uint8Array, shares: readonly number[]): number[] {
  const order = keptOrder(column);
  let n = 0;
  inParts(column.length, (from, to) => (n += countKept(column, rows, from, to)));
  if (n === 0) return [];
  // Of the values in order only those about a quantile are looked up: the others lie all over the column.
  const around: Record<number, number> & {length: number} = {length: n};
  let [k, seen] = [0, 0];
  for (const share of shares)
    for (let at = Math.floor((n - 1) * share), last = Math.min(n - 1, at + 2); at <= last; at++) {
      if (at in around) continue;
      while (seen <= at) seen += rows[order[k++]];
      around[at] = column[order[k - 1]];
    }
  return shares.map((share) => sampleQuantile(around, share));
}

function countKept(column: Float64Array, rows: Uint8Array, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) if (column[i] === column[i]) n += rows[i];
  return n;
}
