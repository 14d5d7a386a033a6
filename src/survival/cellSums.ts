import type {CellCounts} from "./cellCounts.js";
import type {CellWeights} from "./cellWeights.js";
import type {Ties} from "./coxLikelihood.js";
import {countTied, noEvents} from "./tiedEvents.js";

/**
 * Over the events: each cell's share of the risk, products of two cells' shares (lower triangle), Σ log Σ r. Shares add up
 * to one, so those of the last cell follow from the others'.
 */
export interface CellSums {
  readonly share: Float64Array;
  readonly product: Float64Array;
  logDenominators: number;
  /** Of two cells, and where it costs nothing: Σ q (1 − q) (1 − 2q), q the second one's share. Else null. */
  third: number | null;
}

export const emptySums = (cells: number): CellSums => ({
  share: new Float64Array(cells),
  product: new Float64Array(cells * cells),
  logDenominators: 0,
  third: null
});

/** A product within these bounds takes one factor more, of up to 1e100; one logarithm serves many factors. */
export const LARGE = 1e200;
export const SMALL = 1e-200;

/** Fills the sums of any number of cells. */
export function sumCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {cells, times, atRisk, deadStart} = counts;
  const {share, product} = into;
  const last = cells - 1;
  share.fill(0);
  product.fill(0);
  const dead = new Float64Array(cells);
  const part = new Float64Array(cells);
  const tied = noEvents();
  let logs = 0;
  let factor = 1;
  for (let t = 0, at = 0; t < times; t++, at += cells) {
    const deaths = deadStart[t + 1] - deadStart[t];
    if (deaths > 1) {
      let all = 0;
      for (let c = 0; c < cells; c++) all += atRisk[at + c] * risk[c];
      countTied(tied, ties, deaths, deadRisk(counts, t, risk, dead), all);
    }
    for (let l = 0; l < (deaths > 1 ? tied.count : 1); l++) {
      const out = deaths > 1 ? tied.share[l] : 0;
      const weight = deaths > 1 ? tied.weight[l] : 1;
      let denominator = 0;
      for (let c = 0; c < cells; c++) denominator += part[c] = atRisk[at + c] * risk[c] - out * dead[c];
      if (weight === 1) factor *= denominator;
      else logs += weight * Math.log(denominator);
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      for (let c = 0, row = 0; c < last; c++, row += cells) {
        part[c] *= inverse;
        const q = weight * part[c];
        share[c] += q;
        for (let e = 0; e <= c; e++) product[row + e] += q * part[e];
      }
    }
  }
  into.logDenominators = logs + Math.log(factor);
  completeLast(counts.cells, counts.deadCell.length, into);
}

/** By cell: risk of those who have the event at a time. @returns that of all cells */
export function deadRisk(
  {deadCell, deadStart}: CellCounts,
  time: number,
  risk: Float64Array,
  into: Float64Array
): number {
  into.fill(0);
  for (let e = deadStart[time]; e < deadStart[time + 1]; e++) into[deadCell[e]]++;
  let all = 0;
  for (let c = 0; c < into.length; c++) all += into[c] *= risk[c];
  return all;
}

/** Share and products of the last cell from Σ shares = 1 at every event. @param events - their number, or their weight */
function completeLast(cells: number, events: number, {share, product}: CellSums): void {
  const last = cells - 1;
  const row = last * cells;
  share[last] = events;
  for (let c = 0; c < last; c++) {
    share[last] -= share[c];
    product[row + c] = share[c];
    for (let e = 0; e < last; e++) product[row + c] -= product[Math.max(c, e) * cells + Math.min(c, e)];
  }
  product[row + last] = share[last];
  for (let c = 0; c < last; c++) product[row + last] -= product[row + c];
}

/** The same for two cells. */
export function sumTwoCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {times, atRisk, deadStart} = counts;
  const r0 = risk[0];
  const r1 = risk[1];
  const dead = new Float64Array(2);
  const tied = noEvents();
  let logs = 0;
  let factor = 1;
  let first = 0;
  let square = 0;
  let cube = 0;
  for (let t = 0; t < times; t++) {
    const deaths = deadStart[t + 1] - deadStart[t];
    const a = atRisk[2 * t] * r0;
    const b = atRisk[2 * t + 1] * r1;
    if (deaths > 1) countTied(tied, ties, deaths, deadRisk(counts, t, risk, dead), a + b);
    for (let l = 0; l < (deaths > 1 ? tied.count : 1); l++) {
      const out = deaths > 1 ? tied.share[l] : 0;
      const weight = deaths > 1 ? tied.weight[l] : 1;
      const above = a - out * dead[0];
      const denominator = b - out * dead[1] + above;
      if (weight === 1) factor *= denominator;
      else logs += weight * Math.log(denominator);
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const q = above / denominator;
      first += weight * q;
      square += weight * q * q;
      cube += weight * q * q * q;
    }
  }
  into.third = 3 * square - first - 2 * cube;
  into.share[0] = first;
  into.product[0] = square;
  into.logDenominators = logs + Math.log(factor);
  completeLast(counts.cells, counts.deadCell.length, into);
}

