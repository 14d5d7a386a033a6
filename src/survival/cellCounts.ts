import {cellTables, takeLater} from "./cellTable.js";
import type {CellTable} from "./cellTable.js";
import {cellsOf, NO_CELL} from "./patientCells.js";
import type {CellCode, PatientCells} from "./patientCells.js";
import {sortedEvents} from "./sortedEvents.js";
import type {Surv} from "./surv.js";

/**
 * Patients in cells of equal covariates, counted at every event time: all that the partial likelihood of such a model
 * depends on, and all that a log-rank test of them does. Times are in descending order.
 */
export interface CellCounts {
  readonly cells: number;
  /** By cell: patients and events. */
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  /** Distinct times at which somebody in a cell had the event. */
  readonly times: number;
  /** By time: index into the cohort's distinct times. */
  readonly slot: Uint32Array;
  /** times × cells: patients at risk just before. */
  readonly atRisk: Uint32Array;
  /** Cells of the events, time by time: those of time t are [deadStart[t], deadStart[t + 1]). */
  readonly deadCell: Uint8Array;
  readonly deadStart: Uint32Array;
}

/** Groups as cells, with their counts: what curves, test and model of the same groups share. */
export interface CountedGroups {
  readonly patients: PatientCells;
  readonly counts: CellCounts;
}

/**
 * @param rows - mask of the rows counted
 * @throws {RangeError} if there are more groups than a byte tells apart
 */
export function countGroups(surv: Surv, rows: Uint8Array | null, group: CellCode): CountedGroups {
  const patients = cellsOf(surv, rows, group);
  return {patients, counts: countCells(surv, patients)};
}

/**
 * @param surv - with left truncation where given; weights are not looked at
 */
export function countCells(surv: Surv, patients: PatientCells): CellCounts {
  const {cells} = patients;
  const {events: all} = sortedEvents(surv);
  const most = Math.min(all, surv.distinctTime.length);
  const into: Counting = {
    now: new Int32Array(cells),
    n: new Uint32Array(cells),
    events: new Uint32Array(cells),
    atRisk: new Uint32Array(most * cells),
    deadCell: new Uint8Array(all + 1),
    deadStart: new Uint32Array(most + 1),
    slot: new Uint32Array(most),
    times: 0,
    entering: surv.entryOrder?.length ?? 0
  };
  for (const table of cellTables(surv, patients)) addTimes(into, table, surv, patients);
  const {n, events, times, slot, atRisk, deadCell, deadStart} = into;
  return {
    cells,
    n,
    events,
    times,
    slot: slot.subarray(0, times),
    atRisk: atRisk.subarray(0, times * cells),
    deadCell: deadCell.subarray(0, deadStart[times]),
    deadStart: deadStart.subarray(0, times + 1)
  };
}

/** Counts so far, the last times first. */
interface Counting extends Pick<CellCounts, "n" | "events" | "atRisk" | "deadCell" | "deadStart" | "slot"> {
  /** By cell: at risk at the time reached. */
  readonly now: Int32Array;
  times: number;
  /** How many came under observation before it. */
  entering: number;
}

function addTimes(into: Counting, {from, to, left, stride}: CellTable, surv: Surv, patients: PatientCells): void {
  const {now, n, events, atRisk, deadCell, deadStart, slot} = into;
  const cells = now.length;
  let {times} = into;
  let dead = deadStart[times];
  for (let s = to - 1; s >= from; s--) {
    if (into.entering > 0) into.entering = takeLater(surv, patients, s, into.entering, now);
    const before = dead;
    for (let c = 0, at = 2 * (s - from) * stride; c < cells; c++, at++) {
      const died = left[at + stride];
      const both = left[at] + died;
      now[c] += both;
      n[c] += both;
      events[c] += died;
      // Kept if there is one.
      deadCell[dead] = c;
      for (let d = 1; d < died; d++) deadCell[dead + d] = c;
      dead += died;
    }
    if (dead === before) continue;
    for (let c = 0, at = times * cells; c < cells; c++) atRisk[at + c] = now[c];
    slot[times] = s;
    deadStart[++times] = dead;
  }
  into.times = times;
}

/** The counts of some cells only, in the order given, at the times of their own events. */
export function pickCells(counts: CellCounts, picked: readonly number[]): CellCounts {
  const {atRisk, deadCell, deadStart} = counts;
  const cells = picked.length;
  if (cells === counts.cells && picked.every((c, k) => c === k)) return counts;
  const place = new Uint8Array(counts.cells).fill(NO_CELL);
  picked.forEach((c, k) => (place[c] = k));
  const of = (column: Uint32Array) => Uint32Array.from(picked, (c) => column[c]);
  const all = of(counts.events).reduce((sum, e) => sum + e, 0);
  const into = {
    slot: new Uint32Array(all),
    atRisk: new Uint32Array(all * cells),
    deadCell: new Uint8Array(all),
    deadStart: new Uint32Array(all + 1)
  };
  let [times, dead] = [0, 0];
  for (let t = 0; t < counts.times; t++) {
    const before = dead;
    for (let d = deadStart[t]; d < deadStart[t + 1]; d++) {
      const c = place[deadCell[d]];
      if (c !== NO_CELL) into.deadCell[dead++] = c;
    }
    if (dead === before) continue;
    for (let c = 0; c < cells; c++) into.atRisk[times * cells + c] = atRisk[t * counts.cells + picked[c]];
    into.slot[times] = counts.slot[t];
    into.deadStart[++times] = dead;
  }
  return {
    cells,
    n: of(counts.n),
    events: of(counts.events),
    times,
    slot: into.slot.subarray(0, times),
    atRisk: into.atRisk.subarray(0, times * cells),
    deadCell: into.deadCell,
    deadStart: into.deadStart.subarray(0, times + 1)
  };
}
