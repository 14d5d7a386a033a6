import type {CellCounts} from "./cellCounts.js";
import {maximise} from "./coxFit.js";
import type {CoxMaximum} from "./coxFit.js";
import {changesByRow, emptyLikelihood, tiedShare} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood, Ties} from "./coxLikelihood.js";

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
  {ties = "efron", maxIterations = 40}: {readonly ties?: Ties; readonly maxIterations?: number} = {}
): CoxMaximum {
  return maximise(cellLikelihood(counts, design, ties), maxIterations);
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

/** Over the events: each cell's share of the risk, products of two cells' shares (lower triangle), Σ log Σ r. */
interface CellSums {
  readonly share: Float64Array;
  readonly product: Float64Array;
  logDenominators: number;
}

/** A product within these bounds takes one factor more, of up to 1e100; one logarithm serves many factors. */
const [LARGE, SMALL] = [1e200, 1e-200];

function sumCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {cells, times, atRisk, deadCell, deadStart} = counts;
  const {share, product} = into;
  share.fill(0);
  product.fill(0);
  const [sum, dead, part] = [new Float64Array(cells), new Float64Array(cells), new Float64Array(cells)];
  let [logs, factor] = [0, 1];
  for (let t = 0, at = 0; t < times; t++, at += cells) {
    const deaths = deadStart[t + 1] - deadStart[t];
    for (let c = 0; c < cells; c++) sum[c] = atRisk[at + c] * risk[c];
    if (deaths > 1) {
      dead.fill(0);
      for (let d = deadStart[t]; d < deadStart[t + 1]; d++) dead[deadCell[d]] += risk[deadCell[d]];
    }
    for (let l = 0; l < deaths; l++) {
      const out = deaths > 1 ? tiedShare(ties, l, deaths) : 0;
      let denominator = 0;
      for (let c = 0; c < cells; c++) denominator += part[c] = out === 0 ? sum[c] : sum[c] - out * dead[c];
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      for (let c = 0, row = 0; c < cells; c++, row += cells) {
        const q = (part[c] *= inverse);
        share[c] += q;
        for (let e = 0; e <= c; e++) product[row + e] += q * part[e];
      }
    }
  }
  into.logDenominators = logs + Math.log(factor);
}

/** The same for two cells, whose shares add up to one. */
function sumTwoCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {times, atRisk, deadCell, deadStart} = counts;
  const {share, product} = into;
  const [r0, r1] = risk;
  let [logs, factor, second, square, events] = [0, 1, 0, 0, 0];
  for (let t = 0; t < times; t++) {
    const deaths = deadStart[t + 1] - deadStart[t];
    const [a, b] = [atRisk[2 * t] * r0, atRisk[2 * t + 1] * r1];
    let [dead0, dead1] = [0, 0];
    if (deaths > 1)
      for (let d = deadStart[t]; d < deadStart[t + 1]; d++)
        if (deadCell[d] === 0) dead0 += r0;
        else dead1 += r1;
    for (let l = 0; l < deaths; l++) {
      const out = deaths > 1 ? tiedShare(ties, l, deaths) : 0;
      const above = b - out * dead1;
      const denominator = a - out * dead0 + above;
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const q = above / denominator;
      second += q;
      square += q * q;
    }
    events += deaths;
  }
  share[0] = events - second;
  share[1] = second;
  product[0] = events - 2 * second + square;
  product[2] = second - square;
  product[3] = square;
  into.logDenominators = logs + Math.log(factor);
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
