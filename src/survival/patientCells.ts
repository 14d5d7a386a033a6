import {partBytes} from "../numeric/cutValues.js";
import type {CutValues} from "../numeric/cutValues.js";
import {inParts} from "../numeric/inParts.js";
import {keptIn} from "../numeric/keptIn.js";
import {valuesInOrder} from "./sortedEvents.js";
import type {Surv} from "./surv.js";

/** A row that is in no cell. */
export const NO_CELL = 255;

/** By row the index of a group or level, below `size`; NaN or −1 for none. Not changed from now on. */
export interface CellCode {
  readonly code: Codes;
  readonly size: number;
}

/** Codes, or the numbers that they are of. */
export type Codes = Float64Array | Int32Array | CutValues;

/**
 * Cell of every patient with follow-up, in order of time: `cellOf[placeOf(first, second)]`, `cells` for those in none. By a look-up and
 * no branch: a processor guesses at branches, and who is selected cannot be guessed.
 */
export interface PatientCells {
  readonly cells: number;
  /** Aligned with `surv.order`. */
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly cellOf: Uint8Array;
}

/** Where a table has two bytes. `NO_CELL` for the first comes before 0, so that the table has a line for each code and one more. */
export const placeOf = (first: number, second: number) => (((first + 1) & 255) << 8) | second;

const noCells = (lines: number, cells: number) => new Uint8Array(256 * (lines + 1)).fill(cells);

/**
 * Cells `group × levels + level` of those who are not masked out and have a group and a level.
 *
 * @param rows - mask of 0 and 1, not changed from now on
 * @param level - default: all are in one
 * @throws {RangeError} if there are more cells than a byte tells apart
 */
export function cellsOf(
  surv: Surv,
  rows: Uint8Array | null,
  group: CellCode,
  level: CellCode | null = null
): PatientCells {
  const levels = level?.size ?? 1;
  const cells = group.size * levels;
  if (cells >= NO_CELL) throw new RangeError(`cellsOf: ${group.size} × ${levels} cells are more than 254.`);
  const first = selectedInOrder(surv, rows, group.code);
  const cellOf = noCells(group.size, cells);
  for (let g = 0; g < group.size; g++)
    for (let l = 0; l < levels; l++) cellOf[placeOf(g, level ? l : g)] = g * levels + l;
  return {cells, first, second: level ? inOrder(surv, level.code) : first, cellOf};
}

/** Cells that are known. @param cell - aligned with `surv.order`: 0 … cells − 1, or `NO_CELL` */
export function cellsFrom(cell: Uint8Array, cells: number): PatientCells {
  const cellOf = noCells(cells, cells);
  for (let c = 0; c < cells; c++) cellOf[placeOf(c, c)] = c;
  return {cells, first: cell, second: cell, cellOf};
}

/** By patient in order of time; `NO_CELL` for those in none. */
export function eachCell({cells, first, second, cellOf}: PatientCells): Uint8Array {
  const cell = new Uint8Array(first.length);
  const table = cellOf.map((c) => (c === cells ? NO_CELL : c));
  inParts(cell.length, (from, to) => lookUp(cell, first, second, table, from, to));
  return cell;
}

function lookUp(
  into: Uint8Array,
  first: Uint8Array,
  second: Uint8Array,
  table: Uint8Array,
  from: number,
  to: number
): void {
  for (let k = from; k < to; k++) into[k] = table[placeOf(first[k], second[k])];
}

type Column = Codes | Uint8Array;

/** By the order, what was brought into it. */
const known = new WeakMap<Uint32Array, WeakMap<Column, Uint8Array>>();

/** A column of small whole numbers as bytes in order of time; `NO_CELL` where there is none. Figures of a selection share it. */
function inOrder(surv: Surv, column: Column): Uint8Array {
  const {order} = surv;
  return keptIn(
    keptIn(known, order, () => new WeakMap()),
    column,
    () => {
      if ("cuts" in column) return partBytes({...column, values: valuesInOrder(surv, column.values)}, NO_CELL);
      const bytes = bytesOf(column);
      const sorted = new Uint8Array(order.length);
      inParts(sorted.length, (from, to) => pickInOrder(sorted, bytes, order, from, to));
      return sorted;
    }
  );
}

/** By mask and column, both in order of time. */
const selected = new WeakMap<Uint8Array, WeakMap<Uint8Array, Uint8Array>>();

/** The same of those whom a mask keeps. */
function selectedInOrder(surv: Surv, rows: Uint8Array | null, column: Column): Uint8Array {
  const all = inOrder(surv, column);
  if (!rows) return all;
  const mask = inOrder(surv, rows);
  return keptIn(
    keptIn(selected, mask, () => new WeakMap()),
    all,
    () => {
      const keep = new Uint8Array(3 * 256).fill(NO_CELL);
      for (let g = 0; g < 256; g++) keep[placeOf(1, g)] = g;
      const bytes = new Uint8Array(all.length);
      inParts(bytes.length, (from, to) => lookUp(bytes, mask, all, keep, from, to));
      return bytes;
    }
  );
}

/** Bytes, since rows in order of time are anywhere in memory, and bytes of many patients are near the processor. */
function pickInOrder(sorted: Uint8Array, bytes: Uint8Array, order: Uint32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) sorted[k] = bytes[order[k]];
}

function bytesOf(column: Exclude<Column, CutValues>): Uint8Array {
  if (column instanceof Uint8Array) return column;
  const bytes = new Uint8Array(column.length);
  inParts(bytes.length, (from, to) => addBytes(bytes, column, from, to));
  return bytes;
}

/** NaN is not at or above 0. */
function addBytes(bytes: Uint8Array, column: Float64Array | Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) bytes[i] = column[i] >= 0 ? column[i] : NO_CELL;
}
