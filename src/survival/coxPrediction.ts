import {countUpTo} from "../numeric/countUpTo.js";
import {normalQuantile} from "../numeric/distributions.js";
import {coxIncrements} from "./coxIncrements.js";
import type {CoxModel} from "./coxph.js";
import type {Level} from "./labels.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";
import {survivalLimits} from "./survivalLimits.js";
import type {SurvivalInterval} from "./survivalLimits.js";

/** What a fitted Cox model needs to predict, and no patient's data: plain numbers that survive JSON. */
export interface CoxPrediction {
  /** As R names coefficients; the arrays below are aligned with it. */
  readonly names: readonly string[];
  /** Log hazard ratios; 0 where a term could not be estimated. */
  readonly coef: readonly number[];
  /** Means of the training patients, which the baseline refers to. */
  readonly mean: readonly number[];
  /** p × p, row by row. */
  readonly covariance: readonly number[];
  readonly confidence: number;
  /** One a stratum; one if the model has none. */
  readonly baselines: readonly CoxBaseline[];
}

/** Cumulated over the event times of one stratum, for a patient of mean covariates. */
export interface CoxBaseline {
  readonly stratum: Level | null;
  /** Last follow-up; nothing is predicted beyond it. */
  readonly last: number;
  /** Event times, ascending. */
  readonly time: readonly number[];
  readonly hazard: readonly number[];
  readonly variance: readonly number[];
  /** time.length × p: ∫ mean covariates of the risk set d hazard. */
  readonly hazardMean: readonly number[];
}

/** Predicted survival of one patient: columns of equal length; NaN beyond the last follow-up. */
export interface PredictedCurve {
  readonly time: Float64Array;
  readonly survival: Float64Array;
  readonly standardError: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Takes from a fit what predictions need. */
export function coxPrediction(fit: CoxModel): CoxPrediction {
  const {data, maximum, distinctTime} = fit.internal;
  const steps = coxIncrements(data, maximum.risk, fit.ties);
  const {p} = data;
  const baselines = Array.from({length: data.start.length - 1}, (_, s) => {
    const [from, to] = [steps.start[s], steps.start[s + 1]];
    return {
      stratum: fit.strata?.[s] ?? null,
      last: distinctTime[data.slot[data.start[s + 1] - 1]],
      time: Array.from({length: to - from}, (_, e) => distinctTime[steps.slot[from + e]]),
      hazard: cumulated(steps.hazard.subarray(from, to), 1),
      variance: cumulated(steps.variance.subarray(from, to), 1),
      hazardMean: cumulated(steps.hazardMean.subarray(from * p, to * p), p)
    };
  });
  return {
    names: fit.names,
    coef: estimatesOf(fit),
    mean: Array.from(data.mean),
    covariance: Array.from(fit.covariance),
    confidence: fit.confidence,
    baselines
  };
}

/** Coefficients, 0 where a term could not be estimated. */
export function estimatesOf({internal: {maximum}}: CoxModel): number[] {
  return Array.from(maximum.beta, (b, j) => (maximum.redundant[j] ? 0 : b));
}

/** Σ coef × x, uncentred. @param x - length p, aligned with `coef` */
export function linearPredictorAt({coef}: Pick<CoxPrediction, "coef">, x: NumericColumn): number {
  return coef.reduce((sum, b, j) => sum + b * x[j], 0);
}

/** Cumulative hazard up to t of a patient whose covariates are all 0 (each factor at its reference). */
export function baselineHazardAt(prediction: CoxPrediction, t: number, baseline = prediction.baselines[0]): number {
  if (t > baseline.last) return NaN;
  const e = countUpTo(baseline.time, t) - 1;
  return e < 0 ? 0 : baseline.hazard[e] * Math.exp(-linearPredictorAt(prediction, prediction.mean));
}

/**
 * Survival of one patient at given times, with limits that hold both for the baseline and for the coefficients.
 *
 * @param x - length p, aligned with `names`; NaN gives NaN
 * @see R `survfit(fit, newdata)` 3.5-3
 */
export function predictCurve(
  prediction: CoxPrediction,
  x: NumericColumn,
  times: NumericColumn,
  {stratum, interval = "log-log"}: {readonly stratum?: Level; readonly interval?: SurvivalInterval} = {}
): PredictedCurve {
  const {mean, covariance, confidence} = prediction;
  const p = mean.length;
  const baseline = baselineOf(prediction, stratum);
  const risk = Math.exp(linearPredictorAt(prediction, x) - linearPredictorAt(prediction, mean));
  const z = normalQuantile((1 + confidence) / 2);
  const [survival, standardError, lower, upper] = [0, 0, 0, 0].map(() => new Float64Array(times.length).fill(NaN));
  const spread = new Float64Array(p);
  for (let i = 0; i < times.length; i++) {
    if (!(times[i] <= baseline.last)) continue;
    const e = countUpTo(baseline.time, times[i]) - 1;
    const hazard = e < 0 ? 0 : baseline.hazard[e];
    for (let j = 0; j < p; j++) spread[j] = e < 0 ? 0 : hazard * (x[j] - mean[j]) - baseline.hazardMean[e * p + j];
    const error = risk * Math.sqrt((e < 0 ? 0 : baseline.variance[e]) + quadraticIn(spread, covariance));
    survival[i] = Math.exp(-hazard * risk);
    standardError[i] = survival[i] * error;
    [lower[i], upper[i]] = survivalLimits(survival[i], z * error, interval);
  }
  return {time: Float64Array.from(times), survival, standardError, lower, upper};
}

function baselineOf({baselines}: CoxPrediction, stratum: Level | undefined): CoxBaseline {
  if (baselines.length === 1 && baselines[0].stratum === null) return baselines[0];
  const found = baselines.find((baseline) => baseline.stratum === stratum);
  if (found) return found;
  throw new SurvivalInputError(
    `predictSurvival: name a stratum of the model: ${baselines.map((b) => b.stratum).join(", ")}; got ${stratum}.`
  );
}

/** Running sums of columns that lie side by side. */
function cumulated(values: Float64Array, columns: number): number[] {
  const sums = Array.from(values);
  for (let i = columns; i < sums.length; i++) sums[i] += sums[i - columns];
  return sums;
}

function quadraticIn(x: Float64Array, matrix: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) for (let j = 0; j < x.length; j++) sum += x[i] * matrix[i * x.length + j] * x[j];
  return sum;
}
