import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {GeneRanking} from "./geneRanking.js";

/** The two ends of a running sum. */
export interface RunningSumRange {
  /** Highest value, 0 if it never rises above. */
  highest: number;
  /** Lowest value, 0 if it never falls below. */
  lowest: number;
  /** Which hit (0-based, in order of place) the highest value is at, and which the lowest value is just before. */
  highestHit: number;
  lowestHit: number;
}

/** Enrichment of one gene set in one ranking. */
export interface EnrichmentScore {
  /** The extreme of the running sum, −1 … 1. Equal extremes on both sides count as positive. */
  readonly score: number;
  /** Place in the ranking of the gene the extreme belongs to: the end of the leading edge. */
  readonly peak: number;
  /** Places of the genes that make the score, the strongest first. */
  readonly leadingEdge: Int32Array;
}

/** A running sum as a line: straight between the points, which are the ends and both sides of each hit. */
export interface RunningSumCurve {
  /** Number of genes passed, 0 … genes; ascending. */
  readonly place: Float64Array;
  readonly sum: Float64Array;
}

/**
 * What a hit adds to the running sum before it is divided by the set's total: |statistic|^weight.
 *
 * @param weight - 0 counts every hit alike (Kolmogorov–Smirnov), 1 is the usual
 * @throws {EnrichmentInputError} if the weight is negative, not finite, or its power overflows
 */
export function hitWeights({genes, statistics}: GeneRanking, weight = 1): Float64Array {
  if (!(weight >= 0 && weight < Infinity))
    throw new EnrichmentInputError(`GSEA: weight is ${weight}; give a number of at least 0 (1 is usual).`);
  const weights = statistics.map((s) => (weight === 1 ? Math.abs(s) : Math.abs(s) ** weight));
  let total = 0;
  weights.forEach((w, i) => {
    total += w;
    if (!Number.isFinite(total))
      throw new EnrichmentInputError(
        `GSEA: |${statistics[i]}|^${weight} of gene ${genes[i]} is too large to add up; lower the weight or scale.`
      );
  });
  return weights;
}

/**
 * The ends of the running sum. The innermost function of enrichment: no checks.
 *
 * @param weights - one a gene, in the ranking's order
 * @param places - ascending places of the set's genes, the first `count` of them
 * @param range - written into and returned
 */
export function runningSumRange(
  weights: Float64Array,
  places: Int32Array,
  count: number,
  range: RunningSumRange
): RunningSumRange {
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[places[i]];
  const missStep = 1 / (weights.length - count);
  // All weights zero: every hit counts alike, the limit of equal weights.
  const alike = total === 0 ? 1 / count : 0;
  const hitScale = total === 0 ? 0 : 1 / total;
  let [hits, highest, lowest, highestHit, lowestHit] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const place = places[i];
    const misses = (place - i) * missStep;
    const before = hits - misses;
    if (before < lowest) {
      lowest = before;
      lowestHit = i;
    }
    hits += alike + weights[place] * hitScale;
    const after = hits - misses;
    if (after > highest) {
      highest = after;
      highestHit = i;
    }
  }
  range.highest = highest;
  range.lowest = lowest;
  range.highestHit = highestHit;
  range.lowestHit = lowestHit;
  return range;
}

/** An empty range to write into. */
export const emptyRange = (): RunningSumRange => ({highest: 0, lowest: 0, highestHit: 0, lowestHit: 0});

/** The extreme of a running sum; rounding must not make equal extremes negative. */
export function extremeOf({highest, lowest}: RunningSumRange): number {
  return highest >= -lowest * (1 - 1e-14) ? highest : lowest;
}

/**
 * The enrichment score of a gene set.
 *
 * @param weights - from `hitWeights`, length = genes in the ranking
 * @param places - the set's genes as ascending places in the ranking, each once
 * @throws {EnrichmentInputError} if the set is empty or holds every gene of the ranking
 * @see Subramanian et al. (2005) PNAS 102:15545; `fgsea::calcGseaStat`
 */
export function enrichmentScore(weights: Float64Array, places: Int32Array): EnrichmentScore {
  checkSize(places.length, weights.length);
  const range = runningSumRange(weights, places, places.length, emptyRange());
  const score = extremeOf(range);
  const positive = score === range.highest;
  const hit = positive ? range.highestHit : range.lowestHit;
  return {
    score,
    peak: places[hit],
    leadingEdge: positive ? places.slice(0, hit + 1) : places.slice(hit).reverse()
  };
}

function checkSize(size: number, genes: number): void {
  if (size === 0) throw new EnrichmentInputError("Enrichment score: the gene set has no gene in the ranking.");
  if (size >= genes)
    throw new EnrichmentInputError(
      `Enrichment score: the gene set holds all ${genes} genes of the ranking, so there is nothing to compare it with.`
    );
}

/** The running sum of a gene set, to draw; arguments and errors as `enrichmentScore`. */
export function runningSum(weights: Float64Array, places: Int32Array): RunningSumCurve {
  checkSize(places.length, weights.length);
  const [genes, size] = [weights.length, places.length];
  let total = 0;
  for (const place of places) total += weights[place];
  const place = new Float64Array(2 * size + 2);
  const sum = new Float64Array(2 * size + 2);
  let hits = 0;
  places.forEach((at, i) => {
    const misses = (at - i) / (genes - size);
    place[2 * i + 1] = at;
    sum[2 * i + 1] = hits - misses;
    hits += total === 0 ? 1 / size : weights[at] / total;
    place[2 * i + 2] = at + 1;
    sum[2 * i + 2] = hits - misses;
  });
  place[2 * size + 1] = genes;
  return {place, sum};
}
