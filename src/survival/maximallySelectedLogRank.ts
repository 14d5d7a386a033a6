import {philox} from "../numeric/random.js";
import {conditionalMonteCarloP} from "./conditionalMonteCarloP.js";
import {completeRows, pick} from "./completeRows.js";
import {firstLargest, scoreStatistics, searchCut} from "./cutSearch.js";
import type {CutSearch} from "./cutSearch.js";
import {hothornLausenP, integerScores} from "./hothornLausenP.js";
import {logRankScan} from "./logRankScan.js";
import {lausen92, lausen94} from "./lausenP.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** How the p of the best cut is adjusted for having looked at all cuts; names as in R's maxstat. */
export type CutPointPMethod = "none" | "Lau92" | "Lau94" | "HL" | "condMC";

export interface MaximallySelectedOptions {
  /** Smallest share of patients in the low group that is tried. Default 0.1. */
  readonly minProportion?: number;
  /** Largest. Default 0.9. */
  readonly maxProportion?: number;
  /** Default "Lau94". "HL" counts exactly over scores rounded to integers; "condMC" permutes. */
  readonly pMethod?: CutPointPMethod;
  /** Permutations for "condMC". Default 10 000. */
  readonly permutations?: number;
  /** Seed for "condMC". Default 1. */
  readonly seed?: number;
}

/** Every cut that was tried, ascending: columns of equal length. */
export interface CutPointScan {
  /** Low is score ≤ cut, high is score > cut. */
  readonly cut: Float64Array;
  readonly nLow: Uint32Array;
  readonly nHigh: Uint32Array;
  /** Absolute standardised log-rank score (maxstat's statistic). */
  readonly statistic: Float64Array;
  /** Two-group log-rank χ² on 1 df (survdiff's); NaN where no event has both groups at risk. */
  readonly chiSquare: Float64Array;
}

export interface MaximallySelectedLogRank {
  /** Largest absolute standardised log-rank score. */
  readonly statistic: number;
  /** Best cut: high means score > cut. The lowest of equally good cuts. */
  readonly cut: number;
  readonly nLow: number;
  readonly nHigh: number;
  /** Adjusted p, or null for "none". */
  readonly p: number | null;
  readonly pMethod: CutPointPMethod;
  /** Monte-Carlo standard error of p for "condMC", else null. */
  readonly pStandardError: number | null;
  readonly n: number;
  readonly events: number;
  /** Rows left out because follow-up or score is missing. */
  readonly missing: number;
  readonly scan: CutPointScan;
}

const who = "maximallySelectedLogRank";

/**
 * Cut of a score that separates survival most, with a p adjusted for the search.
 *
 * The statistic is the standardised log-rank *score*, not √χ²; the scan carries both. All cuts together cost O(n log n).
 * With minProportion 0 and maxProportion 1 every cut is tried, where maxstat leaves the last one out.
 *
 * @param input - follow-up (time and event; no entry, no weight) and `score`, one value a row
 * @throws {SurvivalInputError} if no event remains, no cut lies between the proportions, or "HL" is too large
 * @see R `maxstat::maxstat.test(Surv(time, event) ~ score, smethod = "LogRank", pmethod)` 0.7-25
 */
export function maximallySelectedLogRank(
  input: SurvInput & {readonly score: NumericColumn},
  options: MaximallySelectedOptions = {}
): MaximallySelectedLogRank {
  const {minProportion = 0.1, maxProportion = 0.9, pMethod = "Lau94"} = options;
  checkProportions(minProportion, maxProportion, pMethod);
  const {event, slot, slots, marker, missing} = timeOrdered(input);
  const n = event.length;
  const search = searchCut(event, slot, marker, minProportion, maxProportion);
  const {ascending, atOrBelow, statistic, best, cut} = search;
  return {
    statistic: statistic[best],
    cut,
    nLow: atOrBelow[best],
    nHigh: n - atOrBelow[best],
    ...adjustedP(search, pMethod, options),
    pMethod,
    n,
    events: event.reduce((sum, e) => sum + e, 0),
    missing,
    scan: {
      cut: Float64Array.from(atOrBelow, (m) => marker[ascending[m - 1]]),
      nLow: atOrBelow,
      nHigh: atOrBelow.map((m) => n - m),
      statistic,
      chiSquare: logRankScan(event, slot, slots, ascending, atOrBelow)
    }
  };
}

function adjustedP(
  {score, atOrBelow, statistic, best}: CutSearch,
  method: CutPointPMethod,
  options: MaximallySelectedOptions
) {
  const {minProportion = 0.1, maxProportion = 0.9, permutations = 10_000, seed = 1} = options;
  const exact = (p: number | null) => ({p, pStandardError: null});
  switch (method) {
    case "none":
      return exact(null);
    case "Lau92":
      return exact(lausen92(statistic[best], minProportion, maxProportion));
    case "Lau94":
      return exact(lausen94(statistic[best], atOrBelow, score.length));
    case "HL": {
      const whole = integerScores(score);
      const rounded = scoreStatistics(whole, atOrBelow);
      return exact(hothornLausenP(rounded[firstLargest(rounded)], whole, atOrBelow));
    }
    case "condMC":
      return conditionalMonteCarloP(statistic[best], score, atOrBelow, permutations, philox(seed).uniform);
  }
}

/** Usable rows by ascending time. */
export function timeOrdered(input: SurvInput & {readonly score: NumericColumn}) {
  const {surv, row, slot, missing} = completeRows(input, {score: input.score}, who);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  if (!event.includes(1))
    throw new SurvivalInputError(`${who}: no event among ${row.length} patients, so no cut can be judged.`);
  return {event, slot, slots: surv.distinctTime.length, marker: pick(input.score, row), missing};
}

function checkProportions(low: number, high: number, method: CutPointPMethod): void {
  if (!(low >= 0 && high <= 1 && low < high))
    throw new SurvivalInputError(
      `${who}: need 0 ≤ minProportion < maxProportion ≤ 1, got ${low} and ${high}; the usual choice is 0.1 and 0.9.`
    );
  if (method === "Lau92" && (low === 0 || high === 1))
    throw new SurvivalInputError(`${who}: "Lau92" needs minProportion > 0 and maxProportion < 1; use "Lau94" instead.`);
}
