import {normalQuantile} from "../numeric/distributions.js";
import {
  censoringDistribution,
  censoringHazardInfluence,
  censoringInfluence,
  horizonWeights
} from "./censoringWeights.js";
import type {CensoringDistribution} from "./censoringWeights.js";
import {checkProbability, completeRows, pick} from "./completeRows.js";
import {eventProbability, locateHorizon} from "./eventProbability.js";
import {standardErrorOfMean} from "./influence.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";
import type {PerformanceOptions} from "./timeDependentAuc.js";

/** Brier score at each time: columns of equal length, in ascending order of time. */
export interface BrierScore {
  readonly time: Float64Array;
  /** Weighted mean square of (event by t) − risk; 0 is perfect. */
  readonly brier: Float64Array;
  readonly standardError: Float64Array;
  /** Wald limits, held within [0, 1]. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The same for the null model: everybody's risk is 1 − Kaplan–Meier. */
  readonly nullBrier: Float64Array;
  readonly nullStandardError: Float64Array;
  /** 1 − brier / nullBrier (index of prediction accuracy). */
  readonly scaledBrier: Float64Array;
  readonly n: number;
  readonly missing: number;
}

const who = "brierScore";

/**
 * Brier score weighted by the inverse probability of censoring (Kaplan–Meier, see `censoringDistribution`).
 *
 * @param input - follow-up (time and event) and `risk`: for each time a column of predicted probabilities of the event
 *   by that time, one value a row; a row missing at any time is left out of all
 * @param times - horizons, ascending, none beyond the last follow-up
 * @throws {SurvivalInputError} if a risk lies outside [0, 1], or a horizon is out of order or beyond the last follow-up
 * @see R `riskRegression::Score(list(risk), Surv(time, event) ~ 1, times, metrics = "brier")` 2022.11.28
 * @see Gerds and Schumacher (2006), Biom J 48:1029–1040
 */
export function brierScore(
  input: SurvInput & {readonly risk: readonly NumericColumn[]},
  times: NumericColumn,
  {confidence = 0.95}: PerformanceOptions = {}
): BrierScore {
  checkShape(input.risk, times);
  const columns = Object.fromEntries(input.risk.map((column, h) => [`risk[${h}]`, column]));
  const {surv, row, slot, missing} = completeRows(input, columns, who);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const censoring = censoringDistribution(event, slot, surv.distinctTime.length);
  const last = surv.distinctTime[slot[slot.length - 1]];
  const at = Array.from(times, (t, h) => {
    if (t > last)
      throw new SurvivalInputError(`${who}: times[${h}] = ${t} lies beyond the last follow-up, ${last}.`, h);
    const horizon = locateHorizon(surv.distinctTime, t);
    const risk = pick(input.risk[h], row);
    checkProbability(risk, row, `risk[${h}]`, who);
    const nobody = new Float64Array(row.length).fill(eventProbability(event, slot, horizon));
    const [model, empty] = [risk, nobody].map((r) => atHorizon(r, event, slot, horizon.by, censoring));
    return {model, empty};
  });
  const brier = Float64Array.from(at, ({model}) => model.brier);
  const standardError = Float64Array.from(at, ({model}) => model.standardError);
  const nullBrier = Float64Array.from(at, ({empty}) => empty.brier);
  const half = standardError.map((se) => normalQuantile((1 + confidence) / 2) * se);
  return {
    time: Float64Array.from(times),
    brier,
    standardError,
    lower: brier.map((b, h) => Math.max(0, b - half[h])),
    upper: brier.map((b, h) => Math.min(1, b + half[h])),
    nullBrier,
    nullStandardError: Float64Array.from(at, ({empty}) => empty.standardError),
    scaledBrier: brier.map((b, h) => (b === nullBrier[h] ? 0 : 1 - b / nullBrier[h])),
    n: row.length,
    missing
  };
}

/**
 * Integrated Brier score: the mean Brier score over [0, last time].
 *
 * "left" is R's rule: from each time to the next the score of the earlier one holds, and 0 holds before the first.
 * "trapezoid" joins the scores (and 0 at time 0) by straight lines, which errs less on a coarse grid.
 *
 * @param score - result of `brierScore`, or any `{time, brier}` with ascending times > 0
 * @see R `riskRegression::Score(…, summary = "ibs")` 2022.11.28 for "left"
 */
export function integratedBrier(
  {time, brier}: {readonly time: NumericColumn; readonly brier: NumericColumn},
  {rule = "left"}: {readonly rule?: "left" | "trapezoid"} = {}
): number {
  let area = 0;
  for (let h = 0; h < time.length; h++) {
    const before = h > 0 ? brier[h - 1] : 0;
    const width = time[h] - (h > 0 ? time[h - 1] : 0);
    area += width * (rule === "left" ? before : (before + brier[h]) / 2);
  }
  const end = time[time.length - 1];
  if (!(end > 0)) throw new SurvivalInputError("integratedBrier: the last time must be above 0 to integrate up to it.");
  return area / end;
}

function atHorizon(
  risk: Float64Array,
  event: Uint8Array,
  slot: Uint32Array,
  slotsBy: number,
  censoring: CensoringDistribution
) {
  const n = risk.length;
  const {weight, ended} = horizonWeights(event, slot, slotsBy, censoring);
  const residual = risk.map((r, k) => weight[k] * (k < ended ? (1 - r) ** 2 : r ** 2));
  let brier = 0;
  let controls = 0;
  residual.forEach((v, k) => {
    brier += v / n;
    if (k >= ended) controls += v / n;
  });
  const byCase = censoringInfluence(residual, event, slot, ended, censoring);
  const byControl = censoringHazardInfluence(event, slot, slotsBy, censoring);
  const influence = residual.map((v, k) => v - brier + byCase[k] + controls * byControl[k]);
  return {brier, standardError: standardErrorOfMean(influence)};
}

function checkShape(risk: readonly NumericColumn[], times: NumericColumn): void {
  if (risk.length !== times.length)
    throw new SurvivalInputError(`${who}: risk has ${risk.length} columns for ${times.length} times; give one a time.`);
  for (let h = 0; h < times.length; h++)
    if (!(times[h] >= 0) || (h > 0 && !(times[h] > times[h - 1])))
      throw new SurvivalInputError(`${who}: times[${h}] = ${times[h]} must be ≥ 0 and above the time before it.`, h);
}
