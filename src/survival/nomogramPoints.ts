import {pretty} from "../numeric/pretty.js";
import {termAxis, termEffect} from "./nomogramTerms.js";
import type {NomogramTerm} from "./nomogramTerms.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

export type {NomogramTerm} from "./nomogramTerms.js";

/** What a nomogram is drawn from: a fitted Cox model without interactions. */
export interface NomogramModel {
  /** In the order of the axes. */
  readonly terms: Readonly<Record<string, NomogramTerm>>;
  /** Subtracted from the sum of the terms: rms's `fit$center`. Default 0, an uncentred linear predictor. */
  readonly center?: number;
  /** Baseline survival at horizons, for a linear predictor of 0 (after centring). */
  readonly baseline?: {readonly horizon: NumericColumn; readonly survival: NumericColumn};
  /** Linear predictors (after centring) of the training patients: the axis covers them. */
  readonly linearPredictor: NumericColumn;
}

/** One axis for one term: columns of equal length. */
export interface NomogramAxis {
  readonly name: string;
  /** Tick values: numbers, or level names of a factor. */
  readonly at: readonly (number | string)[];
  readonly points: Float64Array;
  /** What the value adds to the linear predictor. */
  readonly effect: Float64Array;
}

/** Ticks of an axis read against total points. */
export interface TotalPointsAxis {
  readonly at: Float64Array;
  readonly totalPoints: Float64Array;
}

export interface Nomogram {
  readonly model: NomogramModel;
  readonly terms: readonly NomogramAxis[];
  /** Points for a change of 1 in the linear predictor. */
  readonly pointsPerUnit: number;
  /** Linear predictor (after centring) at 0 total points. */
  readonly intercept: number;
  /** Ticks of the total-points axis. */
  readonly totalPoints: Float64Array;
  readonly linearPredictor: TotalPointsAxis;
  /** One axis of survival probabilities a horizon. */
  readonly survival: readonly (TotalPointsAxis & {readonly horizon: number})[];
}

export interface NomogramOptions {
  /** Points of the longest axis. Default 100. */
  readonly maxScale?: number;
  /** Aimed number of intervals on numeric axes. Default 10. */
  readonly intervals?: number;
  /** Survival probabilities to mark. Default: round values over the range, as rms. */
  readonly survivalAt?: NumericColumn;
}

/**
 * Points of a nomogram: each term's lowest tick has 0 points, the term with the widest effect spans `maxScale`.
 *
 * Ticks of survival are placed by the exact inverse; rms interpolates between 1,000 values, which differs by less than
 * a thousandth of a point.
 *
 * @throws {SurvivalInputError} if no term has an effect, or a coefficient, value or baseline survival is unusable
 * @see R `rms::nomogram(cph(…), fun = …)` 6.5-0
 */
export function nomogramPoints(
  model: NomogramModel,
  {maxScale = 100, intervals = 10, survivalAt}: NomogramOptions = {}
): Nomogram {
  const axes = Object.entries(model.terms).map(([name, term]) => ({name, ...termAxis(name, term, intervals)}));
  const lows = axes.map(({effect}) => effect.reduce((a, b) => Math.min(a, b)));
  const widest = Math.max(0, ...axes.map(({effect}, j) => effect.reduce((a, b) => Math.max(a, b)) - lows[j]));
  if (!(widest > 0))
    throw new SurvivalInputError("nomogramPoints: no term changes the linear predictor, so there is nothing to scale.");
  const pointsPerUnit = maxScale / widest;
  const intercept = lows.reduce((sum, low) => sum + low, -(model.center ?? 0));
  const toPoints = (linearPredictor: number) => (linearPredictor - intercept) * pointsPerUnit;
  const ticks = pretty(...range(model.linearPredictor), intervals);
  const furthest = axes.length === 1 ? maxScale : Math.max(maxScale, toPoints(ticks[ticks.length - 1]));
  return {
    model,
    terms: axes.map((axis, j) => ({...axis, points: axis.effect.map((e) => (e - lows[j]) * pointsPerUnit)})),
    pointsPerUnit,
    intercept,
    totalPoints: pretty(0, furthest, intervals),
    linearPredictor: {at: ticks, totalPoints: ticks.map(toPoints)},
    survival: survivalAxes(model, ticks, toPoints, intervals, survivalAt)
  };
}

/** Total points of a patient. @param values - term name → number, or level of a factor */
export function totalPoints(nomogram: Nomogram, values: Readonly<Record<string, number | string>>): number {
  return (linearPredictorOf(nomogram, values) - nomogram.intercept) * nomogram.pointsPerUnit;
}

/** Linear predictor (after centring) of a patient. */
export function linearPredictorOf({model}: Nomogram, values: Readonly<Record<string, number | string>>): number {
  let sum = -(model.center ?? 0);
  for (const [name, term] of Object.entries(model.terms)) {
    if (!(name in values)) throw new SurvivalInputError(`nomogramPoints: the patient has no value for ${name}.`);
    sum += termEffect(name, term, values[name]);
  }
  return sum;
}

/** Predicted survival at each horizon of the model, read off total points. */
export function survivalAtPoints({model, intercept, pointsPerUnit}: Nomogram, total: number): Float64Array {
  const hazardRatio = Math.exp(intercept + total / pointsPerUnit);
  return Float64Array.from(model.baseline?.survival ?? [], (s) => s ** hazardRatio);
}

function survivalAxes(
  {baseline}: NomogramModel,
  ticks: Float64Array,
  toPoints: (linearPredictor: number) => number,
  intervals: number,
  marks: NumericColumn | undefined
) {
  if (!baseline) return [];
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  return Array.from(baseline.survival, (s0, h) => {
    if (!(s0 > 0 && s0 < 1))
      throw new SurvivalInputError(
        `nomogramPoints: baseline survival at horizon ${baseline.horizon[h]} is ${s0}; it must lie between 0 and 1.`
      );
    const [best, worst] = [s0 ** Math.exp(low), s0 ** Math.exp(high)];
    const wanted = Float64Array.from(marks ?? pretty(worst, best, intervals));
    const at = wanted.filter((s) => s >= worst && s <= best && s > 0 && s < 1);
    const invert = (s: number) => Math.log(Math.log(s) / Math.log(s0));
    return {horizon: baseline.horizon[h], at, totalPoints: at.map((s) => toPoints(invert(s)))};
  });
}

function range(values: NumericColumn): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) if (!Number.isNaN(v)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  if (low > high) throw new SurvivalInputError("nomogramPoints: linearPredictor has no value to draw an axis over.");
  return [low, high];
}
