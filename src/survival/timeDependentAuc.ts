import {countUpTo} from "../numeric/countUpTo.js";
import {normalQuantile, normalUpperTail} from "../numeric/distributions.js";
import {censoringDistribution, censoringInfluence, horizonWeights} from "./censoringWeights.js";
import type {CensoringDistribution} from "./censoringWeights.js";
import {completeRows, pick} from "./completeRows.js";
import type {CompleteRows} from "./completeRows.js";
import {standardErrorOfMean} from "./influence.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** Cumulative/dynamic AUC at each time: columns of equal length, in the order the times were given. */
export interface TimeDependentAuc {
  readonly time: Float64Array;
  /** P(score of a patient with the event by t > score of one still event-free at t); ties count half. */
  readonly auc: Float64Array;
  readonly standardError: Float64Array;
  /** Wald limits, held within [0, 1]. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Patients with the event by t. */
  readonly cases: Uint32Array;
  /** Patients followed beyond t. */
  readonly controls: Uint32Array;
  readonly n: number;
  readonly missing: number;
}

/** Difference of two AUCs on the same patients, `score` minus `reference`, at each time. */
export interface AucComparison {
  readonly time: Float64Array;
  readonly difference: Float64Array;
  readonly standardError: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly z: Float64Array;
  /** Two-sided. */
  readonly p: Float64Array;
  readonly score: TimeDependentAuc;
  readonly reference: TimeDependentAuc;
}

export interface PerformanceOptions {
  /** Default 0.95. */
  readonly confidence?: number;
}

/**
 * Time-dependent AUC weighted by the inverse probability of censoring (Kaplan–Meier, see `censoringDistribution`).
 *
 * The standard error is that of the influence function, with the part that estimating the censoring adds.
 *
 * @param input - follow-up (time and event) and `score`, higher = earlier event, one value a row
 * @param times - horizons in the unit of time, each with an event by it and a patient followed beyond it
 * @throws {SurvivalInputError} if a horizon has no event by it or no patient beyond it
 * @see R `riskRegression::Score(list(score), Surv(time, event) ~ 1, times, metrics = "auc")` 2022.11.28
 * @see Blanche, Dartigues and Jacqmin-Gadda (2013), Stat Med 32:5381–5397
 */
export function timeDependentAuc(
  input: SurvInput & {readonly score: NumericColumn},
  times: NumericColumn,
  {confidence = 0.95}: PerformanceOptions = {}
): TimeDependentAuc {
  const rows = completeRows(input, {score: input.score}, "timeDependentAuc");
  return summarise(rows, times, aucInfluence(rows, pick(input.score, rows.row), times), confidence);
}

/**
 * Difference of two scores' time-dependent AUC on the same patients, with the covariance their influence functions share.
 *
 * @param input - follow-up, `score` and `reference`, higher = earlier event; rows missing either are left out
 * @see R `riskRegression::Score(list(reference, score), …)$AUC$contrasts` 2022.11.28
 */
export function compareAuc(
  input: SurvInput & {readonly score: NumericColumn; readonly reference: NumericColumn},
  times: NumericColumn,
  {confidence = 0.95}: PerformanceOptions = {}
): AucComparison {
  const rows = completeRows(input, {score: input.score, reference: input.reference}, "compareAuc");
  const first = aucInfluence(rows, pick(input.score, rows.row), times);
  const second = aucInfluence(rows, pick(input.reference, rows.row), times);
  const difference = Float64Array.from(first, (a, h) => a.auc - second[h].auc);
  const standardError = Float64Array.from(first, (a, h) =>
    standardErrorOfMean(a.influence.map((v, k) => v - second[h].influence[k]))
  );
  const half = standardError.map((se) => normalQuantile((1 + confidence) / 2) * se);
  const z = difference.map((d, h) => (d === 0 ? 0 : d / standardError[h]));
  return {
    time: Float64Array.from(times),
    difference,
    standardError,
    lower: difference.map((d, h) => d - half[h]),
    upper: difference.map((d, h) => d + half[h]),
    z,
    p: z.map((v) => 2 * normalUpperTail(Math.abs(v))),
    score: summarise(rows, times, first, confidence),
    reference: summarise(rows, times, second, confidence)
  };
}

