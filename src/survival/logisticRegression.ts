import {type LeastSquares, normalEquations, weightedLeastSquares} from "../numeric/leastSquares.js";
import {normalUpperTail} from "../numeric/distributions.js";
import {designColumns} from "./designColumns.js";
import type {Terms} from "./designColumns.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** A fitted logistic model; arrays by coefficient are aligned with `names`, the intercept first. */
export interface LogisticRegression {
  readonly names: readonly string[];
  /** Log odds ratios; NaN for a term that depends linearly on earlier ones (R's NA), named in `warnings`. */
  readonly coef: Float64Array;
  readonly standardError: Float64Array;
  readonly z: Float64Array;
  /** Two-sided Wald p. */
  readonly p: Float64Array;
  readonly deviance: number;
  readonly nullDeviance: number;
  /** By row as given: fitted probability of outcome 1; NaN for a row left out. */
  readonly fitted: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  readonly n: number;
  /** Rows left out because outcome or a term is missing. */
  readonly missing: number;
  /** Sentences on collinear terms and on separation. */
  readonly warnings: readonly string[];
}

export interface LogisticOptions {
  /** Length of `outcome`: 0 leaves a row out. */
  readonly rows?: Uint8Array;
  /** Default 50. */
  readonly maxIterations?: number;
}

/**
 * Logistic regression by iteratively reweighted least squares, iterated until the coefficients stand still.
 *
 * Under separation a coefficient grows without bound; the fit then stops, `converged` is false and a warning names it.
 *
 * @param outcome - n values, 0 or 1; NaN is missing
 * @param terms - name → numeric column, or factor `{values, levels}` with the first level as reference
 * @throws {SurvivalInputError} if a length or a value is wrong, or the outcome does not vary
 * @see R `glm(outcome ~ terms, family = binomial)` 4.2.2, with `epsilon = 1e-14`
 */
export function logisticRegression(
  outcome: NumericColumn | Uint8Array,
  terms: Terms,
  {rows, maxIterations = 50}: LogisticOptions = {}
): LogisticRegression {
  const {row, y, names, columns, missing} = modelFrame(outcome, terms, rows);
  const fit = iterate(columns, y, maxIterations);
  const p = names.length;
  const standardError = Float64Array.from(names, (_, j) => Math.sqrt(fit.covariance[j * p + j]));
  const z = fit.coef.map((b, j) => b / standardError[j]);
  const fitted = new Float64Array(outcome.length).fill(NaN);
  for (let k = 0; k < row.length; k++) fitted[row[k]] = fit.probability[k];
  const share = y.reduce((a, b) => a + b, 0) / y.length;
  return {
    names,
    coef: fit.coef,
    standardError,
    z,
    p: z.map((value) => 2 * normalUpperTail(Math.abs(value))),
    deviance: fit.deviance,
    nullDeviance: -2 * y.length * (share * Math.log(share) + (1 - share) * Math.log1p(-share)),
    fitted,
    iterations: fit.iterations,
    converged: fit.moving.length === 0,
    n: row.length,
    missing,
    warnings: [...collinear(names, fit.coef), ...fit.moving.map((j) => separation(names[j]))]
  };
}

function modelFrame(outcome: NumericColumn | Uint8Array, terms: Terms, mask: Uint8Array | undefined) {
  const design = designColumns(terms, outcome.length, "logisticRegression");
  const usable = new Uint32Array(outcome.length);
  let [asked, n] = [0, 0];
  for (let i = 0; i < outcome.length; i++) {
    if (mask && !mask[i]) continue;
    asked++;
    const value = outcome[i];
    if (value !== 0 && value !== 1 && !Number.isNaN(value))
      throw new SurvivalInputError(`logisticRegression: outcome[${i}] must be 0 or 1, or NaN if missing: ${value}.`, i);
    let known = !Number.isNaN(value);
    for (let j = 0; known && j < design.columns.length; j++) known = !Number.isNaN(design.columns[j][i]);
    if (known) usable[n++] = i;
  }
  const row = usable.slice(0, n);
  const y = taken(outcome, row);
  if (!y.includes(0) || !y.includes(1))
    throw new SurvivalInputError(
      `logisticRegression: the outcome is the same for all ${y.length} usable rows; a model needs both 0 and 1.`
    );
  const columns = design.columns.map((c) => taken(c, row));
  return {
    row,
    y,
    names: ["(Intercept)", ...design.names],
    columns: [new Float64Array(row.length).fill(1), ...columns],
    missing: asked - row.length
  };
}

