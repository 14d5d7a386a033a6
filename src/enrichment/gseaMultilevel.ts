import {ascendingValues} from "../numeric/sampleQuantile.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import {
  checkPermutations,
  gseaPermutationResults,
  permutationCounts,
  scoreSets,
  type PermutationResult,
  type ScoredSets
} from "./gseaPermutation.js";
import {harmonicSquaresBetween} from "./harmonicNumbers.js";
import {scoreTail, tailProbability, type TailProbability} from "./scoreTail.js";

/** One gene set's result. */
export interface MultilevelResult {
  /** Probability of a score as extreme among random sets of its size and sign; never below eps. NaN: no such random set. */
  readonly p: number;
  /** Standard deviation of log₂ p over repetitions; NaN if p is only a bound. */
  readonly log2Error: number;
  /** What p is: from plain permutations, from the split tail, an upper bound, or not known for want of sign. */
  readonly source: "permutation" | "multilevel" | "upper bound" | "no random set of this sign";
  readonly normalizedScore: number;
  readonly normalizedScoreError: number;
}

export interface MultilevelOptions {
  readonly seed: number;
  /** p below is not told apart: 1e-50 by default. */
  readonly eps: number;
  /** Random sets a level, odd. */
  readonly samples: number;
  /** Plain permutations, from which come normalised scores and the larger p. */
  readonly permutations: number;
}

/** Gene sets of one size and sign, whose tail is sampled once. A unit of work for a worker. */
export interface MultilevelJob {
  readonly size: number;
  readonly negative: boolean;
  /** Which sets, and how extreme they are. */
  readonly sets: Uint32Array;
  readonly extremes: Float64Array;
}

export const multilevelDefaults: MultilevelOptions = {seed: 1, eps: 1e-50, samples: 101, permutations: 1000};

/** Of the highest weight to the middle one: sums that are kept up gene by gene then have six digits of the middle. */
const LARGEST_RATIO = 1e10;

function checkWeights(weights: Float64Array): void {
  const present = ascendingValues(weights.filter((w) => w > 0));
  if (present.length === 0) return;
  const highest = present[present.length - 1];
  if (highest > present[present.length >> 1] * LARGEST_RATIO)
    throw new EnrichmentInputError(
      `GSEA: the statistic of the gene at place ${weights.indexOf(highest) + 1} of the ranking outweighs the middle one more than 10¹⁰ times, so all others are lost beside it; cap it.`
    );
}

/** @throws {EnrichmentInputError} naming the option that is out of its range */
export function multilevelOptions(options: Partial<MultilevelOptions> = {}): MultilevelOptions {
  const all = {...multilevelDefaults, ...options};
  checkPermutations(all.permutations);
  if (!(all.samples % 2 === 1 && all.samples >= 3 && all.samples < 65536))
    throw new EnrichmentInputError(`GSEA: ${all.samples} samples a level; give an odd number from 3 to 65,535.`);
  if (!(all.eps > 0 && all.eps <= 1))
    throw new EnrichmentInputError(`GSEA: eps is ${all.eps}; give a probability above 0, such as 1e-50.`);
  return all;
}

/**
 * The sets whose p plain permutations leave less certain than the split tail would, by size and sign, the longest jobs
 * first.
 */
export function multilevelJobs(
  {sizes, scores}: ScoredSets,
  permuted: readonly PermutationResult[],
  {samples}: Pick<MultilevelOptions, "samples">
): MultilevelJob[] {
  const levelVariance = harmonicSquaresBetween((samples + 1) / 2, samples + 1);
  const groups = new Map<string, number[]>();
  permuted.forEach(({p, log2Error, sameSign}, set) => {
    const levels = Math.floor(1 - Math.log2(p));
    if (sameSign === 0 || Math.sqrt(levels * levelVariance) / Math.LN2 >= log2Error) return;
    const key = `${sizes[set]} ${scores[set] < 0}`;
    if (!groups.get(key)?.push(set)) groups.set(key, [set]);
  });
  return [...groups.values()]
    .map((sets) => ({
      size: sizes[sets[0]],
      negative: scores[sets[0]] < 0,
      sets: Uint32Array.from(sets),
      extremes: Float64Array.from(sets, (set) => Math.abs(scores[set]))
    }))
    .sort((a, b) => b.size - a.size || Number(a.negative) - Number(b.negative));
}

