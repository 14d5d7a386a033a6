import {inParts} from "../numeric/inParts.js";
import {placeOf} from "./patientCells.js";
import type {PatientCells} from "./patientCells.js";
import {sortedEvents} from "./sortedEvents.js";
import type {Surv} from "./surv.js";

/**
 * How many left each cell at some consecutive distinct times. All that depends on patients by their cells alone, be it a curve,
 * a test or a model, can be read from it.
 */
export interface CellTable extends Times {
  /** times × 2 × stride: by cell those censored, then by cell those with the event. Filled anew for the next table. */
  readonly left: Int32Array;
}

/** The times [from, to) of the cohort's distinct times, and how long a line is. */
export interface Times {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

/** A table of so many numbers stays near the processor. */
const NEAR = 65_536;

type Columns<C> = Record<keyof C, Int32Array | Float64Array>;

/** A kind of table: how an empty one is made, and how patients `begin` … `end` − 1 in order of time are added. */
interface TableKind<C> {
  /** Columns of this size, cleared between tables. */
  empty(size: number): C;
  add(table: Times & C, begin: number, end: number): void;
  readonly known: WholeTables<C>;
  /** What a table is of besides the cells. */
  readonly of: unknown;
}

/** By the cells, for figures that count the same: of few distinct times, as days are, one table holds all. */
export type WholeTables<C> = WeakMap<PatientCells, {readonly of: unknown; readonly table: Times & C}>;

/** Tables of a sorted cohort, its last times first. */
export function* tablesOf<C extends Columns<C>>(
  surv: Surv,
  patients: PatientCells,
  {empty, add, known, of}: TableKind<C>
): Generator<Times & C> {
  const {slotStart} = sortedEvents(surv);
  // The last number of a line is of patients in no cell.
  const stride = patients.cells + 1;
  const times = surv.distinctTime.length;
  const most = Math.max(1, Math.min(times, Math.floor(NEAR / (2 * stride))));
  const before = known.get(patients);
  if (before && before.of === of) return yield before.table;
  const sums = empty(2 * most * stride);
  for (let to = times; to > 0; to -= most) {
    const from = Math.max(0, to - most);
    if (to < times) for (const column of Object.values<Columns<C>[keyof C]>(sums)) column.fill(0);
    const table = {from, to, stride, ...sums};
    const start = slotStart[from];
    inParts(slotStart[to] - start, (begin, end) => add(table, start + begin, start + end));
    if (most === times) known.set(patients, {of, table});
    yield table;
  }
}

const known: WholeTables<Pick<CellTable, "left">> = new WeakMap();

export function cellTables(surv: Surv, patients: PatientCells): Generator<CellTable> {
  const {slotAndEvent} = sortedEvents(surv);
  return tablesOf(surv, patients, {
    empty: (size) => ({left: new Int32Array(size)}),
    add: (table, begin, end) => addLeft(table, patients, slotAndEvent, begin, end),
    known,
    of: surv.event
  });
}

/** Two patients a step, which a processor counts side by side: half the time of one. */
function addLeft(
  {left, from, stride}: CellTable,
  {first, second, cellOf}: PatientCells,
  slotAndEvent: Int32Array,
  begin: number,
  end: number
): void {
  const before = 2 * from * stride;
  let k = begin;
  for (; k + 2 <= end; k += 2) {
    const at = Math.imul(slotAndEvent[k], stride) - before + cellOf[placeOf(first[k], second[k])];
    const next = Math.imul(slotAndEvent[k + 1], stride) - before + cellOf[placeOf(first[k + 1], second[k + 1])];
    left[at]++;
    left[next]++;
  }
  if (k < end) left[Math.imul(slotAndEvent[k], stride) - before + cellOf[placeOf(first[k], second[k])]]++;
}

/** Patients and events of each cell. */
export function countPatients(surv: Surv, patients: PatientCells) {
  const [n, events] = [new Uint32Array(patients.cells), new Uint32Array(patients.cells)];
  for (const {from, to, left, stride} of cellTables(surv, patients))
    for (let s = from; s < to; s++)
      for (let c = 0, at = 2 * (s - from) * stride; c < n.length; c++, at++) {
        n[c] += left[at] + left[at + stride];
        events[c] += left[at + stride];
      }
  return {n, events};
}

/** Takes those out of the risk, by cell, who came under observation only after a time. @returns how many remain to be taken */
export function takeLater(
  surv: Surv,
  {cells, first, second, cellOf}: PatientCells,
  time: number,
  remaining: number,
  atRisk: Int32Array | Float64Array,
  weight: Float64Array | null = null
): number {
  const {entryOrder, entrySlot} = surv;
  const {entryPlace} = sortedEvents(surv);
  if (!entryOrder || !entrySlot || !entryPlace) return 0;
  while (remaining > 0 && entrySlot[remaining - 1] > time) {
    const k = entryPlace[--remaining];
    const c = cellOf[placeOf(first[k], second[k])];
    if (c < cells) atRisk[c] -= weight ? weight[entryOrder[remaining]] : 1;
  }
  return remaining;
}
