import {eachCell, NO_CELL} from "./patientCells.js";
import type {PatientCells} from "./patientCells.js";
import {sortedEvents} from "./sortedEvents.js";
import type {CellWeights} from "./cellWeights.js";
import type {CoxMaximum} from "./coxFit.js";
import type {Ties} from "./coxLikelihood.js";
import type {Surv} from "./surv.js";
import {countTied, noEvents} from "./tiedEvents.js";
import {weightTables} from "./weightTable.js";
import type {WeightTable} from "./weightTable.js";

/** Cumulated over the event times in ascending order, an element more than these: before the first all are 0. */
interface Cumulated {
  /** Of the event times: index into the cohort's distinct times. */
  readonly slot: Uint32Array;
  readonly hazard: Float64Array;
  /** × p: hazard times the mean covariates of those at risk. */
  readonly hazardMean: Float64Array;
  /** By event time what its own events see less of the two than all others. */
  readonly less: Float64Array;
  readonly lessMean: Float64Array;
  /** By event time × p: mean covariates of those at risk, averaged over tied events. */
  readonly mean: Float64Array;
}

/**
 * Sandwich covariance of the coefficients of a weighted Cox model of cells, each patient a cluster: no exponential but one a cell,
 * and without left truncation one look at all who left a cell at the same time.
 *
 * @param counts - of the cells `picked`
 * @param design - their covariates, × p
 * @see `robustVariance` of coxRobust.ts, which is the same by rows
 */
export function cellRobust(
  surv: Surv,
  weight: Float64Array,
  patients: PatientCells,
  {counts, picked}: {readonly counts: CellWeights; readonly picked: readonly number[]},
  design: ArrayLike<number>,
  {beta, variance}: CoxMaximum,
  ties: Ties
): Float64Array {
  const p = beta.length;
  const risk = Float64Array.from({length: counts.cells}, (_, c) => {
    let eta = 0;
    for (let j = 0; j < p; j++) eta += beta[j] * design[c * p + j];
    return Math.exp(eta);
  });
  const steps = cumulate(counts, design, risk, p, ties);
  const residual = residualOf(steps, design, risk, p);
  const meat = new Float64Array(p * p);
  if (surv.entryOrder) addPatients(meat, surv, weight, patients, picked, steps, residual);
  else for (const table of weightTables(surv, weight, patients)) addTable(meat, table, picked, steps, residual);
  for (let j = 0; j < p; j++) for (let h = j + 1; h < p; h++) meat[j * p + h] = meat[h * p + j];
  return product(product(variance, meat, p), variance, p);
}

/** Fills a patient's score residual of weight 1. */
interface Residual {
  readonly values: Float64Array;
  /** @param own - had the event; `end`, `from` - event times up to the end of follow-up, and before the entry */
  fill(cell: number, own: boolean, end: number, from: number): void;
}

function residualOf(steps: Cumulated, design: ArrayLike<number>, risk: Float64Array, p: number): Residual {
  const values = new Float64Array(p);
  const {hazard, hazardMean, less, lessMean, mean} = steps;
  return {
    values,
    fill(cell, own, end, from) {
      let expected = hazard[end] - hazard[from];
      if (own) expected -= less[end - 1];
      for (let j = 0; j < p; j++) {
        const x = design[cell * p + j];
        let lived = hazardMean[end * p + j] - hazardMean[from * p + j];
        if (own) lived -= lessMean[(end - 1) * p + j];
        values[j] = (own ? x - mean[(end - 1) * p + j] : 0) - risk[cell] * (x * expected - lived);
      }
    }
  };
}

function addSquare(meat: Float64Array, {values}: Residual, times: number): void {
  const p = values.length;
  for (let j = 0; j < p; j++) for (let h = 0; h <= j; h++) meat[j * p + h] += times * values[j] * values[h];
}

