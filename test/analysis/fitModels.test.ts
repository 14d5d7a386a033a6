import {describe, expect, it} from "vitest";
import {fitModels} from "../../data-loaders/analysis/fitModels.js";
import type {Analysed} from "../../data-loaders/analysis/trainingTerms.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {philox} from "../../src/numeric/random.js";
import {soundStudy, withStudy} from "../study/studyFolder.js";

const header = "patient,months,status,age,sex,grade,marker,split";

interface Row {
  months: number;
  status: string;
  age: number;
  sex: string;
  grade: string;
  marker: string;
  split: string;
}

/** 120 patients, 80 of them in training, whose hazard rises with age and grade. */
function patients(): Row[] {
  const {uniform, normal} = philox(11);
  return Array.from({length: 120}, (_, i) => {
    const age = Math.round(55 + 10 * normal());
    const grade = ["G1", "G2", "G3"][Math.floor(3 * uniform())];
    const hazard = Math.exp(0.04 * (age - 55) + 0.5 * (Number(grade[1]) - 1)) / 30;
    const death = -Math.log(uniform()) / hazard;
    const end = 10 + 50 * uniform();
    return {
      months: Number(Math.min(death, end).toFixed(1)) + 0.1,
      status: death <= end ? "dead" : "alive",
      age,
      sex: uniform() < 0.6 ? "male" : "female",
      grade,
      marker: normal().toFixed(2),
      split: i < 80 ? "training" : "test"
    };
  });
}

const study = {
  ...soundStudy,
  variables: [
    ...soundStudy.variables,
    {id: "grade", label: "Grade", type: "categorical", levels: ["G1", "G2", "G3"]},
    {id: "marker", label: "Marker", type: "numeric"}
  ],
  riskModel: {label: "Clinical", endpoint: "os", terms: ["age", "grade"]},
  models: [{id: "age_only", label: "Age alone", terms: ["age"]}]
};

async function fitted(rows: readonly Row[], spec: object = study) {
  const table = [
    header,
    ...rows.map((r, i) => `P${i},${r.months},${r.status},${r.age},${r.sex},${r.grade},${r.marker},${r.split}`)
  ];
  const loaded = await withStudy({"clinical.csv": table.join("\n")}, loadStudy, spec);
  const analysed: Analysed = {study: loaded, variables: loaded.variables, columns: loaded.columns};
  return fitModels(analysed);
}

describe("fitModels(analysed)", () => {
  it("fits every model on training patients only, the risk model first", async () => {
    const {models, risk, candidates, unfitted} = await fitted(patients());
    expect(models.map(({id}) => id)).toEqual(["risk", "age_only"]);
    expect(models[0].coefficients.map(({name}) => name)).toEqual(["age", "gradeG2", "gradeG3"]);
    expect(models[0].fittedOn.n).toBe(80);
    expect(unfitted).toEqual([]);
    expect(candidates!.terms.map(({term}) => term)).toEqual(["age", "grade", "sex"]);
    expect(risk!.group.filter((g) => g === "high").length).toBeGreaterThan(30);
  });

  it("lets no test patient's outcome reach a fitted number", async () => {
    const rows = patients();
    const {uniform} = philox(3);
    const shuffled = rows.map((row) => ({...row}));
    const test = shuffled.filter(({split}) => split === "test");
    const outcomes = test.map(({months, status}) => ({months, status}));
    for (const row of test) Object.assign(row, outcomes.splice(Math.floor(uniform() * outcomes.length), 1)[0]);
    expect(shuffled).not.toEqual(rows);
    for (const cut of ["median", "maximallySelected"]) {
      const spec = {...study, riskModel: {...study.riskModel, cut}};
      expect(JSON.stringify(await fitted(shuffled, spec))).toBe(JSON.stringify(await fitted(rows, spec)));
    }
  });

  it("follows the training outcomes, or the test above would prove nothing", async () => {
    const rows = patients();
    const changed = rows.map((row, i) => (i === 5 ? {...row, months: row.months + 20} : row));
    const [a, b] = [await fitted(rows), await fitted(changed)];
    expect(a.models[0].coefficients[0].coef).not.toBe(b.models[0].coefficients[0].coef);
  });

  it("cuts at the median of training, at the best cut of training with its adjusted p, or where study.json says", async () => {
    const cutOf = async (cut: unknown) => {
      const {risk} = await fitted(patients(), {...study, riskModel: {...study.riskModel, cut}});
      return {...risk!.description.cut, score: risk!.score};
    };
    const median = await cutOf("median");
    const below = median.score.slice(0, 80).filter((s) => s <= median.value).length;
    expect(below).toBe(40);
    const best = await cutOf("maximallySelected");
    expect(best.p).toBeGreaterThan(0);
    expect(best.p).toBeLessThan(1);
    const [low, , , , high] = best.spread!.quantiles;
    expect(low).toBeLessThanOrEqual(best.value);
    expect(high).toBeGreaterThanOrEqual(best.value);
    const {value, rule} = await cutOf({fixed: 2.5});
    expect([value, rule]).toEqual([2.5, "fixed"]);
  });
});

