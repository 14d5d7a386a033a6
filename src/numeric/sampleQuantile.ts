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

/** A copy in ascending order, without NaN. */
export function ascendingValues(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values)
    .filter((v) => !Number.isNaN(v))
    .sort();
}
