import type {Surv} from "./surv.js";

/** A row that is in no cell. */
export const NO_CELL = 255;

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

/**
 * Cell of every row: `group × levels + level`, `NO_CELL` for rows that are masked out, have no follow-up, no group or no
 * level.
 *
 * @param group - by row an index below `groups`, NaN for none; `level` likewise
 * @throws {RangeError} if there are more cells than a byte tells apart
 */
export function cellsOf(
  surv: Surv,
  rows: Uint8Array | null,
  {code: group, size: groups}: CellCode,
  {code: level, size: levels}: CellCode | typeof ONE_LEVEL = ONE_LEVEL
): Uint8Array {
  if (groups * levels >= NO_CELL) throw new RangeError(`cellsOf: ${groups} × ${levels} cells are more than 254.`);
  const cell = new Uint8Array(surv.size).fill(NO_CELL);
  const {complete} = sortedEvents(surv);
  for (let i = 0; i < cell.length; i++) {
    if (complete[i] === 0 || (rows && rows[i] === 0)) continue;
    const g = group[i];
    const l = level ? level[i] : 0;
    // NaN is not at or above 0.
    if (g >= 0 && l >= 0) cell[i] = g * levels + l;
  }
  return cell;
}

/** By row the index of a group or level, below `size`. */
export interface CellCode {
  readonly code: Float64Array | Int32Array;
  readonly size: number;
}

const ONE_LEVEL = {code: null, size: 1};

/** Groups as cells, with their counts: what curves, test and model of the same groups share. */
export interface CountedGroups {
  readonly cell: Uint8Array;
  readonly counts: CellCounts;
}

/**
 * @param rows - mask of the rows counted
 * @throws {RangeError} if there are more groups than a byte tells apart
 */
export function countGroups(surv: Surv, rows: Uint8Array | null, group: CellCode): CountedGroups {
  const cell = cellsOf(surv, rows, group);
  return {cell, counts: countCells(surv, cell, group.size)};
}

/** What of a cohort every count of it needs, whatever its cells; kept with the cohort. */
export interface SortedEvents {
  /** By row: 1 if its follow-up is complete. */
  readonly complete: Uint8Array;
  /** Aligned with `surv.order`. */
  readonly event: Uint8Array;
  /** How many. */
  readonly events: number;
}

/** By the order, which weighted follow-up may share; not so events that are turned round. */
const kept = new WeakMap<Uint32Array, SortedEvents & {readonly of: Uint8Array}>();

export function sortedEvents(surv: Surv): SortedEvents {
  const known = kept.get(surv.order);
  if (known?.of === surv.event) return known;
  const complete = new Uint8Array(surv.size);
  const event = new Uint8Array(surv.order.length);
  let events = 0;
  for (let k = 0; k < event.length; k++) {
    complete[surv.order[k]] = 1;
    events += event[k] = surv.event[surv.order[k]];
  }
  kept.set(surv.order, {complete, event, events, of: surv.event});
  return {complete, event, events};
}

/** Patients and events of each cell. */
export function countPatients({event, size}: Surv, cell: Uint8Array, cells: number) {
  const [n, events] = [new Uint32Array(256), new Uint32Array(256)];
  for (let i = 0; i < size; i++) {
    n[cell[i]]++;
    events[cell[i]] += event[i];
  }
  return {n: n.slice(0, cells), events: events.slice(0, cells)};
}

/**
 * One pass over a sorted cohort.
 *
 * @param surv - with left truncation where given; weights are not looked at
 * @param cell - by row: 0 … cells − 1, or `NO_CELL`; rows without follow-up must be in none
 * @param cells - at most 254
 */
export function countCells(surv: Surv, cell: Uint8Array, cells: number): CellCounts {
  const {order, slot, entryOrder, entrySlot} = surv;
  const {event} = sortedEvents(surv);
  const {n, events} = countPatients(surv, cell, cells);
  const all = events.reduce((sum, e) => sum + e, 0);
  const atRisk = new Uint32Array(all * cells);
  const deadCell = new Uint8Array(all);
  const deadStart = new Uint32Array(all + 1);
  const slots = new Uint32Array(all);
  const now = new Uint32Array(256);
  let [times, dead, leaving] = [0, 0, entryOrder?.length ?? 0];
  for (let k = order.length - 1; k >= 0;) {
    const time = slot[k];
    while (entryOrder && entrySlot && leaving > 0 && entrySlot[leaving - 1] > time) now[cell[entryOrder[--leaving]]]--;
    const before = dead;
    for (; k >= 0 && slot[k] === time; k--) {
      const c = cell[order[k]];
      now[c]++;
      if (event[k] === 1 && c !== NO_CELL) deadCell[dead++] = c;
    }
    if (dead === before) continue;
    for (let c = 0, at = times * cells; c < cells; c++, at++) atRisk[at] = now[c];
    slots[times] = time;
    deadStart[++times] = dead;
  }
  return {
    cells,
    n,
    events,
    times,
    slot: slots.subarray(0, times),
    atRisk: atRisk.subarray(0, times * cells),
    deadCell,
    deadStart: deadStart.subarray(0, times + 1)
  };
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