describe("a model that cannot be fitted as named", () => {
  const spoilt = (change: (row: Row, i: number) => Partial<Row>) =>
    patients().map((row, i) => ({...row, ...change(row, i)}));

  it("leaves out a term that is the same for all training patients, and says so", async () => {
    const {models} = await fitted(spoilt((_, i) => (i < 80 ? {age: 50} : {})));
    expect(models[0].coefficients.map(({name}) => name)).toEqual(["gradeG2", "gradeG3"]);
    expect(models[0].warnings).toContain("Age is the same for all training patients; it is left out of the model.");
  });

  it("refuses a term that is missing for every training patient", async () => {
    const spec = {...study, riskModel: {...study.riskModel, terms: ["marker", "age"]}};
    const {models, unfitted, risk, reason} = await fitted(
      spoilt((_, i) => (i < 80 ? {marker: ""} : {})),
      spec
    );
    expect(models.map(({id}) => id)).toEqual(["age_only"]);
    const sentence = `The model "Clinical" was not fitted: no training patient has follow-up and Marker with the terms before it; leave the term out.`;
    expect(unfitted).toEqual([{label: "Clinical", reason: sentence}]);
    expect(risk).toBeNull();
    expect(reason).toBe(`${sentence} There are no risk groups.`);
  });

  it("gives no score to a level that only test patients have", async () => {
    const {models, risk} = await fitted(
      spoilt(({split, grade}) => ({grade: split === "training" && grade === "G3" ? "G2" : grade}))
    );
    const lost = patients().filter(({split, grade}) => split === "test" && grade === "G3").length;
    expect(models[0].coefficients.map(({name}) => name)).toEqual(["age", "gradeG2"]);
    expect(models[0].warnings).toContain(
      `No training patient usable for the model has Grade "G3", so the ${lost} patients who have it get no score.`
    );
    expect(risk!.group.filter((g) => g === null)).toHaveLength(lost);
  });

  it("warns under ten events a coefficient and refuses under one", async () => {
    const few = (events: number) => {
      let seen = 0;
      return spoilt(({status, split}) => ({
        status: split === "training" && (status !== "dead" || ++seen > events) ? "alive" : status
      }));
    };
    const {models} = await fitted(few(20));
    expect(models[0].warnings[0]).toMatch(/^Training has 20 events for 3 coefficients, 6\.7 each; under 10/);
    const {unfitted} = await fitted(few(2));
    expect(unfitted[0].reason).toContain("it has 3 coefficients and training has 2 events");
  });

  it("refuses separation and collinear terms in a sentence", async () => {
    const separated = await fitted(spoilt(({grade, status}) => ({status: grade === "G3" ? "alive" : status})));
    expect(separated.unfitted[0].reason).toContain("the coefficient of gradeG3 is infinite");
    const spec = {...study, riskModel: {...study.riskModel, terms: ["age", "marker"]}};
    const collinear = await fitted(
      spoilt(({age}) => ({marker: String(2 * age - 7)})),
      spec
    );
    expect(collinear.unfitted[0].reason).toContain("marker depends linearly on the terms before it");
  });
});
