import {numbers, readDataset} from "../survival/referenceData.js";
import {categorical, numeric, publishedCohort} from "./publishedCohort.js";

/** R's pbc data (418 rows, real missing values) with the risk groups, set and treatment of subgroupPage.R. */
export function pbcCohort() {
  const data = readDataset("pbc");
  const [age, bili] = [numbers(data, "age"), numbers(data, "bili")];
  const score = age.map((a, i) => 0.04 * a + 0.9 * Math.log(bili[i]));
  const set = Array.from(score, (_, i) => ((i + 1) % 3 === 0 ? "test" : "training"));
  const training = score.filter((_, i) => set[i] === "training").sort();
  const half = training.length / 2;
  const cut = training.length % 2 ? training[Math.floor(half)] : (training[half - 1] + training[half]) / 2;
  const texts = (name: string) => data[name].map((v) => (v === null ? null : String(v)));
  return publishedCohort({
    id: "pbc",
    time: numbers(data, "time"),
    event: Int8Array.from(numbers(data, "status"), (s) => Number(s === 2)),
    variables: [
      [categorical("set", "Set", ["training", "test"]), set],
      [categorical("sex", "Sex", ["f", "m"]), texts("sex")],
      [categorical("stage", "Stage", ["1", "2", "3", "4"]), texts("stage")],
      [categorical("edema", "Oedema", ["0", "0.5", "1"]), texts("edema")],
      [numeric("age", "Age"), age],
      [numeric("albumin", "Albumin"), numbers(data, "albumin")],
      [numeric("platelet", "Platelets"), numbers(data, "platelet")],
      [categorical("trt", "D-penicillamine", ["2", "1"]), texts("trt")]
    ],
    score,
    cut,
    strata: ["sex", "stage"],
    treatments: ["trt"],
    split: {variable: "set", training: "training", test: "test"}
  });
}