function addTable(
  meat: Float64Array,
  {from, to, square, stride}: WeightTable,
  picked: readonly number[],
  {slot}: Cumulated,
  residual: Residual
): void {
  let end = 0;
  for (let s = from; s < to; s++) {
    while (end < slot.length && slot[end] <= s) end++;
    for (let own = 0, at = 2 * (s - from) * stride; own < 2; own++, at += stride)
      for (let c = 0; c < picked.length; c++) {
        const sum = square[at + picked[c]];
        if (sum === 0) continue;
        residual.fill(c, own === 1, end, 0);
        addSquare(meat, residual, sum);
      }
  }
}

function addPatients(
  meat: Float64Array,
  surv: Surv,
  weight: Float64Array,
  patients: PatientCells,
  picked: readonly number[],
  steps: Cumulated,
  residual: Residual
): void {
  const {order, slot} = surv;
  const {event} = sortedEvents(surv);
  const entered = entrySteps(surv, steps.slot);
  const cell = eachCell(patients).map((c) => (picked.includes(c) ? picked.indexOf(c) : NO_CELL));
  for (let k = 0, end = 0; k < order.length; k++) {
    while (end < steps.slot.length && steps.slot[end] <= slot[k]) end++;
    if (cell[k] === NO_CELL) continue;
    const i = order[k];
    residual.fill(cell[k], event[k] === 1, end, entered ? entered[i] : 0);
    addSquare(meat, residual, weight[i] ** 2);
  }
}

function cumulate(
  {cells, times, atRisk, dead, deaths, slot}: CellWeights,
  x: ArrayLike<number>,
  risk: Float64Array,
  p: number,
  ties: Ties
): Cumulated {
  const [hazard, less] = [new Float64Array(times + 1), new Float64Array(times)];
  const [hazardMean, lessMean, mean] = [times + 1, times, times].map((m) => new Float64Array(m * p));
  const tied = noEvents();
  for (let e = 0; e < times; e++) {
    const t = times - 1 - e;
    hazard[e + 1] = hazard[e];
    for (let j = 0; j < p; j++) hazardMean[(e + 1) * p + j] = hazardMean[e * p + j];
    let [weight, dying, all] = [0, 0, 0];
    for (let c = 0; c < cells; c++) {
      weight += dead[t * cells + c] / deaths[t];
      dying += dead[t * cells + c] * risk[c];
      all += atRisk[t * cells + c] * risk[c];
    }
    countTied(tied, ties, deaths[t], dying, all);
    for (let l = 0; l < tied.count; l++) {
      const share = tied.share[l];
      let denominator = 0;
      for (let c = 0; c < cells; c++) denominator += (atRisk[t * cells + c] - share * dead[t * cells + c]) * risk[c];
      const h = (weight * tied.weight[l]) / denominator;
      hazard[e + 1] += h;
      less[e] += h * share;
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let c = 0; c < cells; c++)
          sum += (atRisk[t * cells + c] - share * dead[t * cells + c]) * risk[c] * x[c * p + j];
        const m = sum / denominator;
        hazardMean[(e + 1) * p + j] += h * m;
        lessMean[e * p + j] += h * share * m;
        mean[e * p + j] += (tied.weight[l] * m) / deaths[t];
      }
    }
  }
  return {slot: slot.slice().reverse(), hazard, hazardMean, less, lessMean, mean};
}

/** By row: number of event times before it came under observation; null without left truncation. */
function entrySteps({entryOrder, entrySlot, size}: Surv, slots: Uint32Array): Uint32Array | null {
  if (!entryOrder || !entrySlot) return null;
  const steps = new Uint32Array(size);
  for (let q = 0, e = 0; q < entryOrder.length; q++) {
    while (e < slots.length && slots[e] < entrySlot[q]) e++;
    steps[entryOrder[q]] = e;
  }
  return steps;
}

function product(a: Float64Array, b: Float64Array, p: number): Float64Array {
  const c = new Float64Array(p * p);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) c[i * p + j] += a[i * p + k] * b[k * p + j];
  return c;
}
