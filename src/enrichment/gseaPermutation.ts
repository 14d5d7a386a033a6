import {wordStream} from "../numeric/randomWords.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import {emptyRange, enrichmentScore, extremeOf, runningSumRange} from "./enrichmentScore.js";
import {harmonicSquaresBetween} from "./harmonicNumbers.js";

/** What a null needs to know of the gene sets: typed arrays, cheap to hand to a worker. */
export interface ScoredSets {
  /** Genes of each set in the ranking. */
  readonly sizes: Int32Array;
  readonly scores: Float64Array;
}

/** Counts from some blocks of permutations; counts of different blocks are put together by `gseaPermutationResults`. */
export interface PermutationCounts {
  readonly firstBlock: number;
  /** Permutations counted, and those of the whole run. */
  readonly permutations: number;
  readonly ofAll: number;
  /** Distinct sizes, ascending. */
  readonly sizes: Int32Array;
  /** One a set: random sets with the sign of its score, at least as extreme. */
  readonly moreExtreme: Float64Array;
  /** One a size: random scores of at least 0. */
  readonly positive: Float64Array;
  /** Blocks × sizes × 4: sum and sum of squares of positive scores, then of negative ones. */
  readonly sums: Float64Array;
}

/** The null of one gene set by permutation of genes. */
export interface PermutationResult {
  /** (more extreme + 1) ÷ (same sign + 1); NaN if no random set has the sign. */
  readonly p: number;
  /** Standard deviation of log₂ p over repetitions. */
  readonly log2Error: number;
  /** Score ÷ mean of the random scores of its sign. */
  readonly normalizedScore: number;
  /** Standard error of the normalised score over repetitions. */
  readonly normalizedScoreError: number;
  readonly moreExtreme: number;
  readonly sameSign: number;
}

/** Permutations of a block: the unit of work, so that sums are added in one order however blocks are shared out. */
export const permutationsPerBlock = 250;
const PURPOSE = 0x67656e65;
const SUMS = 4;

/** Scores sets for a null. */
export function scoreSets(weights: Float64Array, sets: readonly {readonly places: Int32Array}[]): ScoredSets {
  return {
    sizes: Int32Array.from(sets, ({places}) => places.length),
    scores: Float64Array.from(sets, ({places}) => enrichmentScore(weights, places).score)
  };
}

/**
 * Random gene sets of the sizes at hand against the sets' scores. Pure: permutation i draws from stream i of the seed, and
 * its first k genes are its random set of size k, so a result depends on no other set and on no way of sharing out.
 *
 * @param weights - from `hitWeights`
 * @param permutations - of the whole run
 * @param firstBlock - with `blocks`, the part to do: blocks of `permutationsPerBlock`
 */
export function permutationCounts(
  weights: Float64Array,
  {sizes, scores}: ScoredSets,
  {permutations, seed}: {permutations: number; seed: number},
  firstBlock = 0,
  blocks = Math.ceil(permutations / permutationsPerBlock)
): PermutationCounts {
  const distinct = Int32Array.from(new Set(sizes)).sort();
  const setsOf = Array.from(distinct, (size) => Uint32Array.from(sizes.keys()).filter((set) => sizes[set] === size));
  // Equal scores of a discrete null differ by rounding.
  const thresholds = scores.map((score) => Math.abs(score) * (1 - 1e-12));
  const moreExtreme = new Float64Array(sizes.length);
  const positive = new Float64Array(distinct.length);
  const sums = new Float64Array(blocks * distinct.length * SUMS);
  const draw = randomPlaces(weights.length, distinct, seed);
  const range = emptyRange();
  const end = Math.min(permutations, (firstBlock + blocks) * permutationsPerBlock);
  const first = firstBlock * permutationsPerBlock;
  for (let permutation = first; permutation < end; permutation++) {
    const offset = (Math.floor(permutation / permutationsPerBlock) - firstBlock) * distinct.length * SUMS;
    draw.begin(permutation);
    for (let index = 0; index < distinct.length; index++) {
      const score = extremeOf(runningSumRange(weights, draw.next(index), distinct[index], range));
      const size = Math.abs(score);
      const isPositive = score >= 0;
      const at = offset + index * SUMS + (isPositive ? 0 : 2);
      if (isPositive) positive[index]++;
      sums[at] += size;
      sums[at + 1] += size * size;
      for (const set of setsOf[index])
        if (scores[set] >= 0 === isPositive && size >= thresholds[set]) moreExtreme[set]++;
    }
  }
  return {
    firstBlock,
    permutations: Math.max(0, end - first),
    ofAll: permutations,
    sizes: distinct,
    moreExtreme,
    positive,
    sums
  };
}

