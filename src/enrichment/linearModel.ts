import {cholesky, inverse, solve} from "../numeric/cholesky.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

/** A design: column by column, each as long as there are samples; the first is the intercept. */
export interface Design {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** Least squares of every gene on one design. Matrices by gene: p values a gene, one gene after another. */
export interface LinearModel {
  readonly design: Design;
  readonly coefficients: Float64Array;
  /** Standard errors of the coefficients in units of sigma. */
  readonly standardDeviationUnscaled: Float64Array;
  /** Residual standard deviation by gene. */
  readonly sigma: Float64Array;
  readonly dfResidual: number;
  /** Mean expression by gene. */
  readonly meanExpression: Float64Array;
}

/**
 * Fits every gene by (weighted) least squares.
 *
 * @param weights - aligned with the values; default 1
 * @throws {EnrichmentInputError} if a column of the design depends on those before it, or no degree of freedom is left
 * @see R `limma::lmFit(y, design, weights)` 3.54.1
 */
export function linearModel(
  {genes, samples, values}: ExpressionMatrix,
  design: Design,
  weights?: Float64Array
): LinearModel {
  const [n, p] = [samples.length, design.columns.length];
  if (n <= p)
    throw new EnrichmentInputError(
      `${n} samples are too few for ${p} coefficients; take covariates away or choose larger groups.`
    );
  const {columns} = design;
  const coefficients = new Float64Array(genes.length * p);
  const unscaled = new Float64Array(genes.length * p);
  const sigma = new Float64Array(genes.length);
  const meanExpression = new Float64Array(genes.length);
  const common = weights ? null : crossProduct(columns, null, 0, n);
  for (let g = 0; g < genes.length; g++) {
    const at = g * n;
    const y = values.subarray(at, at + n);
    const {factor, covariance} = common ?? crossProduct(columns, weights!, at, n);
    const right = columns.map((column) => {
      let sum = 0;
      for (let s = 0; s < n; s++) sum += column[s] * y[s] * (weights ? weights[at + s] : 1);
      return sum;
    });
    const beta = solve(factor, right);
    coefficients.set(beta, g * p);
    let [square, mean] = [0, 0];
    for (let s = 0; s < n; s++) {
      let fitted = 0;
      for (let j = 0; j < p; j++) fitted += beta[j] * columns[j][s];
      square += (weights ? weights[at + s] : 1) * (y[s] - fitted) ** 2;
      mean += y[s];
    }
    sigma[g] = Math.sqrt(square / (n - p));
    meanExpression[g] = mean / n;
    for (let j = 0; j < p; j++) unscaled[g * p + j] = Math.sqrt(covariance[j * p + j]);
  }
  return {design, coefficients, standardDeviationUnscaled: unscaled, sigma, dfResidual: n - p, meanExpression};
}

function crossProduct(columns: readonly Float64Array[], weights: Float64Array | null, at: number, n: number) {
  const p = columns.length;
  const matrix = new Float64Array(p * p);
  for (let j = 0; j < p; j++)
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (let s = 0; s < n; s++) sum += columns[j][s] * columns[k][s] * (weights ? weights[at + s] : 1);
      matrix[j * p + k] = matrix[k * p + j] = sum;
    }
  const factor = cholesky(matrix, p);
  if (factor.rank < p)
    throw new EnrichmentInputError(
      "A covariate depends on the groups or on another covariate, so their effects cannot be told apart; take it away."
    );
  return {factor, covariance: inverse(factor)};
}
