import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {librarySizes} from "./expressionMatrix.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

/**
 * Which genes have enough counts to be tested: 10 per million of the median library in as many samples as the smallest
 * group has (of a group of more than 10, in 70% of what it has beyond), and 15 in all.
 *
 * @param group - length samples, any labels
 * @returns length genes; 1 stays
 * @see R `edgeR::filterByExpr(counts, group)` 3.40.2
 */
export function filterByExpression(counts: ExpressionMatrix, group: readonly (string | number)[]): Uint8Array {
  const [minCount, minTotal, large, share] = [10, 15, 10, 0.7];
  const {genes, samples, values} = counts;
  const n = samples.length;
  const sizes = new Map<string | number, number>();
  for (const label of group) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const smallest = Math.min(...sizes.values());
  const needed = smallest > large ? large + (smallest - large) * share : smallest;
  const library = librarySizes(counts);
  const perMillion = (minCount / sampleQuantile(ascendingValues(library), 0.5)) * 1e6;
  return Uint8Array.from(genes, (_, g) => {
    let [enough, total] = [0, 0];
    for (let s = 0; s < n; s++) {
      const count = values[g * n + s];
      total += count;
      if ((count / library[s]) * 1e6 >= perMillion) enough++;
    }
    return Number(enough >= needed - 1e-14 && total >= minTotal - 1e-14);
  });
}
