import {cholesky, inverse, solve} from "../numeric/cholesky.js";
import {chiSquareUpperTail} from "../numeric/distributions.js";
import {dot} from "../numeric/dot.js";
import {armData} from "./armData.js";
import {bothArms, corrected} from "./armModel.js";
import type {KnownPoint, Passes} from "./armModel.js";
import {armLikelihood} from "./coxByArm.js";
import {enoughTerms, nodeColumns, scoreLikelihood, scorePasses} from "./coxByScore.js";
import type {NodeColumns} from "./coxByScore.js";
import {maximise, maximiseFrom} from "./coxFit.js";
import type {CoxMaximum} from "./coxFit.js";
import type {PartialLikelihood} from "./coxLikelihood.js";
import {warningsOf} from "./coxph.js";
import type {ChiSquareTest} from "./coxph.js";
import {scoreBins} from "./scoreBins.js";
import {coarserTable, scoreTable} from "./scoreTable.js";
import type {ArmsAndScores, ScoreTable} from "./scoreTable.js";
import {SurvivalInputError} from "./surv.js";
import type {Fits} from "./treatmentEffectCurve.js";

/** More patients than this, and a fit to a table of few times says where to begin. */
const MANY = 10_000;
/** So many times that table has, made of one of so many more where the cohort's own are too many. */
const FEW_TIMES = 96;
const GROUPED_TIMES = 1024;
/** So many patients for each distinct time, and a table of all times is gone through sooner than the patients. */
const PER_TIME = 16;
const SEARCH = {maxIterations: 40};
/** The last step of the fit that says where to begin; and of the patients' own, whose square is the error of coefficients. */
const ROUGH_SEARCH = {...SEARCH, lastChange: 1e-4};
const LAST_CHANGE = 1e-8;
/** The last step of a rough fit that was corrected by what is known of the patients' own likelihood. */
const NEAR = 1e-4;
/** Where only the likelihood is wanted, it may err by this: by the cube of the last step times the number of events. */
const LIKELIHOOD_ERROR = 1e-7;

/** A spline of the score: K columns at some scores. */
export interface Spline {
  readonly knots: Float64Array;
  /** The least and the largest score of the patients. */
  readonly range: readonly [number, number];
  basis(scores: Float64Array): readonly Float64Array[];
}

/**
 * The four models of treatment and spline, of patients without weights or left truncation: restrictions of one.
 *
 * @param n - patients in an arm
 */
export function fitsByArm(patients: ArmsAndScores, n: number, spline: Spline): Fits {
  const {knots, range, basis} = spline;
  if (n <= MANY) return fitsByPatient(patients, basis, null);
  const times = patients.surv.distinctTime.length;
  const binned = scoreBins(...range, knots);
  const byTime = n >= PER_TIME * times;
  const table = scoreTable(patients, binned, byTime ? times : GROUPED_TIMES);
  const few = coarserTable(table, FEW_TIMES);
  const begin = (mean: Float64Array): Beginning => {
    const columns = nodeColumns(few, binned, basis, mean);
    return {columns, passes: scorePasses(few, columns)};
  };
  if (byTime) {
    const fits = fitsByTable(table, nodeColumns(table, binned, basis), begin);
    if (fits) return fits;
  }
  return fitsByPatient(patients, basis, begin);
}

/** A likelihood that is quick to go through and says where to begin. */
interface Beginning {
  readonly columns: NodeColumns;
  readonly passes: Passes;
}

/** @param begin - null: begin at 0 */
function fitsByPatient(
  patients: ArmsAndScores,
  basis: Spline["basis"],
  begin: ((mean: Float64Array) => Beginning) | null
): Fits {
  const data = armData(patients, basis);
  return fitModels(data, (L) => armLikelihood(data, L), begin && begin(data.mean)).fits;
}

/** @returns null where the risk changes too much within a bin for its series */
function fitsByTable(table: ScoreTable, columns: NodeColumns, begin: (mean: Float64Array) => Beginning): Fits | null {
  const passes = scorePasses(table, columns);
  const {fits, maxima} = fitModels(columns, (L) => scoreLikelihood(columns, L, passes), begin(columns.mean));
  return maxima.every((theta) => enoughTerms(table, columns, bothArms(theta, columns))) ? fits : null;
}

