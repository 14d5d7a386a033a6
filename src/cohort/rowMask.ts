import {inParts} from "../numeric/inParts.js";
import type {Cohort} from "./readCohort.js";
import {alternatives, isIds, isRange, isUnbounded} from "./selection.js";
import type {Filter, Patients, Selection} from "./selection.js";

/**
 * Rows that pass every filter and the landmark of a selection: 1 kept, 0 not. `selectionSql` asks DuckDB for the same.
 *
 * @returns length `cohort.n`
 */
export function rowMask(cohort: Cohort, selection: Selection): Uint8Array {
  const rows = patientMask(cohort, selection);
  keepAtRisk(rows, cohort, selection);
  return rows;
}

/** Rows of some patients, whatever the landmark. */
export function patientMask(cohort: Cohort, patients: Patients): Uint8Array {
  const rows = blockMask(cohort, patients.filters);
  const any = alternatives(patients).map((filters) => blockMask(cohort, filters));
  if (any.length > 0) for (let i = 0; i < rows.length; i++) if (!any.some((mask) => mask[i] === 1)) rows[i] = 0;
  return rows;
}

/** Masks of filters asked for last: a change of one filter leaves the others as they were. */
const recent: {readonly cohort: Cohort; readonly filter: Filter; readonly mask: Uint8Array}[] = [];
const RECENT = 12;

/** Rows that pass one filter, whatever the others say. Not to be changed. */
export function filterMask(cohort: Cohort, filter: Filter): Uint8Array {
  const known = recent.find((one) => one.filter === filter && one.cohort === cohort);
  if (known) return known.mask;
  const mask = new Uint8Array(cohort.n).fill(1);
  keepMatching(mask, cohort, filter);
  if (recent.length === RECENT) recent.shift();
  recent.push({cohort, filter, mask});
  return mask;
}

/** Rows that pass all of some filters. */
function blockMask(cohort: Cohort, filters: readonly Filter[]): Uint8Array {
  if (filters.length === 0) return new Uint8Array(cohort.n).fill(1);
  const [rows, ...others] = filters.map((filter) => filterMask(cohort, filter));
  return others.length === 0 ? rows.slice() : others.reduce(both, rows);
}

/** Rows that two masks keep, four of them at a time. */
export function both(one: Uint8Array, other: Uint8Array): Uint8Array {
  const rows = one.slice();
  const [four, others] = [inFours(rows), inFours(other)];
  inParts(four.length, (from, to) => andWords(four, others, from, to));
  for (let i = 4 * four.length; i < rows.length; i++) rows[i] &= other[i];
  return rows;
}

function andWords(rows: Uint32Array, masks: Uint32Array, from: number, to: number): void {
  for (let w = from; w < to; w++) rows[w] &= masks[w];
}

/** Of the mask's own buffer, without the last rows that make no whole word. */
const inFours = (mask: Uint8Array) => new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2);

function keepAtRisk(rows: Uint8Array, cohort: Cohort, {landmark, endpoint}: Selection): void {
  if (landmark === null) return;
  const {time} = cohort.followUp(endpoint);
  for (let i = 0; i < rows.length; i++) if (!(time[i] > landmark)) rows[i] = 0;
}

function keepMatching(rows: Uint8Array, cohort: Cohort, filter: Filter): void {
  if (isIds(filter) && isUnbounded(filter)) return;
  if (isIds(filter)) return keepNamed(rows, cohort, filter.ids, filter.not === true);
  const column = cohort.variable(filter.variable);
  const turned = filter.not === true && !isUnbounded(filter);
  if (isRange(filter) && column.type === "numeric") {
    const {values} = column;
    const bounds = [filter.from ?? -Infinity, filter.to ?? Infinity] as const;
    inParts(rows.length, (from, to) => keepRange(rows, values, bounds, turned, from, to));
  } else if (!isRange(filter) && column.type === "categorical") {
    const {codes} = column;
    // The first is of a missing level.
    const wanted = Uint8Array.of(
      0,
      ...column.levels.map(({value}) => Number(filter.levels.includes(value) !== turned))
    );
    inParts(rows.length, (from, to) => keepLevels(rows, codes, wanted, from, to));
  }
}

/** @param turned - those outside instead; a missing value, NaN, passes neither */
function keepRange(
  rows: Uint8Array,
  values: Float64Array,
  [low, high]: readonly [number, number],
  turned: boolean,
  from: number,
  to: number
): void {
  for (let i = from; i < to; i++) {
    const value = values[i];
    if ((value >= low && value <= high) === turned || value !== value) rows[i] = 0;
  }
}

function keepLevels(rows: Uint8Array, codes: Int32Array, wanted: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) rows[i] &= wanted[codes[i] + 1];
}

function keepNamed(rows: Uint8Array, cohort: Cohort, ids: readonly string[], turned: boolean): void {
  const named = new Uint8Array(cohort.n);
  for (const id of ids) {
    const row = cohort.rowOf(id);
    if (row !== null) named[row] = 1;
  }
  for (let i = 0; i < rows.length; i++) if ((named[i] === 1) === turned) rows[i] = 0;
}

/** The mask of row numbers, as DuckDB answers. */
export function maskOf(rows: ArrayLike<number>, n: number): Uint8Array {
  const mask = new Uint8Array(n);
  for (let k = 0; k < rows.length; k++) mask[rows[k]] = 1;
  return mask;
}

export function countRows(mask: Uint8Array): number {
  const four = inFours(mask);
  let n = 0;
  inParts(four.length, (from, to) => (n += sumOfWords(four, from, to)));
  for (let i = 4 * four.length; i < mask.length; i++) n += mask[i];
  return n;
}

/** The product's highest byte is the sum of all four. */
function sumOfWords(masks: Uint32Array, from: number, to: number): number {
  let n = 0;
  for (let w = from; w < to; w++) n += Math.imul(masks[w], 0x01010101) >>> 24;
  return n;
}
