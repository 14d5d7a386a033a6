import {digamma, trigamma, trigammaInverse} from "../numeric/gammaFunctions.js";
import {weightedLeastSquares} from "../numeric/leastSquares.js";
import {restrictedCubicSpline} from "../numeric/restrictedCubicSpline.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";

/** What the genes' variances have in common. */
export interface VariancePrior {
  /** Prior variance by gene; all equal without a trend. */
  readonly variance: Float64Array;
  /** Prior degrees of freedom; Infinity where the variances differ no more than chance has it. */
  readonly df: number;
}

/**
 * Moments of log variances give the prior of empirical Bayes: a scaled F distribution.
 *
 * @param variance - residual variances, one a gene
 * @param df - their degrees of freedom
 * @param covariate - mean expression, if the prior follows its trend (natural cubic spline)
 * @see R `limma::fitFDist` 3.54.1; Smyth (2004), Stat Appl Genet Mol Biol 3:3
 */
export function variancePrior(variance: Float64Array, df: number, covariate?: Float64Array): VariancePrior {
  const n = variance.length;
  if (n < 2) throw new EnrichmentInputError("One gene is left; moderated tests need at least two to learn from.");
  const median = sampleQuantile(ascendingValues(variance), 0.5);
  const floor = 1e-5 * (median > 0 ? median : 1);
  const shift = Math.log(df / 2) - digamma(df / 2);
  const logs = variance.map((v) => Math.log(Math.max(v, floor)) + shift);
  const {mean, spread} = covariate ? splineTrend(logs, covariate) : constant(logs);
  const excess = spread - trigamma(df / 2);
  if (!(excess > 0)) {
    if (covariate) return {variance: mean.map(Math.exp), df: Infinity};
    const pooled = variance.reduce((sum, v) => sum + Math.max(v, floor), 0) / n;
    return {variance: new Float64Array(n).fill(pooled), df: Infinity};
  }
  const prior = 2 * trigammaInverse(excess);
  const back = digamma(prior / 2) - Math.log(prior / 2);
  return {variance: mean.map((m) => Math.exp(m + back)), df: prior};
}

function constant(logs: Float64Array): {mean: Float64Array; spread: number} {
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
  const spread = logs.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (logs.length - 1);
  return {mean: new Float64Array(logs.length).fill(mean), spread};
}

/** Natural cubic spline with knots at quantiles: 4 degrees of freedom from 30 genes on. */
function splineTrend(logs: Float64Array, covariate: Float64Array): {mean: Float64Array; spread: number} {
  const n = logs.length;
  const distinct = new Set(covariate).size;
  const wanted = Math.min(1 + Number(n >= 3) + Number(n >= 6) + Number(n >= 30), distinct);
  if (wanted < 2) return constant(logs);
  const ascending = ascendingValues(covariate);
  // Quantiles coincide where many genes share a mean, as at a floor.
  const knots = [...new Set(Array.from({length: wanted}, (_, k) => sampleQuantile(ascending, k / (wanted - 1))))];
  const df = knots.length;
  if (df < 2) return constant(logs);
  // Centred and scaled, so that the cubes keep their digits.
  const [low, width] = [knots[0], knots[df - 1] - knots[0]];
  const scaled = covariate.map((v) => (v - low) / width);
  const basis =
    df === 2
      ? [scaled]
      : restrictedCubicSpline(
          scaled,
          knots.map((k) => (k - low) / width)
        );
  const columns = [new Float64Array(n).fill(1), ...basis];
  const {coef} = weightedLeastSquares(columns, new Float64Array(n).fill(1), logs);
  const mean = logs.map((_, i) => columns.reduce((sum, column, j) => sum + coef[j] * column[i], 0));
  const rss = logs.reduce((sum, v, i) => sum + (v - mean[i]) ** 2, 0);
  return {mean, spread: rss / (n - df)};
}
