import type {Cohort} from "../../cohort/readCohort.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {modelScores} from "./cohortValue.js";

/** Mask of the patients a published model was fitted on: training, with follow-up and every term. */
export function trainingRows(cohort: Cohort, model: PublishedModel): Uint8Array {
  const {split} = cohort.study;
  const sets = split && model.fittedOn.split !== null ? cohort.variable(split.variable) : null;
  const code = sets?.type === "categorical" ? sets.levels.findIndex(({value}) => value === split!.training) : -1;
  const {time} = cohort.followUp(model.endpoint);
  const scores = modelScores(cohort, model);
  return Uint8Array.from({length: cohort.n}, (_, i) => {
    if (sets?.type === "categorical" && sets.codes[i] !== code) return 0;
    return Number(!Number.isNaN(time[i] + scores[i]));
  });
}
