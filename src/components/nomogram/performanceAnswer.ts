import type {Cohort} from "../../cohort/readCohort.js";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import {attempt} from "../../survival/attempt.js";
import {brierScore, integratedBrier} from "../../survival/brierScore.js";
import type {BrierScore} from "../../survival/brierScore.js";
import {calibration} from "../../survival/calibration.js";
import type {Calibration} from "../../survival/calibration.js";
import {compareConcordance} from "../../survival/compareConcordance.js";
import type {ConcordanceComparison} from "../../survival/compareConcordance.js";
import {concordance} from "../../survival/concordance.js";
import type {Concordance} from "../../survival/concordance.js";
import {decisionCurve} from "../../survival/decisionCurve.js";
import type {DecisionCurve} from "../../survival/decisionCurve.js";
import {compareFits, riskBy} from "../../survival/publishedModel.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {reclassification} from "../../survival/reclassification.js";
import type {Reclassification} from "../../survival/reclassification.js";
import type {Surv} from "../../survival/surv.js";
import {compareAuc, timeDependentAuc} from "../../survival/timeDependentAuc.js";
import type {AucComparison, TimeDependentAuc} from "../../survival/timeDependentAuc.js";
import {survOf} from "../survivalAnswer.js";
import {modelScores} from "./cohortValue.js";

/** How good one model's predictions are on some patients. A null has its reason in `refusals`. */
export interface ModelPerformance {
  readonly model: PublishedModel;
  readonly concordance: Concordance | null;
  /** Uno's C. */
  readonly uno: Concordance | null;
  /** One a horizon asked for. */
  readonly auc: readonly (TimeDependentAuc | null)[];
  readonly brier: readonly (BrierScore | null)[];
  /** At times over the follow-up. */
  readonly aucCurve: TimeDependentAuc | null;
  /** Integrated Brier score up to the last horizon, and the null model's. */
  readonly integrated: {readonly brier: number; readonly nullBrier: number} | null;
  /** At the chosen horizon. */
  readonly calibration: Calibration | null;
  readonly decision: DecisionCurve | null;
  readonly refusals: readonly string[];
}

/** The first model against another one, on the same patients. */
export interface ModelComparison {
  readonly model: PublishedModel;
  readonly versus: PublishedModel;
  readonly concordance: ConcordanceComparison | null;
  /** At the chosen horizon. */
  readonly auc: AucComparison | null;
  readonly reclassification: Reclassification | null;
  /** On training patients; null unless the other model is nested. */
  readonly likelihoodRatio: ReturnType<typeof compareFits>;
  readonly refusals: readonly string[];
}

export interface PerformanceAnswer {
  /** Patients with follow-up and a score of every model. */
  readonly n: number;
  readonly events: number;
  /** Selected patients left out because a model cannot score them or follow-up is missing. */
  readonly missing: number;
  readonly models: readonly ModelPerformance[];
  readonly comparisons: readonly ModelComparison[];
}

/** What is shared by everything that judges models on some patients. */
export interface Judged {
  readonly surv: Surv;
  /** Mask of the patients every model can score. */
  readonly rows: Uint8Array;
  readonly n: number;
  readonly events: number;
  readonly missing: number;
}

/** Thresholds of the decision curves. */
export const thresholds = Float64Array.from({length: 99}, (_, i) => (i + 1) / 100);

/** The patients on whom all models can be compared. @param rows - mask of the patients selected */
export function judgedRows(cohort: Cohort, models: readonly PublishedModel[], rows: Uint8Array): Judged {
  const {endpoint} = models[0];
  const {time, event} = cohort.followUp(endpoint);
  const scores = models.map((model) => modelScores(cohort, model));
  let [n, events, asked] = [0, 0, 0];
  const kept = rows.map((row, i) => {
    if (row === 0) return 0;
    asked++;
    if (Number.isNaN(time[i]) || scores.some((column) => Number.isNaN(column[i]))) return 0;
    n++;
    events += event[i];
    return 1;
  });
  return {surv: survOf(cohort, endpoint), rows: kept, n, events, missing: asked - n};
}