/** @returns the maxima as θ too */
function fitModels(
  {columns: K, mean, events}: Pick<NodeColumns, "columns" | "mean" | "events">,
  likelihoodOf: (L: Float64Array) => PartialLikelihood,
  beginning: Beginning | null
): {fits: Fits; maxima: readonly Float64Array[]} {
  const p = 2 * K + 1;
  const whole = model(K, K, true);
  const likelihoodOnly = Math.cbrt(LIKELIHOOD_ERROR / events);
  const maxima: Float64Array[] = [];
  const fit = (L: Float64Array, rough: Passes | null, lastChange: number, start?: Float64Array) => {
    const likelihood = likelihoodOf(L);
    const search = {...SEARCH, lastChange, start};
    const found =
      beginning && rough
        ? maximiseFrom(scoreLikelihood(beginning.columns, L, rough), NEAR, likelihood, search)
        : maximise(likelihood, search);
    maxima.push(thetaOf(found.beta, L));
    return found;
  };
  // Of a fit that did not converge nothing is known that would help the others.
  const correctedAt = (point: KnownPoint) => beginning && corrected(beginning.columns, beginning.passes, point);
  const begun = beginning && maximise(scoreLikelihood(beginning.columns, whole, beginning.passes), ROUGH_SEARCH);
  const first =
    begun?.converged && begun.rank === p ? correctedAt(pointAt(begun.beta, whole, likelihoodOf(whole))) : null;
  const largest = fit(whole, first, LAST_CHANGE, first ? begun!.beta : undefined);
  const point = first && largest.converged && largest.rank === p ? pointOf(largest, whole) : null;
  const near = point && correctedAt(point);
  const within = (bends: number, crossed: boolean) => {
    const L = model(K, bends, crossed);
    return fit(L, near, likelihoodOnly, point ? nearest(point, L) : undefined);
  };
  const of = [0, ...Array.from({length: K}, (_, j) => K + 1 + j)];
  const fits = {
    coef: of.map((c) => (largest.redundant[c] ? NaN : largest.beta[c])),
    covariance: of.flatMap((c) => of.map((d) => largest.variance[c * p + d])),
    mean: Array.from(mean),
    interaction: likelihoodRatio(within(K, false), largest),
    linear: likelihoodRatio(within(1, false), within(1, true)),
    converged: largest.converged,
    warnings: warningsOf(namesOf(K), new Uint8Array(p), largest)
  };
  return {fits, maxima};
}

/** θ = Lβ */
function thetaOf(beta: Float64Array, L: Float64Array): Float64Array {
  const p = beta.length;
  return Float64Array.from({length: L.length / p}, (_, i) => beta.reduce((sum, b, j) => sum + L[i * p + j] * b, 0));
}

/** Of the model that has as many coefficients as θ: the patients' own likelihood at β. */
function pointAt(beta: Float64Array, L: Float64Array, likelihood: PartialLikelihood): KnownPoint {
  const at = likelihood.empty();
  likelihood.evaluate(beta, at);
  return inTheta(beta, at.score, inverse(cholesky(at.information, beta.length, new Uint8Array(beta.length))), L);
}

/** The same at its maximum. */
function pointOf({beta, variance}: CoxMaximum, L: Float64Array): KnownPoint {
  return inTheta(beta, new Float64Array(beta.length), variance, L);
}

/** From β to θ = Lβ. */
function inTheta(beta: Float64Array, score: Float64Array, variance: Float64Array, L: Float64Array): KnownPoint {
  const p = beta.length;
  const spread = new Float64Array(p * p);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++)
      for (let a = 0; a < p; a++)
        for (let b = 0; b < p; b++) spread[i * p + j] += L[i * p + a] * variance[a * p + b] * L[j * p + b];
  const information = inverse(cholesky(spread, p, new Uint8Array(p)));
  // The step to the maximum is the same in both.
  const step = thetaOf(times(variance, score), L);
  return {theta: thetaOf(beta, L), score: times(information, step), information};
}

/** Where a restricted model comes nearest to a maximum, were the likelihood quadratic: β that makes (Lβ − θ)′ I (Lβ − θ) least. */
function nearest({theta, information}: KnownPoint, L: Float64Array): Float64Array {
  const full = theta.length;
  const p = L.length / full;
  const column = (a: number) => Float64Array.from({length: full}, (_, i) => L[i * p + a]);
  const turned = Array.from({length: p}, (_, a) => times(information, column(a)));
  const square = Float64Array.from({length: p * p}, (_, at) => dot(turned[Math.floor(at / p)], column(at % p)));
  const along = Float64Array.from(turned, (row) => dot(row, theta));
  return solve(cholesky(square, p, new Uint8Array(p)), along);
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  return vector.map((_, i) => vector.reduce((sum, v, j) => sum + matrix[i * vector.length + j] * v, 0));
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

/** @throws {SurvivalInputError} where the larger model has no coefficient more, as where scores tell the treatments already */
function likelihoodRatio(smaller: CoxMaximum, larger: CoxMaximum): ChiSquareTest {
  const df = larger.rank - smaller.rank;
  if (df < 1)
    throw new SurvivalInputError(
      "treatmentEffectCurve: the scores of treated and untreated patients leave no coefficient for how the effect differs along them."
    );
  const statistic = Math.max(0, 2 * (larger.logLikelihood[1] - smaller.logLikelihood[1]));
  return {statistic, df, p: chiSquareUpperTail(statistic, df)};
}
