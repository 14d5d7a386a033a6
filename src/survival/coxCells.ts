import {everyTimes} from "./cellCounts.js";
import type {CellCounts} from "./cellCounts.js";
import {maximise} from "./coxFit.js";
import type {CoxMaximum, Search} from "./coxFit.js";
import {changesByRow, emptyLikelihood, tiedShare} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood, Ties} from "./coxLikelihood.js";

/** More event times than this, and a fit to one in `THINNED` of them says where to begin. */
const MANY_TIMES = 4000;
const THINNED = 16;

/**
 * Cox regression on covariates that are the same for everyone in a cell, from counts of the cells alone. A step of the fit
 * costs one look at each event time instead of one at each patient, and needs no exponential but one a cell; the maximum is
 * that of `coxph` on the patients.
 *
 * @param design - covariates of each cell, cells × p, row by row
 * @see `coxph`, whose fit this is
 */
export function coxCells(
  counts: CellCounts,
  design: ArrayLike<number>,
  {ties = "efron", ...search}: {readonly ties?: Ties} & Partial<Search> = {}
): CoxMaximum {
  const how = {maxIterations: 40, ...search};
  if (counts.times <= MANY_TIMES) return maximise(cellLikelihood(counts, design, ties), how);
  const {beta: start, converged} = maximise(cellLikelihood(everyTimes(counts, THINNED), design, ties), how);
  return maximise(cellLikelihood(counts, design, ties), converged ? {...how, start} : how);
}

function cellLikelihood(counts: CellCounts, design: ArrayLike<number>, ties: Ties): PartialLikelihood {
  const {cells} = counts;
  const p = design.length / cells;
  const present = everAtRisk(counts);
  const x = centred(design, present, p);
  const largest = new Float64Array(p);
  x.forEach((value, at) => (largest[at % p] = Math.max(largest[at % p], Math.abs(value))));
  const constant = Uint8Array.from(largest, (size) => (size > 1e-12 ? 0 : 1));
  const sums: CellSums = {share: new Float64Array(cells), product: new Float64Array(cells * cells), logDenominators: 0};
  return {
    p,
    events: counts.deadCell.length,
    constant,
    largest,
    empty: () => emptyLikelihood(cells, p),
    evaluate(beta, into) {
      for (let c = 0; c < cells; c++) into.risk[c] = Math.exp(logHazard(x, beta, c));
      if (cells === 2) sumTwoCells(counts, into.risk, ties, sums);
      else if (cells === 4) sumFourCells(counts, into.risk, ties, sums);
      else sumCells(counts, into.risk, ties, sums);
      collect(counts, x, beta, sums, into);
    },
    ...changesByRow(x, cells, p)
  };
}

/** Patients of each cell, 0 where none is at risk at any event: these say nothing of the coefficients. */
function everAtRisk({cells, n, times, atRisk}: CellCounts): Uint32Array {
  const seen = new Uint8Array(cells);
  for (let at = 0, c = 0; at < times * cells; at++, c = c + 1 === cells ? 0 : c + 1) if (atRisk[at] > 0) seen[c] = 1;
  return n.map((count, c) => (seen[c] ? count : 0));
}

/** Columns minus their mean over the patients present, which changes no coefficient; 0 in cells without patients. */
function centred(design: ArrayLike<number>, present: Uint32Array, p: number): Float64Array {
  const x = new Float64Array(design.length);
  const total = present.reduce((sum, count) => sum + count, 0);
  for (let j = 0; j < p; j++) {
    let mean = 0;
    for (let c = 0; c < present.length; c++) mean += (present[c] * design[c * p + j]) / total;
    for (let c = 0; c < present.length; c++) if (present[c] > 0) x[c * p + j] = design[c * p + j] - mean;
  }
  return x;
}

function logHazard(x: Float64Array, beta: Float64Array, cell: number): number {
  const p = beta.length;
  let eta = 0;
  for (let j = 0; j < p; j++) eta += beta[j] * x[cell * p + j];
  return eta;
}

/**
 * Over the events: each cell's share of the risk, products of two cells' shares (lower triangle), Σ log Σ r. Shares add up
 * to one, so those of the last cell follow from the others'.
 */
interface CellSums {
  readonly share: Float64Array;
  readonly product: Float64Array;
  logDenominators: number;
}

/** A product within these bounds takes one factor more, of up to 1e100; one logarithm serves many factors. */
const LARGE = 1e200;
const SMALL = 1e-200;

function sumCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {cells, times, atRisk, deadStart} = counts;
  const {share, product} = into;
  const last = cells - 1;
  share.fill(0);
  product.fill(0);
  const dead = new Float64Array(cells);
  const part = new Float64Array(cells);
  let logs = 0;
  let factor = 1;
  for (let t = 0, at = 0; t < times; t++, at += cells) {
    const deaths = deadStart[t + 1] - deadStart[t];
    if (deaths > 1) deadRisk(counts, t, risk, dead);
    for (let l = 0; l < deaths; l++) {
      let denominator = 0;
      for (let c = 0; c < cells; c++) denominator += part[c] = atRisk[at + c] * risk[c];
      const out = deaths > 1 ? tiedShare(ties, l, deaths) : 0;
      if (out > 0) for (let c = 0; c < cells; c++) denominator -= outOf(part, c, out * dead[c]);
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      for (let c = 0, row = 0; c < last; c++, row += cells) {
        const q = (part[c] *= inverse);
        share[c] += q;
        for (let e = 0; e <= c; e++) product[row + e] += q * part[e];
      }
    }
  }
  into.logDenominators = logs + Math.log(factor);
  completeLast(counts, into);
}

