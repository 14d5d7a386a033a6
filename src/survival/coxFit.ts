import {cholesky, inverse, quadratic, solve} from "../numeric/cholesky.js";
import type {Cholesky} from "../numeric/cholesky.js";
import type {CoxData} from "./coxData.js";
import {coxLikelihood, emptyLikelihood} from "./coxLikelihood.js";
import type {Ties} from "./coxLikelihood.js";

/** Maximum of the partial likelihood. Arrays by coefficient have length p, matrices p × p; redundant columns hold 0. */
export interface CoxMaximum {
  readonly beta: Float64Array;
  /** By column: 1 if it is constant or depends on earlier columns. */
  readonly redundant: Uint8Array;
  /** Columns whose coefficient grows without end. */
  readonly infinite: Uint8Array;
  readonly logLikelihood: readonly [number, number];
  /** Inverse of the information. */
  readonly variance: Float64Array;
  /** u′ I⁻¹ u at 0, and β′ I β. */
  readonly scoreStatistic: number;
  readonly waldStatistic: number;
  readonly rank: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** exp(x′β) by position, x centred. */
  readonly risk: Float64Array;
}

/**
 * A Newton step shorter than this times √events standard errors is the last. The error of β after it is its square; the
 * variance, taken before it, is off by about 0.4 steps / √events, seen on R's data sets, and so by less than 1e-7.
 */
const LAST_STEP = 1e-7;

/** The likelihood stands still when it gains less than this share of itself. */
const STANDSTILL = 1e-9;

/** Newton–Raphson with step halving from β = 0. */
export function maximise(data: CoxData, ties: Ties, maxIterations: number): CoxMaximum {
  const {n, p} = data;
  let at = emptyLikelihood(n, p);
  let next = emptyLikelihood(n, p);
  let beta = new Float64Array(p);
  coxLikelihood(data, beta, ties, at);
  let chol = cholesky(at.information, p, data.constant);
  const {redundant, rank} = chol;
  const atZero = {logLikelihood: at.logLikelihood, statistic: quadratic(chol, at.score)};
  const infinite = new Uint8Array(p);
  const lastStep = LAST_STEP * Math.sqrt(data.event.reduce((sum, e) => sum + e, 0));
  let converged = false;
  let iterations = 0;
  while (!converged && iterations < maxIterations && rank > 0) {
    const step = solve(chol, at.score);
    const length = Math.sqrt(Math.max(0, dot(step, at.score)));
    if (length < lastStep) {
      beta = beta.map((b, j) => b + step[j]);
      follow(at.risk, step, data);
      converged = true;
      break;
    }
    iterations++;
    let proposed = beta.map((b, j) => b + step[j]);
    coxLikelihood(data, proposed, ties, next);
    for (
      let halving = 0;
      halving < 30 && !(next.logLikelihood >= at.logLikelihood - noise(at.logLikelihood));
      halving++
    ) {
      proposed = proposed.map((b, j) => (b + beta[j]) / 2);
      coxLikelihood(data, proposed, ties, next);
    }
    const gain = next.logLikelihood - at.logLikelihood;
    const moved = proposed.map((b, j) => b - beta[j]);
    beta = proposed;
    [at, next] = [next, at];
    chol = cholesky(at.information, p, redundant);
    // Separation: the likelihood levels off while a coefficient still moves by much of a unit of its column's spread.
    if (gain <= STANDSTILL * Math.abs(at.logLikelihood) && marked(infinite, moved, data)) break;
  }
  const variance = inverse(chol);
  return {
    beta,
    redundant,
    infinite,
    logLikelihood: [atZero.logLikelihood, at.logLikelihood],
    variance,
    scoreStatistic: atZero.statistic,
    waldStatistic: waldOf(beta, at.information, chol),
    rank,
    iterations,
    converged,
    risk: at.risk
  };
}

/** Moves exp(x′β) along with a last, tiny step, to first order: an exponential a row would cost as much as an iteration. */
function follow(risk: Float64Array, step: Float64Array, {x, n, p}: CoxData): void {
  for (let k = 0, row = 0; k < n; k++, row += p) {
    let change = 1;
    for (let j = 0; j < p; j++) change += step[j] * x[row + j];
    risk[k] *= change;
  }
}

/** Rounding of a sum of that size. */
function noise(logLikelihood: number): number {
  return 1e-12 * Math.abs(logLikelihood);
}

/** Marks the columns that still move; true if any does. */
function marked(infinite: Uint8Array, moved: Float64Array, {x, n, p}: CoxData): boolean {
  for (let j = 0; j < p; j++) {
    let square = 0;
    for (let k = 0; k < n; k++) square += x[k * p + j] ** 2;
    infinite[j] = Math.abs(moved[j]) * Math.sqrt(square / n) > 0.02 ? 1 : 0;
  }
  return infinite.includes(1);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** β′ I β over the columns that are not redundant. */
function waldOf(beta: Float64Array, information: Float64Array, {redundant, size}: Cholesky): number {
  let sum = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      if (!redundant[i] && !redundant[j]) sum += beta[i] * information[i * size + j] * beta[j];
  return sum;
}
