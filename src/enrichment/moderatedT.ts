import {adjust} from "../numeric/adjust.js";
import {normalTwoSidedP, studentTTwoSidedP, studentTTwoSidedQuantile} from "../numeric/distributions.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import type {LinearModel} from "./linearModel.js";
import {robustVariancePrior} from "./robustVariancePrior.js";
import {variancePrior} from "./variancePrior.js";

/** Moderated tests of one coefficient: columns by gene. */
export interface ModeratedT {
  /** log₂ fold change. */
  readonly logFoldChange: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly meanExpression: Float64Array;
  readonly t: Float64Array;
  /** Two-sided. */
  readonly p: Float64Array;
  /** Benjamini–Hochberg. */
  readonly q: Float64Array;
  /** Log odds that the gene differs, if 1% of the genes do. */
  readonly b: Float64Array;
  /** By gene; all equal unless `robust`. */
  readonly dfPrior: Float64Array;
  readonly dfTotal: Float64Array;
  /** By gene. */
  readonly variancePosterior: Float64Array;
}

export interface ModeratedOptions {
  /** The prior variance follows the mean expression. Default false. */
  readonly trend?: boolean;
  /** Genes of outlying variance share less in the prior, and do not widen it for the others. Default false. */
  readonly robust?: boolean;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** Share of genes taken to differ, for B; and the limits of their standard deviation. limma's defaults. */
const PROPORTION = 0.01;
const COEFFICIENT_SD: readonly [number, number] = [0.1, 4];
/** Beyond this the t distribution is the normal one. */
const ENDLESS = 1e6;

/**
 * Empirical Bayes: every gene's variance is drawn towards what all genes have in common, then a t-test is made of it.
 *
 * @param coefficient - position in the design
 * @see R `limma::eBayes(fit, trend, robust)` and `topTable(confint = TRUE, sort.by = "none")` 3.54.1; Smyth (2004)
 */
export function moderatedT(
  fit: LinearModel,
  coefficient: number,
  {trend = false, robust = false, confidence = 0.95}: ModeratedOptions = {}
): ModeratedT {
  const {design, sigma, dfResidual, meanExpression} = fit;
  const [genes, p] = [sigma.length, design.columns.length];
  const variance = sigma.map((s) => s * s);
  const prior = priorOf(variance, dfResidual, trend ? meanExpression : undefined, robust);
  const posterior = variance.map((v, g) =>
    prior.df[g] === Infinity
      ? prior.variance[g]
      : (dfResidual * v + prior.df[g] * prior.variance[g]) / (dfResidual + prior.df[g])
  );
  const dfTotal = prior.df.map((df) => Math.min(dfResidual + df, dfResidual * genes));
  const change = Float64Array.from(sigma, (_, g) => fit.coefficients[g * p + coefficient]);
  const unscaled = Float64Array.from(sigma, (_, g) => fit.standardDeviationUnscaled[g * p + coefficient]);
  const error = unscaled.map((u, g) => u * Math.sqrt(posterior[g]));
  const t = change.map((c, g) => c / error[g]);
  const quantile = quantiles(1 - confidence, dfTotal);
  const pValue = t.map((value, g) => twoSidedP(value, dfTotal[g]));
  const median = sampleQuantile(ascendingValues(prior.variance), 0.5);
  const limits = COEFFICIENT_SD.map((sd) => (sd * sd) / median) as [number, number];
  const spread = coefficientVariance(t, unscaled, dfTotal, limits) ?? 1 / median;
  return {
    logFoldChange: change,
    lower: change.map((c, g) => c - quantile[g] * error[g]),
    upper: change.map((c, g) => c + quantile[g] * error[g]),
    meanExpression,
    t,
    p: pValue,
    q: adjust(pValue, "BH"),
    b: t.map((value, g) => logOdds(value, unscaled[g], spread, dfTotal[g], prior.df[g])),
    dfPrior: prior.df,
    dfTotal,
    variancePosterior: posterior
  };
}

function priorOf(variance: Float64Array, df: number, covariate: Float64Array | undefined, robust: boolean) {
  if (robust) return robustVariancePrior(variance, df, covariate);
  const prior = variancePrior(variance, df, covariate);
  return {variance: prior.variance, df: new Float64Array(variance.length).fill(prior.df)};
}

const twoSidedP = (t: number, df: number) => (df === Infinity ? normalTwoSidedP(t) : studentTTwoSidedP(t, df));

/** One search for each distinct number of degrees of freedom. */
function quantiles(p: number, df: Float64Array): Float64Array {
  const known = new Map<number, number>();
  return df.map((value) => {
    if (!known.has(value)) known.set(value, studentTTwoSidedQuantile(p, value));
    return known.get(value)!;
  });
}

function logOdds(t: number, unscaled: number, spread: number, df: number, dfPrior: number): number {
  const ratio = (unscaled ** 2 + spread) / unscaled ** 2;
  const square = t * t;
  const kernel =
    dfPrior > ENDLESS
      ? (square * (1 - 1 / ratio)) / 2
      : ((1 + df) / 2) * Math.log((square + df) / (square / ratio + df));
  return Math.log(PROPORTION / (1 - PROPORTION)) - Math.log(ratio) / 2 + kernel;
}

/** Variance of the coefficients that differ, in units of sigma²: from the largest t-values. R `limma::tmixture.vector`. */
function coefficientVariance(
  t: Float64Array,
  unscaled: Float64Array,
  df: Float64Array,
  [low, high]: readonly [number, number]
): number | null {
  const genes = t.length;
  const target = Math.ceil((PROPORTION / 2) * genes);
  if (target < 1) return null;
  const share = Math.max(target / genes, PROPORTION);
  const most = df.reduce((a, b) => Math.max(a, b), 0);
  // Of equal p, all on the degrees of freedom most genes have.
  const size = t.map((value, g) =>
    df[g] < most ? studentTTwoSidedQuantile(Math.max(twoSidedP(value, df[g]), 1e-300), most) : Math.abs(value)
  );
  const order = Uint32Array.from(t.keys()).sort((a, b) => size[b] - size[a] || a - b);
  let sum = 0;
  for (let r = 0; r < target; r++) {
    const g = order[r];
    const chance = twoSidedP(size[g], most);
    const wanted = ((r + 0.5) / genes - (1 - share) * chance) / share;
    let variance = 0;
    if (wanted > chance) {
      const quantile = studentTTwoSidedQuantile(wanted, most);
      variance = unscaled[g] ** 2 * ((size[g] / quantile) ** 2 - 1);
    }
    sum += Math.min(high, Math.max(low, variance));
  }
  return sum / target;
}
