import {candidateTerms} from "../../src/survival/candidateTerms.js";
import type {PublishedModels} from "../../src/survival/publishedModel.js";
import {fitModel} from "./fitModel.js";
import {riskGroups} from "./riskModel.js";
import type {RiskGroups} from "./riskModel.js";
import {ModelRefusal, trainingFollowUp, trainingTerms} from "./trainingTerms.js";
import type {Analysed} from "./trainingTerms.js";

/** Everything that is fitted, on training patients only: the models, the candidate terms, the risk groups. */
export interface FittedModels extends PublishedModels {
  readonly risk: RiskGroups | null;
  /** Why there are no risk groups although study.json asks for them. */
  readonly reason: string | null;
}

/** Fits the risk model and its rivals, and divides the patients into risk groups. */
export function fitModels(analysed: Analysed): FittedModels {
  const {riskModel, models: rivals} = analysed.study;
  if (!riskModel) return {models: [], unfitted: [], candidates: null, risk: null, reason: null};
  const {endpoint} = riskModel;
  const specs = [{id: "risk", ...riskModel}, ...rivals.map((rival) => ({...rival, endpoint}))];
  const fits = specs.map((spec) => ({label: spec.label, ...fitModel(analysed, spec)}));
  const models = fits.flatMap(({model}) => (model ? [model] : []));
  const unfitted = fits.flatMap((fit) => (fit.model ? [] : [{label: fit.label, reason: fit.reason}]));
  const [first] = fits;
  const found = first.model
    ? riskGroups(analysed, first.model)
    : {groups: null, reason: `${first.reason} There are no risk groups.`};
  return {
    models,
    unfitted,
    candidates: candidatesOf(analysed, endpoint),
    risk: found.groups,
    reason: found.groups ? null : found.reason
  };
}

function candidatesOf(analysed: Analysed, endpoint: string): PublishedModels["candidates"] {
  const {study, variables} = analysed;
  const {strata, riskModel, models} = study;
  const named = new Set([...riskModel!.terms, ...models.flatMap(({terms}) => terms), ...strata]);
  const ids = [...named].filter((id) => variables.some((variable) => variable.id === id));
  const followUp = trainingFollowUp(analysed, endpoint);
  try {
    const {terms, warnings} = trainingTerms(analysed, ids, followUp);
    return {...candidateTerms({...followUp, terms}), warnings};
  } catch (error) {
    if (error instanceof ModelRefusal) return null;
    throw error;
  }
}
