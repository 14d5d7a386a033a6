import {coxph} from "../../src/survival/coxph.js";
import type {CoxModel} from "../../src/survival/coxph.js";
import {coxPrediction} from "../../src/survival/coxPrediction.js";
import {coxZph} from "../../src/survival/coxZph.js";
import {linearPredictor} from "../../src/survival/predictSurvival.js";
import {designRow, scoreOf} from "../../src/survival/publishedModel.js";
import type {PublishedCoefficient, PublishedModel, PublishedTerm} from "../../src/survival/publishedModel.js";
import {SurvivalInputError} from "../../src/survival/surv.js";
import {ModelRefusal, trainingFollowUp, trainingTerms} from "./trainingTerms.js";
import type {Analysed} from "./trainingTerms.js";

/** A model as study.json names it. */
export interface ModelSpec {
  readonly id: string;
  readonly label: string;
  readonly endpoint: string;
  /** Ids of variables. */
  readonly terms: readonly string[];
}

/** A model that study.json names, or why there is none. */
export type FittedModel = {readonly model: PublishedModel} | {readonly model: null; readonly reason: string};

/** Under so many events a coefficient, coefficients are unstable and too large (Peduzzi 1995, J Clin Epidemiol 48:1503). */
const EVENTS_PER_COEFFICIENT = 10;

/** Fits one model by Cox regression (Efron) on the training patients only. */
export function fitModel(analysed: Analysed, spec: ModelSpec): FittedModel {
  try {
    return {model: fitted(analysed, spec)};
  } catch (error) {
    if (!(error instanceof ModelRefusal || error instanceof SurvivalInputError)) throw error;
    return {
      model: null,
      reason: `The model "${spec.label}" was not fitted: ${error.message.replace(/\.$/, "")}.`
    };
  }
}

/** Σ coef × x of every patient; NaN where a value is missing or its level never occurred in training. */
export function scoresOf({study, columns}: Analysed, model: PublishedModel): Float64Array {
  return Float64Array.from(study.patients, (_, i) => scoreOf(model, (variable) => columns[variable][i]));
}

function fitted(analysed: Analysed, {id, label, endpoint, terms: ids}: ModelSpec): PublishedModel {
  const {study, columns} = analysed;
  const followUp = trainingFollowUp(analysed, endpoint);
  const {terms, published, usable, warnings} = trainingTerms(analysed, ids, followUp);
  const fit = coxph({...followUp, terms});
  refuseUnstable(fit);
  const scores = linearPredictor(fit, terms).filter((_, i) => usable[i] === 1);
  const trained = followUp.time.reduce((n, t, i) => n + Number(!Number.isNaN(t + followUp.event[i])), 0);
  const model: PublishedModel = {
    id,
    label,
    endpoint,
    terms: published,
    coefficients: coefficientsOf(fit, published),
    prediction: coxPrediction(fit),
    linearPredictor: [Math.min(...scores), Math.max(...scores)],
    fittedOn: {split: study.split?.training ?? null, n: fit.n, events: fit.events, missing: trained - fit.n},
    logLikelihood: fit.logLikelihood,
    likelihoodRatio: fit.likelihoodRatio,
    proportionalHazards: proportionalHazards(fit),
    warnings: [...warnings, ...fewEvents(fit)]
  };
  checkAlignment(model, fit, (variable) => columns[variable][usable.indexOf(1)]);
  return model;
}

function refuseUnstable({names, events, internal: {maximum}, converged}: CoxModel): void {
  if (events < names.length)
    throw new ModelRefusal(
      `it has ${names.length} coefficients and training has ${events} events; name fewer terms or merge levels`
    );
  const named = (flags: Uint8Array) => names.filter((_, j) => flags[j] === 1).join(", ");
  const redundant = named(maximum.redundant);
  if (redundant) throw new ModelRefusal(`${redundant} depends linearly on the terms before it; leave it out`);
  const infinite = named(maximum.infinite);
  if (infinite)
    throw new ModelRefusal(
      `the coefficient of ${infinite} is infinite, because the term separates those with from those without the event; merge its levels or leave it out`
    );
  if (!converged) throw new ModelRefusal("the fit does not converge; name fewer terms");
}

function fewEvents({names, events}: CoxModel): string[] {
  if (events >= EVENTS_PER_COEFFICIENT * names.length) return [];
  return [
    `Training has ${events} events for ${names.length} coefficients, ${(events / names.length).toFixed(1)} each; under ${EVENTS_PER_COEFFICIENT} the coefficients are unstable, so read this model with care.`
  ];
}

function coefficientsOf(fit: CoxModel, terms: readonly PublishedTerm[]): PublishedCoefficient[] {
  const owners = terms.flatMap((term): {variable: string; level: string | null}[] =>
    term.kind === "linear"
      ? [{variable: term.variable, level: null}]
      : term.levels.slice(1).map((level) => ({variable: term.variable, level}))
  );
  return fit.names.map((name, j) => ({
    name,
    ...owners[j],
    coef: fit.coef[j],
    standardError: fit.standardError[j],
    z: fit.z[j],
    p: fit.p[j],
    hazardRatio: fit.hazardRatio[j],
    lower: fit.lower[j],
    upper: fit.upper[j]
  }));
}

function proportionalHazards(fit: CoxModel): PublishedModel["proportionalHazards"] {
  const {terms, global} = coxZph(fit);
  return [...terms, {term: null, ...global}];
}

/** The published order of coefficients is the fitted one, or every prediction would be wrong. */
function checkAlignment(model: PublishedModel, fit: CoxModel, valueOf: Parameters<typeof designRow>[1]): void {
  const row = designRow(model, valueOf);
  if (
    model.coefficients.some(({variable, level}, j) => fit.names[j] !== variable + (level ?? "")) ||
    row.length !== fit.names.length
  )
    throw new Error(`The coefficients of "${model.label}" are not in the order of its terms.`);
}
