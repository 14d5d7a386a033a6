import {chiSquareUpperTail, fUpperTail} from "../numeric/distributions.js";
import {gaussLegendre} from "../numeric/gaussLegendre.js";
import {lowess} from "../numeric/lowess.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {variancePrior} from "./variancePrior.js";

/** What most genes' variances have in common, and how far each gene shares in it. */
export interface RobustVariancePrior {
  /** Prior variance by gene; all equal without a trend. */
  readonly variance: Float64Array;
  /** Prior degrees of freedom by gene: fewer where a gene's variance is too large to be one of the others. */
  readonly df: Float64Array;
}

/** Shares of smallest and largest residual log variances drawn in before their moments are taken. limma's defaults. */
const LOWER = 0.05;
const UPPER = 0.1;
const SPAN = 0.4;

/**
 * The prior of empirical Bayes when some genes vary far more than the rest: moments of the winsorised log variances, and
 * fewer prior degrees of freedom for genes that are outliers.
 *
 * @param variance - residual variances, one a gene
 * @param df - their degrees of freedom
 * @param covariate - mean expression, if the prior follows its trend (lowess)
 * @see R `limma::fitFDistRobustly` 3.54.1; Phipson, Lee, Majewski, Alexander and Smyth (2016), Ann Appl Stat 10:946–963
 */
export function robustVariancePrior(variance: Float64Array, df: number, covariate?: Float64Array): RobustVariancePrior {
  const n = variance.length;
  const usual = variancePrior(variance, df, covariate);
  if (n < 3 || Math.max(LOWER, UPPER) < 1 / n)
    return {variance: usual.variance, df: new Float64Array(n).fill(usual.df)};
  const floor = sampleQuantile(ascendingValues(variance), 0.5) * 1e-12;
  const logs = variance.map((v) => Math.log(Math.max(v, floor)));
  const trend = covariate ? smoothed(covariate, logs) : new Float64Array(n).fill(trimmedMean(logs, UPPER));
  const {mean, spread} = winsorised(logs.map((v, g) => v - trend[g]));
  const alone = winsorisedMoments(df, Infinity);
  const corrected = (shift: number) => trend.map((v) => v + mean - shift);
  if (Math.log(spread / alone.variance) <= 0) {
    const centre = corrected(alone.mean);
    const ratio = logs.map((v, g) => Math.exp(v - centre[g]));
    return {variance: centre.map(Math.exp), df: sharesOfPooled(ratio, df)};
  }
  if (usual.df === Infinity) return {variance: usual.variance, df: new Float64Array(n).fill(Infinity)};
  const prior = priorDf(usual.df, (candidate) => Math.log(spread / winsorisedMoments(df, candidate).variance));
  const centre = corrected(winsorisedMoments(df, prior).mean);
  const ratio = logs.map((v, g) => Math.exp(v - centre[g]));
  return {variance: centre.map(Math.exp), df: shrunkDf(ratio, df, prior)};
}

/** Between the usual estimate and infinity, where the winsorised variance is the one observed. */
function priorDf(usual: number, excess: (df: number) => number): number {
  let [low, high] = [usual / (1 + usual), 1];
  if (excess(usual) >= 0) return usual;
  for (let step = 0; step < 100 && high - low > 1e-15; step++) {
    const middle = (low + high) / 2;
    if (excess(middle / (1 - middle)) < 0) low = middle;
    else high = middle;
  }
  const root = (low + high) / 2;
  return root / (1 - root);
}

/** No spread beyond chance: outliers get a share of the pooled degrees of freedom, all others infinitely many. */
function sharesOfPooled(ratio: Float64Array, df: number): Float64Array {
  const n = ratio.length;
  const tail = ratio.map((f) => chiSquareUpperTail(f * df, df));
  const rank = averageRanks(ratio);
  const share = tail.map((p, g) => Math.min(1, p / ((n - rank[g] + 0.5) / n)));
  if (share.every((s) => s === 1)) return new Float64Array(n).fill(Infinity);
  return rising(
    share.map((s) => (s < 1 ? s * n * df : Infinity)),
    tail
  );
}

