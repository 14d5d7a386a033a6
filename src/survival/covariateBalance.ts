import {pick} from "./completeRows.js";
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
  const units = {group: groupsOf(treatment, row), weight: pick(weight, row)};
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
  readonly group: Uint8Array;
  readonly weight: Float64Array;
}

function groupsOf(treatment: NumericColumn | Uint8Array, row: Uint32Array): Uint8Array {
  const group = new Uint8Array(row.length);
  for (let k = 0; k < row.length; k++) group[k] = treatment[row[k]];
  return group;
}

/** Of [untreated, treated], by cell: how many, and their weight. */
function byCell({group, weight}: Units, cell: Uint32Array, cells: number) {
  const [count, weights] = [new Float64Array(2 * cells), new Float64Array(2 * cells)];
  for (let k = 0; k < cell.length; k++) {
    const at = group[k] * cells + cell[k];
    count[at]++;
    weights[at] += weight[k];
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
function momentsOf(values: Float64Array, {group, weight}: Units) {
  const [n, sum, weights, weighted, square] = [0, 0, 0, 0, 0].map(() => new Float64Array(2));
  let binary = true;
  for (let k = 0; k < values.length; k++) {
    const g = group[k];
    n[g]++;
    sum[g] += values[k];
    weights[g] += weight[k];
    weighted[g] += weight[k] * values[k];
    binary &&= values[k] === 0 || values[k] === 1;
  }
  const before = sum.map((s, g) => s / n[g]);
  for (let k = 0; k < values.length; k++) square[group[k]] += (values[k] - before[group[k]]) ** 2;
  return [0, 1].map((g) => ({
    before: before[g],
    after: weighted[g] / weights[g],
    variance: binary ? before[g] * (1 - before[g]) : square[g] / (n[g] - 1)
  }));
}