/**
 * The tail probabilities of one job, not yet divided by the share of its sign. Pure; jobs may run anywhere in any order.
 *
 * @param weights - from `hitWeights`
 */
export function runMultilevelJob(
  weights: Float64Array,
  {size, negative, extremes}: MultilevelJob,
  options: MultilevelOptions
): TailProbability[] {
  const directed = negative ? weights.slice().reverse() : weights;
  const reach = extremes.reduce((most, x) => Math.max(most, x), 0);
  const tail = scoreTail(directed, size, negative ? 1 : 0, reach, options);
  return Array.from(extremes, (x) => tailProbability(tail, x));
}

/** Puts permutations and jobs together, one result a set. */
export function gseaMultilevelResults(
  permuted: readonly PermutationResult[],
  done: readonly {readonly job: MultilevelJob; readonly tails: readonly TailProbability[]}[],
  {eps, permutations}: Pick<MultilevelOptions, "eps" | "permutations">
): MultilevelResult[] {
  const results = permuted.map(({p, log2Error, sameSign, normalizedScore, normalizedScoreError}): MultilevelResult => ({
    p: Math.max(p, sameSign > 0 ? eps : NaN),
    log2Error,
    source: sameSign > 0 ? "permutation" : "no random set of this sign",
    normalizedScore,
    normalizedScoreError
  }));
  for (const {job, tails} of done)
    job.sets.forEach((set, i) => {
      const share = permuted[set].sameSign / permutations;
      const p = Math.min(1, Math.exp(tails[i].logP) / share);
      const variance = tails[i].variance + (1 - share) / (share * permutations);
      const bound = p < eps || Number.isNaN(variance);
      results[set] = {
        ...results[set],
        p: Math.max(p, eps),
        log2Error: bound ? NaN : Math.sqrt(variance) / Math.LN2,
        source: bound ? "upper bound" : "multilevel"
      };
    });
  return results;
}

/**
 * GSEA by permutation of genes with p down to `eps`: plain permutations where they suffice, the adaptive multilevel
 * splitting of fgsea for the rest. A result depends on the ranking, the set and the options alone: on no other set, and on
 * no way of sharing out the work.
 *
 * @param weights - from `hitWeights`
 * @param sets - from `matchGeneSets`
 * @param onProgress - told the share of the work that is done, 0 to 1
 * @returns one a set, in their order; adjust p with `numeric/adjust`
 * @throws {EnrichmentInputError} on options out of range, or a set that is empty or all genes, or one weight
 *   beside which the others vanish
 * @see Korotkevich et al. (2021) bioRxiv 060012v3; R package fgsea, `fgseaMultilevel`
 */
export function gseaMultilevel(
  weights: Float64Array,
  sets: readonly {readonly places: Int32Array}[],
  options: Partial<MultilevelOptions> = {},
  onProgress: (share: number) => void = () => {}
): MultilevelResult[] {
  const all = multilevelOptions(options);
  if (sets.length === 0) return [];
  checkWeights(weights);
  const scored = scoreSets(weights, sets);
  const permuted = gseaPermutationResults(scored, [permutationCounts(weights, scored, all)]);
  const jobs = multilevelJobs(scored, permuted, all);
  // A level costs about the size of its sets; all permutations together about as much as a large one.
  const cost = (job: MultilevelJob) => job.size;
  const permutationCost = scored.sizes.reduce((most, size) => Math.max(most, size), 0);
  const whole = jobs.reduce((sum, job) => sum + cost(job), permutationCost);
  let spent = permutationCost;
  onProgress(spent / whole);
  const done = jobs.map((job) => {
    const tails = runMultilevelJob(weights, job, all);
    onProgress((spent += cost(job)) / whole);
    return {job, tails};
  });
  return gseaMultilevelResults(permuted, done, all);
}
