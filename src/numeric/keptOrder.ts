import {radixOrder} from "./radixOrder.js";

const kept = new WeakMap<Float64Array, Uint32Array>();

/**
 * Rows of a column by ascending value, those without one left out. Sorted once and kept with the column, so that the order of
 * any part of it costs a look at each row.
 *
 * @param column - not changed from now on
 */
export function keptOrder(column: Float64Array): Uint32Array {
  const known = kept.get(column);
  if (known) return known;
  const rows = new Uint32Array(column.length);
  let n = 0;
  for (let i = 0; i < column.length; i++) if (column[i] === column[i]) rows[n++] = i;
  const order = radixOrder(column, rows.subarray(0, n));
  kept.set(column, order);
  return order;
}

/** Values of a column in ascending order, of the rows that a mask keeps. */
export function ascendingAt(column: Float64Array, rows: Uint8Array): Float64Array {
  const order = keptOrder(column);
  const values = new Float64Array(order.length);
  let n = 0;
  for (let k = 0; k < order.length; k++) if (rows[order[k]]) values[n++] = column[order[k]];
  return values.subarray(0, n);
}
