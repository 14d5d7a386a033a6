import {normalQuantile} from "../numeric/distributions.js";
import {restrictedCubicSpline, splineKnots} from "../numeric/restrictedCubicSpline.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {compareNested} from "./compareNested.js";
import {coxph} from "./coxph.js";
import type {ChiSquareTest} from "./coxph.js";
import type {Terms} from "./designColumns.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** Whether the log hazard is linear in a covariate, and what it looks like if it is not. */
export interface FunctionalForm {
  readonly variable: string;
  readonly knots: Float64Array;
  /** Likelihood-ratio test of the spline against the straight line, on knots − 2 degrees of freedom. */
  readonly nonLinear: ChiSquareTest;
  /** Log hazard ratio against `reference` by the spline, with pointwise limits: columns of equal length. */
  readonly curve: {
    readonly x: Float64Array;
    readonly logHazardRatio: Float64Array;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  };
  /** Coefficient of the straight line. */
  readonly linearCoef: number;
  /** Median of the covariate. */
  readonly reference: number;
  readonly n: number;
  readonly events: number;
}

export interface FunctionalFormOptions {
  /** Default 4, as Harrell advises for a few hundred patients. */
  readonly knots?: number;
  /** Points of the curve, over the range of the covariate. Default 101. */
  readonly points?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/**
 * Compares a straight line with a restricted cubic spline for one numeric term of a Cox model, the other terms staying.
 *
 * @throws {SurvivalInputError} if the term is a factor, has too few distinct values for 3 knots, or a fit fails
 * @see R `anova(coxph(… + x), coxph(… + rms::rcs(x, knots)))`, rms 6.5-0; Harrell, Regression Modeling Strategies, 2.4
 */
export function functionalForm(
  input: SurvInput & {readonly terms: Terms; readonly variable: string},
  {knots: count = 4, points = 101, confidence = 0.95}: FunctionalFormOptions = {}
): FunctionalForm {
  const {variable, terms} = input;
  const column = terms[variable];
  if (!column || "levels" in column)
    throw new SurvivalInputError(`functionalForm: ${variable} is no numeric term; name one that is.`);
  const linear = coxph(input);
  const used = Float64Array.from(linear.internal.data.row, (i) => column[i]);
  const knots = knotsOf(used, count, variable);
  const basis = restrictedCubicSpline(column, knots);
  const names = basis.map((_, j) => variable + "'".repeat(j));
  const spline = coxph({...input, terms: replaced(terms, variable, names, basis)});
  const at = names.map((name) => spline.names.indexOf(name));
  const ascending = ascendingValues(used);
  const reference = sampleQuantile(ascending, 0.5);
  const [low, high] = [ascending[0], ascending[ascending.length - 1]];
  const x = Float64Array.from({length: points}, (_, i) => low + ((high - low) * i) / (points - 1));
  const from = restrictedCubicSpline([reference], knots).map(([value]) => value);
  const columns = restrictedCubicSpline(x, knots);
  const p = spline.names.length;
  const z = normalQuantile((1 + confidence) / 2);
  const curve = Array.from(x, (_, i) => {
    const change = columns.map((values, j) => values[i] - from[j]);
    let [estimate, variance] = [0, 0];
    change.forEach((a, j) => {
      estimate += a * spline.coef[at[j]];
      change.forEach((b, k) => (variance += a * b * spline.covariance[at[j] * p + at[k]]));
    });
    const half = z * Math.sqrt(Math.max(0, variance));
    return {logHazardRatio: estimate, lower: estimate - half, upper: estimate + half};
  });
  return {
    variable,
    knots,
    nonLinear: compareNested(linear, spline),
    curve: {
      x,
      logHazardRatio: Float64Array.from(curve, (c) => c.logHazardRatio),
      lower: Float64Array.from(curve, (c) => c.lower),
      upper: Float64Array.from(curve, (c) => c.upper)
    },
    linearCoef: linear.coef[linear.names.indexOf(variable)],
    reference,
    n: spline.n,
    events: spline.events
  };
}

function knotsOf(values: Float64Array, count: number, variable: string): Float64Array {
  try {
    return splineKnots(values, count);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SurvivalInputError(`functionalForm: ${variable} has too few distinct values for a spline of 3 knots.`);
  }
}

function replaced(terms: Terms, variable: string, names: readonly string[], basis: readonly NumericColumn[]): Terms {
  return Object.fromEntries(
    Object.entries(terms).flatMap(([name, term]) =>
      name === variable ? names.map((basisName, j) => [basisName, basis[j]]) : [[name, term]]
    )
  );
}
