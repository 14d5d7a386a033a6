import type {Cohort} from "../../cohort/readCohort.js";
import {keptIn} from "../../numeric/keptIn.js";
import {scoreOf} from "../../survival/publishedModel.js";
import type {PublishedModel} from "../../survival/publishedModel.js";

/** A patient's value of a variable as a model takes it: a number, a level, or null where it is missing. */
export function cohortValue(cohort: Cohort, variable: string, row: number): number | string | null {
  const column = cohort.variable(variable);
  if (column.type === "numeric") return Number.isNaN(column.values[row]) ? null : column.values[row];
  const code = column.codes[row];
  return code < 0 ? null : column.levels[code].value;
}

/** Linear predictor of every patient, length n; NaN where a value is missing. Computed once for a model. */
export function modelScores(cohort: Cohort, model: PublishedModel): Float64Array {
  return keptIn(kept, model, () =>
    Float64Array.from({length: cohort.n}, (_, row) => scoreOf(model, (variable) => cohortValue(cohort, variable, row)))
  );
}

const kept = new WeakMap<PublishedModel, Float64Array>();
