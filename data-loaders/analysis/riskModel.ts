import type {RiskModelDescription, Variable} from "../../src/cohort/description.js";
import type {PublishedModel} from "../../src/survival/publishedModel.js";
import {SurvivalInputError} from "../../src/survival/surv.js";
import {cutRule} from "./cutRule.js";
import {scoresOf} from "./fitModel.js";
import {ModelRefusal, trainingFollowUp} from "./trainingTerms.js";
import type {Analysed} from "./trainingTerms.js";

/** The study's risk model and what it says of every patient. */
export interface RiskGroups {
  readonly description: RiskModelDescription;
  /** "risk_score" (log hazard, higher = earlier event) and "risk_group" ("low", "high"). */
  readonly variables: readonly [Variable, Variable];
  /** Length n; NaN where a term is missing. */
  readonly score: Float64Array;
  /** Length n; null where a term is missing. */
  readonly group: readonly (string | null)[];
}

/**
 * Scores every patient by the risk model and divides them at its cut; model and cut come from training patients only.
 *
 * The score is the linear predictor Σ coef × x without centring.
 *
 * @returns the groups, or the reason why there are none, in words
 */
export function riskGroups(
  analysed: Analysed,
  model: PublishedModel
): {groups: RiskGroups} | {groups: null; reason: string} {
  const {study} = analysed;
  const score = scoresOf(analysed, model);
  try {
    const cut = cutRule(study, study.riskModel!.cut, score, trainingFollowUp(analysed, model.endpoint));
    const group = Array.from(score, (s) => (Number.isNaN(s) ? null : s > cut.value ? "high" : "low"));
    const description: RiskModelDescription = {
      id: model.id,
      label: model.label,
      endpoint: model.endpoint,
      fittedOn: model.fittedOn,
      terms: model.coefficients.map(({name, variable, level, coef, standardError, p}) => ({
        name,
        variable,
        level,
        coef,
        standardError,
        p
      })),
      cut,
      warnings: model.warnings
    };
    return {groups: {description, variables: riskVariables(model.label, description), score, group}};
  } catch (error) {
    if (!(error instanceof SurvivalInputError || error instanceof ModelRefusal)) throw error;
    return {groups: null, reason: `The model "${model.label}" has no risk groups: ${error.message}`};
  }
}

const above: Readonly<Record<RiskModelDescription["cut"]["rule"], string>> = {
  median: "the median of the training patients",
  "maximally selected": "the maximally selected cut of the training patients",
  fixed: "the cut that study.json fixes"
};

function riskVariables(label: string, {cut}: RiskModelDescription): [Variable, Variable] {
  return [
    {
      id: "risk_score",
      label: "Risk score",
      type: "numeric",
      units: "log hazard",
      origin: "risk",
      note: `Linear predictor of the model "${label}"; higher means an earlier event.`
    },
    {
      id: "risk_group",
      label: "Risk group",
      type: "categorical",
      levels: [
        {value: "low", label: "Low risk"},
        {value: "high", label: "High risk"}
      ],
      reference: "low",
      ordered: true,
      origin: "risk",
      note: `High is a risk score above ${above[cut.rule]}.`
    }
  ];
}
