import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** A factor: a label a row (null, undefined or NaN is missing) and its levels, the first of them the reference. */
export interface FactorTerm {
  readonly values: ArrayLike<unknown>;
  readonly levels: readonly (string | number)[];
  /** `values` are indices into the levels, −1 where missing. Default: labels. */
  readonly coded?: boolean;
}

/** Covariates of a model: name → numeric column (NaN is missing) or factor. */
export type Terms = Readonly<Record<string, NumericColumn | FactorTerm>>;

/** Columns of a design without intercept, in the order of the terms; NaN where a row's value is missing. */
export interface DesignColumns {
  /** As R names coefficients: the term, or the term with the level appended. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/**
 * Columns of a model's design: treatment contrasts, the first level of a factor being left out.
 *
 * @param size - number of rows every term must have
 * @throws {SurvivalInputError} if a length differs, a value is infinite or not among the levels, or no term is given
 */
export function designColumns(terms: Terms, size: number, who: string): DesignColumns {
  const columns = givenTerms(terms, who).flatMap(([term, values]): [string, Float64Array][] => {
    checkLength(term, values, size, who);
    if (!isFactor(values)) return [[term, numericValues(term, values, who)]];
    const code = factorCodes(term, values, who);
    return values.levels.slice(1).map((level, l) => [term + String(level), indicator(code, l + 1)]);
  });
  return {names: columns.map(([name]) => name), columns: columns.map(([, column]) => column)};
}

/** By row 1 at a level, 0 at another, NaN without one. */
function indicator(code: Int32Array, level: number): Float64Array {
  const column = new Float64Array(code.length);
  for (let i = 0; i < code.length; i++) column[i] = code[i] < 0 ? NaN : Number(code[i] === level);
  return column;
}

/** @throws {SurvivalInputError} if there is none */
export function givenTerms(terms: Terms, who: string): [string, NumericColumn | FactorTerm][] {
  const given = Object.entries(terms);
  if (given.length === 0) throw new SurvivalInputError(`${who}: terms is empty; give at least one covariate.`);
  return given;
}

export function isFactor(term: NumericColumn | FactorTerm): term is FactorTerm {
  return "levels" in term;
}

/**
 * @param rows - by row: 0 leaves it unread
 * @throws {SurvivalInputError} if a value is infinite
 */
export function numericValues(term: string, values: NumericColumn, who: string, rows?: Uint8Array): Float64Array {
  const column = values instanceof Float64Array ? values : Float64Array.from(values);
  for (let i = 0; i < column.length; i++)
    if ((column[i] === Infinity || column[i] === -Infinity) && rows?.[i] !== 0)
      throw new SurvivalInputError(`${who}: ${term}[${i}] is ${column[i]}; give a finite number, or NaN.`, i);
  return column;
}

/**
 * By row the index of its level, −1 where it has none.
 *
 * @param rows - by row: 0 leaves it unread, and without level
 * @throws {SurvivalInputError} if a label is not among the levels
 */
export function factorCodes(
  term: string,
  {values, levels, coded}: FactorTerm,
  who: string,
  rows?: Uint8Array
): Int32Array {
  if (coded) return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>);
  const names = levels.map(String);
  // Labels repeat: each is looked up by its text once.
  const known = new Map<unknown, number>();
  const code = new Int32Array(values.length).fill(-1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if ((rows && rows[i] === 0) || value === null || value === undefined || value !== value) continue;
    let level = known.get(value);
    if (level === undefined) {
      level = names.indexOf(String(value));
      if (level < 0)
        throw new SurvivalInputError(
          `${who}: ${term}[${i}] is "${value}", which is not among its levels ${names.join(", ")}.`,
          i
        );
      known.set(value, level);
    }
    code[i] = level;
  }
  return code;
}

/** @throws {SurvivalInputError} if a term has not `size` values */
export function checkLength(term: string, values: NumericColumn | FactorTerm, size: number, who: string): void {
  const {length} = isFactor(values) ? values.values : values;
  if (length !== size) throw new SurvivalInputError(`${who}: ${term} has ${length} values for ${size} rows.`);
}
