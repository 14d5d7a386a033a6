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
const NEAR = 32_768;

/**
 * Tables of a sorted cohort, its last times first.
 */
export function* cellTables(surv: Surv, patients: PatientCells): Generator<CellTable> {
  const {cells} = patients;
  const {slot, distinctTime} = surv;
  const {event, slotStart} = sortedEvents(surv);
  // The last two numbers of a line are of patients in no cell.
  const stride = 2 * (cells + 1);
  const place = Int32Array.from({length: NO_CELL + 1}, (_, c) => 2 * Math.min(c, cells));
  const times = distinctTime.length;
  const most = Math.max(1, Math.min(times, Math.floor(NEAR / stride)));
  const left = new Int32Array(most * stride);
  for (let to = times; to > 0; to -= most) {
    const from = Math.max(0, to - most);
    if (to < times) left.fill(0);
    const start = slotStart[from];
    inParts(slotStart[to] - start, (first, end) =>
      addLeft(left, patients, place, slot, event, {from, stride, begin: start + first, end: start + end})
    );
    yield {from, to, left, stride};
  }
}

function addLeft(
  left: Int32Array,
  {first, second, cellOf}: PatientCells,
  place: Int32Array,
  slot: Uint32Array,
  event: Uint8Array,
  {from, stride, begin, end}: {from: number; stride: number; begin: number; end: number}
): void {
  for (let k = begin; k < end; k++)
    left[(slot[k] - from) * stride + place[cellOf[256 * first[k] + second[k]]] + event[k]]++;
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