interface AucAtHorizon {
  auc: number;
  influence: Float64Array;
  cases: number;
  controls: number;
}

function aucInfluence({surv, row, slot}: CompleteRows, score: Float64Array, times: NumericColumn): AucAtHorizon[] {
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const censoring = censoringDistribution(event, slot, surv.distinctTime.length);
  const ascending = Uint32Array.from(score.keys()).sort((a, b) => score[a] - score[b]);
  return Array.from(times, (t, h) => {
    const slotsBy = countUpTo(surv.distinctTime, t);
    const {weight, ended} = horizonWeights(event, slot, slotsBy, censoring);
    let cases = 0;
    for (let k = 0; k < ended; k++) cases += event[k];
    const controls = event.length - ended;
    if (!(cases > 0 && controls > 0))
      throw new SurvivalInputError(
        `timeDependentAuc: times[${h}] = ${t} has ${cases} events by it and ${controls} patients followed beyond it; both must be at least 1.`,
        h
      );
    return {...atHorizon(score, ascending, event, slot, weight, ended, censoring), cases, controls};
  });
}

/** With a = Σ over partners of concordant weight and b = Σ of all weight (per n): AUC = Σa / Σb, by cases. */
function atHorizon(
  score: Float64Array,
  ascending: Uint32Array,
  event: Uint8Array,
  slot: Uint32Array,
  weight: Float64Array,
  ended: number,
  censoring: CensoringDistribution
): {auc: number; influence: Float64Array} {
  const n = score.length;
  const {concordant, caseWeight, controlWeight} = concordantWeight(score, ascending, weight, ended);
  let agree = 0;
  for (let k = 0; k < ended; k++) agree += concordant[k];
  const auc = agree / (caseWeight * controlWeight);
  const gain = concordant.map((a, k) => (a - auc * weight[k] * (k < ended ? controlWeight : caseWeight)) / n);
  const byCensoring = censoringInfluence(gain, event, slot, ended, censoring);
  const scale = (n * n) / (caseWeight * controlWeight);
  return {auc, influence: gain.map((g, k) => scale * (g + byCensoring[k]))};
}

/** For each patient: own weight × weight of the opposite group's members ordered rightly, ties half. */
function concordantWeight(score: Float64Array, ascending: Uint32Array, weight: Float64Array, ended: number) {
  let [caseWeight, controlWeight] = [0, 0];
  weight.forEach((w, k) => (k < ended ? (caseWeight += w) : (controlWeight += w)));
  const concordant = new Float64Array(score.length);
  let [casesBelow, controlsBelow] = [0, 0];
  for (let first = 0; first < ascending.length;) {
    let [casesHere, controlsHere] = [0, 0];
    let end = first;
    for (; end < ascending.length && score[ascending[end]] === score[ascending[first]]; end++) {
      const k = ascending[end];
      if (k < ended) casesHere += weight[k];
      else controlsHere += weight[k];
    }
    for (let at = first; at < end; at++) {
      const k = ascending[at];
      const right = k < ended ? controlsBelow + controlsHere / 2 : Math.max(0, caseWeight - casesBelow - casesHere / 2);
      concordant[k] = weight[k] * right;
    }
    casesBelow += casesHere;
    controlsBelow += controlsHere;
    first = end;
  }
  return {concordant, caseWeight, controlWeight};
}

function summarise(
  {row, missing}: CompleteRows,
  times: NumericColumn,
  at: readonly AucAtHorizon[],
  confidence: number
): TimeDependentAuc {
  const auc = Float64Array.from(at, (a) => a.auc);
  const standardError = Float64Array.from(at, (a) => standardErrorOfMean(a.influence));
  const half = standardError.map((se) => normalQuantile((1 + confidence) / 2) * se);
  return {
    time: Float64Array.from(times),
    auc,
    standardError,
    lower: auc.map((a, h) => Math.max(0, a - half[h])),
    upper: auc.map((a, h) => Math.min(1, a + half[h])),
    cases: Uint32Array.from(at, (a) => a.cases),
    controls: Uint32Array.from(at, (a) => a.controls),
    n: row.length,
    missing
  };
}
