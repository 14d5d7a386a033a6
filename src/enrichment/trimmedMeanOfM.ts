import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import {librarySizes} from "./expressionMatrix.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

const LOG_RATIO_TRIM = 0.3;
const SUM_TRIM = 0.05;

/**
 * Normalisation factors by the trimmed mean of M-values; library size × factor is the effective library size.
 *
 * @returns length samples, geometric mean 1
 * @throws {EnrichmentInputError} naming a sample without any count
 * @see R `edgeR::calcNormFactors(counts, method = "TMM")` 3.40.2; Robinson and Oshlack (2010), Genome Biol 11:R25
 */
export function trimmedMeanOfM(counts: ExpressionMatrix): Float64Array {
  const {genes, samples, values} = counts;
  const n = samples.length;
  const library = librarySizes(counts);
  const expressed = genes.flatMap((_, g) => (values.subarray(g * n, (g + 1) * n).some((v) => v > 0) ? [g] : []));
  if (expressed.length === 0 || n === 1) return new Float64Array(n).fill(1);
  const none = library.indexOf(0);
  if (none >= 0)
    throw new EnrichmentInputError(`Sample ${samples[none]} has no counts in the genes that are kept; leave it out.`);
  const columns = samples.map(() => new Float64Array(expressed.length));
  expressed.forEach((g, k) => columns.forEach((column, s) => (column[k] = values[g * n + s])));
  const reference = referenceSample(columns, library);
  const factors = Float64Array.from(columns, (column, s) =>
    factor(column, columns[reference], library[s], library[reference])
  );
  const mean = factors.reduce((sum, f) => sum + Math.log(f), 0) / n;
  return factors.map((f) => f / Math.exp(mean));
}

/** The sample whose upper quartile is nearest to the mean one. */
function referenceSample(columns: readonly Float64Array[], library: Float64Array): number {
  const upper = columns.map((column, s) => sampleQuantile(ascendingValues(column), 0.75) / library[s]);
  if (sampleQuantile(ascendingValues(upper), 0.5) < 1e-20) {
    const roots = columns.map((column) => column.reduce((sum, v) => sum + Math.sqrt(v), 0));
    return roots.indexOf(Math.max(...roots));
  }
  const mean = upper.reduce((a, b) => a + b, 0) / upper.length;
  const distance = upper.map((q) => Math.abs(q - mean));
  return distance.indexOf(Math.min(...distance));
}

function factor(observed: Float64Array, reference: Float64Array, nObserved: number, nReference: number): number {
  const all = observed.length;
  const [ratios, means, variances] = [new Float64Array(all), new Float64Array(all), new Float64Array(all)];
  let [n, differ] = [0, false];
  for (let g = 0; g < all; g++) {
    const [o, r] = [observed[g], reference[g]];
    if (o === 0 || r === 0) continue;
    const [shareObserved, shareReference] = [o / nObserved, r / nReference];
    ratios[n] = Math.log2(shareObserved / shareReference);
    means[n] = (Math.log2(shareObserved) + Math.log2(shareReference)) / 2;
    variances[n] = (nObserved - o) / nObserved / o + (nReference - r) / nReference / r;
    differ ||= Math.abs(ratios[n]) >= 1e-6;
    n++;
  }
  if (!differ) return 1;
  const [logRatio, mean, variance] = [ratios.subarray(0, n), means.subarray(0, n), variances.subarray(0, n)];
  const [lowestRatio, highestRatio] = keptRange(logRatio, LOG_RATIO_TRIM);
  const [lowestMean, highestMean] = keptRange(mean, SUM_TRIM);
  let [sum, weight] = [0, 0];
  for (let k = 0; k < n; k++) {
    if (logRatio[k] < lowestRatio || logRatio[k] > highestRatio) continue;
    if (mean[k] < lowestMean || mean[k] > highestMean) continue;
    sum += logRatio[k] / variance[k];
    weight += 1 / variance[k];
  }
  return weight > 0 ? 2 ** (sum / weight) : 1;
}

/** Lowest and highest value kept when a share is trimmed at each end by rank; equal values share their mean rank. */
function keptRange(values: Float64Array, trim: number): readonly [number, number] {
  const sorted = ascendingValues(values);
  const n = sorted.length;
  const cut = Math.floor(n * trim);
  const meanRank = (at: number) => {
    let [first, end] = [at, at + 1];
    while (first > 0 && sorted[first - 1] === sorted[at]) first--;
    while (end < n && sorted[end] === sorted[at]) end++;
    return {first, end, rank: (first + 1 + end) / 2};
  };
  const [low, high] = [meanRank(cut), meanRank(n - 1 - cut)];
  return [
    low.rank >= cut + 1 ? sorted[cut] : (sorted[low.end] ?? Infinity),
    high.rank <= n - cut ? sorted[n - 1 - cut] : (sorted[high.first - 1] ?? -Infinity)
  ];
}