/** Random places in growing numbers: `next(i)` gives the first `sizes[i]` of the permutation's, ascending. */
export function randomPlaces(genes: number, sizes: Int32Array, seed: number) {
  const most = sizes.length ? sizes[sizes.length - 1] : 0;
  const words = wordStream(seed, 4 * Math.ceil(most / 4 + 1));
  const places = new Int32Array(most);
  const added = new Int32Array(most);
  const drawnIn = new Int32Array(genes).fill(-1);
  let current = -1;
  let count = 0;
  return {
    begin(permutation: number) {
      words.restart(permutation, PURPOSE);
      current = permutation;
      count = 0;
    },
    next(index: number): Int32Array {
      const more = sizes[index] - count;
      for (let i = 0; i < more;) {
        const place = words.below(genes);
        if (drawnIn[place] === current) continue;
        drawnIn[place] = current;
        added[i++] = place;
      }
      sortFirst(added, more);
      // Merge from the top, in place.
      for (let [old, fresh, to] = [count - 1, more - 1, sizes[index] - 1]; fresh >= 0; to--)
        places[to] = old >= 0 && places[old] > added[fresh] ? places[old--] : added[fresh--];
      count = sizes[index];
      return places;
    }
  };
}

function sortFirst(values: Int32Array, count: number): void {
  if (count > 40) {
    values.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= 0 && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}

/**
 * p and normalised scores from the counts of all blocks, given in any order.
 *
 * @see Subramanian et al. (2005) PNAS 102:15545; Phipson and Smyth (2010) for the + 1
 * @throws {EnrichmentInputError} if blocks are missing or given twice
 */
export function gseaPermutationResults({sizes, scores}: ScoredSets, parts: readonly PermutationCounts[]) {
  const ordered = [...parts].sort((a, b) => a.firstBlock - b.firstBlock);
  const last = Math.ceil(ordered[ordered.length - 1].ofAll / permutationsPerBlock);
  let expected = 0;
  for (const {firstBlock, permutations} of [...ordered, {firstBlock: last, permutations: 0}]) {
    if (firstBlock !== expected)
      throw new EnrichmentInputError(
        `GSEA: the counts of permutation block ${expected} are ${firstBlock > expected ? "missing" : "given twice"}.`
      );
    expected += Math.ceil(permutations / permutationsPerBlock);
  }
  const permutations = ordered.reduce((sum, part) => sum + part.permutations, 0);
  return Array.from(sizes, (size, set): PermutationResult => {
    const index = ordered[0].sizes.indexOf(size);
    const positive = ordered.reduce((sum, part) => sum + part.positive[index], 0);
    const moreExtreme = ordered.reduce((sum, part) => sum + part.moreExtreme[set], 0);
    const sameSign = scores[set] >= 0 ? positive : permutations - positive;
    const [sum, squares] = signedSums(ordered, index, scores[set] >= 0);
    const mean = sum / sameSign;
    const variance = sameSign > 1 ? Math.max(0, squares - sum * mean) / (sameSign - 1) : NaN;
    const normalizedScore = scores[set] / mean;
    return {
      p: sameSign > 0 ? (moreExtreme + 1) / (sameSign + 1) : NaN,
      log2Error: sameSign > 0 ? Math.sqrt(harmonicSquaresBetween(moreExtreme + 1, sameSign + 1)) / Math.LN2 : NaN,
      normalizedScore,
      normalizedScoreError: (Math.abs(normalizedScore) * Math.sqrt(variance / sameSign)) / mean,
      moreExtreme,
      sameSign
    };
  });
}

function signedSums(parts: readonly PermutationCounts[], index: number, positive: boolean): [number, number] {
  let [sum, squares] = [0, 0];
  for (const {sums, sizes} of parts)
    for (let at = index * SUMS + (positive ? 0 : 2); at < sums.length; at += sizes.length * SUMS) {
      sum += sums[at];
      squares += sums[at + 1];
    }
  return [sum, squares];
}

/**
 * GSEA by permutation of genes, all at once.
 *
 * @param permutations - 10,000 by default
 * @param seed - same seed, same numbers on every machine
 * @throws {EnrichmentInputError} if permutations is no whole number of at least 1, or a set is empty or all genes
 */
export function gseaPermutation(
  weights: Float64Array,
  sets: readonly {readonly places: Int32Array}[],
  {permutations = 10_000, seed = 1}: {permutations?: number; seed?: number} = {}
): PermutationResult[] {
  checkPermutations(permutations);
  if (sets.length === 0) return [];
  const scored = scoreSets(weights, sets);
  return gseaPermutationResults(scored, [permutationCounts(weights, scored, {permutations, seed})]);
}

export function checkPermutations(permutations: number): void {
  if (!Number.isSafeInteger(permutations) || permutations < 1)
    throw new EnrichmentInputError(`GSEA: ${permutations} permutations; give a whole number of at least 1.`);
}