function taken(column: ArrayLike<number>, row: Uint32Array): Float64Array {
  const values = new Float64Array(row.length);
  for (let k = 0; k < row.length; k++) values[k] = column[row[k]];
  return values;
}

function iterate(columns: readonly Float64Array[], y: Float64Array, maxIterations: number) {
  let eta = y.map((value) => (value === 1 ? Math.log(3) : -Math.log(3))); // R starts at (y + ½) / 2
  let deviance = Infinity;
  let coef: Float64Array = new Float64Array(columns.length);
  let step = coef;
  let iterations = 0;
  for (let still = false; iterations < maxIterations && !still;) {
    iterations++;
    const next = improve(columns, y, coef, newton(columns, y, eta).coef, deviance);
    step = next.coef.map((b, j) => b - coef[j]);
    // Under separation the deviance stands still while a coefficient goes on growing by about one a step.
    still = Math.abs(next.deviance - deviance) <= 1e-13 * (next.deviance + 0.1);
    ({coef, eta, deviance} = next);
  }
  const {covariance} = newton(columns, y, eta);
  return {coef, covariance, deviance, probability: eta.map(probability), iterations, moving: moved(columns, step)};
}

function newton(columns: readonly Float64Array[], y: Float64Array, eta: Float64Array): LeastSquares {
  const weight = new Float64Array(eta.length);
  const working = new Float64Array(eta.length);
  for (let i = 0; i < eta.length; i++) {
    const e = eta[i];
    weight[i] = probability(e) * probability(-e);
    working[i] = e + (y[i] === 1 ? 1 + Math.exp(-e) : -1 - Math.exp(e));
  }
  // Far fewer operations where the columns are well apart; where they are not, and the squares would lose digits, by QR.
  return normalEquations(columns, weight, working) ?? weightedLeastSquares(columns, weight, working);
}

/** The full step, or as much of it as does not raise the deviance. */
function improve(
  columns: readonly Float64Array[],
  y: Float64Array,
  from: Float64Array,
  to: Float64Array,
  deviance: number
) {
  for (let halvings = 0; ; halvings++) {
    const coef = to;
    const eta = linear(columns, coef);
    const reached = devianceOf(eta, y);
    if (halvings === 30 || reached <= deviance * (1 + 1e-12)) return {coef, eta, deviance: reached};
    to = to.map((b, j) => (b + from[j]) / 2);
  }
}

/** Columns whose last step still changes a fitted log odds: not converged, or running to infinity. */
function moved(columns: readonly Float64Array[], step: Float64Array): number[] {
  const moving: number[] = [];
  step.forEach((d, j) => {
    if (!Number.isNaN(d) && Math.abs(d) * spread(columns[j]) > 1e-3) moving.push(j);
  });
  // The intercept follows whatever runs away; name it only when it runs alone.
  return moving.length > 1 ? moving.filter((j) => j > 0) : moving;
}

function spread(column: Float64Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const x of column) {
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return high > low ? high - low : 1;
}

function linear(columns: readonly Float64Array[], coef: Float64Array): Float64Array<ArrayBuffer> {
  const eta = new Float64Array(columns[0].length);
  columns.forEach((column, j) => {
    const b = coef[j];
    if (!Number.isNaN(b)) for (let i = 0; i < eta.length; i++) eta[i] += b * column[i];
  });
  return eta;
}

function probability(eta: number): number {
  return eta >= 0 ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta) / (1 + Math.exp(eta));
}

function devianceOf(eta: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += softplus(y[i] === 1 ? -eta[i] : eta[i]);
  return 2 * sum;
}

/** log(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function collinear(names: readonly string[], coef: Float64Array): string[] {
  return names
    .filter((_, j) => Number.isNaN(coef[j]))
    .map((name) => `${name} is constant or a combination of earlier terms; its coefficient cannot be estimated.`);
}

function separation(name: string): string {
  return `${name} does not converge: it (almost) separates outcome 0 from 1, so its coefficient is infinite. Merge levels or drop the term.`;
}
