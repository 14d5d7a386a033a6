import {cohortTable} from "../../data-loaders/analysis/cohortTable.js";
import type {Study} from "../../data-loaders/study/study.js";
import type {Provenance, StudyDescription, Variable} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import {bareStudy} from "../cohort/bareStudy.js";

type Column = Float64Array | (string | null)[];

export const numeric = (id: string, label: string): Variable => ({id, label, type: "numeric", origin: "measured"});

/** The first level is the reference. */
export const categorical = (id: string, label: string, levels: readonly string[]): Variable => ({
  id,
  label,
  type: "categorical",
  origin: "measured",
  levels: levels.map((value) => ({value, label: value})),
  reference: levels[0]
});

export interface CohortSpec {
  readonly id: string;
  readonly time: Float64Array;
  readonly event: Int8Array;
  readonly variables: readonly (readonly [Variable, Column])[];
  /** Risk score; patients above the cut are of high risk. Null: a study without a risk model. */
  readonly score: Float64Array | null;
  readonly cut: number;
  readonly strata: readonly string[];
  readonly treatments: readonly string[];
  readonly split: StudyDescription["split"];
}

const risk: Variable[] = [
  {id: "risk_score", label: "Risk score", type: "numeric", origin: "risk"},
  {
    id: "risk_group",
    label: "Risk group",
    type: "categorical",
    origin: "risk",
    levels: [
      {value: "low", label: "Low risk"},
      {value: "high", label: "High risk"}
    ],
    reference: "low"
  }
];

/** One of R's data sets as the loaders publish a cohort. */
export function publishedCohort(spec: CohortSpec) {
  const {id, time, event, score, cut} = spec;
  const provenance: Provenance = {study: id, code: "test", version: "0", models: {}, execution: {}};
  const endpoint = {id: "os", label: "Overall survival", unit: "days", leftTruncated: false, competing: false} as const;
  const groups = score && Array.from(score, (s) => (Number.isNaN(s) ? null : s > cut ? "high" : "low"));
  const variables = [...spec.variables.map(([variable]) => variable), ...(score ? risk : [])];
  const columns = Object.fromEntries([
    ...spec.variables.map(([variable, column]) => [variable.id, column]),
    ...(score ? [["risk_score", score] as const, ["risk_group", groups] as const] : [])
  ]) as Record<string, Column>;
  const study = {
    ...bareStudy,
    id,
    title: id,
    synthetic: false,
    endpoints: [endpoint],
    variables,
    strata: spec.strata,
    treatments: spec.treatments,
    split: spec.split,
    riskModel: score && {
      label: "Risk score of the test",
      endpoint: "os",
      fittedOn: {split: null, n: time.length, events: 0},
      terms: [],
      cut: {rule: "median", value: cut, learnedOn: "training patients"},
      warnings: []
    },
    provenance
  } as unknown as StudyDescription;
  const source = {
    patients: Array.from(time, (_, i) => `P${i + 1}`),
    endpoints: [endpoint],
    followUp: {os: {time, event, entry: null}}
  } as unknown as Study;
  return {study, cohort: readCohort(cohortTable(source, variables, columns, provenance), study)};
}
