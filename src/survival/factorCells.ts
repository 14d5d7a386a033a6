import {pick} from "./completeRows.js";
import {checkLength, factorCodes, givenTerms, isFactor, numericValues} from "./designColumns.js";
import type {Terms} from "./designColumns.js";

/**
 * Covariates of rows in cells: rows alike in every factor share one. A level is 0 or 1 throughout a cell, so sums over rows of
 * levels and of their products are sums over cells, of which there are few.
 */
export interface FactorCells {
  /** Rows asked for whose terms are all known, ascending. */
  readonly row: Uint32Array;
  /** Aligned with `row`: 0 … cells − 1. */
  readonly cell: Uint32Array;
  readonly cells: number;
  readonly columns: readonly CellColumn[];
}

/** A numeric covariate, a value a row; or one level of a factor, 0 or 1 a cell. */
export interface CellColumn {
  readonly term: string;
  /** Null for a numeric covariate. */
  readonly level: string | null;
  /** The first level of a factor, which a model leaves out. */
  readonly reference: boolean;
  /** Aligned with `row` if numeric, else by cell. */
  readonly values: Float64Array;
}

/**
 * @param rows - by row: 0 leaves it out
 * @throws {SurvivalInputError} if a length differs, a value is infinite or not among the levels, or no term is given
 */
export function factorCells(terms: Terms, rows: Uint8Array, who: string): FactorCells {
  const size = rows.length;
  const kept = rows.slice();
  const read = givenTerms(terms, who).map(([term, values]): Numbers | Factor => {
    checkLength(term, values, size, who);
    if (!isFactor(values)) {
      const column = numericValues(term, values, who, kept);
      for (let i = 0; i < size; i++) if (column[i] !== column[i]) kept[i] = 0;
      return {term, column};
    }
    const code = factorCodes(term, values, who, kept);
    for (let i = 0; i < size; i++) if (code[i] < 0) kept[i] = 0;
    return {term, levels: values.levels.map(String), code};
  });
  const row = new Uint32Array(size);
  let n = 0;
  for (let i = 0; i < size; i++) if (kept[i]) row[n++] = i;
  const used = row.slice(0, n);
  const {cell, first} = cellsOfFactors(
    read.filter((one) => "code" in one),
    used
  );
  const columns = read.flatMap((one): CellColumn[] => {
    const {term} = one;
    if ("column" in one) return [{term, level: null, reference: false, values: pick(one.column, used)}];
    const own = Array.from(first, (k) => one.code[used[k]]);
    return one.levels.map((level, l) => ({
      term,
      level,
      reference: l === 0,
      values: Float64Array.from(own, (c) => Number(c === l))
    }));
  });
  return {row: used, cell, cells: first.length, columns};
}

interface Numbers {
  readonly term: string;
  readonly column: Float64Array;
}

interface Factor {
  readonly term: string;
  readonly levels: readonly string[];
  readonly code: Int32Array;
}

/** By row its cell, by cell the place of its first row; one factor after the other, empty cells left out each time. */
function cellsOfFactors(factors: readonly Factor[], row: Uint32Array) {
  const cell = new Uint32Array(row.length);
  let cells = Math.min(1, row.length);
  for (const {levels, code} of factors) {
    const place = new Int32Array(cells * levels.length).fill(-1);
    cells = 0;
    for (let k = 0; k < row.length; k++) {
      const both = cell[k] * levels.length + code[row[k]];
      if (place[both] < 0) place[both] = cells++;
      cell[k] = place[both];
    }
  }
  const first = new Int32Array(cells).fill(-1);
  for (let k = row.length - 1; k >= 0; k--) first[cell[k]] = k;
  return {cell, first};
}
