import {cholesky, solve} from "../numeric/cholesky.js";
import {chiSquareUpperTail} from "../numeric/distributions.js";
import type {CompleteRows} from "./completeRows.js";
import {covariatePatterns} from "./covariatePatterns.js";
import type {CovariatePatterns} from "./covariatePatterns.js";
import {armData, armLikelihood, thinned} from "./coxByArm.js";
import type {ArmData} from "./coxByArm.js";
import {maximise, maximiseFrom} from "./coxFit.js";
import type {CoxMaximum} from "./coxFit.js";
import {warningsOf} from "./coxph.js";
import type {ChiSquareTest} from "./coxph.js";
import type {NumericColumn} from "./surv.js";
import {SurvivalInputError} from "./surv.js";
import type {Fits} from "./treatmentEffectCurve.js";

/** More patients than this, and a fit to one in `THINNED` says where to begin. */
const MANY = 20_000;
const THINNED = 16;
/** The last step where only the likelihood is wanted, which errs by its cube times the number of events. */
const LIKELIHOOD_ONLY = 1e-5;

const patternsKnown = new WeakMap<Float64Array, {readonly patterns: CovariatePatterns | null}>();

/** Patients with the same score; found once for all selections. */
function scorePatterns(score: NumericColumn): CovariatePatterns | null {
  if (!(score instanceof Float64Array)) return null;
  if (!patternsKnown.has(score)) patternsKnown.set(score, {patterns: covariatePatterns([score])});
  return patternsKnown.get(score)!.patterns;
}

/**
 * The four models of treatment and spline, of patients without weights or left truncation.
 *
 * All are restrictions of one: each begins where the largest, held to it by its own information, would be.
 *
 * @param basis - columns of the spline at some rows
 */
export function fitsByArm(
  {surv, row, slot}: CompleteRows,
  treatment: NumericColumn,
  score: NumericColumn,
  basis: (row: Uint32Array) => readonly Float64Array[]
): Fits {
  const data = armData(surv, row, slot, treatment, scorePatterns(score), basis);
  if (data.events === 0)
    throw new SurvivalInputError(
      `coxph: none of ${row.length} patients had an event, so no coefficient can be estimated.`
    );
  const K = data.columns;
  const largest = fitCrossed(data, model(K, K, true));
  const within = (bends: number, crossed: boolean) => {
    const map = model(K, bends, crossed);
    const start = held(largest, map, 2 * K + 1);
    return maximise(armLikelihood(data, map), {maxIterations: 40, lastChange: LIKELIHOOD_ONLY, ...start});
  };
  const of = [0, ...Array.from({length: K}, (_, j) => K + 1 + j)];
  const p = 2 * K + 1;
  return {
    coef: of.map((c) => (largest.redundant[c] ? NaN : largest.beta[c])),
    covariance: of.flatMap((c) => of.map((d) => largest.variance[c * p + d])),
    mean: Array.from(data.mean),
    interaction: likelihoodRatio(within(K, false), largest),
    linear: likelihoodRatio(within(1, false), within(1, true)),
    warnings: warningsOf(namesOf(K), new Uint8Array(p), largest)
  };
}

const namesOf = (K: number) => {
  const scores = Array.from({length: K}, (_, j) => `score${j + 1}`);
  return ["treatment", ...scores, ...scores.map((name) => `treatment:${name}`)];
};

function fitCrossed(data: ArmData, map: Float64Array): CoxMaximum {
  const search = {maxIterations: 40};
  if (data.unit.length <= MANY) return maximise(armLikelihood(data, map), search);
  return maximiseFrom(armLikelihood(thinned(data, THINNED), map), 1e-3, armLikelihood(data, map), search);
}

/** L of the model treatment + first columns of the spline, and their products where crossed. */
function model(K: number, bends: number, crossed: boolean): Float64Array {
  const p = 1 + bends * (crossed ? 2 : 1);
  const map = new Float64Array((2 * K + 1) * p);
  map[K * p] = 1;
  for (let j = 0; j < bends; j++) {
    map[j * p + 1 + j] = 1;
    map[(K + 1 + j) * p + 1 + j] = 1;
    if (crossed) map[(K + 1 + j) * p + 1 + bends + j] = 1;
  }
  return map;
}

/** Where the quadratic that the largest model's likelihood is near its maximum has its own within a smaller model. */
function held(
  {variance, beta, redundant, converged}: CoxMaximum,
  part: Float64Array,
  full: number
): {start?: Float64Array} {
  if (!converged || redundant.includes(1)) return {};
  const p = part.length / full;
  const chol = cholesky(variance, full);
  const columns = Array.from({length: p}, (_, a) => coefficientsOf(part, a, full));
  const solved = columns.map((column) => solve(chol, column));
  const dot = (u: ArrayLike<number>, v: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < full; i++) sum += u[i] * v[i];
    return sum;
  };
  const information = Float64Array.from({length: p * p}, (_, q) => dot(columns[Math.floor(q / p)], solved[q % p]));
  const score = Float64Array.from(solved, (column) => dot(column, beta));
  return {start: solve(cholesky(information, p), score)};
}

/** A column of the smaller map as coefficients of the largest: b, a, d of θ are b, a and b + c of β. */
function coefficientsOf(part: Float64Array, a: number, full: number): Float64Array {
  const K = (full - 1) / 2;
  const p = part.length / full;
  const beta = new Float64Array(full);
  beta[0] = part[K * p + a];
  for (let j = 0; j < K; j++) {
    beta[1 + j] = part[j * p + a];
    beta[1 + K + j] = part[(K + 1 + j) * p + a] - part[j * p + a];
  }
  return beta;
}

/** @throws {SurvivalInputError} as `compareNested` does where the larger model has no coefficient more */
function likelihoodRatio(smaller: CoxMaximum, larger: CoxMaximum): ChiSquareTest {
  const df = larger.rank - smaller.rank;
  if (df < 1) throw new SurvivalInputError("compareNested: the second model has no more coefficients than the first.");
  const statistic = Math.max(0, 2 * (larger.logLikelihood[1] - smaller.logLikelihood[1]));
  return {statistic, df, p: chiSquareUpperTail(statistic, df)};
}
