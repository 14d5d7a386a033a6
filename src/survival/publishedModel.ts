import {chiSquareUpperTail} from "../numeric/distributions.js";
import type {CandidateTerms} from "./candidateTerms.js";
import {baselineHazardAt, linearPredictorAt, predictCurve} from "./coxPrediction.js";
import type {CoxPrediction, PredictedCurve} from "./coxPrediction.js";
import type {ChiSquareTest} from "./coxph.js";
import type {NomogramModel, NomogramTerm} from "./nomogramPoints.js";
import type {NumericColumn} from "./surv.js";

/** A term of a published model. */
export type PublishedTerm =
  | {
      readonly variable: string;
      readonly kind: "linear";
      /** Lowest and highest value of the training patients. */
      readonly range: readonly [number, number];
      /** Their distinct values, ascending, if there are at most ten; else null. */
      readonly distinct: readonly number[] | null;
    }
  | {
      readonly variable: string;
      readonly kind: "factor";
      /** Levels that occur in training, the reference first. A patient of another level has no prediction. */
      readonly levels: readonly string[];
    };

/** One coefficient, with what a table shows. */
export interface PublishedCoefficient {
  /** As R names it, e.g. "t_stagerT2". */
  readonly name: string;
  readonly variable: string;
  readonly level: string | null;
  readonly coef: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
  readonly hazardRatio: number;
  readonly lower: number;
  readonly upper: number;
}

/** A Cox model as it is published: anyone can compute a prediction from it, and no patient's data are in it. */
export interface PublishedModel {
  readonly id: string;
  readonly label: string;
  readonly endpoint: string;
  readonly terms: readonly PublishedTerm[];
  /** In the order of the terms; aligned with `prediction.names`. */
  readonly coefficients: readonly PublishedCoefficient[];
  readonly prediction: CoxPrediction;
  /** Lowest and highest linear predictor of the training patients. */
  readonly linearPredictor: readonly [number, number];
  readonly fittedOn: {
    /** Value of the split variable; null if the study is not split. */
    readonly split: string | null;
    readonly n: number;
    readonly events: number;
    /** Training patients left out because a value is missing. */
    readonly missing: number;
  };
  /** Null and fitted. */
  readonly logLikelihood: readonly [number, number];
  readonly likelihoodRatio: ChiSquareTest;
  /** Test of proportional hazards by term, and of all together (`term` null). */
  readonly proportionalHazards: readonly ({readonly term: string | null} & ChiSquareTest)[];
  readonly warnings: readonly string[];
}

/** What the page on models reads, `data/models.json`. */
export interface PublishedModels {
  /** The risk model first, then its rivals in the order of study.json. */
  readonly models: readonly PublishedModel[];
  /** Models that study.json names and that could not be fitted, each with its reason. */
  readonly unfitted: readonly {readonly label: string; readonly reason: string}[];
  /** Every term of a model and every stratum, on the training patients; null where there is none to test. */
  readonly candidates: (CandidateTerms & {readonly warnings: readonly string[]}) | null;
}

/** A patient's value of a variable; null or NaN where it is missing. */
export type ValueOf = (variable: string) => number | string | null;

/** The patient's row of the model's design, aligned with the coefficients; NaN where a value is missing or unknown. */
export function designRow({terms}: PublishedModel, valueOf: ValueOf): Float64Array {
  const row: number[] = [];
  for (const term of terms) {
    const value = valueOf(term.variable);
    if (term.kind === "linear") row.push(typeof value === "number" ? value : NaN);
    else {
      const known = term.levels.includes(String(value));
      row.push(...term.levels.slice(1).map((level) => (known ? Number(level === value) : NaN)));
    }
  }
  return Float64Array.from(row);
}

/** Σ coef × x of a patient, uncentred; NaN where a value is missing. */
export function scoreOf(model: PublishedModel, valueOf: ValueOf): number {
  return linearPredictorAt(model.prediction, designRow(model, valueOf));
}

/** Predicted probability of the event by a horizon, from linear predictors. @returns same length; NaN beyond follow-up */
export function riskBy(model: PublishedModel, scores: NumericColumn, horizon: number): Float64Array {
  const hazard = baselineHazardAt(model.prediction, horizon);
  return Float64Array.from(scores, (score) => -Math.expm1(-hazard * Math.exp(score)));
}

/** Predicted survival of a patient with its limits at the event times of training, from 0 to the last follow-up. */
export function survivalCurve(model: PublishedModel, valueOf: ValueOf): PredictedCurve {
  const [{time, last}] = model.prediction.baselines;
  return predictCurve(model.prediction, designRow(model, valueOf), [0, ...time, last]);
}

/** What the nomogram of a published model is drawn from. @param horizons - in the unit of time, within follow-up */
export function nomogramModel(model: PublishedModel, horizons: readonly number[]): NomogramModel {
  const coefs = (variable: string) => model.coefficients.filter((c) => c.variable === variable).map(({coef}) => coef);
  const terms = model.terms.map((term): [string, NomogramTerm] => [
    term.variable,
    term.kind === "linear"
      ? {kind: "linear", coef: coefs(term.variable)[0], values: term.distinct ?? spread(term.range)}
      : {kind: "factor", levels: term.levels, coef: coefs(term.variable)}
  ]);
  const survival = horizons.map((t) => Math.exp(-baselineHazardAt(model.prediction, t)));
  return {
    terms: Object.fromEntries(terms),
    baseline: {horizon: horizons, survival},
    linearPredictor: model.linearPredictor
  };
}

/** More values over a range than an axis shows one by one. */
function spread([low, high]: readonly [number, number]): number[] {
  return Array.from({length: 12}, (_, i) => low + ((high - low) * i) / 11);
}

/** Likelihood-ratio test of a published model against one with fewer terms; null unless it is nested and on the same patients. */
export function compareFits(larger: PublishedModel, smaller: PublishedModel): ChiSquareTest | null {
  const variables = larger.terms.map(({variable}) => variable);
  const nested = smaller.terms.every(({variable}) => variables.includes(variable));
  const df = larger.coefficients.length - smaller.coefficients.length;
  const {n, events, split} = larger.fittedOn;
  const same = n === smaller.fittedOn.n && events === smaller.fittedOn.events && split === smaller.fittedOn.split;
  // The same rows have the same likelihood without any term; other rows as many would not.
  const sameNull =
    Math.abs(larger.logLikelihood[0] - smaller.logLikelihood[0]) <= 1e-9 * Math.abs(larger.logLikelihood[0]);
  if (!nested || df < 1 || !same || !sameNull) return null;
  const statistic = Math.max(0, 2 * (larger.logLikelihood[1] - smaller.logLikelihood[1]));
  return {statistic, df, p: chiSquareUpperTail(statistic, df)};
}
