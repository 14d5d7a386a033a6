import type {CovariatePatterns} from "./covariatePatterns.js";
import type {Terms} from "./designColumns.js";
import {levelIndicators, termsAt} from "./designColumns.js";
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
 * @param weight - n weights; a row with NaN is left out of both comparisons
 * @param patterns - rows with equal terms; each is looked at once
 * @see Austin (2009), Stat Med 28:3083–3107; R `cobalt::bal.tab` has the same numeric differences
 */
export function covariateBalance(
  treatment: NumericColumn | Uint8Array,
  terms: Terms,
  weight: Float64Array,
  patterns?: CovariatePatterns
): CovariateBalance[] {
  const {row, groups} = unitsOf(treatment, weight, patterns);
  const who = "inverseProbabilityWeights";
  return levelIndicators(termsAt(terms, row, treatment.length, who), row.length, who).map(({term, level, column}) => {
    const [untreated, treated] = groups.map(({count, weight}) => {
      const before = mean(column, count);
      return {before, after: mean(column, weight), variance: variance(column, count, before)};
    });
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

/** Patterns, or rows, that have a weight: a row of each, and how many and what weight of each group. */
function unitsOf(treatment: NumericColumn | Uint8Array, weight: Float64Array, patterns?: CovariatePatterns) {
  const size = patterns?.size ?? weight.length;
  const row = new Uint32Array(size);
  const place = new Int32Array(patterns ? size : 0).fill(-1);
  const groups = [0, 1].map(() => ({count: new Float64Array(size), weight: new Float64Array(size)}));
  let found = 0;
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i];
    if (w !== w) continue;
    let u = patterns ? place[patterns.of[i]] : -1;
    if (u < 0) {
      u = found++;
      row[u] = i;
      if (patterns) place[patterns.of[i]] = u;
    }
    const group = groups[treatment[i]];
    group.count[u]++;
    group.weight[u] += w;
  }
  return {row: row.slice(0, found), groups};
}

function mean(column: Float64Array, weight: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let u = 0; u < column.length; u++) {
    if (weight[u] === 0) continue;
    sum += weight[u] * column[u];
    total += weight[u];
  }
  return sum / total;
}

function variance(column: Float64Array, count: Float64Array, centre: number): number {
  let [square, n] = [0, 0];
  let binary = true;
  for (let u = 0; u < column.length; u++) {
    if (count[u] === 0) continue;
    square += count[u] * (column[u] - centre) ** 2;
    n += count[u];
    binary &&= column[u] === 0 || column[u] === 1;
  }
  return binary ? centre * (1 - centre) : square / (n - 1);
}
