import {cholesky, quadratic} from "../numeric/cholesky.js";
import {chiSquareUpperTail, normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import {askedRows, completeRows, rowsByGroup} from "./completeRows.js";
import {coxData} from "./coxData.js";
import type {CoxData} from "./coxData.js";
import {coxDesign} from "./coxDesign.js";
import type {CoxDesign} from "./coxDesign.js";
import {maximise} from "./coxFit.js";
import type {CoxMaximum} from "./coxFit.js";
import {rowLikelihood} from "./coxLikelihood.js";
import type {Ties} from "./coxLikelihood.js";
import {robustVariance} from "./coxRobust.js";
import type {Terms} from "./designColumns.js";
import {codeLabels} from "./labels.js";
import type {LabelCodes, Labels, Level} from "./labels.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

export type {Ties} from "./coxLikelihood.js";

/** Follow-up and covariates of a Cox model. */
export type CoxInput = SurvInput & {
  /** Name → numeric column, or factor `{values, levels}` whose first level is the reference. */
  readonly terms: Terms;
  /** Each stratum has a baseline hazard of its own. */
  readonly strata?: Labels;
};

export interface CoxOptions {
  /** How tied events share a risk set. Default "efron". */
  readonly ties?: Ties;
  /** Pairs of terms whose product enters as well. */
  readonly interactions?: readonly (readonly [string, string])[];
  /** Sandwich standard errors. Default: if a weight is not a whole number, as in R, or `cluster` is given. */
  readonly robust?: boolean;
  /** Rows of one cluster (a patient's several) are not independent; a label a row. */
  readonly cluster?: Labels;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Newton steps. Default 40. */
  readonly maxIterations?: number;
}

/** A test statistic that is χ² on `df` degrees of freedom. */
export interface ChiSquareTest {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

/** A fitted Cox model. Arrays by coefficient are aligned with `names`; NaN (R's NA) where a term cannot be estimated. */
export interface CoxModel {
  readonly names: readonly string[];
  /** By coefficient: the term it belongs to. */
  readonly term: readonly string[];
  /** Log hazard ratios. */
  readonly coef: Float64Array;
  /** Robust where `robust` is true. */
  readonly standardError: Float64Array;
  readonly z: Float64Array;
  /** Two-sided Wald p. */
  readonly p: Float64Array;
  readonly hazardRatio: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Model-based standard errors, also where `standardError` is robust. */
  readonly naiveStandardError: Float64Array;
  /** Covariance of the coefficients, p × p row by row; robust where `robust` is true; 0 where there is no estimate. */
  readonly covariance: Float64Array;
  readonly robust: boolean;
  /** At β = 0 and at the fit; null and fitted in R's words. */
  readonly logLikelihood: readonly [number, number];
  readonly likelihoodRatio: ChiSquareTest;
  /** On the robust covariance where `robust` is true. */
  readonly wald: ChiSquareTest;
  readonly score: ChiSquareTest;
  readonly n: number;
  readonly events: number;
  /** Rows left out because follow-up, a covariate or the stratum is missing. */
  readonly missing: number;
  readonly iterations: number;
  /** False under separation, or if the steps ran out; `warnings` says which. */
  readonly converged: boolean;
  readonly warnings: readonly string[];
  readonly ties: Ties;
  readonly confidence: number;
  /** Strata in the order of the baseline hazards; null if the model has none. */
  readonly strata: readonly Level[] | null;
  /** What residuals and predictions are computed from. */
  readonly internal: {
    readonly data: CoxData;
    readonly maximum: CoxMaximum;
    readonly design: CoxDesign;
    readonly distinctTime: Float64Array;
  };
}

const who = "coxph";

/**
 * Cox proportional-hazards regression.
 *
 * Iterated until coefficients and their errors stand still to about 1e-7; R stops earlier by default.
 *
 * @param input - follow-up with left truncation and weights where given; rows with a missing value are left out and
 *   counted
 * @throws {SurvivalInputError} if no event is left, fewer than two rows are, a weight is 0 (R refuses it too), or a
 *   column cannot be used
 * @see R `survival::coxph(Surv(time, event) ~ terms + strata(), ties)` with `coxph.control(eps = 1e-14)` 3.5-3
 * @see Therneau and Grambsch (2000), Modeling Survival Data
 */
export function coxph(input: CoxInput, options: CoxOptions = {}): CoxModel {
  const {ties = "efron", interactions = [], confidence = 0.95, maxIterations = 40} = options;
  const {surv, mask} = askedRows(input, who);
  const prepared = mask ? {surv, rows: mask} : {surv};
  const design = coxDesign(input.terms, interactions, surv.size, who);
  const labels = input.strata ? codeLabels(input.strata, surv.size, who, "strata") : null;
  const clusters = options.cluster ? codeLabels(options.cluster, surv.size, who, "cluster") : null;
  const columns = Object.fromEntries(design.columns.map((column, j) => [design.names[j], column]));
  const given = [labels, clusters].filter((l): l is LabelCodes => l !== null);
  const rows = completeRows(prepared, columns, who, {entry: true, weight: true}, given);
  const everyStratum = labels ? rowsByGroup(rows, labels) : [rows];
  const parts = everyStratum.filter((part) => part.row.length > 0);
  const data = coxData(parts, design);
  const events = data.event.reduce((sum, e) => sum + e, 0);
  refuse(data, events);
  const maximum = maximise(rowLikelihood(data, ties), {maxIterations});
  const fractional = data.weight?.some((w) => w !== Math.floor(w)) ?? false;
  const robust = options.robust ?? (fractional || clusters !== null);
  const covariance = robust ? robustVariance(data, maximum, ties, clusters) : maximum.variance;
  const strata = labels ? labels.levels.filter((_, s) => everyStratum[s].row.length > 0) : null;
  return {
    ...estimates(maximum, covariance, confidence),
    ...tests(maximum, covariance, robust),
    names: design.names,
    term: design.term,
    covariance,
    robust,
    n: data.n,
    events,
    missing: rows.missing,
    iterations: maximum.iterations,
    converged: maximum.converged,
    warnings: warningsOf(design.names, data.constant, maximum),
    ties,
    confidence,
    strata,
    internal: {data, maximum, design, distinctTime: surv.distinctTime}
  };
}

function refuse(data: CoxData, events: number): void {
  if (data.n < 2) throw new SurvivalInputError(`${who}: one patient is left; a model needs at least two.`);
  if (events === 0)
    throw new SurvivalInputError(
      `${who}: none of ${data.n} patients had an event, so no coefficient can be estimated.`
    );
  const zero = data.weight?.findIndex((w) => w === 0) ?? -1;
  if (zero >= 0)
    throw new SurvivalInputError(
      `${who}: weight[${data.row[zero]}] is 0; leave the row out by the mask, or give it a weight above 0.`,
      data.row[zero]
    );
}

/** Coefficients with their errors, p and limits. */
export function estimates({beta, redundant, variance}: CoxMaximum, covariance: Float64Array, confidence: number) {
  const p = beta.length;
  const quantile = normalQuantile((1 + confidence) / 2);
  const estimated = (of: (j: number) => number) => Float64Array.from(beta, (_, j) => (redundant[j] ? NaN : of(j)));
  const coef = estimated((j) => beta[j]);
  const standardError = estimated((j) => Math.sqrt(covariance[j * p + j]));
  const z = coef.map((b, j) => b / standardError[j]);
  return {
    coef,
    standardError,
    naiveStandardError: estimated((j) => Math.sqrt(variance[j * p + j])),
    z,
    p: z.map(normalTwoSidedP),
    hazardRatio: coef.map(Math.exp),
    lower: coef.map((b, j) => Math.exp(b - quantile * standardError[j])),
    upper: coef.map((b, j) => Math.exp(b + quantile * standardError[j]))
  };
}

function tests(maximum: CoxMaximum, covariance: Float64Array, robust: boolean) {
  const {rank, logLikelihood, beta, redundant} = maximum;
  const test = (statistic: number): ChiSquareTest => ({statistic, df: rank, p: chiSquareUpperTail(statistic, rank)});
  return {
    logLikelihood,
    likelihoodRatio: test(2 * (logLikelihood[1] - logLikelihood[0])),
    wald: test(robust ? quadratic(cholesky(covariance, beta.length, redundant), beta) : maximum.waldStatistic),
    score: test(maximum.scoreStatistic)
  };
}

/** @param constant - by coefficient: 1 if its column does not vary */
export function warningsOf(names: readonly string[], constant: Uint8Array, maximum: CoxMaximum): string[] {
  const {redundant, infinite, converged, iterations} = maximum;
  const named = (flag: (j: number) => unknown) =>
    names
      .filter((_, j) => flag(j))
      .map((name) => `"${name}"`)
      .join(", ");
  const warnings: string[] = [];
  const fixed = named((j) => constant[j]);
  if (fixed) warnings.push(`${fixed} does not vary among the patients used, so it has no coefficient.`);
  const dependent = named((j) => redundant[j] && !constant[j]);
  if (dependent) warnings.push(`${dependent} depends linearly on the terms before it, so it has no coefficient.`);
  const endless = named((j) => infinite[j]);
  if (endless)
    warnings.push(
      `The coefficient of ${endless} is infinite: it grows without end and does not converge. Read the likelihood-ratio test, not its hazard ratio or interval.`
    );
  else if (!converged && maximum.rank > 0) warnings.push(`The fit did not converge in ${iterations} steps.`);
  return warnings;
}
