import type {Cohort} from "../../cohort/readCohort.js";

/** A set of patients a model is judged on. */
export interface PatientSet {
  readonly id: "training" | "test" | "all";
  readonly label: string;
  /** Mask, length n. */
  readonly rows: Uint8Array;
  /** Only those of the set whom the reader selected. */
  readonly restricted: boolean;
}

/**
 * Training and test set, or all patients of a study that is not split.
 *
 * @param selected - mask of those to keep; null for all
 */
export function patientSets(cohort: Cohort, selected: Uint8Array | null = null): PatientSet[] {
  const {split} = cohort.study;
  const column = split && cohort.variable(split.variable);
  if (!split || column?.type !== "categorical")
    return [among({id: "all", label: "All patients", rows: new Uint8Array(cohort.n).fill(1)}, selected)];
  const rows = (value: string) => {
    const code = column.levels.findIndex((level) => level.value === value);
    return Uint8Array.from(column.codes, (c) => Number(c === code));
  };
  return [
    among({id: "training", label: "Training set", rows: rows(split.training)}, selected),
    among({id: "test", label: "Test set", rows: rows(split.test)}, selected)
  ];
}

function among(set: Omit<PatientSet, "restricted">, selected: Uint8Array | null): PatientSet {
  if (!selected) return {...set, restricted: false};
  return {...set, label: `${set.label}, selected`, rows: set.rows.map((row, i) => row & selected[i]), restricted: true};
}
