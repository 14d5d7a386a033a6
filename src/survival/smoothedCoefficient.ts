import {normalEquations, weightedLeastSquares} from "../numeric/leastSquares.js";
import {restrictedCubicSpline} from "../numeric/restrictedCubicSpline.js";
import {sampleQuantile} from "../numeric/sampleQuantile.js";
import {schoenfeldResiduals} from "./coxResiduals.js";
import type {CoxModel} from "./coxph.js";
import {kaplanMeierScale} from "./coxZph.js";
import {SurvivalInputError} from "./surv.js";

/** How a coefficient drifts with time: columns over points equally spaced on the scale of 1 − Kaplan–Meier. */
export interface SmoothedCurve {
  /** Share of events so far: 1 − Kaplan–Meier just before `time`. */
  readonly x: Float64Array;
  readonly time: Float64Array;
  readonly coef: Float64Array;
  /** Two standard errors below and above, as R draws them. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface SmoothedCoefficient extends SmoothedCurve {
  /** Scaled Schoenfeld residuals that were smoothed, one an event. */
  readonly residuals: {readonly x: Float64Array; readonly time: Float64Array; readonly scaled: Float64Array};
}

const POINTS = 40;

/**
 * Natural cubic spline with four degrees of freedom through the scaled Schoenfeld residuals of one coefficient.
 *
 * @param fit - model without strata and case weights
 * @param coefficient - index into `fit.names`
 * @throws {SurvivalInputError} if there are too few event times for the spline
 * @see R `plot(survival::cox.zph(fit, terms = FALSE), df = 4, nsmo = 40)` 3.5-3
 */
export function smoothedCoefficient(fit: CoxModel, coefficient: number): SmoothedCoefficient {
  const {data, maximum} = fit.internal;
  const {time, scaled: all} = schoenfeldResiduals(fit);
  const scaled = all[coefficient];
  const shares = kaplanMeierScale(fit);
  const x = Float64Array.from(
    data.slot.filter((_, k) => data.event[k] === 1),
    (s) => shares[s]
  );
  const variance = maximum.variance[coefficient * data.p + coefficient];
  const weight = new Float64Array(x.length).fill(1);
  return {...smoothResiduals({x, time, scaled, weight}, variance), residuals: {x, time, scaled}};
}

/** Scaled residuals in order of time. */
export interface ResidualsInOrder {
  /** Where they lie. */
  readonly x: Float64Array;
  readonly time: Float64Array;
  readonly scaled: Float64Array;
  /** Number of events each stands for, as their mean. */
  readonly weight: Float64Array;
}

/** The spline through scaled residuals. @param variance - of the coefficient */
export function smoothResiduals({x, time, scaled, weight}: ResidualsInOrder, variance: number): SmoothedCurve {
  const [first, last] = [x[0], x[x.length - 1]];
  const points = Float64Array.from({length: POINTS}, (_, k) => first + ((last - first) * k) / (POINTS - 1));
  const knots = [first, ...innerKnots(points, x, weight), last];
  const columns = (at: Float64Array) => [new Float64Array(at.length).fill(1), ...restrictedCubicSpline(at, knots)];
  const terms = columns(x);
  const fitted = normalEquations(terms, weight, scaled) ?? weightedLeastSquares(terms, weight, scaled);
  if (new Set(knots).size < 4 || fitted.coef.some(Number.isNaN))
    throw new SurvivalInputError(
      "smoothedCoefficient: needs more event times for a spline with four degrees of freedom."
    );
  const basis = columns(points);
  const coef = points.map((_, k) => basis.reduce((sum, column, j) => sum + column[k] * fitted.coef[j], 0));
  const events = weight.reduce((sum, w) => sum + w, 0);
  const half = points.map((_, k) => {
    let form = 0;
    basis.forEach((a, i) => basis.forEach((b, j) => (form += a[k] * b[k] * fitted.covariance[i * basis.length + j])));
    return 2 * Math.sqrt(variance * events * Math.max(0, form));
  });
  return {
    x: points,
    time: timesAt(points, x, time),
    coef,
    lower: coef.map((b, k) => b - half[k]),
    upper: coef.map((b, k) => b + half[k])
  };
}

/** Thirds of the points and the residuals together, as R has it; both ascend. */
function innerKnots(points: Float64Array, x: Float64Array, weight: Float64Array): number[] {
  const length = points.length + weight.reduce((sum, w) => sum + w, 0);
  // Of all values in order only those about a third are looked up.
  const around: Record<number, number> & {length: number} = {length};
  const shares = [1 / 3, 2 / 3];
  const wanted = shares.flatMap((share) => [0, 1, 2].map((k) => Math.floor((length - 1) * share) + k));
  let [i, j, passed, value] = [0, 0, 0, NaN];
  for (const at of wanted.filter((at) => at < length)) {
    while (passed <= at) {
      const ofPoints = j >= x.length || points[i] <= x[j];
      value = ofPoints ? points[i] : x[j];
      passed += ofPoints ? 1 : weight[j];
      if (ofPoints) i++;
      else j++;
    }
    around[at] = value;
  }
  return shares.map((share) => sampleQuantile(around, share));
}

/** Times at points of the scale, straight between the events. */
function timesAt(points: Float64Array, x: Float64Array, time: Float64Array): Float64Array {
  let j = 0;
  return points.map((p) => {
    while (j + 1 < x.length - 1 && x[j + 1] < p) j++;
    const next = j + 1 < x.length ? j + 1 : j;
    const width = x[next] - x[j];
    return width > 0 ? time[j] + (time[next] - time[j]) * Math.min(1, (p - x[j]) / width) : time[j];
  });
}
