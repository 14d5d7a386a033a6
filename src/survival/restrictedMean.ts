import {normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import type {KaplanMeier} from "./kaplanMeier.js";
import {SurvivalInputError} from "./surv.js";

/** Mean survival up to τ: the area under the curve. */
export interface RestrictedMean {
  readonly restrictedMean: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  /** Where the area ends. */
  readonly tau: number;
}

/** Difference of two restricted means, first minus second, in the unit of time. */
export interface RestrictedMeanDifference {
  readonly difference: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  /** NaN where neither mean has an error: nothing says how sure the difference is. */
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
  readonly tau: number;
  readonly first: RestrictedMean;
  readonly second: RestrictedMean;
}

/**
 * Restricted mean survival time.
 *
 * @param tau - in the unit of time; default the last time of the curve
 * @throws {SurvivalInputError} if tau is not above 0 or lies beyond the last time of a curve that has not reached 0: the
 *   area there is not known (R extends the last step in silence)
 * @see R `print(survfit(…), rmean = tau)`, `survival:::survmean` 3.5-3
 */
export function restrictedMean(curve: KaplanMeier, tau: number = curve.time[curve.time.length - 1]): RestrictedMean {
  const end = curve.time.length - 1;
  if (!(tau > 0 && tau < Infinity)) throw new SurvivalInputError(`restrictedMean: tau must be above 0, got ${tau}.`);
  if (tau > curve.time[end] && curve.survival[end] > 0)
    throw new SurvivalInputError(
      `restrictedMean: tau = ${tau} lies beyond the last follow-up, ${curve.time[end]}; choose at most that.`
    );
  const {time, atRisk, events} = curve;
  let area = 0;
  let [from, survival] = [0, 1];
  let j = 0;
  for (; j <= end && time[j] <= tau; j++) {
    area += survival * (time[j] - from);
    from = time[j];
    survival = curve.survival[j];
  }
  area += survival * (tau - from);
  let variance = 0;
  let after = 0; // area from the present time to tau
  for (let next = tau; --j >= 0; next = time[j]) {
    after += curve.survival[j] * (next - time[j]);
    const n = atRisk[j];
    const d = events[j];
    if (d > 0 && n > d) variance += (after * after * d) / (n * (n - d));
  }
  const standardError = Math.sqrt(variance);
  const half = normalQuantile((1 + curve.confidence) / 2) * standardError;
  return {restrictedMean: area, standardError, lower: area - half, upper: area + half, tau};
}

/**
 * Difference of the restricted means of two groups.
 *
 * @param tau - default the smaller of the two last times, so that neither curve is extended
 * @see R `survRM2::rmst2`, whose variance it shares; Royston and Parmar (2013), BMC Med Res Methodol 13:152
 */
export function restrictedMeanDifference(
  first: KaplanMeier,
  second: KaplanMeier,
  tau: number = Math.min(first.time[first.time.length - 1], second.time[second.time.length - 1])
): RestrictedMeanDifference {
  const [one, other] = [first, second].map((curve) => restrictedMean(curve, tau));
  const difference = one.restrictedMean - other.restrictedMean;
  const standardError = Math.hypot(one.standardError, other.standardError);
  const half = normalQuantile((1 + first.confidence) / 2) * standardError;
  const z = standardError > 0 ? difference / standardError : NaN;
  return {
    difference,
    standardError,
    lower: difference - half,
    upper: difference + half,
    z,
    p: normalTwoSidedP(z),
    tau,
    first: one,
    second: other
  };
}
