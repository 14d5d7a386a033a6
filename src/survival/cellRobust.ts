import {NO_CELL} from "./patientCells.js";
import {sortedEvents} from "./sortedEvents.js";
import type {CellWeights} from "./cellWeights.js";
import type {CoxMaximum} from "./coxFit.js";
import type {Ties} from "./coxLikelihood.js";
import type {Surv} from "./surv.js";
import {countTied, noEvents} from "./tiedEvents.js";

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
 * Sandwich covariance of the coefficients of a weighted Cox model of cells, each patient a cluster: one pass over the
 * patients, no exponential but one a cell.
 *
 * @param design - cells × p
 * @see `robustVariance` of coxRobust.ts, which is the same by rows
 */
export function cellRobust(
  surv: Surv,
  weight: Float64Array,
  cell: Uint8Array,
  counts: CellWeights,
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
  const {order, slot} = surv;
  const {event} = sortedEvents(surv);
  const entered = entrySteps(surv, steps.slot);
  const residual = new Float64Array(p);
  const meat = new Float64Array(p * p);
  for (let k = 0, e = 0; k < order.length; k++) {
    while (e < steps.slot.length && steps.slot[e] <= slot[k]) e++;
    const c = cell[k];
    if (c === NO_CELL) continue;
    const i = order[k];
    const own = event[k] === 1;
    const from = entered ? entered[i] : 0;
    let expected = steps.hazard[e] - steps.hazard[from];
    if (own) expected -= steps.less[e - 1];
    for (let j = 0; j < p; j++) {
      const x = design[c * p + j];
      let mean = steps.hazardMean[e * p + j] - steps.hazardMean[from * p + j];
      if (own) mean -= steps.lessMean[(e - 1) * p + j];
      residual[j] = weight[i] * ((own ? x - steps.mean[(e - 1) * p + j] : 0) - risk[c] * (x * expected - mean));
    }
    for (let j = 0; j < p; j++) for (let h = 0; h <= j; h++) meat[j * p + h] += residual[j] * residual[h];
  }
  for (let j = 0; j < p; j++) for (let h = j + 1; h < p; h++) meat[j * p + h] = meat[h * p + j];
  return product(product(variance, meat, p), variance, p);
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
