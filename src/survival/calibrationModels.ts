import {restrictedCubicSpline, splineKnots} from "../numeric/restrictedCubicSpline.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {baselineHazard} from "./baselineHazard.js";
import {coxph} from "./coxph.js";

/** Observed against predicted probability as a smooth curve, and how far it lies from the diagonal over the patients. */
export interface SmoothCalibration {
  /** Predicted risks of the patients, ascending; length n. */
  readonly risk: Float64Array;
  /** What the curve says was observed at each; length n. */
  readonly observed: Float64Array;
  /** Knots, on the scale log(−log(1 − risk)). */
  readonly knots: Float64Array;
  /** Integrated calibration index: mean |observed − risk|. */
  readonly ici: number;
  /** Median, 90% quantile and maximum of |observed − risk|. */
  readonly e50: number;
  readonly e90: number;
  readonly emax: number;
}

/** Aligned columns of n patients. */
export interface SmoothInput {
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly risk: Float64Array;
  /** log(−log(1 − risk)). */
  readonly logLog: Float64Array;
  readonly horizon: number;
  readonly knots: number;
}

/**
 * Hazard regression on a restricted cubic spline of the predicted risk, on the complementary log-log scale.
 *
 * @param warnings - gets a sentence if the curve cannot be fitted
 * @see Austin, Harrell and van Klaveren (2020), Stat Med 39:2714–2742
 */
export function smoothCalibration(input: SmoothInput, warnings: string[]): SmoothCalibration | null {
  const {time, event, risk, logLog, horizon} = input;
  const knots = knotsOrWarning(logLog, input.knots, warnings);
  if (!knots) return null;
  const basis = restrictedCubicSpline(logLog, knots);
  const fit = coxph({time, event, terms: Object.fromEntries(basis.map((column, j) => [`spline${j}`, column]))});
  if (!fit.converged || fit.coef.some((b) => !Number.isFinite(b))) {
    warnings.push("The smooth calibration curve does not converge; read the grouped calibration instead.");
    return null;
  }
  const hazard = hazardBy(baselineHazard(fit), horizon);
  const curve = risk.map(
    (_, i) => -Math.expm1(-hazard * Math.exp(basis.reduce((s, c, j) => s + fit.coef[j] * c[i], 0)))
  );
  const order = Uint32Array.from(risk.keys()).sort((a, b) => risk[a] - risk[b] || a - b);
  const distance = ascendingValues(risk.map((r, i) => Math.abs(curve[i] - r)));
  return {
    risk: Float64Array.from(order, (i) => risk[i]),
    observed: Float64Array.from(order, (i) => curve[i]),
    knots,
    ici: distance.reduce((a, b) => a + b, 0) / distance.length,
    e50: sampleQuantile(distance, 0.5),
    e90: sampleQuantile(distance, 0.9),
    emax: distance[distance.length - 1]
  };
}

function knotsOrWarning(logLog: Float64Array, count: number, warnings: string[]): Float64Array | null {
  try {
    return splineKnots(logLog, count);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    warnings.push(
      "The predicted risks are too few or too tied for a smooth calibration curve; read the groups instead."
    );
    return null;
  }
}

function hazardBy({time, hazard}: {time: Float64Array; hazard: Float64Array}, horizon: number): number {
  let at = 0;
  for (let k = 0; k < time.length && time[k] <= horizon; k++) at = hazard[k];
  return at;
}

/**
 * The shift a of log(−log(1 − risk)) that makes the mean risk equal `observed`: found by bisection, to the last bit.
 *
 * @returns −∞ or ∞ if no finite shift does (observed 0 or 1)
 */
export function calibrationInterceptOf(risk: Float64Array, observed: number): number {
  const meanShifted = (a: number) => {
    let sum = 0;
    for (const r of risk) sum -= Math.expm1(Math.exp(a) * Math.log1p(-r));
    return sum / risk.length;
  };
  let [low, high] = [-50, 50];
  if (meanShifted(low) >= observed) return -Infinity;
  if (meanShifted(high) <= observed) return Infinity;
  for (;;) {
    const mid = (low + high) / 2;
    if (mid <= low || mid >= high) return mid;
    if (meanShifted(mid) < observed) low = mid;
    else high = mid;
  }
}
