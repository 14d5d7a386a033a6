import {designColumns} from "./designColumns.js";
import type {Terms} from "./designColumns.js";
import {SurvivalInputError} from "./surv.js";

/** Columns of a Cox model, by row of the cohort; NaN where a value is missing. */
export interface CoxDesign {
  /** As R names coefficients. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** By column: the term it belongs to, "a:b" for an interaction. */
  readonly term: readonly string[];
}

/**
 * Design of terms and interactions: treatment contrasts, and products of columns for interactions.
 *
 * @param interactions - pairs of names of terms
 * @throws {SurvivalInputError} if an interaction names no term, or a column cannot be used
 */
export function coxDesign(
  terms: Terms,
  interactions: readonly (readonly [string, string])[],
  size: number,
  who: string
): CoxDesign {
  const single = Object.keys(terms).map((term) => ({term, ...designColumns({[term]: terms[term]}, size, who)}));
  if (single.length === 0) throw new SurvivalInputError(`${who}: terms is empty; give at least one covariate.`);
  const find = (name: string) => {
    const found = single.find(({term}) => term === name);
    if (found) return found;
    throw new SurvivalInputError(`${who}: the interaction names "${name}", which is not among the terms.`);
  };
  const products = interactions.map(([a, b]) => {
    const [first, second] = [find(a), find(b)];
    // The first factor's levels run fastest, as in R's model.matrix.
    const pairs = second.names.flatMap((_, j) => first.names.map((_, i) => [i, j] as const));
    return {
      term: `${a}:${b}`,
      names: pairs.map(([i, j]) => `${first.names[i]}:${second.names[j]}`),
      columns: pairs.map(([i, j]) => first.columns[i].map((v, row) => v * second.columns[j][row]))
    };
  });
  const all = [...single, ...products];
  return {
    names: all.flatMap(({names}) => names),
    columns: all.flatMap(({columns}) => columns),
    term: all.flatMap(({term, names}) => names.map(() => term))
  };
}
