import {coxDesign} from "./coxDesign.js";
import {coxPrediction, estimatesOf, linearPredictorAt, predictCurve} from "./coxPrediction.js";
import type {PredictedCurve} from "./coxPrediction.js";
import type {CoxModel} from "./coxph.js";
import type {Terms} from "./designColumns.js";
import type {SurvivalInterval} from "./survivalLimits.js";
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
  const columns = newDesign(fit, terms, interactions);
  const coefficients = {coef: estimatesOf(fit)};
  return columns[0].map((_, i) => linearPredictorAt(coefficients, rowOf(columns, i)));
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
  const columns = newDesign(fit, terms, interactions);
  const prediction = coxPrediction(fit);
  const curves = Array.from(columns[0], (_, i) =>
    predictCurve(prediction, rowOf(columns, i), times, {stratum, interval})
  );
  const column = (name: Exclude<keyof PredictedCurve, "time">) => curves.map((curve) => curve[name]);
  return {
    time: Float64Array.from(times),
    survival: column("survival"),
    standardError: column("standardError"),
    lower: column("lower"),
    upper: column("upper")
  };
}

/** Values of one row, by coefficient. A term without estimate counts for nothing, but must not be missing. */
function rowOf(columns: readonly Float64Array[], i: number): Float64Array {
  return Float64Array.from(columns, (column) => column[i]);
}

function newDesign(fit: CoxModel, terms: Terms, interactions: readonly (readonly [string, string])[]) {
  const first = Object.values(terms)[0];
  if (!first)
    throw new SurvivalInputError("predictSurvival: terms is empty; give the model's terms for the new patients.");
  const size = "levels" in first ? first.values.length : first.length;
  const design = coxDesign(terms, interactions, size, "predictSurvival");
  if (design.names.join() === fit.names.join()) return design.columns;
  throw new SurvivalInputError(
    `predictSurvival: the terms give the columns ${design.names.join(", ")}, the model has ${fit.names.join(", ")}.`
  );
}
