import {cholesky, inverse, quadratic, solve} from "../numeric/cholesky.js";
import type {Cholesky} from "../numeric/cholesky.js";
import {dot} from "../numeric/dot.js";
import type {CoxLikelihood, PartialLikelihood} from "./coxLikelihood.js";

/** Maximum of the partial likelihood. Arrays by coefficient have length p, matrices p × p; redundant columns hold 0. */
export interface CoxMaximum {
  readonly beta: Float64Array;
  /** By column: 1 if it is constant or depends on earlier columns. */
  readonly redundant: Uint8Array;
  /** Columns whose coefficient grows without end. */
  readonly infinite: Uint8Array;
  /** Where the fit began, and at the maximum. */
  readonly logLikelihood: readonly [number, number];
  /** Inverse of the information. */
  readonly variance: Float64Array;
  /** u′ I⁻¹ u where the fit began, and β′ I β. */
  readonly scoreStatistic: number;
  readonly waldStatistic: number;
  readonly rank: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** exp(x′β) by position or cell, x centred. */
  readonly risk: Float64Array;
}

/**
 * A step that changes no patient's log hazard by more than this is the last. Risks, and so the information, then change by
 * less than twice that share of themselves, whatever the covariates' shape, and p = 1e-300 is still right to 1e-6; β's own
 * error is the square of the step. Where the third derivative is known, what it says of the information is added, and the
 * error of everything is of the order of the square.
 */
const LAST_CHANGE = {plain: 1e-10, bent: 1e-5};

/** Only steps shorter than this times √events standard errors can be the last; longer ones need no look at every patient. */
const SHORT_STEP = 1e-3;

/** The likelihood stands still when a step promises to gain no more than this, or does. */
const STANDSTILL = 1e-7;

/** How a maximum is sought. */
export interface Search {
  readonly maxIterations: number;
  /** Where to begin. Default β = 0. */
  readonly start?: Float64Array;
  /** The last step's largest change of a log hazard, where only the likelihood matters: it errs by its cube, β by its square. */
  readonly lastChange?: number;
}

/** Newton–Raphson with step halving; with one covariate Halley's steps, which converge faster. */
export function maximise(likelihood: PartialLikelihood, search: Search): CoxMaximum {
  const {p} = likelihood;
  const {maxIterations} = search;
  let at = likelihood.empty();
  let next = likelihood.empty();
  let beta = search.start ? Float64Array.from(search.start) : new Float64Array(p);
  likelihood.evaluate(beta, at);
  let chol = cholesky(at.information, p, likelihood.constant);
  const {redundant, rank} = chol;
  const atStart = {logLikelihood: at.logLikelihood, statistic: quadratic(chol, at.score)};
  let infinite = new Uint8Array(p);
  /** Columns that stay where they are: redundant ones, and those of which nothing is known any more. */
  let held = redundant;
  const short = SHORT_STEP * Math.sqrt(likelihood.events);
  let last: Float64Array | null = null;
  let gain = Infinity;
  let converged = false;
  let iterations = 0;
  while (iterations < maxIterations && chol.rank > 0) {
    const step = solve(chol, at.score);
    if (last && Math.min(gain, dot(step, at.score)) <= STANDSTILL) {
      const more = endless(step, last, likelihood);
      if (more.includes(1)) {
        infinite = either(infinite, more);
        break;
      }
    }
    const lastChange = search.lastChange ?? (at.skewness === null ? LAST_CHANGE.plain : LAST_CHANGE.bent);
    if (at.skewness !== null) step[0] = halley(step[0], at.information[0], at.skewness);
    if (dot(step, at.score) < short ** 2 && likelihood.largestChange(step) < lastChange) {
      beta = beta.map((b, j) => b + step[j]);
      follow(at, step, likelihood);
      chol = cholesky(at.information, p, held);
      converged = !infinite.includes(1);
      break;
    }
    iterations++;
    const proposed = beta.map((b, j) => b + step[j]);
    likelihood.evaluate(proposed, next);
    const known = chol.rank;
    chol = cholesky(next.information, p, held);
    const worse = () => !(next.logLikelihood >= lowest(at.logLikelihood));
    const tooLong = () => chol.rank < known && overshoots(proposed, beta, chol, held, likelihood);
    let shortened = false;
    for (let halving = 0; halving < 30 && (worse() || tooLong()); halving++) {
      if (!worse()) shortened = true;
      for (let j = 0; j < p; j++) proposed[j] = (proposed[j] + beta[j]) / 2;
      likelihood.evaluate(proposed, next);
      chol = cholesky(next.information, p, held);
    }
    // Coefficients so large that the next cannot be told from them.
    if (!Number.isFinite(next.logLikelihood)) {
      infinite = either(infinite, endless(step, last ?? step, likelihood));
      chol = cholesky(at.information, p, held);
      break;
    }
    // A step cut short gains little however much there is to gain.
    gain = shortened ? Infinity : next.logLikelihood - at.logLikelihood;
    last = step;
    beta = proposed;
    [at, next] = [next, at];
    // Information that was there and is gone: the risks have run off to infinity. The other coefficients go on.
    if (chol.rank < known) {
      held = chol.redundant;
      infinite = held.map((gone, j) => Number(gone > redundant[j]));
      last = null;
    }
  }
  const variance = inverse(chol);
  return {
    beta,
    redundant,
    infinite,
    logLikelihood: [atStart.logLikelihood, at.logLikelihood],
    variance,
    scoreStatistic: atStart.statistic,
    waldStatistic: waldOf(beta, at.information, chol),
    rank,
    iterations,
    converged,
    risk: at.risk
  };
}

