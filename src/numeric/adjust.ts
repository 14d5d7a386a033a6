/** How p-values are adjusted for the number of tests. */
export type Adjustment = "BH" | "holm" | "bonferroni" | "none";

/**
 * Adjusts p-values for multiple tests. NaN is left NaN and does not count as a test.
 *
 * @param p - any length
 * @returns same length and order
 * @see R `p.adjust(p, method)` 4.2.2; Benjamini and Hochberg (1995), Holm (1979)
 */
export function adjust(p: ArrayLike<number>, method: Adjustment): Float64Array {
  const adjusted = Float64Array.from(p);
  const known = Uint32Array.from(adjusted.keys()).filter((i) => !Number.isNaN(adjusted[i]));
  const n = known.length;
  const ascending = known.sort((a, b) => adjusted[a] - adjusted[b] || a - b);
  if (method === "none") return adjusted;
  if (method === "bonferroni") for (const i of ascending) adjusted[i] = Math.min(1, adjusted[i] * n);
  else if (method === "holm") {
    let largest = 0;
    ascending.forEach((i, rank) => (adjusted[i] = largest = Math.max(largest, Math.min(1, (n - rank) * adjusted[i]))));
  } else {
    let smallest = 1;
    for (let rank = n - 1; rank >= 0; rank--) {
      const i = ascending[rank];
      adjusted[i] = smallest = Math.min(smallest, (n / (rank + 1)) * adjusted[i]);
    }
  }
  return adjusted;
}
