import {wordStream} from "../numeric/randomWords.js";
import {moveConditionedSets} from "./conditionedGeneSets.js";
import {emptyRange, extremeOf, runningSumRange} from "./enrichmentScore.js";
import {harmonicBetween, harmonicSquaresBetween} from "./harmonicNumbers.js";

/** One level of the splitting: random sets whose highest running sum exceeds the level below. */
interface Level {
  /** log P(highest running sum exceeds the level below), and the variance of its estimate. */
  readonly logP: number;
  readonly variance: number;
  /** Highest running sums, ascending. */
  readonly highest: Float64Array;
  /** At i: how many of i, i + 1, … have a score of at least 0, their highest being their extreme. */
  readonly positiveFrom: Uint16Array;
  /** Whether enough moves were made for the sets to be independent of those of the level below. */
  readonly mixed: boolean;
}

/** The upper tail of the score of random gene sets of one size. */
export interface ScoreTail {
  readonly levels: readonly Level[];
}

/** log P(score ≥ x) of random gene sets, of which those below 0 are a part. */
export interface TailProbability {
  readonly logP: number;
  /** Of logP, over repetitions; NaN if the tail was not reached or not well sampled. */
  readonly variance: number;
}

export interface TailOptions {
  readonly seed: number;
  /** Random sets kept, an odd number. */
  readonly samples: number;
  /** Probability at which to stop. */
  readonly eps: number;
}

const PURPOSE = 0x6c657665;
// Of a gap between scores that rounding may make.
const ROUNDING = 1e-12;
const TRIES_PER_MOVE = 50;

/**
 * Splits the upper tail of the enrichment score into levels of about ½ each: random sets above the median of the sets before
 * are moved on until they are independent of them. Deterministic: the draws belong to (seed, size, direction), and a farther
 * `reach` only adds levels.
 *
 * @param weights - from `hitWeights`; for the lower tail the reversed weights
 * @param direction - 0 upper, 1 lower tail: names the stream of random numbers
 * @param reach - the largest score asked for
 * @see Korotkevich et al. (2021) bioRxiv 060012v3, section 'FGSEA-multilevel'
 */
export function scoreTail(
  weights: Float64Array,
  size: number,
  direction: 0 | 1,
  reach: number,
  {seed, samples, eps}: TailOptions
): ScoreTail {
  const words = wordStream(seed);
  words.restart(size * 2 + direction, PURPOSE);
  const sets = {size, count: samples, places: new Int32Array(samples * size)};
  for (let set = 0; set < samples; set++)
    drawSet(sets.places.subarray(set * size, (set + 1) * size), weights.length, words);
  const levels: Level[] = [];
  let [logP, variance, mixed] = [0, 0, true];
  for (;;) {
    const {order, level} = measure(weights, sets, {logP, variance, mixed});
    levels.push(level);
    const bound = level.highest[samples >>> 1];
    let survivors = 0;
    while (survivors < samples && level.highest[samples - 1 - survivors] > bound + ROUNDING) survivors++;
    if (bound + ROUNDING >= reach || logP < Math.log(eps) || survivors === 0) return {levels};
    logP -= harmonicBetween(survivors + 1, samples + 1);
    variance += harmonicSquaresBetween(survivors + 1, samples + 1);
    const before = sets.places.slice();
    for (let set = 0; set < samples; set++) {
      const kept = order[samples - 1 - (set % survivors)] * size;
      sets.places.set(before.subarray(kept, kept + size), set * size);
    }
    const accepted = samples * size;
    const made = moveConditionedSets(weights, sets, bound + ROUNDING, words, {
      accepted,
      tried: TRIES_PER_MOVE * accepted
    });
    mixed &&= made >= accepted;
    if (made < accepted / 10) return {levels: [...levels, measure(weights, sets, {logP, variance, mixed}).level]};
  }
}

function drawSet(places: Int32Array, genes: number, words: {below: (n: number) => number}): void {
  const drawn = new Set<number>();
  while (drawn.size < places.length) drawn.add(words.below(genes));
  places.set([...drawn]);
  places.sort();
}

function measure(
  weights: Float64Array,
  {size, count, places}: {size: number; count: number; places: Int32Array},
  so: Pick<Level, "logP" | "variance" | "mixed">
) {
  const range = emptyRange();
  const highest = new Float64Array(count);
  const positive = new Uint8Array(count);
  for (let set = 0; set < count; set++) {
    runningSumRange(weights, places.subarray(set * size, (set + 1) * size), size, range);
    highest[set] = range.highest;
    positive[set] = Number(extremeOf(range) >= 0);
  }
  const order = Uint32Array.from(highest.keys()).sort((a, b) => highest[a] - highest[b] || a - b);
  const positiveFrom = new Uint16Array(count + 1);
  for (let i = count - 1; i >= 0; i--) positiveFrom[i] = positiveFrom[i + 1] + positive[order[i]];
  return {order, level: {...so, highest: Float64Array.from(order, (set) => highest[set]), positiveFrom}};
}

/**
 * P(score ≥ x) read from the tail.
 *
 * @param x - positive score, in the tail's direction
 */
export function tailProbability({levels}: ScoreTail, x: number): TailProbability {
  const samples = levels[0].highest.length;
  const middle = samples >>> 1;
  let found = levels.findIndex(({highest}) => highest[middle] + ROUNDING >= x);
  if (found < 0) found = levels.length - 1;
  const {highest, positiveFrom, logP, variance, mixed} = levels[found];
  const first = highest.findIndex((value) => value >= x - ROUNDING);
  const above = first < 0 ? 0 : samples - first;
  const positive = first < 0 ? 0 : positiveFrom[first];
  // More than half of the sets above x should be positive, and x within reach of the samples.
  const known = mixed && above > 0 && 2 * positive >= above;
  return {
    logP: logP - harmonicBetween(above + 1, samples + 1) - harmonicBetween(positive + 1, above + 1),
    variance: known ? variance + harmonicSquaresBetween(above + 1, samples + 1) : NaN
  };
}
