import {cellTables, countPatients, takeLater} from "./cellTable.js";
import type {CellTable} from "./cellTable.js";
import {curveOfCounts} from "./kaplanMeier.js";
import type {KaplanMeier, KaplanMeierOptions} from "./kaplanMeier.js";
import type {PatientCells} from "./patientCells.js";
import {varianceOfSums} from "./kaplanMeierRobust.js";
import type {Surv} from "./surv.js";
import {valuesInOrder} from "./sortedEvents.js";
import {fractionalCells, weightTables} from "./weightTable.js";
import type {WeightTable} from "./weightTable.js";

/**
 * Kaplan–Meier curves of all cells in one pass over a sorted cohort; of weighted patients only without left truncation.
 *
 * @returns by cell; null where it has no patient
 * @see `kaplanMeierBy`, whose curves these are
 */
export function kaplanMeierByCell(
  surv: Surv,
  inCells: PatientCells,
  options: KaplanMeierOptions = {}
): (KaplanMeier | null)[] {
  if (surv.weight) return weightedCurves(surv, surv.weight, inCells, options);
  const {cells} = inCells;
  const {n} = countPatients(surv, inCells);
  const end = new Uint32Array(cells);
  n.forEach((patients, c) => (end[c] = Math.min(patients, surv.distinctTime.length) + (c > 0 ? end[c - 1] : 0)));
  const size = cells > 0 ? end[cells - 1] : 0;
  const [time, atRisk, events, censored] = [0, 0, 0, 0].map(() => new Float64Array(size));
  const into = {now: new Int32Array(cells), first: end.slice(), time, atRisk, events, censored};
  let entering = surv.entryOrder?.length ?? 0;
  for (const table of cellTables(surv, inCells)) entering = addSteps(into, table, surv, inCells, entering);
  return Array.from(n, (patients, c) => {
    if (patients === 0) return null;
    const own = (column: Float64Array) => column.subarray(into.first[c], end[c]);
    const counts = {time: own(time), atRisk: own(atRisk), events: own(events), censored: own(censored)};
    return curveOfCounts(counts, patients, options);
  });
}

/** Columns of all cells, one cell after the other, each filled from its last time. */
interface Steps {
  /** By cell: at risk at the time reached, and the place of its step filled last. */
  readonly now: Int32Array;
  readonly first: Uint32Array;
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly censored: Float64Array;
}

/** @returns how many of those who came under observation later remain to be taken out */
function addSteps(
  {now, first, time, atRisk, events, censored}: Steps,
  {from, to, left, stride}: CellTable,
  surv: Surv,
  inCells: PatientCells,
  entering: number
): number {
  const {distinctTime} = surv;
  const cells = now.length;
  for (let s = to - 1; s >= from; s--) {
    if (entering > 0) entering = takeLater(surv, inCells, s, entering, now);
    for (let c = 0, at = 2 * (s - from) * stride; c < cells; c++, at++) {
      const both = left[at] + left[at + stride];
      if (both === 0) continue;
      now[c] += both;
      const j = --first[c];
      time[j] = distinctTime[s];
      atRisk[j] = now[c];
      censored[j] = left[at];
      events[j] = left[at + stride];
    }
  }
  return entering;
}

function weightedCurves(
  surv: Surv,
  weight: Float64Array,
  inCells: PatientCells,
  options: KaplanMeierOptions
): (KaplanMeier | null)[] {
  const {cells} = inCells;
  const {n} = countPatients(surv, inCells);
  const fractional = fractionalCells(valuesInOrder(surv, weight), inCells);
  const room = Array.from(n, (patients) => Math.min(patients, surv.distinctTime.length));
  const into = room.map((size): WeightedSteps => {
    const [time, atRisk, events, censored, deadSquare, leftSquare] = [0, 0, 0, 0, 0, 0].map(
      () => new Float64Array(size)
    );
    return {now: 0, first: size, time, atRisk, events, censored, deadSquare, leftSquare};
  });
  for (const table of weightTables(surv, weight, inCells))
    for (let c = 0; c < cells; c++) into[c] = addWeightedSteps(into[c], table, c, surv.distinctTime);
  return into.map(({first, ...columns}, c) => {
    if (n[c] === 0) return null;
    const own = (column: Float64Array) => column.subarray(first);
    const counts = {
      time: own(columns.time),
      atRisk: own(columns.atRisk),
      events: own(columns.events),
      censored: own(columns.censored)
    };
    const robust = fractional[c] ? varianceOfSums(counts, own(columns.deadSquare), own(columns.leftSquare)) : null;
    return curveOfCounts(counts, n[c], options, {robust});
  });
}

/** Columns of one cell, filled from the last time. */
interface WeightedSteps extends Omit<Steps, "now" | "first"> {
  /** Weight at risk at the time reached, and the place of the step filled last. */
  readonly now: number;
  readonly first: number;
  /** Σ of squared weights of those with the event, and of those censored. */
  readonly deadSquare: Float64Array;
  readonly leftSquare: Float64Array;
}

function addWeightedSteps(
  steps: WeightedSteps,
  {from, to, left, weight, square, stride}: WeightTable,
  c: number,
  distinctTime: Float64Array
): WeightedSteps {
  let {now, first} = steps;
  for (let s = to - 1; s >= from; s--) {
    const at = 2 * (s - from) * stride + c;
    const dead = at + stride;
    if (left[at] + left[dead] === 0) continue;
    now += weight[at] + weight[dead];
    first--;
    steps.time[first] = distinctTime[s];
    steps.atRisk[first] = now;
    steps.events[first] = weight[dead];
    steps.censored[first] = weight[at];
    steps.deadSquare[first] = square[dead];
    steps.leftSquare[first] = square[at];
  }
  return {...steps, now, first};
}
