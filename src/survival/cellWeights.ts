import type {CellCounts} from "./cellCounts.js";
import {takeLater} from "./cellTable.js";
import type {PatientCells} from "./patientCells.js";
import type {Surv} from "./surv.js";
import {sortedEvents, valuesInOrder} from "./sortedEvents.js";
import {refuseWeightless, weightTables} from "./weightTable.js";
import type {WeightTable} from "./weightTable.js";

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

/** Weights of patients, with the number of events by cell. */
export interface WeighedPatients extends CellWeights {
  /** times × cells. */
  readonly died: Uint32Array;
}

/**
 * One pass over a sorted and weighted cohort.
 *
 * @throws {SurvivalInputError} if a weight is 0, as `coxph` has it
 */
export function weighCells(surv: Surv, weight: Float64Array, patients: PatientCells): WeighedPatients {
  const {cells} = patients;
  const {events: all} = sortedEvents(surv);
  refuseWeightless(surv, valuesInOrder(surv, weight), patients);
  const most = Math.min(all, surv.distinctTime.length);
  const into: Weighing = {
    now: new Float64Array(cells),
    n: new Float64Array(cells),
    deadWeight: new Float64Array(cells),
    atRisk: new Float64Array(most * cells),
    dead: new Float64Array(most * cells),
    died: new Uint32Array(most * cells),
    slot: new Uint32Array(most),
    deaths: new Uint32Array(most),
    times: 0,
    entering: surv.entryOrder?.length ?? 0
  };
  for (const table of weightTables(surv, weight, patients)) addTimes(into, table, surv, weight, patients);
  return shortened(into, cells, into.times);
}

/** Weights so far, the last times first. */
interface Weighing extends Pick<WeighedPatients, "deadWeight" | "atRisk" | "dead" | "died" | "slot" | "deaths"> {
  /** By cell: at risk at the time reached, and all so far. */
  readonly now: Float64Array;
  readonly n: Float64Array;
  times: number;
  /** How many came under observation before it. */
  entering: number;
}

function addTimes(
  into: Weighing,
  {from, to, left, weight: sums, stride}: WeightTable,
  surv: Surv,
  weight: Float64Array,
  patients: PatientCells
): void {
  const {now, n, deadWeight, atRisk, dead, died, slot, deaths} = into;
  const cells = now.length;
  for (let s = to - 1; s >= from; s--) {
    if (into.entering > 0) into.entering = takeLater(surv, patients, s, into.entering, now, weight);
    const at = 2 * (s - from) * stride;
    let events = 0;
    for (let c = 0; c < cells; c++) {
      const w = sums[at + c] + sums[at + stride + c];
      now[c] += w;
      n[c] += w;
      events += left[at + stride + c];
    }
    if (events === 0) continue;
    for (let c = 0, row = into.times * cells; c < cells; c++, row++) {
      deadWeight[c] += dead[row] = sums[at + stride + c];
      died[row] = left[at + stride + c];
      atRisk[row] = now[c];
    }
    slot[into.times] = s;
    deaths[into.times++] = events;
  }
}

/** Columns cut to so many times, in which somebody had the event. */
function shortened(
  {n, deadWeight, slot, atRisk, dead, died, deaths}: Omit<WeighedPatients, "cells" | "times" | "events">,
  cells: number,
  times: number
): WeighedPatients {
  return {
    cells,
    n,
    deadWeight,
    events: deaths.reduce((sum, d) => sum + d, 0),
    times,
    slot: slot.subarray(0, times),
    atRisk: atRisk.subarray(0, times * cells),
    dead: dead.subarray(0, times * cells),
    died: died.subarray(0, times * cells),
    deaths: deaths.subarray(0, times)
  };
}

/** The weights of some cells only, in the order given, at the times of their own events. */
export function pickWeighted(counts: WeighedPatients, picked: readonly number[]): WeighedPatients {
  const cells = picked.length;
  if (cells === counts.cells && picked.every((c, k) => c === k)) return counts;
  const of = (column: ArrayLike<number>) => Float64Array.from(picked, (c) => column[c]);
  const into = {
    n: of(counts.n),
    deadWeight: of(counts.deadWeight),
    slot: new Uint32Array(counts.times),
    atRisk: new Float64Array(counts.times * cells),
    dead: new Float64Array(counts.times * cells),
    died: new Uint32Array(counts.times * cells),
    deaths: new Uint32Array(counts.times)
  };
  let times = 0;
  for (let t = 0; t < counts.times; t++) {
    let events = 0;
    for (const c of picked) events += counts.died[t * counts.cells + c];
    if (events === 0) continue;
    for (let k = 0, row = times * cells; k < cells; k++, row++) {
      const at = t * counts.cells + picked[k];
      into.atRisk[row] = counts.atRisk[at];
      into.dead[row] = counts.dead[at];
      into.died[row] = counts.died[at];
    }
    into.slot[times] = counts.slot[t];
    into.deaths[times++] = events;
  }
  return shortened(into, cells, times);
}

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
