import {type LeastSquares, normalEquations, weightedLeastSquares} from "../numeric/leastSquares.js";
import {normalUpperTail} from "../numeric/distributions.js";
import {pick} from "./completeRows.js";
import type {CovariatePatterns} from "./covariatePatterns.js";
import {designColumns, termsAt} from "./designColumns.js";
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
  /** Rows with equal terms: each pattern is looked at once. Default: every row by itself. */
  readonly patterns?: CovariatePatterns;
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
  {rows, maxIterations = 50, patterns}: LogisticOptions = {}
): LogisticRegression {
  const {unit, units, asked} = counted(outcome, rows, patterns);
  const {names, columns, used, ...counts} = modelFrame(units, terms, outcome.length);
  const n = sum(counts.trials);
  const events = sum(counts.events);
  if (events === 0 || events === n)
    throw new SurvivalInputError(
      `logisticRegression: the outcome is the same for all ${n} usable rows; a model needs both 0 and 1.`
    );
  const fit = iterate(columns, counts, maxIterations);
  const p = names.length;
  const standardError = Float64Array.from(names, (_, j) => Math.sqrt(fit.covariance[j * p + j]));
  const z = fit.coef.map((b, j) => b / standardError[j]);
  const byUnit = new Float64Array(units.row.length).fill(NaN);
  used.forEach((u, k) => (byUnit[u] = fit.probability[k]));
  const fitted = new Float64Array(outcome.length);
  for (let i = 0; i < fitted.length; i++) fitted[i] = unit[i] === LEFT_OUT ? NaN : byUnit[unit[i]];
  const share = events / n;
  return {
    names,
    coef: fit.coef,
    standardError,
    z,
    p: z.map((value) => 2 * normalUpperTail(Math.abs(value))),
    deviance: fit.deviance,
    nullDeviance: -2 * n * (share * Math.log(share) + (1 - share) * Math.log1p(-share)),
    fitted,
    iterations: fit.iterations,
    converged: fit.moving.length === 0,
    n,
    missing: asked - n,
    warnings: [...collinear(names, fit.coef), ...fit.moving.map((j) => separation(names[j]))]
  };
}

/** Rows of equal terms, or single rows: how many have a known outcome, and how many of them have it. */
interface Counts {
  readonly trials: Float64Array;
  readonly events: Float64Array;
}

const LEFT_OUT = 0xffffffff;
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

/** Patterns, or rows, with a known outcome: `unit` is each row's place among them, `row` a row of each. */
function counted(
  outcome: NumericColumn | Uint8Array,
  mask: Uint8Array | undefined,
  patterns: CovariatePatterns | undefined
) {
  const size = patterns?.size ?? outcome.length;
  const unit = new Uint32Array(outcome.length).fill(LEFT_OUT);
  const place = new Uint32Array(patterns ? size : 0).fill(LEFT_OUT);
  const row = new Uint32Array(size);
  const [trials, events] = [new Float64Array(size), new Float64Array(size)];
  let [asked, found] = [0, 0];
  for (let i = 0; i < outcome.length; i++) {
    if (mask && !mask[i]) continue;
    asked++;
    const value = outcome[i];
    if (value !== value) continue;
    if (value !== 0 && value !== 1)
      throw new SurvivalInputError(`logisticRegression: outcome[${i}] must be 0 or 1, or NaN if missing: ${value}.`, i);
    let u = patterns ? place[patterns.of[i]] : LEFT_OUT;
    if (u === LEFT_OUT) {
      u = found++;
      row[u] = i;
      if (patterns) place[patterns.of[i]] = u;
    }
    unit[i] = u;
    trials[u]++;
    events[u] += value;
  }
  const units = {row: row.slice(0, found), trials: trials.subarray(0, found), events: events.subarray(0, found)};
  return {unit, units, asked};
}

/** Design of the units whose terms are all known. */
function modelFrame({row, trials, events}: Counts & {readonly row: Uint32Array}, terms: Terms, size: number) {
  const who = "logisticRegression";
  const design = designColumns(termsAt(terms, row, size, who), row.length, who);
  const used = Uint32Array.from(row.keys()).filter((u) => design.columns.every((column) => !Number.isNaN(column[u])));
  return {
    used,
    names: ["(Intercept)", ...design.names],
    columns: [new Float64Array(used.length).fill(1), ...design.columns.map((column) => pick(column, used))],
    trials: pick(trials, used),
    events: pick(events, used)
  };
}

function iterate(columns: readonly Float64Array[], counts: Counts, maxIterations: number) {
  // R starts at (y + ½) / (n + 1).
  let eta = counts.trials.map((n, u) => Math.log((counts.events[u] + 0.5) / (n - counts.events[u] + 0.5)));
  let deviance = Infinity;
  let coef: Float64Array = new Float64Array(columns.length);
  let step = coef;
  let iterations = 0;
  for (let still = false; iterations < maxIterations && !still;) {
    iterations++;
    const next = improve(columns, counts, coef, newton(columns, counts, eta).coef, deviance);
    step = next.coef.map((b, j) => b - coef[j]);
    // Under separation the deviance stands still while a coefficient goes on growing by about one a step.
    still = Math.abs(next.deviance - deviance) <= 1e-13 * (next.deviance + 0.1);
    ({coef, eta, deviance} = next);
  }
  const {covariance} = newton(columns, counts, eta);
  return {coef, covariance, deviance, probability: eta.map(probability), iterations, moving: moved(columns, step)};
}

function newton(columns: readonly Float64Array[], {trials, events}: Counts, eta: Float64Array): LeastSquares {
  const weight = new Float64Array(eta.length);
  const working = new Float64Array(eta.length);
  for (let u = 0; u < eta.length; u++) {
    const e = eta[u];
    const share = events[u] / trials[u];
    weight[u] = trials[u] * probability(e) * probability(-e);
    working[u] = e;
    if (share > 0) working[u] += share * (1 + Math.exp(-e));
    if (share < 1) working[u] -= (1 - share) * (1 + Math.exp(e));
  }
  // Far fewer operations where the columns are well apart; where they are not, and the squares would lose digits, by QR.
  return normalEquations(columns, weight, working) ?? weightedLeastSquares(columns, weight, working);
}

/** The full step, or as much of it as does not raise the deviance. */
function improve(
  columns: readonly Float64Array[],
  counts: Counts,
  from: Float64Array,
  to: Float64Array,
  deviance: number
) {
  for (let halvings = 0; ; halvings++) {
    const coef = to;
    const eta = linear(columns, coef);
    const reached = devianceOf(eta, counts);
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

function devianceOf(eta: Float64Array, {trials, events}: Counts): number {
  let half = 0;
  for (let u = 0; u < eta.length; u++) {
    if (events[u] > 0) half += events[u] * softplus(-eta[u]);
    if (events[u] < trials[u]) half += (trials[u] - events[u]) * softplus(eta[u]);
  }
  return 2 * half;
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
