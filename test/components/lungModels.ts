import {fitModels} from "../../data-loaders/analysis/fitModels.js";
import type {Study} from "../../data-loaders/study/study.js";
import {lungCohort} from "../cohort/lungCohort.js";

/** R's lung data with a model and its rival fitted on everyone who has all of the larger one's terms. */
export function lungModels() {
  const {cohort, source, variables, columns, ...rest} = lungCohort();
  const study: Study = {
    ...source,
    strata: ["sex"],
    split: null,
    riskModel: {label: "Clinical", endpoint: "os", terms: ["age", "sex", "ph.ecog"], cut: "median"},
    models: [
      {id: "known", label: "Age and ECOG", terms: ["age", "ph.ecog"]},
      {id: "weight", label: "Weight loss", terms: ["wt.loss"]}
    ]
  };
  return {...rest, cohort, fitted: fitModels({study, variables, columns})};
}
