import {normalQuantile} from "../numeric/distributions.js";
import {centre} from "./baselineHazard.js";
import {coxDesign} from "./coxDesign.js";
import {coxIncrements} from "./coxIncrements.js";
import type {CoxModel} from "./coxph.js";
import type {Terms} from "./designColumns.js";
import type {SurvivalInterval} from "./kaplanMeier.js";
import type {Level} from "./labels.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** Predicted survival: for each new patient a column aligned with `time`; NaN beyond the last follow-up. */
export interface PredictedSurvival {
  readonly time: Float64Array;
  readonly survival: readonly Float64Array[];
  readonly standardError: readonly Float64Array[];
  readonly lower: readonly Float64Array[];
  readonly upper: readonly Float64Array[];
}

export interface PredictOptions {
  /** Products in the model, as it was fitted. */
  readonly interactions?: readonly (readonly [string, string])[];
  /** Which baseline, for a model with strata. */
  readonly stratum?: Level;
  /** Default "log-log". */
  readonly interval?: SurvivalInterval;
}

/**
 * Σ coef × x of new patients, uncentred: 0 for a patient at every reference.
 *
 * @param terms - the model's terms for the new patients
 * @returns one a patient; NaN where a value is missing
 * @see R `predict(fit, newdata, type = "lp", reference = "zero")` 3.5-3
 */
export function linearPredictor(
  fit: CoxModel,
  terms: Terms,
  interactions: readonly (readonly [string, string])[] = []
): Float64Array {
  const {columns} = newDesign(fit, terms, interactions);
  const {beta, redundant} = fit.internal.maximum;
  return columns[0].map((_, i) =>
    columns.reduce((sum, column, j) => sum + (redundant[j] ? 0 : beta[j] * column[i]), 0)
  );
}

/**
 * Survival of new patients at given times, with limits that hold both for the baseline and for the coefficients.
 *
 * @throws {SurvivalInputError} if the terms are not the model's, or the model has strata and none is named
 * @see R `survfit(fit, newdata)` 3.5-3
 */
export function predictSurvival(
  fit: CoxModel,
  terms: Terms,
  times: NumericColumn,
  {interactions = [], stratum, interval = "log-log"}: PredictOptions = {}
): PredictedSurvival {
  const {columns} = newDesign(fit, terms, interactions);
  const patients = columns[0].length;
  const at = Array.from(times, (t) => cumulatedTo(fit, t, stratumIndex(fit, stratum)));
  const lp = linearPredictor(fit, terms, interactions);
  const z = normalQuantile((1 + fit.confidence) / 2);
  const points = Array.from({length: patients}, (_, i) =>
    at.map((sums) => {
      const risk = Math.exp(lp[i] - centre(fit));
      const survival = Math.exp(-sums.hazard * risk);
      const spread = fit.names.map(
        (_, j) => sums.hazard * (columns[j][i] - fit.internal.data.mean[j]) - sums.hazardMean[j]
      );
      const error = risk * Math.sqrt(sums.variance + quadraticIn(spread, fit.covariance));
      return {survival, standardError: survival * error, ...limits(survival, error, z, interval)};
    })
  );
  const column = (name: keyof (typeof points)[number][number]) =>
    points.map((row) => Float64Array.from(row, (point) => point[name]));
  return {
    time: Float64Array.from(times),
    survival: column("survival"),
    standardError: column("standardError"),
    lower: column("lower"),
    upper: column("upper")
  };
}

function newDesign(fit: CoxModel, terms: Terms, interactions: readonly (readonly [string, string])[]) {
  const first = Object.values(terms)[0];
  if (!first)
    throw new SurvivalInputError("predictSurvival: terms is empty; give the model's terms for the new patients.");
  const size = "levels" in first ? first.values.length : first.length;
  const design = coxDesign(terms, interactions, size, "predictSurvival");
  if (design.names.join() === fit.names.join()) return design;
  throw new SurvivalInputError(
    `predictSurvival: the terms give the columns ${design.names.join(", ")}, the model has ${fit.names.join(", ")}.`
  );
}

function stratumIndex(fit: CoxModel, stratum: Level | undefined): number {
  if (!fit.strata) return 0;
  const s = stratum === undefined ? -1 : fit.strata.indexOf(stratum);
  if (s < 0)
    throw new SurvivalInputError(
      `predictSurvival: name a stratum of the model: ${fit.strata.join(", ")}; got ${stratum}.`
    );
  return s;
}

/** Cumulated up to t at centred covariates; NaN beyond the last follow-up. */
function cumulatedTo({internal: {data, maximum, distinctTime}, ties}: CoxModel, t: number, s: number) {
  const steps = coxIncrements(data, maximum.risk, ties);
  const {p} = data;
  let [hazard, variance] = [0, 0];
  const hazardMean = new Float64Array(p);
  for (let e = steps.start[s]; e < steps.start[s + 1] && distinctTime[steps.slot[e]] <= t; e++) {
    hazard += steps.hazard[e];
    variance += steps.variance[e];
    for (let j = 0; j < p; j++) hazardMean[j] += steps.hazardMean[e * p + j];
  }
  const last = distinctTime[data.slot[data.start[s + 1] - 1]];
  return t > last ? {hazard: NaN, variance: NaN, hazardMean} : {hazard, variance, hazardMean};
}

function quadraticIn(x: readonly number[], matrix: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) for (let j = 0; j < x.length; j++) sum += x[i] * matrix[i * x.length + j] * x[j];
  return sum;
}

function limits(survival: number, logError: number, z: number, interval: SurvivalInterval) {
  const half = z * logError;
  if (interval === "plain")
    return {lower: Math.max(0, survival - survival * half), upper: Math.min(1, survival + survival * half)};
  if (interval === "log") return {lower: survival * Math.exp(-half), upper: Math.min(1, survival * Math.exp(half))};
  const logS = Math.log(survival);
  return {lower: Math.exp(logS * Math.exp(-half / logS)), upper: Math.exp(logS * Math.exp(half / logS))};
}