/** The same for four, as two groups in two levels have. */
export function sumFourCells(counts: CellCounts, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {times, atRisk, deadStart} = counts;
  const r0 = risk[0];
  const r1 = risk[1];
  const r2 = risk[2];
  const r3 = risk[3];
  const dead = new Float64Array(4);
  const tied = noEvents();
  let logs = 0;
  let factor = 1;
  let [s0, s1, s2, p00, p10, p11, p20, p21, p22] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let t = 0, at = 0; t < times; t++, at += 4) {
    const deaths = deadStart[t + 1] - deadStart[t];
    if (deaths > 1) {
      const all = atRisk[at] * r0 + atRisk[at + 1] * r1 + atRisk[at + 2] * r2 + atRisk[at + 3] * r3;
      countTied(tied, ties, deaths, deadRisk(counts, t, risk, dead), all);
    }
    for (let l = 0; l < (deaths > 1 ? tied.count : 1); l++) {
      const out = deaths > 1 ? tied.share[l] : 0;
      const weight = deaths > 1 ? tied.weight[l] : 1;
      let q0 = atRisk[at] * r0 - out * dead[0];
      let q1 = atRisk[at + 1] * r1 - out * dead[1];
      let q2 = atRisk[at + 2] * r2 - out * dead[2];
      const denominator = q0 + q1 + q2 + atRisk[at + 3] * r3 - out * dead[3];
      if (weight === 1) factor *= denominator;
      else logs += weight * Math.log(denominator);
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      q0 *= inverse;
      q1 *= inverse;
      q2 *= inverse;
      const w0 = weight * q0;
      const w1 = weight * q1;
      const w2 = weight * q2;
      s0 += w0;
      s1 += w1;
      s2 += w2;
      p00 += w0 * q0;
      p10 += w1 * q0;
      p11 += w1 * q1;
      p20 += w2 * q0;
      p21 += w2 * q1;
      p22 += w2 * q2;
    }
  }
  into.share.set([s0, s1, s2, 0]);
  into.product.set([p00, 0, 0, 0, p10, p11, 0, 0, p20, p21, p22, 0, 0, 0, 0, 0]);
  into.logDenominators = logs + Math.log(factor);
  completeLast(counts.cells, counts.deadCell.length, into);
}

/** The same from weighted counts: an event counts as much as the mean weight of those at its time. */
export function sumWeightedCells(counts: CellWeights, risk: Float64Array, ties: Ties, into: CellSums): void {
  const {cells, times, atRisk, dead, deaths: deathsAt, deadWeight} = counts;
  const {share, product} = into;
  const last = cells - 1;
  share.fill(0);
  product.fill(0);
  const part = new Float64Array(cells);
  const tied = noEvents();
  let logs = 0;
  for (let t = 0, at = 0; t < times; t++, at += cells) {
    const deaths = deathsAt[t];
    let [mean, dying, all] = [0, 0, 0];
    for (let c = 0; c < cells; c++) {
      mean += dead[at + c];
      dying += dead[at + c] * risk[c];
      all += atRisk[at + c] * risk[c];
    }
    mean /= deaths;
    if (deaths > 1) countTied(tied, ties, deaths, dying, all);
    for (let l = 0; l < (deaths > 1 ? tied.count : 1); l++) {
      const out = deaths > 1 ? tied.share[l] : 0;
      const weight = deaths > 1 ? mean * tied.weight[l] : mean;
      let denominator = 0;
      for (let c = 0; c < cells; c++)
        denominator += part[c] = (out > 0 ? atRisk[at + c] - out * dead[at + c] : atRisk[at + c]) * risk[c];
      logs += weight * Math.log(denominator);
      const inverse = 1 / denominator;
      for (let c = 0, row = 0; c < last; c++, row += cells) {
        part[c] *= inverse;
        const q = weight * part[c];
        share[c] += q;
        for (let e = 0; e <= c; e++) product[row + e] += q * part[e];
      }
    }
  }
  into.logDenominators = logs;
  completeLast(
    cells,
    deadWeight.reduce((sum, w) => sum + w, 0),
    into
  );
}
