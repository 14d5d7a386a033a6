import type {Cohort} from "../../cohort/readCohort.js";

/** A set of patients a model is judged on. */
export interface PatientSet {
  readonly id: "training" | "test" | "all";
  readonly label: string;
  /** Mask, length n. */
  readonly rows: Uint8Array;
}

/** Training and test set, or all patients of a study that is not split. */
export function patientSets(cohort: Cohort): PatientSet[] {
  const {split} = cohort.study;
  const column = split && cohort.variable(split.variable);
  if (!split || column?.type !== "categorical")
    return [{id: "all", label: "All patients", rows: new Uint8Array(cohort.n).fill(1)}];
  const rows = (value: string) => {
    const code = column.levels.findIndex((level) => level.value === value);
    return Uint8Array.from(column.codes, (c) => Number(c === code));
  };
  return [
    {id: "training", label: "Training set", rows: rows(split.training)},
    {id: "test", label: "Test set", rows: rows(split.test)}
  ];
}
