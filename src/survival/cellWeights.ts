import type {CellCounts} from "./cellCounts.js";
import {NO_CELL} from "./patientCells.js";
import {sortedEvents} from "./sortedEvents.js";
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
 * @param cell - aligned with `surv.order`: 0 … cells − 1, or `NO_CELL`
 * @throws {SurvivalInputError} if a weight is 0, as `coxph` has it
 */
export function weighCells(surv: Surv, weight: Float64Array, cell: Uint8Array, cells: number): CellWeights {
  const {order, slot, entryOrder, entrySlot} = surv;
  const {event, events: most, entryPlace} = sortedEvents(surv);
  const [n, deadWeight] = [new Float64Array(cells), new Float64Array(cells)];
  const [atRisk, dead] = [new Float64Array(most * cells), new Float64Array(most * cells)];
  const [slots, deaths] = [new Uint32Array(most), new Uint32Array(most)];
  const now = new Float64Array(cells);
  let [events, times, leaving] = [0, 0, entryOrder?.length ?? 0];
  for (let k = order.length - 1; k >= 0;) {
    const time = slot[k];
    while (entryOrder && entrySlot && entryPlace && leaving > 0 && entrySlot[leaving - 1] > time) {
      const c = cell[entryPlace[--leaving]];
      if (c !== NO_CELL) now[c] -= weight[entryOrder[leaving]];
    }
    let died = 0;
    for (; k >= 0 && slot[k] === time; k--) {
      const c = cell[k];
      if (c === NO_CELL) continue;
      const w = weight[order[k]];
      if (w === 0) throw weightless(order[k]);
      n[c] += w;
      now[c] += w;
      if (event[k] === 0) continue;
      died++;
      deadWeight[c] += w;
      dead[times * cells + c] += w;
    }
    if (died === 0) continue;
    for (let c = 0, at = times * cells; c < cells; c++, at++) atRisk[at] = now[c];
    slots[times] = time;
    deaths[times++] = died;
    events += died;
  }
  return {
    cells,
    n,
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
  const {cells, n, times, deadCell, deadStart} = counts;
  const dead = new Float64Array(blocks * cells);
  const atRisk = meansAtRisk(counts, blocks, (t) => deadStart[t + 1] - deadStart[t]);
  for (let b = 0; b < blocks; b++) {
    const [from, to] = [blockStart(b, times, blocks), blockStart(b + 1, times, blocks)];
    for (let d = deadStart[from]; d < deadStart[to]; d++) dead[b * cells + deadCell[d]]++;
  }
  return {
    ...oneEventEach(counts, blocks),
    cells,
    n,
    events: deadCell.length,
    atRisk,
    dead,
    deadWeight: Float64Array.from(counts.events)
  };
}

/** The same of weighted counts. */
export function weightedBlocksOf(counts: CellWeights, blocks: number): CellWeights {
  const {cells, n, times, events, deadWeight} = counts;
  const dead = new Float64Array(blocks * cells);
  const weightAt = (t: number) => {
    let weight = 0;
    for (let c = 0; c < cells; c++) weight += counts.dead[t * cells + c];
    return weight;
  };
  const atRisk = meansAtRisk(counts, blocks, weightAt);
  for (let b = 0; b < blocks; b++)
    for (let t = blockStart(b, times, blocks); t < blockStart(b + 1, times, blocks); t++)
      for (let c = 0; c < cells; c++) dead[b * cells + c] += counts.dead[t * cells + c];
  return {...oneEventEach(counts, blocks), cells, n, events, atRisk, dead, deadWeight};
}

const blockStart = (block: number, times: number, blocks: number) => Math.floor((block * times) / blocks);

function oneEventEach({times, slot}: Pick<CellWeights, "times" | "slot">, blocks: number) {
  const slots = Uint32Array.from({length: blocks}, (_, b) => slot[blockStart(b, times, blocks)]);
  return {times: blocks, slot: slots, deaths: new Uint32Array(blocks).fill(1)};
}

/** blocks × cells: mean at risk over the block's events. @param weightAt - of the events at a time */
function meansAtRisk(
  {cells, times, atRisk}: Pick<CellWeights, "cells" | "times"> & {readonly atRisk: ArrayLike<number>},
  blocks: number,
  weightAt: (time: number) => number
): Float64Array {
  const mean = new Float64Array(blocks * cells);
  for (let b = 0, t = 0, q = 0; b < blocks; b++) {
    let total = 0;
    for (const end = blockStart(b + 1, times, blocks); t < end; t++) {
      const weight = weightAt(t);
      total += weight;
      for (let c = 0; c < cells; c++, q++) mean[b * cells + c] += weight * atRisk[q];
    }
    for (let c = 0; c < cells; c++) mean[b * cells + c] /= total;
  }
  return mean;
}
