import {countUpTo} from "../numeric/countUpTo.js";
import {limitsOf, standardErrorAt} from "./kaplanMeier.js";
import type {KaplanMeier} from "./kaplanMeier.js";
import type {NumericColumn} from "./surv.js";

/** The curve at given times: columns aligned with the times asked for. */
export interface SurvivalAt {
  readonly time: Float64Array;
  /** NaN beyond the last follow-up, unless the curve has reached 0. */
  readonly survival: Float64Array;
  readonly standardError: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** At risk just before the time. */
  readonly atRisk: Float64Array;
}

/**
 * Survival at given times, e.g. at 1, 3 and 5 years.
 *
 * Before the first time S is 1 with limits 1 and 1.
 *
 * @see R `summary(survfit(…), times)` 3.5-3, which leaves out times beyond the last follow-up
 */
export function survivalAt(curve: KaplanMeier, times: NumericColumn): SurvivalAt {
  const at = Array.from(times, (t) => countUpTo(curve.time, t) - 1);
  const end = curve.time.length - 1;
  const beyond = at.map((j, q) => times[q] > curve.time[end] && curve.survival[j] > 0);
  const read = (value: (step: number) => number, before: number) =>
    Float64Array.from(at, (j, q) => (beyond[q] ? NaN : j < 0 ? before : value(j)));
  const limits = limitsOf(curve);
  const survival = read((j) => curve.survival[j], 1);
  const standardError = read((j) => standardErrorAt(curve, j), 0);
  const [lower, upper] = [read((j) => limits(j)[0], 1), read((j) => limits(j)[1], 1)];
  const atRisk = Float64Array.from(times, (t) => atRiskBefore(curve, t));
  return {time: Float64Array.from(times), survival, standardError, lower, upper, atRisk};
}

/** What a risk table is counted from: a curve's columns, one value a distinct time. */
export type RiskCounts = Pick<KaplanMeier, "time" | "atRisk" | "events" | "censored">;

/** Counts under a survival plot: columns aligned with the times asked for; the three add up to n without left truncation. */
export interface RiskTable {
  readonly time: Float64Array;
  /** Still at risk just before the time. */
  readonly atRisk: Float64Array;
  /** Events before the time. */
  readonly events: Float64Array;
  /** Censored before the time. */
  readonly censored: Float64Array;
}

/**
 * Numbers at risk, with events and censorings so far, at given times.
 *
 * @see Morris et al. (2019), BMJ Open 9:e030215 (KMunicate)
 */
export function riskTable(curve: RiskCounts, times: NumericColumn): RiskTable {
  const {time} = curve;
  const ascending = Array.from(times, (_, q) => q).sort((p, q) => times[p] - times[q]);
  const so = (column: Float64Array) => {
    const found = new Float64Array(times.length);
    let [sum, j] = [0, 0];
    for (const q of ascending) {
      const until = times[q];
      for (; j < time.length && time[j] < until; j++) sum += column[j];
      found[q] = sum;
    }
    return found;
  };
  return {
    time: Float64Array.from(times),
    atRisk: Float64Array.from(times, (t) => atRiskBefore(curve, t)),
    events: so(curve.events),
    censored: so(curve.censored)
  };
}

function atRiskBefore(curve: RiskCounts, t: number): number {
  let j = countUpTo(curve.time, t);
  if (j > 0 && curve.time[j - 1] === t) j--;
  return j < curve.time.length ? curve.atRisk[j] : 0;
}
