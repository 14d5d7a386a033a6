import {inParts} from "../numeric/inParts.js";
import {placeOf} from "./patientCells.js";
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
  /** times × 2 × stride: by cell those censored, then by cell those with the event. Filled anew for the next table. */
  readonly left: Int32Array;
  readonly stride: number;
}

/** A table of so many numbers stays near the processor. */
export const NEAR = 65_536;

/** Tables of a sorted cohort, its last times first. */
export function* cellTables(surv: Surv, patients: PatientCells): Generator<CellTable> {
  const stride = strideOf(patients);
  const times = surv.distinctTime.length;
  const most = Math.max(1, Math.floor(NEAR / (2 * stride)));
  if (times <= most) return yield wholeTable(surv, patients);
  const left = new Int32Array(2 * most * stride);
  for (let to = times; to > 0; to -= most) {
    left.fill(0);
    const table = {from: Math.max(0, to - most), to, left, stride};
    fill(table, surv, patients);
    yield table;
  }
}

/** The last number of a line is of patients in no cell. */
const strideOf = ({cells}: PatientCells) => cells + 1;

/** By the cells, for figures that count the same: of few distinct times, as days are, one table holds all. */
const wholeKnown = new WeakMap<PatientCells, {readonly event: Uint8Array; readonly table: CellTable}>();

function wholeTable(surv: Surv, patients: PatientCells): CellTable {
  const known = wholeKnown.get(patients);
  if (known?.event === surv.event) return known.table;
  const stride = strideOf(patients);
  const to = surv.distinctTime.length;
  const table = {from: 0, to, left: new Int32Array(2 * to * stride), stride};
  fill(table, surv, patients);
  wholeKnown.set(patients, {event: surv.event, table});
  return table;
}

function fill(table: CellTable, surv: Surv, patients: PatientCells): void {
  const {slotAndEvent, slotStart} = sortedEvents(surv);
  const start = slotStart[table.from];
  inParts(slotStart[table.to] - start, (from, to) => addLeft(table, patients, slotAndEvent, start + from, start + to));
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
  patients: PatientCells,
  time: number,
  remaining: number,
  atRisk: Int32Array
): number {
  const {entrySlot} = surv;
  const {entryPlace} = sortedEvents(surv);
  if (!entryPlace || !entrySlot) return 0;
  while (remaining > 0 && entrySlot[remaining - 1] > time) {
    const k = entryPlace[--remaining];
    const c = patients.cellOf[placeOf(patients.first[k], patients.second[k])];
    if (c < patients.cells) atRisk[c]--;
  }
  return remaining;
}
