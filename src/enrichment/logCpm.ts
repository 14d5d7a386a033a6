import {librarySizes} from "./expressionMatrix.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

/**
 * log₂ counts per million, a prior count in proportion to its library added to each.
 *
 * @param effective - effective library sizes (library size × normalisation factor). Default: the sums of the samples
 * @see R `edgeR::cpm(counts, log = TRUE, prior.count = 2)` 3.40.2
 */
export function logCpm(
  counts: ExpressionMatrix,
  effective: Float64Array = librarySizes(counts),
  priorCount = 2
): ExpressionMatrix {
  const n = counts.samples.length;
  const mean = effective.reduce((a, b) => a + b, 0) / n;
  const prior = effective.map((size) => (size / mean) * priorCount);
  const values = counts.values.map((count, i) => {
    const s = i % n;
    return Math.log2(((count + prior[s]) / (effective[s] + 2 * prior[s])) * 1e6);
  });
  return {...counts, values};
}
