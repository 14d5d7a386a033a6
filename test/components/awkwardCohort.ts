import {numbers, readDataset} from "../survival/referenceData.js";
import {categorical, numeric, publishedCohort} from "./publishedCohort.js";

/** R's veteran data (137 rows) under the names that R scripts have for columns of their own, and words of R. */
export function awkwardCohort() {
  const data = readDataset("veteran");
  const [age, karno] = [numbers(data, "age"), numbers(data, "karno")];
  const score = age.map((a, i) => (a - 2 * karno[i]) / 40);
  const texts = (name: string) => data[name].map(String);
  return publishedCohort({
    id: "awkward",
    time: numbers(data, "time"),
    event: Int8Array.from(numbers(data, "status")),
    variables: [
      [categorical("group", "Cell", ["squamous", "smallcell", "adeno", "large"]), texts("celltype")],
      [categorical("level", "Treated before", ["0", "10"]), texts("prior")],
      [numeric("time", "Age"), age],
      [numeric("event", "Karnofsky"), karno],
      [numeric("weight", "Months from diagnosis"), numbers(data, "diagtime")],
      [categorical("if", "Over 60", ["no", "yes"]), Array.from(age, (a) => (a > 60 ? "yes" : "no"))],
      [categorical("treated", "Treatment", ["1", "2"]), texts("trt")]
    ],
    score,
    cut: score.toSorted()[score.length >> 1],
    strata: ["group", "level"],
    treatments: ["treated"],
    split: null
  });
}
