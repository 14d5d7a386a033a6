import {normalQuantile} from "../numeric/distributions.js";
import {inParts} from "../numeric/inParts.js";
import {ascendingAt} from "../numeric/keptOrder.js";
import {knotsOfAscending, restrictedCubicSpline} from "../numeric/restrictedCubicSpline.js";
import {sampleQuantile} from "../numeric/sampleQuantile.js";
import {compareNested} from "./compareNested.js";
import {askedRows, checkColumn} from "./completeRows.js";
import {coxph} from "./coxph.js";
import type {ChiSquareTest, CoxModel} from "./coxph.js";
import {NO_ARM} from "./scoreTable.js";
import {followedRows} from "./sortedEvents.js";
import {SurvivalInputError} from "./surv.js";
import {fitsByArm} from "./treatmentEffectFits.js";
import type {NumericColumn, Surv, SurvInput, SurvSubset} from "./surv.js";

export interface EffectCurveOptions {
  /** Knots of the spline, ≥ 3; fewer are used where the score takes few values. Default 4. */
  readonly knots?: number;
  /** Scores to evaluate at. Default: 101 between the 5% and 95% quantile of the score. */
  readonly at?: NumericColumn;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** Hazard ratio of treatment along a score; columns aligned with `score`. */
export interface TreatmentEffectCurve {
  readonly score: Float64Array;
  readonly hazardRatio: Float64Array;
  /** Pointwise Wald limits. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly knots: Float64Array;
  /** Likelihood-ratio test that the effect is the same at every score. */
  readonly interaction: ChiSquareTest;
  /** The same with a straight line of log HR instead of a spline. */
  readonly linear: ChiSquareTest;
  readonly n: number;
  readonly events: number;
  /** Patients and events, [untreated, treated]. */
  readonly count: readonly [number, number];
  readonly eventCount: readonly [number, number];
  readonly missing: number;
  /** False where a coefficient of the crossed model is infinite: then the curve is no estimate. */
  readonly converged: boolean;
  readonly warnings: readonly string[];
}

const who = "treatmentEffectCurve";
const POINTS = 101;
const arms = ["untreated", "treated"] as const;

/**
 * Hazard ratio of a treatment as a smooth function of a score (marker-by-treatment plot).
 *
 * Cox model of treatment × restricted cubic spline of the score (Efron). At score s, log HR = b_t + Σ b_tj f_j(s), f_j the
 * columns of the spline; its variance comes from the coefficients' covariance.
 *
 * @param input - follow-up; `treatment` 1 treated, 0 untreated, NaN missing; `score` one value a row
 * @throws {SurvivalInputError} if treatment is not 0 or 1, does not vary, no event is left in one arm, or the score
 *   takes too few values for the knots
 * @see R `coxph(Surv(time, event) ~ treatment * rms::rcs(score, knots))`, `anova` against `treatment + rcs(score)` 3.5-3;
 *   knots as `Hmisc::rcspline.eval`. Janes et al. (2011), Ann Intern Med 154:253–259
 */
export function treatmentEffectCurve(
  input: SurvInput & {readonly treatment: NumericColumn; readonly score: NumericColumn},
  {knots: count = 4, at, confidence = 0.95}: EffectCurveOptions = {}
): TreatmentEffectCurve {
  const {surv, mask, asked} = askedRows(input, who);
  const {treatment, score} = input;
  checkColumn(treatment, "treatment", surv.size, who);
  checkColumn(score, "score", surv.size, who);
  const scores = score instanceof Float64Array ? score : Float64Array.from(score);
  const {arm, patients, events} = armsOf(surv, mask, treatment, scores);
  const n = patients[0] + patients[1];
  if (n === 0) throw new SurvivalInputError(`${who}: no patient has follow-up, a treatment and a score.`);
  if (patients.includes(0)) throw new SurvivalInputError(`${who}: all ${n} patients have the same treatment.`);
  const eventless = events.indexOf(0);
  if (eventless >= 0 && events[0] + events[1] > 0)
    throw new SurvivalInputError(
      `${who}: none of the ${patients[eventless]} ${arms[eventless]} patients had the event, so treatment has no hazard ratio.`
    );
  if (events[0] + events[1] === 0)
    throw new SurvivalInputError(`coxph: none of ${n} patients had an event, so no coefficient can be estimated.`);
  const rows = arm.map((a) => (a === NO_ARM ? 0 : 1));
  const ascending = ascendingAt(scores, rows);
  const knots = knotsOf(ascending, count);
  // A score far from 0 would cost digits: the curve does not depend on where the score is 0.
  const centre = knots[Math.floor(knots.length / 2)];
  const basis = (values: Float64Array) =>
    restrictedCubicSpline(
      values.map((v) => v - centre),
      knots.map((knot) => knot - centre)
    );
  const fits =
    surv.entry || surv.weight
      ? fitsByRow({surv, rows}, treatment, basis(scores))
      : fitsByArm({surv, arm, score: scores}, n, {knots, range: [ascending[0], ascending[n - 1]], basis});
  const points = at ? Float64Array.from(at) : usualPoints(ascending);
  // A column that depends on the others has no coefficient, and then the curve has no height.
  if (fits.coef.some(Number.isNaN))
    throw new SurvivalInputError(
      `${who}: ${patients[1]} treated and ${patients[0]} untreated patients take too few scores for a curve of ${knots.length} knots.`
    );
  return {
    score: points,
    ...effectAt(fits, basis(points), normalQuantile((1 + confidence) / 2)),
    knots,
    interaction: fits.interaction,
    linear: fits.linear,
    n,
    events: events[0] + events[1],
    count: patients,
    eventCount: events,
    missing: asked - n,
    converged: fits.converged,
    warnings: fits.warnings
  };
}

/** The crossed model's effect of treatment, treatment first and then its products with the spline, and the two tests. */
export interface Fits {
  readonly coef: readonly number[];
  /** Row by row. */
  readonly covariance: readonly number[];
  /** What was subtracted from each column of the spline. */
  readonly mean: readonly number[];
  readonly interaction: ChiSquareTest;
  readonly linear: ChiSquareTest;
  readonly converged: boolean;
  readonly warnings: readonly string[];
}

/** With weights or left truncation. */
function fitsByRow(input: SurvSubset, treatment: NumericColumn, columns: readonly Float64Array[]): Fits {
  const model = (bends: number, crossed: boolean) => crossedModel(input, treatment, columns, bends, crossed);
  const fit = model(columns.length, true);
  const p = fit.names.length;
  const of = [0, ...columns.map((_, j) => p - columns.length + j)];
  return {
    coef: of.map((c) => fit.coef[c]),
    covariance: of.flatMap((c) => of.map((d) => fit.covariance[c * p + d])),
    mean: columns.map(() => 0),
    interaction: compareNested(model(columns.length, false), fit),
    linear: compareNested(model(1, false), model(1, true)),
    converged: fit.converged,
    warnings: fit.warnings
  };
}

/** By row its arm, `NO_ARM` where something is missing; patients and events of each. */
function armsOf(surv: Surv, mask: Uint8Array | null, treatment: NumericColumn, score: Float64Array) {
  const {event} = surv;
  const arm = new Uint8Array(surv.size).fill(NO_ARM);
  const followed = followedRows(surv);
  // Of each arm those without and with the event; then of those who are in neither, and whose treatment is no arm.
  const counted = new Uint32Array(8);
  inParts(surv.size, (from, to) =>
    addArms(arm, counted, followed, mask ?? followed, treatment, score, event, from, to)
  );
  const [a, b, c, d, , , ...others] = counted;
  if (others[0] + others[1] > 0) {
    const given = arm.indexOf(UNKNOWN);
    throw new SurvivalInputError(`${who}: treatment[${given}] is ${treatment[given]}; use 1 or 0.`, given);
  }
  const [patients, events]: [number, number][] = [
    [a + b, c + d],
    [b, d]
  ];
  return {arm, patients, events};
}

/** Neither of the arms, nor missing. */
const UNKNOWN = 3;

function addArms(
  arm: Uint8Array,
  counted: Uint32Array,
  followed: Uint8Array,
  mask: Uint8Array,
  treatment: NumericColumn,
  score: Float64Array,
  event: Uint8Array,
  from: number,
  to: number
): void {
  for (let i = from; i < to; i++) {
    const given = treatment[i];
    if (mask[i] === 0 || followed[i] === 0 || given !== given || score[i] !== score[i]) continue;
    const a = given === 0 || given === 1 ? given : UNKNOWN;
    arm[i] = a;
    counted[2 * a + event[i]]++;
  }
}

function knotsOf(ascending: Float64Array, count: number): Float64Array {
  try {
    return knotsOfAscending(ascending, count);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SurvivalInputError(`${who}: ${error.message.replace(/^\w+: /, "")}`);
  }
}

function usualPoints(ascending: Float64Array): Float64Array {
  const [low, high] = [sampleQuantile(ascending, 0.05), sampleQuantile(ascending, 0.95)];
  return Float64Array.from({length: POINTS}, (_, k) => low + ((high - low) * k) / (POINTS - 1));
}

/** Treatment and the first columns of the spline, with their products where crossed. */
function crossedModel(
  input: SurvInput,
  treatment: NumericColumn,
  columns: readonly Float64Array[],
  bends: number,
  crossed: boolean
): CoxModel {
  const spline = columns.slice(0, bends).map((column, j) => [`score${j + 1}`, column] as const);
  const terms = {treatment, ...Object.fromEntries(spline)};
  return coxph({...input, terms}, {interactions: crossed ? spline.map(([name]) => ["treatment", name] as const) : []});
}

function effectAt({coef, covariance, mean}: Fits, basis: readonly Float64Array[], z: number) {
  const at = (k: number) => [1, ...basis.map((column, j) => column[k] - mean[j])];
  const effects = basis[0].map((_, k) => at(k).reduce((sum, x, j) => sum + coef[j] * x, 0));
  const errors = basis[0].map((_, k) => {
    const x = at(k);
    let variance = 0;
    x.forEach((a, i) => x.forEach((b, j) => (variance += a * b * covariance[i * x.length + j])));
    return Math.sqrt(Math.max(0, variance));
  });
  return {
    hazardRatio: effects.map(Math.exp),
    lower: effects.map((b, k) => Math.exp(b - z * errors[k])),
    upper: effects.map((b, k) => Math.exp(b + z * errors[k]))
  };
}
