import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";

/** The cohort with one numeric variable more, e.g. the expression of a gene; it can be cut and drawn like any other. */
export function withVariable(cohort: Cohort, variable: Variable, values: Float64Array): Cohort {
  return {
    ...cohort,
    study: {...cohort.study, variables: [...cohort.study.variables, variable]},
    variable: (id) => (id === variable.id ? {type: "numeric", values} : cohort.variable(id))
  };
}
