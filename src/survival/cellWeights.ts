import type {CellCounts} from "./cellCounts.js";
import {NO_CELL, sortedEvents} from "./cellCounts.js";
import {SurvivalInputError} from "./surv.js";
import type {Surv} from "./surv.js";

/** Weights of cells of equal covariates at every event time, as `CellCounts` has patients. Times are in descending order. */
export interface CellWeights {
  readonly cells: number;
  /** By cell: patients, or their weight. */
  readonly n: ArrayLike<number>;
  /** By cell: weight of the events. */
  readonly deadWeight: Float64Array;
  /** Number of events. */
  readonly events: number;
  readonly times: number;
  /** By time: index into the cohort's distinct times. */
  readonly slot: Uint32Array;
  /** times × cells: weight at risk just before. */
  readonly atRisk: Float64Array;
  /** times × cells: weight of the events. */
  readonly dead: Float64Array;
  /** By time: number of events. */
  readonly deaths: Uint32Array;
}

/**
 * One pass over a sorted and weighted cohort.
 *
 * @param cell - by row: 0 … cells − 1, or `NO_CELL`; rows without follow-up must be in none
 * @throws {SurvivalInputError} if a weight is 0, as `coxph` has it
 */
export function weighCells(surv: Surv, weight: Float64Array, cell: Uint8Array, cells: number): CellWeights {
  const {order, slot, entryOrder, entrySlot} = surv;
  const {event} = sortedEvents(surv);
  const [n, deadWeight] = [new Float64Array(256), new Float64Array(cells)];
  let events = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    if (cell[i] === NO_CELL) continue;
    if (weight[i] === 0) throw weightless(i);
    n[cell[i]] += weight[i];
    if (event[k] === 0) continue;
    events++;
    deadWeight[cell[i]] += weight[i];
  }
  const [atRisk, dead] = [new Float64Array(events * cells), new Float64Array(events * cells)];
  const [slots, deaths] = [new Uint32Array(events), new Uint32Array(events)];
  const now = new Float64Array(256);
  let [times, leaving] = [0, entryOrder?.length ?? 0];
  for (let k = order.length - 1; k >= 0;) {
    const time = slot[k];
    while (entryOrder && entrySlot && leaving > 0 && entrySlot[leaving - 1] > time) {
      const i = entryOrder[--leaving];
      if (cell[i] !== NO_CELL) now[cell[i]] -= weight[i];
    }
    let died = 0;
    for (; k >= 0 && slot[k] === time; k--) {
      const i = order[k];
      const c = cell[i];
      if (c === NO_CELL) continue;
      now[c] += weight[i];
      if (event[k] === 0) continue;
      died++;
      dead[times * cells + c] += weight[i];
    }
    if (died === 0) continue;
    for (let c = 0, at = times * cells; c < cells; c++, at++) atRisk[at] = now[c];
    slots[times] = time;
    deaths[times++] = died;
  }
  return {
    cells,
    n: n.slice(0, cells),
    deadWeight,
    events,
    times,
    slot: slots.subarray(0, times),
    atRisk: atRisk.subarray(0, times * cells),
    dead: dead.subarray(0, times * cells),
    deaths: deaths.subarray(0, times)
  };
}

const weightless = (row: number) =>
  new SurvivalInputError(
    `coxph: weight[${row}] is 0; leave the row out by the mask, or give it a weight above 0.`,
    row
  );

/** Neighbouring event times taken together: all their events, as one of that weight, and the mean of those at risk. */
export function blocksOf(counts: CellCounts, blocks: number): CellWeights {
  const {cells, times, atRisk, deadCell, deadStart, slot} = counts;
  const [sums, dead] = [new Float64Array(blocks * cells), new Float64Array(blocks * cells)];
  const slots = new Uint32Array(blocks);
  for (let b = 0; b < blocks; b++) {
    const [from, to] = [Math.floor((b * times) / blocks), Math.floor(((b + 1) * times) / blocks)];
    const at = b * cells;
    slots[b] = slot[from];
    for (let t = from, q = from * cells; t < to; t++) {
      const deaths = deadStart[t + 1] - deadStart[t];
      for (let c = 0; c < cells; c++, q++) sums[at + c] += deaths * atRisk[q];
    }
    const events = deadStart[to] - deadStart[from];
    for (let c = 0; c < cells; c++) sums[at + c] /= events;
    for (let d = deadStart[from]; d < deadStart[to]; d++) dead[at + deadCell[d]]++;
  }
  const deaths = new Uint32Array(blocks).fill(1);
  const deadWeight = Float64Array.from(counts.events);
  return {
    cells,
    n: counts.n,
    deadWeight,
    events: deadCell.length,
    times: blocks,
    slot: slots,
    atRisk: sums,
    dead,
    deaths
  };
}
