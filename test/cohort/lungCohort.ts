import {cohortTable} from "../../data-loaders/analysis/cohortTable.js";
import type {Study} from "../../data-loaders/study/study.js";
import type {Level, Provenance, StudyDescription, Variable} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import {bareStudy} from "./bareStudy.js";
import {numbers, readDataset} from "../survival/referenceData.js";

const provenance: Provenance = {study: "lung", code: "test", version: "0", models: {}, execution: {}};

const numeric = (id: string, label: string, units?: string): Variable => ({
  id,
  label,
  type: "numeric",
  units,
  origin: "measured"
});
const levels = (...pairs: [string, string][]): Level[] => pairs.map(([value, label]) => ({value, label}));

const variables: Variable[] = [
  {
    id: "sex",
    label: "Sex",
    type: "categorical",
    origin: "measured",
    levels: levels(["1", "male"], ["2", "female"]),
    reference: "1"
  },
  {
    id: "ph.ecog",
    label: "ECOG",
    type: "categorical",
    origin: "measured",
    ordered: true,
    levels: levels(["0", "0"], ["1", "1"], ["2", "2"], ["3", "3"])
  },
  numeric("age", "Age", "years"),
  numeric("wt.loss", "Weight loss", "pounds"),
  numeric("meal.cal", "Calories at meals")
];

/** R's lung data (228 rows, real missing values) as the loaders publish a cohort. */
export function lungCohort() {
  const data = readDataset("lung");
  const time = numbers(data, "time");
  const event = Int8Array.from(numbers(data, "status"), (s) => s - 1);
  const columns: Record<string, Float64Array | (string | null)[]> = {};
  for (const {id, type} of variables)
    columns[id] = type === "numeric" ? numbers(data, id) : data[id].map((v) => (v === null ? null : String(v)));
  const endpoint = {id: "os", label: "Overall survival", unit: "days", leftTruncated: false, competing: false} as const;
  const rest: Omit<StudyDescription, "variables" | "endpoints" | "provenance"> = {
    ...bareStudy,
    id: "lung",
    title: "Lung",
    synthetic: false,
    strata: ["sex"]
  };
  const study: StudyDescription = {...rest, variables, endpoints: [endpoint], provenance};
  const source = {
    patients: Array.from(time, (_, i) => `L${i + 1}`),
    endpoints: [endpoint],
    followUp: {os: {time, event, entry: null}}
  } as unknown as Study;
  const bytes = cohortTable(source, variables, columns, provenance);
  return {study, bytes, cohort: readCohort(bytes, study), data, time, event, source, variables, columns};
}
