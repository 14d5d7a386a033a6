import {normalQuantile} from "../numeric/distributions.js";
import {restrictedCubicSpline, splineKnots} from "../numeric/restrictedCubicSpline.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {compareNested} from "./compareNested.js";
import {askedRows, completeRows, pick} from "./completeRows.js";
import {coxph} from "./coxph.js";
import type {ChiSquareTest, CoxModel} from "./coxph.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

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
  readonly warnings: readonly string[];
}

const who = "treatmentEffectCurve";
const POINTS = 101;

/**
 * Hazard ratio of a treatment as a smooth function of a score (marker-by-treatment plot).
 *
 * Cox model of treatment × restricted cubic spline of the score (Efron). At score s, log HR = b_t + Σ b_tj f_j(s), f_j the
 * columns of the spline; its variance comes from the coefficients' covariance.
 *
 * @param input - follow-up; `treatment` 1 treated, 0 untreated, NaN missing; `score` one value a row
 * @throws {SurvivalInputError} if treatment is not 0 or 1, does not vary, no event is left, or the score takes too few
 *   values for 3 knots
 * @see R `coxph(Surv(time, event) ~ treatment * rms::rcs(score, knots))`, `anova` against `treatment + rcs(score)` 3.5-3;
 *   knots as `Hmisc::rcspline.eval`. Janes et al. (2011), Ann Intern Med 154:253–259
 */
export function treatmentEffectCurve(
  input: SurvInput & {readonly treatment: NumericColumn; readonly score: NumericColumn},
  {knots: count = 4, at, confidence = 0.95}: EffectCurveOptions = {}
): TreatmentEffectCurve {
  const {surv, mask} = askedRows(input, who);
  const {treatment, score} = input;
  const used = completeRows(mask ? {surv, rows: mask} : {surv}, {treatment, score}, who, {entry: true, weight: true});
  const given = used.row.find((i) => treatment[i] !== 0 && treatment[i] !== 1);
  if (given !== undefined)
    throw new SurvivalInputError(`${who}: treatment[${given}] is ${treatment[given]}; use 1 or 0.`, given);
  const [patients, events] = countByTreatment(used.row, treatment, surv.event);
  if (patients.includes(0))
    throw new SurvivalInputError(`${who}: all ${used.row.length} patients have the same treatment.`);
  const observed = pick(score, used.row);
  const knots = knotsOf(observed, count);
  // A score far from 0 would cost digits: the curve does not depend on where the score is 0.
  const centre = knots[Math.floor(knots.length / 2)];
  const basis = (values: NumericColumn) =>
    restrictedCubicSpline(
      Float64Array.from(values, (v) => v - centre),
      knots.map((knot) => knot - centre)
    );
  const rows = new Uint8Array(surv.size);
  for (const i of used.row) rows[i] = 1;
  const columns = basis(score);
  const model = (bends: number, crossed: boolean) => crossedModel({surv, rows}, treatment, columns, bends, crossed);
  const fit = model(columns.length, true);
  const points = at ? Float64Array.from(at) : usualPoints(observed);
  return {
    score: points,
    ...effectAt(fit, basis(points), normalQuantile((1 + confidence) / 2)),
    knots,
    interaction: compareNested(model(columns.length, false), fit),
    linear: compareNested(model(1, false), model(1, true)),
    n: fit.n,
    events: fit.events,
    count: patients,
    eventCount: events,
    missing: used.missing,
    warnings: fit.warnings
  };
}

function countByTreatment(row: Uint32Array, treatment: NumericColumn, event: Uint8Array) {
  const [patients, events]: [number, number][] = [
    [0, 0],
    [0, 0]
  ];
  for (const i of row) {
    patients[treatment[i]]++;
    events[treatment[i]] += event[i];
  }
  return [patients, events] as const;
}

function knotsOf(values: Float64Array, count: number): Float64Array {
  try {
    return splineKnots(values, count);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SurvivalInputError(`${who}: ${error.message.replace(/^\w+: /, "")}`);
  }
}

function usualPoints(values: Float64Array): Float64Array {
  const ascending = ascendingValues(values);
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

function effectAt({names, coef, covariance}: CoxModel, basis: readonly Float64Array[], z: number) {
  const p = names.length;
  // The treatment comes first, its products with the spline last.
  const of = [0, ...basis.map((_, j) => p - basis.length + j)];
  const effects = basis[0].map((_, k) => of.reduce((sum, c, j) => sum + coef[c] * (j ? basis[j - 1][k] : 1), 0));
  const errors = basis[0].map((_, k) => {
    const x = of.map((_, j) => (j ? basis[j - 1][k] : 1));
    let variance = 0;
    of.forEach((c, a) => of.forEach((d, b) => (variance += x[a] * x[b] * covariance[c * p + d])));
    return Math.sqrt(Math.max(0, variance));
  });
  return {
    hazardRatio: effects.map(Math.exp),
    lower: effects.map((b, k) => Math.exp(b - z * errors[k])),
    upper: effects.map((b, k) => Math.exp(b + z * errors[k]))
  };
}
