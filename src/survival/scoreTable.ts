import {TERMS} from "../numeric/chebyshev.js";
import {inParts} from "../numeric/inParts.js";
import type {ScoreBins} from "./scoreBins.js";
import {sortedEvents, valuesInOrder} from "./sortedEvents.js";
import type {Surv} from "./surv.js";

/** An arm that is none: the patient is not counted. */
export const NO_ARM = 2;

/**
 * Patients of two arms by time and score. Of each bin of scores it has the sums of the first Chebyshev polynomials over its
 * patients: all that a sum of a smooth function over them needs, so that a likelihood costs as much as the table has numbers,
 * however many patients there are.
 */
export interface ScoreTable {
  readonly times: number;
  readonly bins: number;
  /** times × 2 × 2 × bins × TERMS: of those censored, then of those with the event; within each untreated, then treated. */
  readonly sums: Float64Array;
  /** By time: how many leave, and with the event. */
  readonly left: Float64Array;
  readonly deaths: Float64Array;
  /** Of one line: sums over all patients, and over those with the event. */
  readonly all: Float64Array;
  readonly died: Float64Array;
}

/** Numbers of one time, of those censored or of those with the event. */
export const widthOf = ({bins}: Pick<ScoreTable, "bins">) => 2 * bins * TERMS;

/** Patients of a sorted cohort without weights or left truncation. */
export interface ArmsAndScores {
  readonly surv: Surv;
  /** By row of the cohort: 0 untreated, 1 treated, `NO_ARM`. */
  readonly arm: Uint8Array;
  /** By row; known where the arm is. */
  readonly score: Float64Array;
}

/**
 * One pass over the cohort. The table is filled anew for the next one of the same cohort.
 *
 * @param most - more distinct times than this are taken together, neighbours first
 */
export function scoreTable({surv, arm, score}: ArmsAndScores, binned: ScoreBins, most: number): ScoreTable {
  const {order, distinctTime} = surv;
  const each = Math.ceil(distinctTime.length / most);
  const times = Math.ceil(distinctTime.length / each);
  const group = Uint32Array.from(distinctTime, (_, t) => Math.floor(t / each));
  const patients = {order, arm, slotAndEvent: sortedEvents(surv).slotAndEvent, score: valuesInOrder(surv, score)};
  const sums = emptied(order, 2 * times * widthOf(binned));
  inParts(order.length, (from, to) => addPatients(sums, binned, group, patients, from, to));
  return withTotals(times, binned.bins, sums);
}

const room = new WeakMap<Uint32Array, Float64Array>();

/** Zeros where the table before had its numbers, which is quicker than memory never used before. */
function emptied(order: Uint32Array, size: number): Float64Array {
  const used = room.get(order);
  if (used && used.length >= size) return used.subarray(0, size).fill(0);
  const fresh = new Float64Array(size);
  room.set(order, fresh);
  return fresh;
}

interface PatientsInOrder {
  readonly order: Uint32Array;
  /** By row. */
  readonly arm: Uint8Array;
  /** Aligned with `order`. */
  readonly slotAndEvent: Int32Array;
  readonly score: Float64Array;
}

function addPatients(
  sums: Float64Array,
  {bins, edge, centre, perHalf, first, least, perUnit}: ScoreBins,
  group: Uint32Array,
  {order, arm, slotAndEvent, score}: PatientsInOrder,
  from: number,
  to: number
): void {
  const width = 2 * bins * TERMS;
  for (let k = from; k < to; k++) {
    const a = arm[order[k]];
    if (a === NO_ARM) continue;
    const x = score[k];
    let b = first[((x - least) * perUnit) | 0];
    while (x >= edge[b + 1]) b++;
    const u = (x - centre[b]) * perHalf[b];
    const slot = slotAndEvent[k];
    const at = (2 * group[slot >> 1] + (slot & 1)) * width + (a * bins + b) * TERMS;
    addPolynomials(sums, at, u);
  }
}

/** Adds T₀(u) … T₁₅(u), four at a time: Tₘ₊₄ = 2 T₄ Tₘ − T|ₘ₋₄|. */
function addPolynomials(sums: Float64Array, at: number, u: number): void {
  let now0 = 1;
  let now1 = u;
  let now2 = 2 * u * u - 1;
  let now3 = (2 * now2 - 1) * u;
  let before0 = 2 * now2 * now2 - 1;
  let before1 = now3;
  let before2 = now2;
  let before3 = u;
  const twice = 2 * before0;
  for (let m = at; m < at + TERMS; m += 4) {
    sums[m] += now0;
    sums[m + 1] += now1;
    sums[m + 2] += now2;
    sums[m + 3] += now3;
    const next0 = twice * now0 - before0;
    const next1 = twice * now1 - before1;
    const next2 = twice * now2 - before2;
    const next3 = twice * now3 - before3;
    before0 = now0;
    before1 = now1;
    before2 = now2;
    before3 = now3;
    now0 = next0;
    now1 = next1;
    now2 = next2;
    now3 = next3;
  }
}

/**
 * The same of neighbouring times taken together, some `most` groups of equally many events, more where few are at risk. Half of those
 * censored within a group are taken to leave before its events.
 */
export function coarserTable({times, bins, sums, deaths, left, all}: ScoreTable, most: number): ScoreTable {
  const width = widthOf({bins});
  const each = deaths.reduce((sum, d) => sum + d, 0) / most;
  const group = new Uint32Array(times);
  let atRisk = patientsIn(all, 0, bins);
  let groups = 0;
  for (let t = 0, dead = 0, gone = 0; t < times; t++) {
    if (dead >= each || gone * most >= 4 * atRisk) {
      groups++;
      atRisk -= gone;
      dead = gone = 0;
    }
    group[t] = groups;
    dead += deaths[t];
    gone += left[t];
  }
  groups++;
  const into = new Float64Array(2 * groups * width);
  for (let t = 0; t < times; t++) {
    const [from, at] = [2 * t * width, 2 * group[t] * width];
    addPart(into, at, sums, from, width, 0.5);
    if (group[t] > 0) addPart(into, at - 2 * width, sums, from, width, 0.5);
    addPart(into, at + width, sums, from + width, width, 1);
  }
  return withTotals(groups, bins, into);
}

/** Adds a part of a line. */
export function addPart(
  into: Float64Array,
  at: number,
  sums: Float64Array,
  from: number,
  width: number,
  part: number
): void {
  for (let b = 0; b < width; b += TERMS) {
    // Nobody is in the bin.
    if (sums[from + b] === 0) continue;
    for (let q = b; q < b + TERMS; q++) into[at + q] += part * sums[from + q];
  }
}

function withTotals(times: number, bins: number, sums: Float64Array): ScoreTable {
  const width = widthOf({bins});
  const [left, deaths] = [new Float64Array(times), new Float64Array(times)];
  const [all, died] = [new Float64Array(width), new Float64Array(width)];
  for (let t = 0; t < times; t++) {
    addPart(all, 0, sums, 2 * t * width, width, 1);
    addPart(died, 0, sums, (2 * t + 1) * width, width, 1);
    deaths[t] = patientsIn(sums, (2 * t + 1) * width, bins);
    left[t] = deaths[t] + patientsIn(sums, 2 * t * width, bins);
  }
  addPart(all, 0, died, 0, width, 1);
  return {times, bins, sums, left, deaths, all, died};
}

/** The first term is 1, so its sums are numbers of patients. */
function patientsIn(sums: Float64Array, from: number, bins: number): number {
  let n = 0;
  for (let b = 0; b < 2 * bins; b++) n += sums[from + b * TERMS];
  return n;
}
