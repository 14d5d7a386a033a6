import {numbers, readDataset} from "../survival/referenceData.js";
import {categorical, numeric, publishedCohort} from "./publishedCohort.js";

/** R's rotterdam data (2982 rows, treatment given by indication) with the risk groups of treatmentPage.R. */
export function rotterdamCohort({withRisk = true} = {}) {
  const data = readDataset("rotterdam");
  const [age, nodes] = [numbers(data, "age"), numbers(data, "nodes")];
  const score = age.map((a, i) => a / 40 + Math.log1p(nodes[i]));
  const ascending = score.toSorted();
  const half = ascending.length / 2;
  const yesNo = (name: string) => data[name].map((v) => (v === 1 ? "yes" : "no"));
  return publishedCohort({
    id: "rotterdam",
    time: numbers(data, "dtime"),
    event: Int8Array.from(numbers(data, "death")),
    variables: [
      [numeric("age", "Age"), age],
      [numeric("nodes", "Positive nodes"), nodes],
      [numeric("meno", "Menopause"), numbers(data, "meno")],
      [categorical("size", "Tumour size", ["<=20", "20-50", ">50"]), data.size.map(String)],
      [categorical("grade", "Grade", ["2", "3"]), data.grade.map(String)],
      [numeric("pgr", "Progesterone receptors"), numbers(data, "pgr")],
      [categorical("chemo", "Chemotherapy", ["no", "yes"]), yesNo("chemo")],
      [categorical("hormon", "Hormonal therapy", ["no", "yes"]), yesNo("hormon")]
    ],
    score: withRisk ? score : null,
    cut: (ascending[half - 1] + ascending[half]) / 2,
    strata: ["size", "grade"],
    treatments: ["chemo", "hormon"],
    split: null
  });
}
