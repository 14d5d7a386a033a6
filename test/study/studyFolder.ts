import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {StudyError} from "../../data-loaders/study/study.js";

/** A small study that has nothing wrong, to be spoilt by a test. */
export const soundStudy = {
  id: "small",
  title: "A small study",
  synthetic: true,
  table: {file: "clinical.csv", id: "patient"},
  endpoints: [
    {
      id: "os",
      label: "Overall survival",
      time: "months",
      event: "status",
      unit: "months",
      coding: {event: ["dead"], censored: ["alive"]}
    }
  ],
  variables: [
    {id: "age", label: "Age", type: "numeric", units: "years", missing: ["N/A"]},
    {
      id: "sex",
      label: "Sex",
      type: "categorical",
      levels: ["female", {value: "male", codes: ["male", "m"]}],
      reference: "male"
    },
    {id: "split", label: "Set", type: "categorical", levels: ["training", "test"]}
  ],
  strata: ["sex"],
  split: {variable: "split", training: "training", test: "test"},
  riskModel: {label: "Clinical", endpoint: "os", terms: ["age", "sex"]}
};

export const soundTable = [
  "patient,months,status,age,sex,split",
  "P1,12.5,dead,61,male,training",
  "P2,30,alive,55,female,training",
  "P3,7,dead,70,m,training",
  "P4,24,dead,48,female,test",
  "P5,18,alive,N/A,male,test"
].join("\n");

/** Writes a study folder and hands it to `use`; the folder is gone afterwards. */
export async function withStudy<T>(
  files: Record<string, string | Uint8Array>,
  use: (folder: string) => Promise<T>,
  study: object = soundStudy
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "study-"));
  const all = {"study.json": JSON.stringify(study, null, 2), "clinical.csv": soundTable, ...files};
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), content);
  }
  try {
    return await use(folder);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** The sentences a study folder earns. */
export function problemsOf(files: Record<string, string | Uint8Array>, study?: object): Promise<string[]> {
  return withStudy(
    files,
    async (folder) => {
      try {
        await loadStudy(folder);
        return [];
      } catch (error) {
        if (error instanceof StudyError) return error.problems.map(({message}) => message);
        throw error;
      }
    },
    study
  );
}
