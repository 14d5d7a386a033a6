import {pick} from "./completeRows.js";
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

/**
 * The terms at some rows alone, in their order.
 *
 * @throws {SurvivalInputError} if a term has not `size` values
 */
export function termsAt(terms: Terms, row: Uint32Array, size: number, who: string): Terms {
  for (const [term, values] of Object.entries(terms))
    checkLength(term, isFactor(values) ? values.values.length : values.length, size, who);
  return Object.fromEntries(
    Object.entries(terms).map(([term, values]) => {
      if (!isFactor(values)) return [term, pick(values, row)];
      const {values: labels} = values;
      const at = values.coded ? codesAt(labels as ArrayLike<number>, row) : Array.from(row, (i) => labels[i]);
      return [term, {...values, values: at}];
    })
  );
}

function codesAt(codes: ArrayLike<number>, row: Uint32Array): Int32Array {
  const at = new Int32Array(row.length);
  for (let k = 0; k < row.length; k++) at[k] = codes[row[k]];
  return at;
}

function isFactor(term: NumericColumn | FactorTerm): term is FactorTerm {
  return "levels" in term;
}

function numericColumn(term: string, values: NumericColumn, size: number, who: string): Indicator {
  checkLength(term, values.length, size, who);
  const column = values instanceof Float64Array ? values : Float64Array.from(values);
  for (let i = 0; i < size; i++)
    if (column[i] === Infinity || column[i] === -Infinity)
      throw new SurvivalInputError(`${who}: ${term}[${i}] is ${column[i]}; give a finite number, or NaN.`, i);
  return {term, level: null, column};
}

function factorIndicators(term: string, {values, levels, coded}: FactorTerm, size: number, who: string): Indicator[] {
  checkLength(term, values.length, size, who);
  const names = levels.map(String);
  const columns = names.map(() => new Float64Array(size));
  if (coded) {
    for (let i = 0; i < size; i++)
      if ((values[i] as number) >= 0) columns[values[i] as number][i] = 1;
      else for (const column of columns) column[i] = NaN;
    return names.map((level, l) => ({term, level, column: columns[l]}));
  }
  // Labels repeat: each is looked up by its text once.
  const known = new Map<unknown, number>();
  for (let i = 0; i < size; i++) {
    const value = values[i];
    if (value === null || value === undefined || value !== value) {
      for (const column of columns) column[i] = NaN;
      continue;
    }
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
    columns[level][i] = 1;
  }
  return names.map((level, l) => ({term, level, column: columns[l]}));
}

function checkLength(term: string, length: number, size: number, who: string): void {
  if (length !== size) throw new SurvivalInputError(`${who}: ${term} has ${length} values for ${size} rows.`);
}
