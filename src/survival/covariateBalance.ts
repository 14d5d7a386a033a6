import {inParts} from "../numeric/inParts.js";
import type {FactorCells} from "./factorCells.js";
import type {NumericColumn} from "./surv.js";

/** How alike treated and untreated are in one covariate, or in one level of a factor. */
export interface CovariateBalance {
  readonly term: string;
  /** Level of a factor, or null for a numeric covariate. */
  readonly level: string | null;
  /** Mean, or share of the level: [untreated, treated], before and after weighting. */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
  /** Treated minus untreated over the pooled SD before weighting; |d| under 0.1 is usually called balanced. */
  readonly differenceBefore: number;
  readonly differenceAfter: number;
}

/**
 * Standardised mean differences before and after weighting.
 *
 * The denominator is √((s₁² + s₀²)/2) of the unweighted groups both times, so that the two can be compared: with n − 1
 * for a numeric covariate, p(1 − p) for a level of a factor or a 0/1 column.
 *
 * @param treatment - n values, 1 or 0
 * @param design - the covariates of the rows that have a weight
 * @param weight - n weights
 * @see Austin (2009), Stat Med 28:3083–3107; R `cobalt::bal.tab` has the same numeric differences
 */
export function covariateBalance(
  treatment: NumericColumn | Uint8Array,
  {row, cell, cells, columns}: FactorCells,
  weight: Float64Array
): CovariateBalance[] {
  const units = {row, group: groupsOf(treatment, row), weight};
  const inCells = byCell(units, cell, cells);
  return columns.map(({term, level, values}) => {
    const [untreated, treated] = level === null ? momentsOf(values, units) : sharesOf(values, inCells);
    const pooled = Math.sqrt((untreated.variance + treated.variance) / 2);
    const standardise = (difference: number) => (difference === 0 ? 0 : difference / pooled);
    return {
      term,
      level,
      before: [untreated.before, treated.before],
      after: [untreated.after, treated.after],
      differenceBefore: standardise(treated.before - untreated.before),
      differenceAfter: standardise(treated.after - untreated.after)
    };
  });
}

/** Who was treated, and the weights. */
interface Units {
  readonly row: Uint32Array;
  /** Aligned with `row`. */
  readonly group: Uint8Array;
  /** By row as given. */
  readonly weight: Float64Array;
}

function groupsOf(treatment: NumericColumn | Uint8Array, row: Uint32Array): Uint8Array {
  const group = new Uint8Array(row.length);
  for (let k = 0; k < row.length; k++) group[k] = treatment[row[k]];
  return group;
}

/** Of [untreated, treated], by cell: how many, and their weight. */
function byCell({row, group, weight}: Units, cell: Uint32Array, cells: number) {
  const [count, weights] = [new Float64Array(2 * cells), new Float64Array(2 * cells)];
  for (let k = 0; k < cell.length; k++) {
    const at = group[k] * cells + cell[k];
    count[at]++;
    weights[at] += weight[row[k]];
  }
  return [0, 1].map((g) => ({
    count: count.subarray(g * cells, (g + 1) * cells),
    weight: weights.subarray(g * cells, (g + 1) * cells)
  }));
}

/** Share of a level before and after weighting, in [untreated, treated]. */
function sharesOf(values: Float64Array, groups: ReturnType<typeof byCell>) {
  return groups.map(({count, weight}) => {
    const before = meanOf(values, count);
    return {before, after: meanOf(values, weight), variance: before * (1 - before)};
  });
}

function meanOf(values: Float64Array, weight: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let c = 0; c < values.length; c++) {
    sum += weight[c] * values[c];
    total += weight[c];
  }
  return sum / total;
}

/** Means of a number before and after weighting, in [untreated, treated], and its variance before. */
function momentsOf(values: Float64Array, units: Units) {
  const sums = [0, 0, 0, 0].map(() => new Float64Array(2));
  const {row} = units;
  let binary = true;
  inParts(row.length, (from, to) => (binary = addMoments(sums, values, units, from, to) && binary));
  const [n, sum, weights, weighted] = sums;
  const before = sum.map((s, g) => s / n[g]);
  const square = new Float64Array(2);
  if (!binary) inParts(row.length, (from, to) => addSquares(square, before, values, units, from, to));
  return [0, 1].map((g) => ({
    before: before[g],
    after: weighted[g] / weights[g],
    variance: binary ? before[g] * (1 - before[g]) : square[g] / (n[g] - 1)
  }));
}

/** By group: how many, Σ of the number, of the weights and of their products. @returns whether all numbers are 0 or 1 */
function addMoments(
  [n, sum, weights, weighted]: readonly Float64Array[],
  values: Float64Array,
  {row, group, weight}: Units,
  from: number,
  to: number
): boolean {
  let others = 0;
  for (let k = from; k < to; k++) {
    const g = group[k];
    const value = values[row[k]];
    const w = weight[row[k]];
    n[g]++;
    sum[g] += value;
    weights[g] += w;
    weighted[g] += w * value;
    if (value !== 0 && value !== 1) others++;
  }
  return others === 0;
}

function addSquares(
  square: Float64Array,
  mean: Float64Array,
  values: Float64Array,
  {row, group}: Units,
  from: number,
  to: number
): void {
  for (let k = from; k < to; k++) {
    const g = group[k];
    const apart = values[row[k]] - mean[g];
    square[g] += apart * apart;
  }
}