/**
 * The maximum of a likelihood that is costly to evaluate, begun where a rough and cheap one has its own.
 *
 * @param lastChange - of the rough fit
 */
export function maximiseFrom(
  rough: PartialLikelihood,
  lastChange: number,
  likelihood: PartialLikelihood,
  search: Search
): CoxMaximum {
  const {beta: start, converged} = maximise(rough, {...search, lastChange});
  return maximise(likelihood, converged ? {...search, start} : search);
}

/** Newton's step bent by the third derivative; left alone where that would change it by half. */
function halley(step: number, information: number, skewness: number): number {
  const bend = (step * skewness) / (2 * information);
  return Math.abs(bend) < 0.5 ? step / (1 + bend) : step;
}

/**
 * Moves likelihood, risks and information along with a last, tiny step, by their derivatives: evaluated anew they would cost
 * as much as an iteration.
 */
function follow(at: CoxLikelihood, step: Float64Array, likelihood: PartialLikelihood): void {
  at.logLikelihood += dot(at.score, step) / 2;
  if (at.skewness !== null) at.information[0] += at.skewness * step[0];
  likelihood.follow(step, at.risk);
}

/**
 * A long step to where nothing is known of some coefficient any more: of few patients the likelihood is a parabola only near by. A
 * short one got there because the coefficient runs off to infinity.
 */
function overshoots(
  to: Float64Array,
  from: Float64Array,
  {redundant}: Cholesky,
  held: Uint8Array,
  {largest}: PartialLikelihood
): boolean {
  return redundant.some((gone, j) => gone > held[j] && Math.abs(to[j] - from[j]) * largest[j] > 2);
}

/** The least a step must reach: what was reached before, but for rounding of a sum of that size. */
function lowest(logLikelihood: number): number {
  return logLikelihood - 1e-12 * Math.abs(logLikelihood);
}

/**
 * Separation: marks the columns that go on at an even pace, in steps that some patient's hazard feels, though the
 * likelihood stands still. Towards a maximum the steps shrink by their square instead.
 */
function endless(step: Float64Array, last: Float64Array, {largest}: PartialLikelihood): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(step, (v, j) =>
    Number(Math.abs(v) * largest[j] > 0.02 && Math.abs(v) > 0.5 * Math.abs(last[j]))
  );
}

const either = (some: Uint8Array<ArrayBuffer>, others: Uint8Array) => some.map((one, j) => one | others[j]);

/** β′ I β over the columns that are not redundant. */
function waldOf(beta: Float64Array, information: Float64Array, {redundant, size}: Cholesky): number {
  let sum = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      if (!redundant[i] && !redundant[j]) sum += beta[i] * information[i * size + j] * beta[j];
  return sum;
}
