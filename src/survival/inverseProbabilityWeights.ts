import {inParts} from "../numeric/inParts.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {covariateBalance} from "./covariateBalance.js";
import type {CovariateBalance} from "./covariateBalance.js";
import {logisticRegression} from "./logisticRegression.js";
import type {LogisticRegression} from "./logisticRegression.js";
import type {Terms} from "./designColumns.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** Whose average effect the weighted comparison estimates: everyone's, or that of the treated. */
export type Estimand = "ATE" | "ATT";

export interface WeightOptions {
  /** Default "ATE". */
  readonly estimand?: Estimand;
  /** Multiply by the share of the patient's own treatment, so that weights average about 1. Default true; ATE only. */
  readonly stabilised?: boolean;
  /** Quantiles of the weights beyond which they are cut, e.g. [0.01, 0.99]. Default: none. */
  readonly truncate?: readonly [number, number];
  /** Length n: 0 leaves a row out. */
  readonly rows?: Uint8Array;
}

export interface InverseProbabilityWeights {
  /** By row as given; NaN for a row left out. */
  readonly weight: Float64Array;
  /** By row as given: fitted probability of treatment. */
  readonly propensity: Float64Array;
  readonly model: LogisticRegression;
  /** (Σw)² / Σw², [untreated, treated]: how many unweighted patients carry the same information. */
  readonly effectiveSampleSize: readonly [number, number];
  /** Patients, [untreated, treated]. */
  readonly count: readonly [number, number];
  readonly balance: readonly CovariateBalance[];
  /** Weights cut at a quantile. */
  readonly truncated: number;
  readonly n: number;
  readonly missing: number;
  readonly warnings: readonly string[];
}

/**
 * Inverse-probability-of-treatment weights from a logistic model, with the balance they reach.
 *
 * ATE: 1/e for the treated, 1/(1 − e) for the untreated. ATT: 1 for the treated, e/(1 − e) for the untreated.
 *
 * @param treatment - n values, 1 treated, 0 untreated; NaN is missing
 * @param terms - confounders: name → numeric column, or factor `{values, levels}`
 * @throws {SurvivalInputError} if treatment does not vary, or an option is out of range
 * @see R `glm(treatment ~ terms, binomial)`; Robins, Hernán and Brumback (2000), Epidemiology 11:550–560; Cole and Hernán
 *   (2008), Am J Epidemiol 168:656–664 on stabilising and truncating
 */
export function inverseProbabilityWeights(
  treatment: NumericColumn | Uint8Array,
  terms: Terms,
  {estimand = "ATE", stabilised = estimand === "ATE", truncate, rows}: WeightOptions = {}
): InverseProbabilityWeights {
  if (stabilised && estimand === "ATT")
    throw new SurvivalInputError('inverseProbabilityWeights: stabilised weights are defined for estimand "ATE" only.');
  const model = logisticRegression(treatment, terms, {rows, name: "treatment"});
  const {fitted} = model;
  let treated = 0;
  inParts(fitted.length, (from, to) => (treated += countTreated(treatment, fitted, from, to)));
  const share = stabilised ? treated / model.n : null;
  const raw = new Float64Array(treatment.length);
  const times = share === null ? [1, 1] : [1 - share, share];
  const add = estimand === "ATT" ? addOdds : addInverses;
  inParts(raw.length, (from, to) => add(raw, treatment, fitted, times, from, to));
  const {weight, truncated} = truncateWeights(raw, truncate);
  return {
    weight,
    propensity: fitted,
    model,
    effectiveSampleSize: effectiveSizes(weight, treatment),
    count: [model.n - treated, treated],
    balance: covariateBalance(treatment, model.design, weight),
    truncated,
    n: model.n,
    missing: model.missing,
    warnings: [...model.warnings, ...overlap(model)]
  };
}

function countTreated(treatment: NumericColumn | Uint8Array, fitted: Float64Array, from: number, to: number): number {
  let treated = 0;
  for (let i = from; i < to; i++) if (fitted[i] === fitted[i]) treated += treatment[i];
  return treated;
}

/** Weights of everyone's effect. @param times - of [untreated, treated] */
function addInverses(
  weight: Float64Array,
  treatment: NumericColumn | Uint8Array,
  fitted: Float64Array,
  times: readonly number[],
  from: number,
  to: number
): void {
  const [untreated, treated] = times;
  for (let i = from; i < to; i++) weight[i] = treatment[i] === 1 ? treated / fitted[i] : untreated / (1 - fitted[i]);
}

/** Weights of the effect in the treated; NaN stays NaN. */
function addOdds(
  weight: Float64Array,
  treatment: NumericColumn | Uint8Array,
  fitted: Float64Array,
  _: readonly number[],
  from: number,
  to: number
): void {
  for (let i = from; i < to; i++) {
    const propensity = fitted[i];
    weight[i] = treatment[i] === 1 && propensity === propensity ? 1 : propensity / (1 - propensity);
  }
}

function truncateWeights(raw: Float64Array, limits: readonly [number, number] | undefined) {
  if (!limits) return {weight: raw, truncated: 0};
  const [low, high] = limits;
  if (!(low >= 0 && high <= 1 && low < high))
    throw new SurvivalInputError(
      `inverseProbabilityWeights: truncate needs two quantiles with 0 ≤ low < high ≤ 1, got ${low} and ${high}.`
    );
  const ascending = ascendingValues(raw);
  const [floor, ceiling] = [sampleQuantile(ascending, low), sampleQuantile(ascending, high)];
  const weight = raw.map((w) => Math.min(ceiling, Math.max(floor, w)));
  return {weight, truncated: raw.reduce((count, w) => count + (w < floor || w > ceiling ? 1 : 0), 0)};
}

function effectiveSizes(weight: Float64Array, treatment: NumericColumn | Uint8Array): [number, number] {
  const sums = new Float64Array(4);
  inParts(weight.length, (from, to) => addWeights(sums, weight, treatment, from, to));
  const [untreated, square, treated, treatedSquare] = sums;
  return [(untreated * untreated) / square, (treated * treated) / treatedSquare];
}

/** Σw and Σw² of the untreated, then of the treated. */
function addWeights(
  sums: Float64Array,
  weight: Float64Array,
  treatment: NumericColumn | Uint8Array,
  from: number,
  to: number
): void {
  for (let i = from; i < to; i++) {
    const w = weight[i];
    if (w !== w) continue;
    const at = treatment[i] === 1 ? 2 : 0;
    sums[at] += w;
    sums[at + 1] += w * w;
  }
}

/** Treatment that is all but certain leaves nobody to compare with. */
function overlap({fitted, n}: LogisticRegression): string[] {
  let certain = 0;
  for (let i = 0; i < fitted.length; i++) if (fitted[i] < 0.01 || fitted[i] > 0.99) certain++;
  if (certain === 0) return [];
  return [
    `${certain} of ${n} patients have a treatment probability below 0.01 or above 0.99: hardly anyone like them got the other treatment, and their weights rest on the model alone.`
  ];
}
