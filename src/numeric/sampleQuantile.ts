import {radixOrder} from "./radixOrder.js";

/**
 * Quantile of ascending values by linear interpolation between order statistics.
 *
 * @param ascending - at least one value, ascending, no NaN
 * @param probability - in [0, 1]
 * @see R `quantile(x, p, type = 7)`, its default
 */
export function sampleQuantile(ascending: ArrayLike<number>, probability: number): number {
  const at = (ascending.length - 1) * probability;
  const fuzz = 4 * Number.EPSILON;
  const low = Math.floor(at + fuzz);
  const share = at - low;
  const below = ascending[low];
  if (Math.abs(share) < fuzz || low + 1 >= ascending.length) return below;
  const above = ascending[low + 1];
  return above === below ? below : (1 - share) * below + share * above;
}

/** From here on sorting by digits is faster than by comparisons. */
const MANY = 1000;

/** A copy in ascending order, without NaN. */
export function ascendingValues(values: ArrayLike<number>): Float64Array {
  const all = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) all[n++] = values[i];
  const kept = all.slice(0, n);
  if (n < MANY) return kept.sort();
  const rows = new Uint32Array(n);
  for (let k = 0; k < n; k++) rows[k] = k;
  const order = radixOrder(kept, rows);
  for (let k = 0; k < n; k++) all[k] = kept[order[k]];
  return all.slice(0, n);
}