/** Prior degrees of freedom by gene, from how improbable its variance is beside those of all. */
function shrunkDf(ratio: Float64Array, df: number, prior: number): Float64Array {
  const n = ratio.length;
  const logTail = ratio.map((f) => Math.log(fUpperTail(f, df, prior)));
  const rank = averageRanks(ratio);
  const logUsual = logTail.map((p, g) => Math.min(0, p - (Math.log(n - rank[g] + 0.5) - Math.log(n))));
  if (logUsual.every((v) => v === 0)) return new Float64Array(n).fill(prior);
  const least = Math.min(...logTail);
  let outlier = 0;
  if (least > -Infinity) {
    outlier = (Math.log(0.5) / least) * prior;
    outlier *= Math.log(0.5) / Math.log(fUpperTail(Math.max(...ratio), df, outlier));
  }
  const shrunk = logUsual.map((v) => Math.exp(v) * prior - Math.expm1(v) * outlier);
  const order = orderOf(logTail);
  let [sum, best, at] = [0, Infinity, 0];
  order.forEach((g, k) => {
    sum += shrunk[g];
    if (sum / (k + 1) < best) [best, at] = [sum / (k + 1), k];
  });
  for (let k = 0; k <= at; k++) shrunk[order[k]] = best;
  return rising(shrunk, logTail);
}

/** Values made to rise with the tail probability, each at least the one before. */
function rising(values: Float64Array, tail: Float64Array): Float64Array {
  let least = -Infinity;
  for (const g of orderOf(tail)) values[g] = least = Math.max(least, values[g]);
  return values;
}

const orderOf = (values: Float64Array) =>
  Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);

function averageRanks(values: Float64Array): Float64Array {
  const order = orderOf(values);
  const rank = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) rank[order[k]] = (from + 1 + to) / 2;
  }
  return rank;
}

function smoothed(covariate: Float64Array, logs: Float64Array): Float64Array {
  const order = orderOf(covariate);
  const {y} = lowess(covariate, logs, SPAN, 3);
  const fitted = new Float64Array(logs.length);
  order.forEach((g, k) => (fitted[g] = y[k]));
  return fitted;
}

function trimmedMean(values: Float64Array, trim: number): number {
  const ascending = ascendingValues(values);
  const left = Math.floor(values.length * trim);
  const kept = ascending.subarray(left, values.length - left);
  return kept.reduce((sum, v) => sum + v, 0) / kept.length;
}

function winsorised(residuals: Float64Array): {mean: number; spread: number} {
  const n = residuals.length;
  const ascending = ascendingValues(residuals);
  const [low, high] = [sampleQuantile(ascending, LOWER), sampleQuantile(ascending, 1 - UPPER)];
  const drawn = residuals.map((v) => Math.min(high, Math.max(low, v)));
  const mean = drawn.reduce((sum, v) => sum + v, 0) / n;
  return {mean, spread: drawn.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1)};
}

const rule = gaussLegendre(128);

/** Mean and variance of the winsorised logarithm of an F variable, by quadrature of x ↦ x ⁄ (1 + x). */
function winsorisedMoments(df1: number, df2: number): {mean: number; variance: number} {
  const [lowest, highest] = [fQuantile(1 - LOWER, df1, df2), fQuantile(UPPER, df1, df2)];
  const [from, to] = [lowest / (1 + lowest), highest / (1 + highest)];
  const logs = rule.nodes.map((node) => {
    const share = from + ((to - from) * (node + 1)) / 2;
    return Math.log(share / (1 - share));
  });
  const density = rule.weights.map((weight, k) => {
    const share = from + ((to - from) * (rule.nodes[k] + 1)) / 2;
    return (weight * Math.exp(logDensity(Math.exp(logs[k]), df1, df2))) / (1 - share) ** 2;
  });
  // The middle holds what the two tails leave: that gives the constant of the density.
  const whole = density.reduce((sum, d) => sum + d, 0) / (1 - LOWER - UPPER);
  const [logLow, logHigh] = [Math.log(lowest), Math.log(highest)];
  const expected = (of: (log: number) => number) =>
    logs.reduce((sum, log, k) => sum + density[k] * of(log), 0) / whole + LOWER * of(logLow) + UPPER * of(logHigh);
  const mean = expected((log) => log);
  return {mean, variance: expected((log) => (log - mean) ** 2)};
}

/** Up to a constant. */
function logDensity(f: number, df1: number, df2: number): number {
  const rise = (df1 / 2 - 1) * Math.log(f);
  return df2 === Infinity ? rise - (df1 * f) / 2 : rise - ((df1 + df2) / 2) * Math.log1p((df1 * f) / df2);
}

/** The value an F variable exceeds with probability `upper`. */
function fQuantile(upper: number, df1: number, df2: number): number {
  const tail = (x: number) => (df2 === Infinity ? chiSquareUpperTail(x * df1, df1) : fUpperTail(x, df1, df2));
  let [low, high] = [-50, 50];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (tail(Math.exp(middle)) > upper) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
