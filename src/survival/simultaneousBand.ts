import {equalPrecisionCritical, hallWellnerCritical} from "./bandCriticalValue.js";
import type {KaplanMeier} from "./kaplanMeier.js";
import {SurvivalInputError} from "./surv.js";
import {survivalLimits} from "./survivalLimits.js";

/** How wide a band is along the curve: as Hall and Wellner have it, or proportional to the pointwise error (Nair). */
export type BandKind = "hall-wellner" | "equal-precision";

/** A band that holds the whole curve between two times with the confidence of the curve. */
export interface SimultaneousBand {
  readonly kind: BandKind;
  /** By row of the curve; NaN outside `from` to `to`. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The first event, of equal precision the first by which a reaches `EQUAL_FROM`, and the last that leaves somebody at risk. */
  readonly from: number;
  readonly to: number;
  /** nσ² / (1 + nσ²) there, σ² Greenwood's variance of log S. */
  readonly aLower: number;
  readonly aUpper: number;
  readonly critical: number;
}

/**
 * Where a band of equal precision begins, as a share a = nσ² / (1 + nσ²), without censoring that of patients with the event.
 * Earlier steps are those of a few events and far from normal: begun at the first event, as km.ci does, it holds the curve
 * 89% of the time, not 95%, in cohorts of any size.
 */
export const EQUAL_FROM = 0.05;

/**
 * Simultaneous confidence band of a Kaplan–Meier curve, on the scale of the curve's own interval.
 *
 * Half its width on the scale of log S is k (1 + nσ²) / √n (Hall–Wellner) or c σ (equal precision). Both rest on log S being
 * Brownian motion in σ², which holds under left truncation too, for any n.
 *
 * @returns null where no event leaves anybody at risk, or too few have had it for equal precision
 * @throws {SurvivalInputError} if weights are not whole numbers, so that σ² is no clock of that motion
 * @see R `km.ci::km.ci(fit, method)` 0.5-6, whose tables it computes; Klein and Moeschberger
 *   (2003), section 4.4; Andersen, Borgan, Gill and Keiding (1993), section IV.3.3
 */
export function simultaneousBand(curve: KaplanMeier, kind: BandKind): SimultaneousBand | null {
  if (curve.jackknife)
    throw new SurvivalInputError(
      "simultaneousBand: a curve with weights that are not whole numbers has no simultaneous band; its pointwise limits hold."
    );
  const {time, events, censored, survival, logVariance: variance, confidence, interval} = curve;
  const n = events.reduce((sum, d, j) => sum + d + censored[j], 0);
  const share = variance.map((v) => (n * v) / (1 + n * v));
  const equal = kind === "equal-precision";
  const first = events.findIndex((d, j) => d > 0 && (!equal || share[j] >= EQUAL_FROM));
  const last = events.findLastIndex((d, j) => d > 0 && survival[j] > 0);
  if (first < 0 || last < first) return null;
  const [aLower, aUpper] = [share[first], share[last]];
  const critical = (equal ? equalPrecisionCritical : hallWellnerCritical)(aLower, aUpper, confidence);
  const half = (v: number) => critical * (equal ? Math.sqrt(v) : (1 + n * v) / Math.sqrt(n));
  const [lower, upper] = [0, 0].map(() => new Float64Array(time.length).fill(NaN));
  for (let j = first; j <= last; j++) [lower[j], upper[j]] = survivalLimits(survival[j], half(variance[j]), interval);
  return {kind, lower, upper, from: time[first], to: time[last], aLower, aUpper, critical};
}
