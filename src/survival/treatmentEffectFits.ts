import {cholesky, inverse} from "../numeric/cholesky.js";
import {chiSquareUpperTail} from "../numeric/distributions.js";
import type {CompleteRows} from "./completeRows.js";
import {roughLikelihood} from "./armBins.js";
import type {KnownMaximum} from "./armBins.js";
import {armData} from "./armData.js";
import {armLikelihood} from "./coxByArm.js";
import {maximise, maximiseFrom} from "./coxFit.js";
import type {CoxMaximum} from "./coxFit.js";
import {warningsOf} from "./coxph.js";
import type {ChiSquareTest} from "./coxph.js";
import {SurvivalInputError} from "./surv.js";
import type {Fits} from "./treatmentEffectCurve.js";

/** More patients than this, and a fit to bins of them says where to begin. */
const MANY = 10_000;
/** The last step of that fit; and of the patients' own, whose square is the error of coefficients. */
const ROUGH = 1e-4;
const LAST_CHANGE = 1e-8;
/** The last step of a fit to bins that were corrected by what is known of the patients' own likelihood. */
const NEAR = 1e-6;
/** Where only the likelihood is wanted, it may err by this: by the cube of the last step times the number of events. */
const LIKELIHOOD_ERROR = 1e-7;

/**
 * The four models of treatment and spline, of patients without weights or left truncation: restrictions of one.
 *
 * @param treated - aligned with `row`: 0 or 1
 * @param basis - columns of the spline at some rows
 */
export function fitsByArm(
  {surv, row, slot}: CompleteRows,
  treated: Uint8Array,
  basis: (row: Uint32Array) => readonly Float64Array[]
): Fits {
  const data = armData(surv, row, slot, treated, basis);
  if (data.events === 0)
    throw new SurvivalInputError(
      `coxph: none of ${row.length} patients had an event, so no coefficient can be estimated.`
    );
  const K = data.columns;
  const rough = row.length > MANY ? roughLikelihood(data) : null;
  const likelihoodOnly = Math.cbrt(LIKELIHOOD_ERROR / data.events);
  const whole = model(K, K, true);
  const search = {maxIterations: 40, lastChange: LAST_CHANGE};
  const largest = rough
    ? maximiseFrom(rough.of(whole), ROUGH, armLikelihood(data, whole), search)
    : maximise(armLikelihood(data, whole), search);
  const near = rough && largest.converged && largest.rank === 2 * K + 1 ? rough.near(knownOf(largest, whole)) : null;
  const within = (bends: number, crossed: boolean) => {
    const map = model(K, bends, crossed);
    const [likelihood, search] = [armLikelihood(data, map), {maxIterations: 40, lastChange: likelihoodOnly}];
    if (!rough) return maximise(likelihood, search);
    return near
      ? maximiseFrom(near(map), NEAR, likelihood, search)
      : maximiseFrom(rough.of(map), ROUGH, likelihood, search);
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

/** θ = Lβ and the information of θ, of the model that has as many coefficients. */
function knownOf({beta, variance}: CoxMaximum, L: Float64Array): KnownMaximum {
  const p = beta.length;
  const theta = Float64Array.from({length: p}, (_, i) => beta.reduce((sum, b, j) => sum + L[i * p + j] * b, 0));
  const spread = new Float64Array(p * p);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++)
      for (let a = 0; a < p; a++)
        for (let b = 0; b < p; b++) spread[i * p + j] += L[i * p + a] * variance[a * p + b] * L[j * p + b];
  return {theta, information: inverse(cholesky(spread, p, new Uint8Array(p)))};
}

const namesOf = (K: number) => {
  const scores = Array.from({length: K}, (_, j) => `score${j + 1}`);
  return ["treatment", ...scores, ...scores.map((name) => `treatment:${name}`)];
};

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

/** @throws {SurvivalInputError} as `compareNested` does where the larger model has no coefficient more */
function likelihoodRatio(smaller: CoxMaximum, larger: CoxMaximum): ChiSquareTest {
  const df = larger.rank - smaller.rank;
  if (df < 1) throw new SurvivalInputError("compareNested: the second model has no more coefficients than the first.");
  const statistic = Math.max(0, 2 * (larger.logLikelihood[1] - smaller.logLikelihood[1]));
  return {statistic, df, p: chiSquareUpperTail(statistic, df)};
}
