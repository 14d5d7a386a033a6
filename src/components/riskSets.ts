import type {StudyDescription} from "../cohort/description.js";
import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import {defaultSelection} from "../cohort/selection.js";
import type {Selection} from "../cohort/selection.js";
import {concordance} from "../survival/concordance.js";
import type {Concordance} from "../survival/concordance.js";
import {SurvivalInputError} from "../survival/surv.js";
import {survivalAnswer, survOf} from "./survivalAnswer.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** One of the sets a study is split into, with what the risk model does there. */
export interface RiskSet {
  readonly set: "training" | "test" | "all";
  readonly label: string;
  readonly selection: Selection;
  readonly answer: SurvivalAnswer;
  /** Of the risk score; null without a risk model, or where no pair of patients can be compared. */
  readonly concordance: Concordance | null;
}

/**
 * Training and test set, or all patients of a study that is not split.
 *
 * @param among - only those whom this selects; its groups and endpoint are the usual ones all the same
 */
export function riskSets(cohort: Cohort, among: Selection = defaultSelection(cohort.study)): RiskSet[] {
  return setsOf(cohort.study).map(({set, label, value}) => {
    const {split} = cohort.study;
    const usual = defaultSelection(cohort.study);
    const filters = split && value !== null ? [{variable: split.variable, levels: [value]}] : [];
    const {anyOf, landmark} = among;
    const selection = {...usual, filters: [...among.filters, ...filters], anyOf, landmark};
    const rows = rowMask(cohort, selection);
    return {set, label, selection, answer: survivalAnswer(cohort, selection, rows), concordance: scored(cohort, rows)};
  });
}

function setsOf({split}: StudyDescription): {set: RiskSet["set"]; label: string; value: string | null}[] {
  if (!split) return [{set: "all", label: "All patients", value: null}];
  return [
    {set: "training", label: "Training set", value: split.training},
    {set: "test", label: "Test set", value: split.test}
  ];
}

function scored(cohort: Cohort, rows: Uint8Array): Concordance | null {
  const {riskModel, variables} = cohort.study;
  const score = variables.find(({origin, type}) => origin === "risk" && type === "numeric");
  if (!riskModel || !score) return null;
  const column = cohort.variable(score.id);
  if (column.type !== "numeric") return null;
  try {
    return concordance({surv: survOf(cohort, riskModel.endpoint), rows, score: column.values});
  } catch (error) {
    if (error instanceof SurvivalInputError) return null;
    throw error;
  }
}
