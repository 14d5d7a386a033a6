import {inParts} from "../numeric/inParts.js";
import {keptIn} from "../numeric/keptIn.js";
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
  /** Of all rows given: there may be cells that no row asked for is in. */
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
  /** By row as given if numeric, else by cell. */
  readonly values: Float64Array;
}

/**
 * @param terms - columns and codes are not changed from now on: their cells are kept with them
 * @param rows - by row: 0 leaves it out, 1 asks for it
 * @throws {SurvivalInputError} if a length differs, a value is infinite or not among the levels, or no term is given
 */
export function factorCells(terms: Terms, rows: Uint8Array, who: string): FactorCells {
  const size = rows.length;
  const read = givenTerms(terms, who).map(([term, values]): Numbers | Factor => {
    checkLength(term, values, size, who);
    return isFactor(values)
      ? {term, levels: values.levels.map(String), code: factorCodes(term, values, who, rows)}
      : {term, column: numericValues(term, values, who, rows)};
  });
  const {known, cellOf, first} = cellsOfRows(read, size);
  const [row, cell] = [new Uint32Array(size + 1), new Uint32Array(size + 1)];
  let n = 0;
  inParts(size, (from, to) => (n = addRows(row, cell, n, rows, known, cellOf, from, to)));
  const columns = read.flatMap((one): CellColumn[] => {
    const {term} = one;
    if ("column" in one) return [{term, level: null, reference: false, values: one.column}];
    return one.levels.map((level, l) => ({
      term,
      level,
      reference: l === 0,
      values: Float64Array.from(first, (i) => Number(one.code[i] === l))
    }));
  });
  return {row: row.subarray(0, n), cell: cell.subarray(0, n), cells: first.length, columns};
}

/** Each row is written, and over by the next if it is not kept: a processor cannot guess which are. */
function addRows(
  row: Uint32Array,
  cell: Uint32Array,
  n: number,
  rows: Uint8Array,
  known: Uint8Array,
  cellOf: Uint32Array,
  from: number,
  to: number
): number {
  for (let i = from; i < to; i++) {
    row[n] = i;
    cell[n] = cellOf[i];
    n += rows[i] & known[i];
  }
  return n;
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

/** Of all rows given, whichever are asked for. */
interface CellsOfRows {
  /** By row 1 if all its terms are known. */
  readonly known: Uint8Array;
  /** By row; 0 where a term is missing. */
  readonly cellOf: Uint32Array;
  /** By cell: its first row. */
  readonly first: Uint32Array;
}

/** By the first column: what was made of it and others, the last few times. */
const made = new WeakMap<Float64Array | Int32Array, {columns: readonly object[]; found: CellsOfRows}[]>();
const FEW = 4;

/** Kept with the columns, since no selection changes it. */
function cellsOfRows(read: readonly (Numbers | Factor)[], size: number): CellsOfRows {
  const columns = read.map((one) => ("column" in one ? one.column : one.code));
  const before = keptIn(made, columns[0], () => []);
  const same = before.find(
    (one) => one.columns.length === columns.length && one.columns.every((c, k) => c === columns[k])
  );
  if (same) return same.found;
  const known = new Uint8Array(size).fill(1);
  for (const one of read)
    if ("column" in one) inParts(size, (from, to) => leaveOutMissing(known, one.column, from, to));
    else inParts(size, (from, to) => leaveOutNegative(known, one.code, from, to));
  const factors = read.filter((one) => "code" in one);
  const found = {known, ...cellsOfFactors(factors, known)};
  if (before.length === FEW) before.shift();
  before.push({columns, found});
  return found;
}

function leaveOutMissing(known: Uint8Array, column: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) if (column[i] !== column[i]) known[i] = 0;
}

function leaveOutNegative(known: Uint8Array, code: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) if (code[i] < 0) known[i] = 0;
}

/** One factor after the other, empty cells left out each time. */
function cellsOfFactors(factors: readonly Factor[], known: Uint8Array): Pick<CellsOfRows, "cellOf" | "first"> {
  const cellOf = new Uint32Array(known.length);
  let cells = known.includes(1) ? 1 : 0;
  for (const {levels, code} of factors) {
    const place = new Int32Array(cells * levels.length).fill(-1);
    cells = 0;
    for (let i = 0; i < known.length; i++) {
      if (known[i] === 0) continue;
      const both = cellOf[i] * levels.length + code[i];
      if (place[both] < 0) place[both] = cells++;
      cellOf[i] = place[both];
    }
  }
  const first = new Uint32Array(cells);
  for (let i = known.length - 1; i >= 0; i--) if (known[i] === 1) first[cellOf[i]] = i;
  return {cellOf, first};
}
