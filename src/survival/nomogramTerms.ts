import {pretty} from "../numeric/pretty.js";
import {restrictedCubicSpline} from "../numeric/restrictedCubicSpline.js";
import {ascendingValues} from "../numeric/sampleQuantile.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** A term of a fitted model, with the data its axis must cover. */
export type NomogramTerm =
  | {
      readonly kind: "linear";
      readonly coef: number;
      /** The variable's column in the training data. */
      readonly values: NumericColumn;
    }
  | {
      readonly kind: "spline";
      /** knots.length − 1 coefficients, of the columns of `restrictedCubicSpline`. */
      readonly coef: NumericColumn;
      readonly knots: NumericColumn;
      readonly values: NumericColumn;
    }
  | {
      readonly kind: "factor";
      /** First level is the reference. */
      readonly levels: readonly string[];
      /** levels.length − 1 coefficients. */
      readonly coef: NumericColumn;
    };

/** Positions on a term's axis and what each adds to the linear predictor. */
export interface TermAxis {
  /** Numbers for a numeric term, level names for a factor. */
  readonly at: readonly (number | string)[];
  readonly effect: Float64Array;
}

/** What a value of a term adds to the linear predictor. */
export function termEffect(name: string, term: NomogramTerm, value: number | string): number {
  if (term.kind === "factor") {
    const level = term.levels.indexOf(String(value));
    if (level < 0)
      throw new SurvivalInputError(
        `nomogramPoints: ${name} has no level "${value}"; its levels are ${term.levels.join(", ")}.`
      );
    return level === 0 ? 0 : term.coef[level - 1];
  }
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new SurvivalInputError(`nomogramPoints: ${name} needs a finite number, got ${value}.`);
  if (term.kind === "linear") return term.coef * value;
  return restrictedCubicSpline([value], term.knots).reduce((sum, column, j) => sum + term.coef[j] * column[0], 0);
}

/**
 * Tick positions as rms chooses them: a factor's levels; the distinct values where there are at most 10; otherwise round
 * values that cover the whole range.
 *
 * @see R `rms::datadist` (limits "Low" and "High", n.unique = 10) and `rms:::value.chk(type.range = "full")` 6.5-0
 */
export function termAxis(name: string, term: NomogramTerm, intervals: number): TermAxis {
  checkTerm(name, term);
  const at: readonly (number | string)[] =
    term.kind === "factor" ? term.levels : numericTicks(name, term.values, intervals);
  return {at, effect: new Float64Array(at.map((value) => termEffect(name, term, value)))};
}

function numericTicks(name: string, values: NumericColumn, intervals: number): number[] {
  const ascending = ascendingValues(values);
  const distinct = [...new Set(ascending)];
  if (distinct.length < 2)
    throw new SurvivalInputError(`nomogramPoints: ${name} has fewer than two distinct values; leave the term out.`);
  return distinct.length <= 10 ? distinct : [...pretty(distinct[0], distinct[distinct.length - 1], intervals)];
}

function checkTerm(name: string, term: NomogramTerm): void {
  const need = term.kind === "linear" ? 1 : term.kind === "spline" ? term.knots.length - 1 : term.levels.length - 1;
  const coef = term.kind === "linear" ? [term.coef] : Array.from(term.coef);
  if (coef.length !== need)
    throw new SurvivalInputError(`nomogramPoints: ${name} needs ${need} coefficients, got ${coef.length}.`);
  if (!coef.every(Number.isFinite))
    throw new SurvivalInputError(
      `nomogramPoints: ${name} has a coefficient that could not be estimated; refit without it.`
    );
}
