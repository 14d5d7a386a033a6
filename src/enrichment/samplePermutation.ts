import {philox} from "../numeric/random.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import {emptyRange, extremeOf, runningSumRange} from "./enrichmentScore.js";
import {
  gseaPermutationResults,
  permutationsPerBlock,
  scoreSets,
  type PermutationCounts,
  type PermutationResult
} from "./gseaPermutation.js";

/** Gene sets as rows of the expression matrix. */
export interface GeneRows {
  readonly rows: Int32Array;
}

/**
 * The labels of permutation i: a shuffle that depends on (seed, i) alone.
 *
 * @param labels - one a sample
 */
export function permutedLabels<T extends Uint8Array | Float64Array>(labels: T, permutation: number, seed: number): T {
  return philox(seed, permutation).shuffle(labels.slice()) as T;
}

/**
 * Signal to noise of each gene: difference of the groups' means ÷ sum of their standard deviations, each at least 0.2 of its
 * mean's size (and 0.2 where the mean is 0), as GSEA of the Broad Institute has it.
 *
 * @param values - genes × samples, gene by gene
 * @param groups - 1 or 0 a sample; at least two of each
 * @throws {EnrichmentInputError} if a group has fewer than two samples
 */
export function signalToNoise(values: Float64Array, groups: Uint8Array): Float64Array {
  const samples = groups.length;
  const high = groups.reduce((sum, group) => sum + group, 0);
  if (high < 2 || samples - high < 2)
    throw new EnrichmentInputError(
      `Signal to noise: groups of ${high} and ${samples - high} samples; each needs two or more.`
    );
  const counts = [samples - high, high];
  return Float64Array.from({length: values.length / samples}, (_, gene) => {
    const row = gene * samples;
    const [mean, squares] = [
      [0, 0],
      [0, 0]
    ];
    for (let i = 0; i < samples; i++) mean[groups[i]] += values[row + i] / counts[groups[i]];
    for (let i = 0; i < samples; i++) squares[groups[i]] += (values[row + i] - mean[groups[i]]) ** 2;
    const spread = [0, 1].map((g) =>
      Math.max(Math.sqrt(squares[g] / (counts[g] - 1)), mean[g] === 0 ? 0.2 : 0.2 * Math.abs(mean[g]))
    );
    return (mean[1] - mean[0]) / (spread[0] + spread[1]);
  });
}

/**
 * GSEA by permutation of samples: genes keep their correlation, which permutation of genes takes from them.
 *
 * @param sets - rows of genes, each once
 * @param observed - statistic of each gene, in the matrix's order
 * @param statistics - the same on the labels of permutation i, such as `signalToNoise(values, permutedLabels(…))` or a
 *   moderated t; must depend on i alone
 * @param run - permutations (1,000 by default) and the weight of the score (1)
 * @returns one a set: p, normalised score and their errors
 * @throws {EnrichmentInputError} if a statistic is not finite, naming gene and permutation
 * @see Subramanian et al. (2005) PNAS 102:15545
 */
export function gseaSamplePermutation(
  sets: readonly GeneRows[],
  observed: Float64Array,
  statistics: (permutation: number) => Float64Array,
  {permutations = 1000, weight = 1}: {permutations?: number; weight?: number} = {}
): PermutationResult[] {
  if (sets.length === 0) return [];
  const ranked = ranking(observed, weight, "the true labels");
  const scored = scoreSets(
    ranked.weights,
    sets.map(({rows}) => ({places: placesOf(rows, ranked.placeOf)}))
  );
  // Each set has a null of its own, so sets stand where sizes do.
  const own = {scores: scored.scores, sizes: Int32Array.from(sets.keys())};
  const count = sets.length;
  const moreExtreme = new Float64Array(count);
  const positive = new Float64Array(count);
  const sums = new Float64Array(Math.ceil(permutations / permutationsPerBlock) * count * 4);
  const range = emptyRange();
  for (let permutation = 0; permutation < permutations; permutation++) {
    const {weights, placeOf} = ranking(statistics(permutation), weight, `permutation ${permutation + 1}`);
    for (let set = 0; set < count; set++) {
      const score = extremeOf(
        runningSumRange(weights, placesOf(sets[set].rows, placeOf), sets[set].rows.length, range)
      );
      const isPositive = score >= 0;
      const at = (Math.floor(permutation / permutationsPerBlock) * count + set) * 4 + (isPositive ? 0 : 2);
      sums[at] += Math.abs(score);
      sums[at + 1] += score * score;
      if (isPositive) positive[set]++;
      if (own.scores[set] >= 0 === isPositive && Math.abs(score) >= Math.abs(own.scores[set]) * (1 - 1e-12))
        moreExtreme[set]++;
    }
  }
  const counts: PermutationCounts = {
    firstBlock: 0,
    permutations,
    ofAll: permutations,
    sizes: own.sizes,
    moreExtreme,
    positive,
    sums
  };
  return gseaPermutationResults(own, [counts]);
}

function ranking(statistics: Float64Array, weight: number, of: string) {
  const bad = statistics.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new EnrichmentInputError(
      `Sample permutation: the statistic of gene ${bad + 1} is ${statistics[bad]} under ${of}; leave the gene out.`
    );
  const order = Uint32Array.from(statistics.keys()).sort((a, b) => statistics[b] - statistics[a] || a - b);
  const placeOf = new Int32Array(order.length);
  order.forEach((row, place) => (placeOf[row] = place));
  return {weights: Float64Array.from(order, (row) => Math.abs(statistics[row]) ** weight), placeOf};
}

const placesOf = (rows: Int32Array, placeOf: Int32Array): Int32Array => rows.map((row) => placeOf[row]).sort();
