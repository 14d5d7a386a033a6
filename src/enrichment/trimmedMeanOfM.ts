import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {librarySizes} from "./expressionMatrix.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

const LOG_RATIO_TRIM = 0.3;
const SUM_TRIM = 0.05;

/**
 * Normalisation factors by the trimmed mean of M-values; library size × factor is the effective library size.
 *
 * @returns length samples, geometric mean 1
 * @see R `edgeR::calcNormFactors(counts, method = "TMM")` 3.40.2; Robinson and Oshlack (2010), Genome Biol 11:R25
 */
export function trimmedMeanOfM(counts: ExpressionMatrix): Float64Array {
  const {genes, samples, values} = counts;
  const n = samples.length;
  const library = librarySizes(counts);
  const expressed = genes.flatMap((_, g) => (values.subarray(g * n, (g + 1) * n).some((v) => v > 0) ? [g] : []));
  if (expressed.length === 0 || n === 1) return new Float64Array(n).fill(1);
  const column = (s: number) => Float64Array.from(expressed, (g) => values[g * n + s]);
  const reference = referenceSample(
    samples.map((_, s) => column(s)),
    library
  );
  const ofReference = column(reference);
  const factors = Float64Array.from(samples, (_, s) => factor(column(s), ofReference, library[s], library[reference]));
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
  const [logRatio, mean, variance]: number[][] = [[], [], []];
  observed.forEach((o, g) => {
    const r = reference[g];
    if (o === 0 || r === 0) return;
    logRatio.push(Math.log2(o / nObserved / (r / nReference)));
    mean.push((Math.log2(o / nObserved) + Math.log2(r / nReference)) / 2);
    variance.push((nObserved - o) / nObserved / o + (nReference - r) / nReference / r);
  });
  const n = logRatio.length;
  if (n === 0 || logRatio.every((m) => Math.abs(m) < 1e-6)) return 1;
  const within = (ranks: Float64Array, trim: number) => {
    const low = Math.floor(n * trim) + 1;
    return ranks.map((rank) => Number(rank >= low && rank <= n + 1 - low));
  };
  const [byRatio, byMean] = [within(averageRanks(logRatio), LOG_RATIO_TRIM), within(averageRanks(mean), SUM_TRIM)];
  let [sum, weight] = [0, 0];
  for (let k = 0; k < n; k++) {
    if (byRatio[k] === 0 || byMean[k] === 0) continue;
    sum += logRatio[k] / variance[k];
    weight += 1 / variance[k];
  }
  return weight > 0 ? 2 ** (sum / weight) : 1;
}

/** Ranks from 1; equal values share their mean rank. R `rank(x)`. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({length: values.length}, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let k = first; k < end; k++) ranks[order[k]] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}
