import type {Surv} from "./surv.js";

/** A row that is in no cell. */
export const NO_CELL = 255;

/**
 * Patients in cells of equal covariates, counted at every event time: all that the partial likelihood of such a model
 * depends on. Times are in descending order.
 */
export interface CellCounts {
  readonly cells: number;
  /** By cell: patients and events. */
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  /** Distinct times at which somebody in a cell had the event. */
  readonly times: number;
  /** times × cells: patients at risk just before. */
  readonly atRisk: Uint32Array;
  /** Cells of the events, time by time: those of time t are [deadStart[t], deadStart[t + 1]). */
  readonly deadCell: Uint8Array;
  readonly deadStart: Uint32Array;
}

/**
 * One pass over a sorted cohort.
 *
 * @param surv - with left truncation where given; weights are not looked at
 * @param cell - by row: 0 … cells − 1, or `NO_CELL`
 * @param cells - at most 255
 */
export function countCells(surv: Surv, cell: Uint8Array, cells: number): CellCounts {
  const {order, slot, event, entryOrder, entrySlot} = surv;
  const n = new Uint32Array(cells + 1);
  const events = new Uint32Array(cells + 1);
  for (let k = 0; k < order.length; k++) {
    const c = cell[order[k]] === NO_CELL ? cells : cell[order[k]];
    n[c]++;
    events[c] += event[order[k]];
  }
  const all = events.subarray(0, cells).reduce((sum, e) => sum + e, 0);
  const atRisk = new Uint32Array(all * cells);
  const deadCell = new Uint8Array(all);
  const deadStart = new Uint32Array(all + 1);
  const now = new Uint32Array(cells);
  let [times, dead, leaving] = [0, 0, entryOrder?.length ?? 0];
  for (let k = order.length - 1; k >= 0;) {
    const time = slot[k];
    while (entryOrder && entrySlot && leaving > 0 && entrySlot[leaving - 1] > time) {
      const c = cell[entryOrder[--leaving]];
      if (c !== NO_CELL) now[c]--;
    }
    const before = dead;
    for (; k >= 0 && slot[k] === time; k--) {
      const i = order[k];
      const c = cell[i];
      if (c === NO_CELL) continue;
      now[c]++;
      if (event[i] === 1) deadCell[dead++] = c;
    }
    if (dead === before) continue;
    for (let c = 0, at = times * cells; c < cells; c++, at++) atRisk[at] = now[c];
    deadStart[++times] = dead;
  }
  return {
    cells,
    n: n.subarray(0, cells),
    events: events.subarray(0, cells),
    times,
    atRisk: atRisk.subarray(0, times * cells),
    deadCell,
    deadStart: deadStart.subarray(0, times + 1)
  };
}

/** The counts of some cells only, in the order given, at the times of their own events. */
export function pickCells(counts: CellCounts, picked: readonly number[]): CellCounts {
  const {atRisk, deadCell, deadStart} = counts;
  const cells = picked.length;
  const place = new Uint8Array(counts.cells).fill(NO_CELL);
  picked.forEach((c, k) => (place[c] = k));
  const of = (column: Uint32Array) => Uint32Array.from(picked, (c) => column[c]);
  const all = of(counts.events).reduce((sum, e) => sum + e, 0);
  const into = {
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
    into.deadStart[++times] = dead;
  }
  return {
    cells,
    n: of(counts.n),
    events: of(counts.events),
    times,
    atRisk: into.atRisk.subarray(0, times * cells),
    deadCell: into.deadCell,
    deadStart: into.deadStart.subarray(0, times + 1)
  };
}

/** The counts at one in `step` of the event times. */
export function everyTimes(counts: CellCounts, step: number): CellCounts {
  const {cells, atRisk, deadCell, deadStart} = counts;
  const times = Math.ceil(counts.times / step);
  const thin = {atRisk: new Uint32Array(times * cells), deadStart: new Uint32Array(times + 1)};
  const dead: number[] = [];
  const events = new Uint32Array(cells);
  for (let t = 0, from = 0; t < times; t++, from += step) {
    thin.atRisk.set(atRisk.subarray(from * cells, (from + 1) * cells), t * cells);
    for (let d = deadStart[from]; d < deadStart[from + 1]; d++) {
      dead.push(deadCell[d]);
      events[deadCell[d]]++;
    }
    thin.deadStart[t + 1] = dead.length;
  }
  return {cells, n: counts.n, events, times, ...thin, deadCell: Uint8Array.from(dead)};
}
