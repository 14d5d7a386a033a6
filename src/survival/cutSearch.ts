import {radixOrder} from "../numeric/radixOrder.js";
import {logRankScores} from "./logRankScores.js";
import {standardisedScores} from "./standardisedScores.js";
import {SurvivalInputError} from "./surv.js";

/** All cuts of a marker that leave enough patients on both sides, with their score statistics. */
export interface CutSearch {
  /** Positions of the patients by ascending marker. */
  readonly ascending: Uint32Array;
  /** Log-rank scores in that order. */
  readonly score: Float64Array;
  /** Ascending numbers of patients at or below each cut. */
  readonly atOrBelow: Uint32Array;
  /** Absolute standardised score statistic of each cut. */
  readonly statistic: Float64Array;
  /** Index of the best cut; the lowest of equally good ones. */
  readonly best: number;
  /** Marker value of the best cut: high means above it. */
  readonly cut: number;
}

const who = "maximallySelectedLogRank";

/**
 * Score statistics of all cuts of a marker.
 *
 * @param event - length n, by ascending time; 1 event
 * @param slot - length n, ascending; equal for tied times
 * @param marker - length n, aligned
 * @throws {SurvivalInputError} if no cut lies between the proportions, or the scores do not vary
 */
export function searchCut(
  event: Uint8Array,
  slot: Uint32Array,
  marker: Float64Array,
  minProportion: number,
  maxProportion: number
): CutSearch {
  const ascending = radixOrder(marker, Uint32Array.from(marker.keys()));
  const atOrBelow = cutsTried(marker, ascending, minProportion, maxProportion);
  const byTime = logRankScores(event, slot);
  const score = Float64Array.from(ascending, (k) => byTime[k]);
  const statistic = scoreStatistics(score, atOrBelow);
  const best = firstLargest(statistic);
  return {ascending, score, atOrBelow, statistic, best, cut: marker[ascending[atOrBelow[best] - 1]]};
}

/** |standardised sum| of the scores at or below each cut. */
export function scoreStatistics(score: Float64Array, atOrBelow: Uint32Array): Float64Array {
  const {mean, deviation} = standardisedScores(score);
  const statistic = new Float64Array(atOrBelow.length);
  let sum = 0;
  let m = 0;
  for (let c = 0; c < atOrBelow.length; c++) {
    while (m < atOrBelow[c]) sum += score[m++];
    statistic[c] = Math.abs((sum - mean(m)) / deviation(m));
  }
  if (!statistic.every(Number.isFinite))
    throw new SurvivalInputError(`${who}: all patients have the same log-rank score, so no cut can separate them.`);
  return statistic;
}

/** First index whose value is the largest, rounding apart: cuts of equal merit must not be told apart by noise. */
export function firstLargest(values: Float64Array): number {
  let top = -Infinity;
  for (const v of values) top = Math.max(top, v);
  return values.findIndex((v) => v >= top * (1 - 1e-12));
}

function cutsTried(marker: Float64Array, ascending: Uint32Array, low: number, high: number): Uint32Array {
  const n = marker.length;
  const between: number[] = [];
  for (let m = 1; m < n; m++) if (marker[ascending[m]] !== marker[ascending[m - 1]]) between.push(m);
  if (between.length === 0)
    throw new SurvivalInputError(`${who}: score has one value only, so there is nothing to cut.`);
  const least = Math.max(1, Math.floor(n * low));
  const most = Math.floor(n * high);
  const tried = between.filter((m) => m >= least && m <= most);
  if (tried.length === 0)
    throw new SurvivalInputError(
      `${who}: no cut leaves between ${least} and ${most} of ${n} patients at or below it; widen minProportion and maxProportion.`
    );
  return Uint32Array.from(tried);
}
