import {inParts} from "../numeric/inParts.js";
import {cellAt, NO_CELL} from "./patientCells.js";
import type {PatientCells} from "./patientCells.js";
import {sortedEvents} from "./sortedEvents.js";
import type {Surv} from "./surv.js";

/**
 * How many left each cell at some consecutive distinct times. All that depends on patients by their cells alone, be it a curve,
 * a test or a model, can be read from it.
 */
export interface CellTable {
  /** The times are [from, to) of the cohort's distinct times. */
  readonly from: number;
  readonly to: number;
  /** times × stride: of cell c at 2c those censored, at 2c + 1 those with the event. Filled anew for the next table. */
  readonly left: Int32Array;
  readonly stride: number;
}

/** A table of so many numbers stays near the processor. */
const NEAR = 65_536;

/** Tables of a sorted cohort, its last times first. */
export function* cellTables(surv: Surv, patients: PatientCells): Generator<CellTable> {
  const stride = strideOf(patients);
  const times = surv.distinctTime.length;
  const most = Math.max(1, Math.floor(NEAR / stride));
  if (times <= most) return yield wholeTable(surv, patients);
  const left = new Int32Array(most * stride);
  for (let to = times; to > 0; to -= most) {
    left.fill(0);
    const table = {from: Math.max(0, to - most), to, left, stride};
    fill(table, surv, patients);
    yield table;
  }
}

/** The last two numbers of a line are of patients in no cell. */
const strideOf = ({cells}: PatientCells) => 2 * (cells + 1);

/** By the cells, for figures that count the same: of few distinct times, as days are, one table holds all. */
const wholeKnown = new WeakMap<PatientCells, {readonly event: Uint8Array; readonly table: CellTable}>();

function wholeTable(surv: Surv, patients: PatientCells): CellTable {
  const known = wholeKnown.get(patients);
  if (known?.event === surv.event) return known.table;
  const stride = strideOf(patients);
  const to = surv.distinctTime.length;
  const table = {from: 0, to, left: new Int32Array(to * stride), stride};
  fill(table, surv, patients);
  wholeKnown.set(patients, {event: surv.event, table});
  return table;
}

function fill(table: CellTable, surv: Surv, patients: PatientCells): void {
  const {event, slotStart} = sortedEvents(surv);
  const place = Int32Array.from({length: NO_CELL + 1}, (_, c) => 2 * Math.min(c, patients.cells));
  const start = slotStart[table.from];
  inParts(slotStart[table.to] - start, (from, to) =>
    addLeft(table, patients, place, surv.slot, event, start + from, start + to)
  );
}

function addLeft(
  {left, from, stride}: CellTable,
  {first, second, cellOf}: PatientCells,
  place: Int32Array,
  slot: Uint32Array,
  event: Uint8Array,
  begin: number,
  end: number
): void {
  for (let k = begin; k < end; k++)
    left[(slot[k] - from) * stride + place[cellOf[256 * first[k] + second[k]]] + event[k]]++;
}

/** Patients and events of each cell. */
export function countPatients(surv: Surv, patients: PatientCells) {
  const [n, events] = [new Uint32Array(patients.cells), new Uint32Array(patients.cells)];
  for (const {from, to, left, stride} of cellTables(surv, patients))
    for (let s = from; s < to; s++)
      for (let c = 0, at = (s - from) * stride; c < n.length; c++, at += 2) {
        n[c] += left[at] + left[at + 1];
        events[c] += left[at + 1];
      }
  return {n, events};
}

/** Takes those out of the risk, by cell, who came under observation only after a time. @returns how many remain to be taken */
export function takeLater(
  surv: Surv,
  patients: PatientCells,
  time: number,
  remaining: number,
  atRisk: Int32Array
): number {
  const {entrySlot} = surv;
  const {entryPlace} = sortedEvents(surv);
  if (!entryPlace || !entrySlot) return 0;
  while (remaining > 0 && entrySlot[remaining - 1] > time) {
    const c = cellAt(patients, entryPlace[--remaining]);
    if (c !== NO_CELL) atRisk[c]--;
  }
  return remaining;
}
