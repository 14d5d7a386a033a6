import {normalQuantile} from "../numeric/distributions.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {calibrationInterceptOf, smoothCalibration} from "./calibrationModels.js";
import type {SmoothCalibration} from "./calibrationModels.js";
import {checkProbability, completeRows, pick} from "./completeRows.js";
import {coxph} from "./coxph.js";
import {kaplanMeier} from "./kaplanMeier.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, Surv, SurvInput} from "./surv.js";

export interface CalibrationOptions {
  /** Groups of about equal size by quantiles of the risk. Default 5. */
  readonly groups?: number;
  /** Knots of the smooth curve. Default 3. */
  readonly knots?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** An observed probability of the event by the horizon: 1 − Kaplan–Meier with its log-log interval. */
export interface ObservedProbability {
  readonly observed: number;
  /** NaN where the interval is not defined (nobody or everybody had the event). */
  readonly lower: number;
  readonly upper: number;
}

/** Patients whose risk lies in (above, upTo]; the first group includes `above`. */
export interface CalibrationGroup extends ObservedProbability {
  readonly above: number;
  readonly upTo: number;
  readonly n: number;
  /** Events by the horizon. */
  readonly events: number;
  readonly meanRisk: number;
}

export interface Calibration {
  readonly horizon: number;
  readonly n: number;
  readonly missing: number;
  /** Everyone. */
  readonly overall: ObservedProbability & {readonly meanRisk: number};
  /** Calibration in the large: observed over expected; 1 is perfect. The interval is Greenwood's on the log scale. */
  readonly ratio: {readonly value: number; readonly lower: number; readonly upper: number};
  /**
   * Calibration intercept: the log hazard ratio by which all risks must be shifted, 1 − (1 − risk)^exp(intercept), for
   * their mean to equal the observed probability. 0 is perfect, positive is underestimation.
   */
  readonly intercept: number;
  /** Calibration slope: Cox coefficient of log(−log(1 − risk)). 1 is perfect, below 1 is overfitting. */
  readonly slope: {
    readonly coef: number;
    readonly standardError: number;
    readonly lower: number;
    readonly upper: number;
  };
  readonly groups: readonly CalibrationGroup[];
  /** Smooth curve and the distances from the diagonal; null (with a warning) where the risks are too few or too tied. */
  readonly smooth: SmoothCalibration | null;
  readonly warnings: readonly string[];
}

const who = "calibration";

/**
 * Calibration of predicted risks at a horizon: in the large, slope, by groups and as a smooth curve.
 *
 * A risk of exactly 0 or 1 has no log(−log); it is moved to 0.0001 or 0.9999 for slope and curve, with a warning.
 *
 * @param input - follow-up (time and event) and `risk`, predicted probability of the event by the horizon
 * @param horizon - in the unit of time
 * @throws {SurvivalInputError} if a risk is out of range, follow-up ends before the horizon, no event happened by it, or
 *   all risks are equal
 * @see R `survival::survfit`, `coxph`, `Hmisc::rcspline.eval`; Austin, Harrell and van Klaveren (2020), Stat Med
 *   39:2714–2742; McLernon et al. (2023), Ann Intern Med 176:105–114
 */
export function calibration(
  input: SurvInput & {readonly risk: NumericColumn},
  horizon: number,
  {groups = 5, knots = 3, confidence = 0.95}: CalibrationOptions = {}
): Calibration {
  const {surv, row, missing} = completeRows(input, {risk: input.risk}, who);
  const risk = pick(input.risk, row);
  checkProbability(risk, row, "risk", who);
  if (!(Number.isInteger(groups) && groups >= 1))
    throw new SurvivalInputError(`${who}: groups must be a whole number ≥ 1, got ${groups}.`);
  const overall = observedBy(surv, row, horizon, confidence);
  checkHorizon(overall.observed, horizon);
  const warnings: string[] = [];
  const logLog = complementaryLogLog(risk, warnings);
  const time = pick(surv.time, row);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const mean = risk.reduce((a, b) => a + b, 0) / risk.length;
  const z = normalQuantile((1 + confidence) / 2);
  const relative = overall.standardError / overall.observed;
  return {
    horizon,
    n: risk.length,
    missing,
    overall: {observed: overall.observed, lower: overall.lower, upper: overall.upper, meanRisk: mean},
    ratio: {
      value: overall.observed / mean,
      lower: (overall.observed / mean) * Math.exp(-z * relative),
      upper: (overall.observed / mean) * Math.exp(z * relative)
    },
    intercept: calibrationInterceptOf(risk, overall.observed),
    slope: slopeOf(time, event, logLog, z),
    groups: groupsOf(surv, row, risk, groups, horizon, confidence, warnings),
    smooth: smoothCalibration({time, event, risk, logLog, horizon, knots}, warnings),
    warnings
  };
}

function checkHorizon(observed: number, horizon: number): void {
  if (Number.isNaN(observed))
    throw new SurvivalInputError(
      `${who}: follow-up of all patients ends before the horizon ${horizon}; choose an earlier one.`
    );
  if (observed === 0)
    throw new SurvivalInputError(`${who}: no event happened by the horizon ${horizon}; choose a later one.`);
}

function complementaryLogLog(risk: Float64Array, warnings: string[]): Float64Array {
  const certain = risk.reduce((count, r) => count + (r === 0 || r === 1 ? 1 : 0), 0);
  if (certain > 0)
    warnings.push(
      `${certain} risks are exactly 0 or 1; they count as 0.0001 or 0.9999 in the slope and the smooth curve.`
    );
  return risk.map((r) => Math.log(-Math.log1p(-(r === 0 ? 0.0001 : r === 1 ? 0.9999 : r))));
}

function slopeOf(time: Float64Array, event: Uint8Array, logLog: Float64Array, z: number) {
  if (logLog.every((v) => v === logLog[0]))
    throw new SurvivalInputError(`${who}: all predicted risks are equal, so there is no slope to estimate.`);
  const fit = coxph({time, event, terms: {logLog}});
  const [coef, standardError] = [fit.coef[0], fit.standardError[0]];
  return {coef, standardError, lower: coef - z * standardError, upper: coef + z * standardError};
}

/** 1 − Kaplan–Meier of some rows; NaN if their follow-up ends before the horizon with patients event-free. */
function observedBy(surv: Surv, row: ArrayLike<number>, horizon: number, confidence: number) {
  const rows = new Uint8Array(surv.size);
  for (let k = 0; k < row.length; k++) rows[row[k]] = 1;
  const km = kaplanMeier({surv, rows}, {confidence, interval: "log-log"});
  let at = -1;
  while (at + 1 < km.time.length && km.time[at + 1] <= horizon) at++;
  const reached = km.time[km.time.length - 1] >= horizon;
  if (at < 0) return {observed: reached ? 0 : NaN, lower: NaN, upper: NaN, standardError: 0};
  if (!reached && km.survival[at] > 0) return {observed: NaN, lower: NaN, upper: NaN, standardError: NaN};
  return {
    observed: 1 - km.survival[at],
    lower: 1 - km.upper[at],
    upper: 1 - km.lower[at],
    standardError: km.standardError[at]
  };
}

/** Groups between quantiles of the risk; equal quantiles are merged, as `cut(risk, unique(quantile(risk)))` does. */
function groupsOf(
  surv: Surv,
  row: Uint32Array,
  risk: Float64Array,
  groups: number,
  horizon: number,
  confidence: number,
  warnings: string[]
): CalibrationGroup[] {
  const ascending = ascendingValues(risk);
  const quantiles = Array.from({length: groups + 1}, (_, g) => sampleQuantile(ascending, g / groups));
  const breaks = [...new Set(quantiles)];
  if (breaks.length < groups + 1)
    warnings.push(`Risks are tied: ${Math.max(1, breaks.length - 1)} groups could be formed instead of ${groups}.`);
  if (breaks.length === 1) breaks.push(breaks[0]);
  const found = breaks.slice(1).map((upTo, g) => {
    const member = Array.from(risk.keys()).filter((k) => risk[k] <= upTo && (g === 0 || risk[k] > breaks[g]));
    const members = member.map((k) => row[k]);
    const {observed, lower, upper} = observedBy(surv, members, horizon, confidence);
    if (Number.isNaN(observed))
      warnings.push(
        `Follow-up of the group with risk up to ${upTo} ends before the horizon; no observed probability is given.`
      );
    return {
      above: breaks[g],
      upTo,
      n: members.length,
      events: members.filter((i) => surv.event[i] === 1 && surv.time[i] <= horizon).length,
      meanRisk: member.reduce((sum, k) => sum + risk[k], 0) / member.length,
      observed,
      lower,
      upper
    };
  });
  return found;
}
