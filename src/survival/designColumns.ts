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

/** A numeric covariate, or one level of a factor as 0/1. */
export interface Indicator {
  readonly term: string;
  readonly level: string | null;
  readonly column: Float64Array;
}

/**
 * One column a numeric covariate and one a level of a factor, the reference included.
 *
 * @param size - number of rows every term must have
 * @throws {SurvivalInputError} if a length differs, a value is infinite or not among the levels, or no term is given
 */
export function levelIndicators(terms: Terms, size: number, who: string): Indicator[] {
  const indicators = Object.entries(terms).flatMap(([term, values]) =>
    isFactor(values) ? factorIndicators(term, values, size, who) : [numericColumn(term, values, size, who)]
  );
  if (indicators.length === 0) throw new SurvivalInputError(`${who}: terms is empty; give at least one covariate.`);
  return indicators;
}

/** Columns of a model's design: treatment contrasts, the first level of a factor being left out. */
export function designColumns(terms: Terms, size: number, who: string): DesignColumns {
  const kept = levelIndicators(terms, size, who).filter(({term, level}) => {
    const values = terms[term];
    return !isFactor(values) || level !== String(values.levels[0]);
  });
  return {names: kept.map(({term, level}) => term + (level ?? "")), columns: kept.map(({column}) => column)};
}

export function isFactor(term: NumericColumn | FactorTerm): term is FactorTerm {
  return "levels" in term;
}

function numericColumn(term: string, values: NumericColumn, size: number, who: string): Indicator {
  checkLength(term, values.length, size, who);
  return {term, level: null, column: numericValues(term, values, who)};
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

function factorIndicators(term: string, factor: FactorTerm, size: number, who: string): Indicator[] {
  checkLength(term, factor.values.length, size, who);
  const names = factor.levels.map(String);
  const columns = names.map(() => new Float64Array(size));
  const code = factorCodes(term, factor, who);
  for (let i = 0; i < size; i++)
    if (code[i] >= 0) columns[code[i]][i] = 1;
    else for (const column of columns) column[i] = NaN;
  return names.map((level, l) => ({term, level, column: columns[l]}));
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

export function checkLength(term: string, length: number, size: number, who: string): void {
  if (length !== size) throw new SurvivalInputError(`${who}: ${term} has ${length} values for ${size} rows.`);
}
