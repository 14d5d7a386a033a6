import type {Terms} from "./designColumns.js";
import {levelIndicators} from "./designColumns.js";
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
 * @see Austin (2009), Stat Med 28:3083–3107; R `cobalt::bal.tab` has the same numeric differences
 */
export function covariateBalance(
  treatment: NumericColumn | Uint8Array,
  terms: Terms,
  weight: Float64Array
): CovariateBalance[] {
  const used = Array.from(weight.keys()).filter((i) => !Number.isNaN(weight[i]));
  return levelIndicators(terms, treatment.length, "inverseProbabilityWeights").map(({term, level, column}) => {
    const groups = [0, 1].map((group) => {
      const rows = used.filter((i) => treatment[i] === group);
      const before = mean(rows, column, null);
      return {before, after: mean(rows, column, weight), variance: variance(rows, column, before)};
    });
    const pooled = Math.sqrt((groups[0].variance + groups[1].variance) / 2);
    const standardise = (difference: number) => (difference === 0 ? 0 : difference / pooled);
    return {
      term,
      level,
      before: [groups[0].before, groups[1].before],
      after: [groups[0].after, groups[1].after],
      differenceBefore: standardise(groups[1].before - groups[0].before),
      differenceAfter: standardise(groups[1].after - groups[0].after)
    };
  });
}

function mean(rows: readonly number[], column: NumericColumn, weight: Float64Array | null): number {
  let [sum, total] = [0, 0];
  for (const i of rows) {
    const w = weight ? weight[i] : 1;
    sum += w * column[i];
    total += w;
  }
  return sum / total;
}

function variance(rows: readonly number[], column: NumericColumn, centre: number): number {
  if (rows.every((i) => column[i] === 0 || column[i] === 1)) return centre * (1 - centre);
  let square = 0;
  for (const i of rows) square += (column[i] - centre) ** 2;
  return square / (rows.length - 1);
}