/**
 * Discrimination, accuracy, calibration and net benefit of published models, none of them fitted again.
 *
 * @param rows - mask of the patients selected
 * @param horizons - in the unit of time, ascending
 * @param horizon - the one at which calibration, decision curves and reclassification are computed
 */
export function performanceAnswer(
  cohort: Cohort,
  models: readonly PublishedModel[],
  rows: Uint8Array,
  horizons: readonly number[],
  horizon: number
): PerformanceAnswer {
  const judged = judgedRows(cohort, models, rows);
  const {n, events, missing} = judged;
  const [first, ...others] = models;
  return {
    n,
    events,
    missing,
    models: models.map((model) => performanceOf(cohort, model, judged, horizons, horizon)),
    comparisons: others.map((versus) => comparisonOf(cohort, first, versus, judged, horizon))
  };
}

function performanceOf(
  cohort: Cohort,
  model: PublishedModel,
  {surv, rows}: Judged,
  horizons: readonly number[],
  horizon: number
): ModelPerformance {
  const refusals: string[] = [];
  const score = modelScores(cohort, model);
  const input = {surv, rows, score};
  const risk = (time: number) => riskBy(model, score, time);
  const {aucTimes, brierTimes} = timeGrids(surv, rows, horizons);
  const brierCurve = attempt(refusals, () => brierScore({surv, rows, risk: brierTimes.map(risk)}, brierTimes));
  return {
    model,
    concordance: attempt(refusals, () => concordance(input)),
    uno: attempt(refusals, () => concordance(input, {weight: "n/G2"})),
    auc: horizons.map((t) => attempt(refusals, () => timeDependentAuc(input, [t]))),
    brier: horizons.map((t) => attempt(refusals, () => brierScore({surv, rows, risk: [risk(t)]}, [t]))),
    aucCurve: aucTimes.length > 0 ? attempt(refusals, () => timeDependentAuc(input, aucTimes)) : null,
    integrated: brierCurve && {
      brier: integratedBrier(brierCurve, {rule: "trapezoid"}),
      nullBrier: integratedBrier({time: brierCurve.time, brier: brierCurve.nullBrier}, {rule: "trapezoid"})
    },
    calibration: attempt(refusals, () => calibration({surv, rows, risk: risk(horizon)}, horizon)),
    decision: attempt(refusals, () => decisionCurve({surv, rows, risk: risk(horizon)}, horizon, {thresholds})),
    refusals: [...new Set(refusals)]
  };
}

function comparisonOf(
  cohort: Cohort,
  model: PublishedModel,
  versus: PublishedModel,
  {surv, rows}: Judged,
  horizon: number
): ModelComparison {
  const refusals: string[] = [];
  const [score, reference] = [modelScores(cohort, model), modelScores(cohort, versus)];
  const input = {surv, rows, score, reference};
  return {
    model,
    versus,
    concordance: attempt(refusals, () => compareConcordance(input)),
    auc: attempt(refusals, () => compareAuc(input, [horizon])),
    reclassification: attempt(refusals, () =>
      reclassification(
        {surv, rows, risk: riskBy(model, score, horizon), reference: riskBy(versus, reference, horizon)},
        horizon
      )
    ),
    likelihoodRatio: compareFits(model, versus),
    refusals: [...new Set(refusals)]
  };
}

/** Times of the AUC curve (events' 5% to 95% quantile) and of the integrated Brier score (up to the last horizon). */
function timeGrids(surv: Surv, rows: Uint8Array, horizons: readonly number[]) {
  const eventTimes = ascendingValues(surv.time.filter((_, i) => rows[i] === 1 && surv.event[i] === 1));
  const last = surv.time.reduce((most, t, i) => (rows[i] === 1 && t > most ? t : most), 0);
  const quantiles = Array.from({length: 25}, (_, i) => 0.05 + (0.9 * i) / 24);
  const aucTimes = eventTimes.length > 0 ? quantiles.map((p) => sampleQuantile(eventTimes, p)) : [];
  const end = Math.min(horizons.at(-1) ?? last, last);
  return {
    aucTimes: [...new Set(aucTimes)].filter((t) => t < last),
    brierTimes: Array.from({length: 60}, (_, i) => (end * (i + 1)) / 60)
  };
}