function outOf(part: Float64Array, c: number, dead: number): number {
  part[c] -= dead;
  return dead;
}

/** By cell: risk of those who have the event at a time. */
function deadRisk({deadCell, deadStart}: CellCounts, time: number, risk: Float64Array, into: Float64Array): void {
  into.fill(0);
  for (let e = deadStart[time]; e < deadStart[time + 1]; e++) into[deadCell[e]] += risk[deadCell[e]];
}

/** Share and products of the last cell from Σ shares = 1 at every event. */
function completeLast({cells, deadCell}: CellCounts, {share, product}: CellSums): void {
  const last = cells - 1;
  const row = last * cells;
  share[last] = deadCell.length;
  for (let c = 0; c < last; c++) {
    share[last] -= share[c];
    product[row + c] = share[c];
    for (let e = 0; e < last; e++) product[row + c] -= product[Math.max(c, e) * cells + Math.min(c, e)];
  }
  product[row + last] = share[last];
  for (let c = 0; c < last; c++) product[row + last] -= product[row + c];
}

/** The same for two cells. */
function sumTwoCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {times, atRisk, deadStart} = counts;
  const r0 = risk[0];
  const r1 = risk[1];
  const dead = new Float64Array(2);
  let logs = 0;
  let factor = 1;
  let first = 0;
  let square = 0;
  for (let t = 0; t < times; t++) {
    const deaths = deadStart[t + 1] - deadStart[t];
    const a = atRisk[2 * t] * r0;
    const b = atRisk[2 * t + 1] * r1;
    if (deaths > 1) deadRisk(counts, t, risk, dead);
    for (let l = 0; l < deaths; l++) {
      const out = deaths > 1 ? tiedShare(ties, l, deaths) : 0;
      const above = a - out * dead[0];
      const denominator = b - out * dead[1] + above;
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const q = above / denominator;
      first += q;
      square += q * q;
    }
  }
  into.share[0] = first;
  into.product[0] = square;
  into.logDenominators = logs + Math.log(factor);
  completeLast(counts, into);
}

/** The same for four, as two groups in two levels have. */
function sumFourCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {times, atRisk, deadStart} = counts;
  const r0 = risk[0];
  const r1 = risk[1];
  const r2 = risk[2];
  const r3 = risk[3];
  const dead = new Float64Array(4);
  let logs = 0;
  let factor = 1;
  let [s0, s1, s2, p00, p10, p11, p20, p21, p22] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let t = 0, at = 0; t < times; t++, at += 4) {
    const deaths = deadStart[t + 1] - deadStart[t];
    if (deaths > 1) deadRisk(counts, t, risk, dead);
    for (let l = 0; l < deaths; l++) {
      const out = deaths > 1 ? tiedShare(ties, l, deaths) : 0;
      let q0 = atRisk[at] * r0 - out * dead[0];
      let q1 = atRisk[at + 1] * r1 - out * dead[1];
      let q2 = atRisk[at + 2] * r2 - out * dead[2];
      const denominator = q0 + q1 + q2 + atRisk[at + 3] * r3 - out * dead[3];
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      q0 *= inverse;
      q1 *= inverse;
      q2 *= inverse;
      s0 += q0;
      s1 += q1;
      s2 += q2;
      p00 += q0 * q0;
      p10 += q1 * q0;
      p11 += q1 * q1;
      p20 += q2 * q0;
      p21 += q2 * q1;
      p22 += q2 * q2;
    }
  }
  into.share.set([s0, s1, s2, 0]);
  into.product.set([p00, 0, 0, 0, p10, p11, 0, 0, p20, p21, p22, 0, 0, 0, 0, 0]);
  into.logDenominators = logs + Math.log(factor);
  completeLast(counts, into);
}

/** Likelihood, score and information of the coefficients from the sums over cells. */
function collect(
  {cells, events}: CellCounts,
  x: Float64Array,
  beta: Float64Array,
  {share, product, logDenominators}: CellSums,
  into: CoxLikelihood
): void {
  const p = beta.length;
  const {score, information} = into;
  score.fill(0);
  information.fill(0);
  let logLikelihood = -logDenominators;
  for (let c = 0; c < cells; c++) {
    if (events[c] > 0) logLikelihood += events[c] * logHazard(x, beta, c);
    const beyond = events[c] - share[c];
    for (let j = 0; j < p; j++) score[j] += beyond * x[c * p + j];
    for (let e = 0; e < cells; e++) {
      const between = (c === e ? share[c] : 0) - product[Math.max(c, e) * cells + Math.min(c, e)];
      for (let i = 0; i < p; i++)
        for (let j = 0; j <= i; j++) information[i * p + j] += between * x[c * p + i] * x[e * p + j];
    }
  }
  for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) information[i * p + j] = information[j * p + i];
  into.logLikelihood = logLikelihood;
}
