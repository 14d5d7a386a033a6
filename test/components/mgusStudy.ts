import {cohortTable} from "../../data-loaders/analysis/cohortTable.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Provenance, StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import {withStudy} from "../study/studyFolder.js";
import {numbers, readDataset} from "../survival/referenceData.js";

const description = {
  id: "mgus",
  title: "Monoclonal gammopathy",
  synthetic: false,
  table: {file: "mgus.csv", id: "id"},
  endpoints: [
    {
      id: "progression",
      label: "Progression",
      time: "etime",
      event: "outcome",
      unit: "months",
      coding: {event: ["progressed"], censored: ["neither"], competing: ["died first"]}
    },
    {
      id: "death",
      label: "Death by age",
      time: "end",
      event: "dead",
      entry: "entry",
      unit: "months",
      coding: {event: [1], censored: [0]}
    },
    {
      id: "late_progression",
      label: "Progression by age",
      time: "eend",
      event: "outcome",
      entry: "entry",
      unit: "months",
      coding: {event: ["progressed"], censored: ["neither"], competing: ["died first"]}
    }
  ],
  variables: [
    {
      id: "sex",
      label: "Sex",
      type: "categorical",
      levels: [
        {value: "female", codes: ["F"]},
        {value: "male", codes: ["M"]}
      ]
    },
    {id: "age", label: "Age", type: "numeric", units: "years"}
  ],
  strata: ["sex"]
};

/** The files of R's mgus2 (1384 patients) as a study folder. */
export function mgusFiles(): {readonly description: object; readonly files: Record<string, string>} {
  const data = readDataset("mgus2");
  const [age, ptime, pstat, futime, death] = ["age", "ptime", "pstat", "futime", "death"].map((c) => numbers(data, c));
  const lines = Array.from(age, (_, i) => {
    const outcome = pstat[i] === 1 ? "progressed" : death[i] === 1 ? "died first" : "neither";
    const entry = 12 * age[i];
    const etime = pstat[i] === 0 ? futime[i] : ptime[i];
    return [
      i + 1,
      etime,
      outcome,
      entry,
      entry + Math.max(futime[i], 1),
      entry + Math.max(etime, 1),
      death[i],
      data.sex[i],
      age[i]
    ].join(",");
  });
  return {description, files: {"mgus.csv": ["id,etime,outcome,entry,end,eend,dead,sex,age", ...lines].join("\n")}};
}

/** The same loaded, published and read back: what a page has. */
export async function mgusStudy() {
  const {files} = mgusFiles();
  const loaded = await withStudy(files, (folder) => loadStudy(folder), description);
  const provenance: Provenance = {study: "mgus", code: "test", version: "0", models: {}, execution: {}};
  const {id, title, endpoints, variables, strata, treatments} = loaded;
  const study = {id, title, endpoints, variables, strata, treatments, riskModel: null, split: null, provenance};
  const bytes = cohortTable(loaded, variables, loaded.columns as Record<string, Float64Array>, provenance);
  const published = study as unknown as StudyDescription;
  return {study: published, cohort: readCohort(bytes, published)};
}
