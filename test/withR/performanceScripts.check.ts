import {describe, expect, it} from "vitest";
import {judgedRows, performanceAnswer} from "../../src/components/nomogram/performanceAnswer.js";
import {cutAnswer} from "../../src/components/nomogram/cutAnswer.js";
import {modelScores} from "../../src/components/nomogram/cohortValue.js";
import {patientSets} from "../../src/components/nomogram/patientSets.js";
import {functionalFormScript} from "../../src/components/rScript/functionalFormScript.js";
import {cutScript} from "../../src/components/rScript/cutScript.js";
import {aucScript, calibrationScript, decisionScript} from "../../src/components/rScript/performanceScripts.js";
import {survOf} from "../../src/components/survivalAnswer.js";
import {functionalForm} from "../../src/survival/functionalForm.js";
import {maximallySelectedLogRank} from "../../src/survival/maximallySelectedLogRank.js";
import {lungModels} from "../components/lungModels.js";
import {rotterdamCohort} from "../components/rotterdamCohort.js";
import {expectClose} from "../survival/referenceData.js";
import {numbersAfter, printedBy, tableOf} from "./runR.js";

const {fitted, cohort} = lungModels();
const {models} = fitted;
const [{rows}] = patientSets(cohort);
const judged = {cohort, models, rows, year: 1};
const answer = performanceAnswer(cohort, models, rows, [365.25], 365.25);

describe("the R scripts of the comparison of models", () => {
  it("repeat the AUC of every model at every time drawn", () => {
    const output = printedBy((data) => aucScript(judged, answer, data));
    for (const {model, aucCurve} of answer.models)
      expectClose(numbersAfter(output, `AUC | ${model.id} :`), Array.from(aucCurve!.auc), 1e-8);
    expect(answer.models.length).toBe(3);
  });

  it("repeat the net benefit of every model at every threshold", () => {
    const output = printedBy((data) => decisionScript(judged, answer, data));
    const [{decision}] = answer.models;
    expectClose(numbersAfter(output, "Event by the horizon:"), [decision!.eventProbability], 1e-8);
    for (const {model, decision: own} of answer.models)
      numbersAfter(output, `Net benefit | ${model.id} :`).forEach((value, k) =>
        Number.isNaN(own!.netBenefit[k]) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(own!.netBenefit[k], 9)
      );
    numbersAfter(output, "Net benefit of treating all:").forEach((value, k) =>
      expect(value).toBeCloseTo(decision!.treatAll[k], 8)
    );
  });

  it("repeat calibration by groups, its slope and the smooth curve", () => {
    for (const performance of answer.models) {
      const {overall, groups, slope, smooth} = performance.calibration!;
      const output = printedBy((data) => calibrationScript(judged, performance, data));
      expectClose(
        numbersAfter(output, "Predicted and observed, all:"),
        [overall.meanRisk, overall.observed, overall.lower, overall.upper],
        1e-8
      );
      groups.forEach(({n, meanRisk, observed, lower, upper}, g) =>
        expectClose(numbersAfter(output, `group ${g + 1} :`), [n, meanRisk, observed, lower, upper], 1e-8)
      );
      expectClose(numbersAfter(output, "Slope:"), [slope.coef], 1e-7);
      if (!smooth) continue;
      const last = smooth.risk.length - 1;
      expectClose(numbersAfter(output, "ICI:"), [smooth.ici], 1e-6);
      expectClose(
        numbersAfter(output, "Smooth curve at the smallest, middle and largest risk:"),
        [0, Math.ceil(smooth.risk.length / 2) - 1, last].map((k) => smooth.observed[k]),
        1e-6
      );
    }
    expect(answer.models.filter(({calibration}) => calibration!.smooth).length).toBeGreaterThan(1);
  });

  it.each(["age", "wt.loss"])("repeat the shape of a term and its test against the straight line: %s", (id) => {
    const column = cohort.variable(id);
    if (column.type !== "numeric") throw new Error(`${id} is numeric`);
    const endpoint = cohort.study.endpoints[0];
    const surv = survOf(cohort, endpoint.id);
    const form = functionalForm({surv, rows, terms: {[id]: column.values}, variable: id});
    const output = printedBy((data) => functionalFormScript(cohort, endpoint, form, rows, data));
    expect(numbersAfter(output, "n, events:")).toEqual([form.n, form.events]);
    expectClose(numbersAfter(output, "Straight line:"), [form.linearCoef], 1e-7);
    expectClose(numbersAfter(output, "Spline against straight line:"), [form.nonLinear.statistic], 1e-6);
    const drawn = tableOf(output, ["x", "log.ratio", "lower", "upper"]);
    expect(drawn.x.length).toBe(form.curve.x.length);
    (["logHazardRatio", "lower", "upper"] as const).forEach((name, c) =>
      drawn[["log.ratio", "lower", "upper"][c]].forEach((value, k) => expect(value).toBeCloseTo(form.curve[name][k], 7))
    );
  });

  it("scores only patients whom every model can score", () => {
    const {n, rows: kept} = judgedRows(cohort, models, rows);
    expect(n).toBeLessThan(cohort.n);
    models.forEach((model) =>
      modelScores(cohort, model).forEach((s, i) => expect(kept[i] === 1 && Number.isNaN(s)).toBe(false))
    );
  });
});

describe("the R scripts of the cut of the risk score", () => {
  it("repeat the groups of a set at a cut, and the search among the patients it was learned on", () => {
    const {cohort: rotterdam} = rotterdamCohort();
    const [endpoint] = rotterdam.study.endpoints;
    const variable = rotterdam.study.variables.find(({id}) => id === "risk_score")!;
    const column = rotterdam.variable(variable.id);
    if (column.type !== "numeric") throw new Error("the score is numeric");
    // Half of the patients teach the cut.
    const searched = Uint8Array.from({length: rotterdam.n}, (_, i) => i % 2);
    const found = maximallySelectedLogRank({
      surv: survOf(rotterdam, endpoint.id),
      rows: searched,
      score: column.values
    });
    const everyone = {id: "all", label: "All", restricted: false, rows: new Uint8Array(rotterdam.n).fill(1)} as const;
    const {hazardRatio} = cutAnswer(rotterdam, endpoint.id, column.values, everyone, 2);
    const best = {cut: found.cut, p: found.p!};
    const output = printedBy((data) =>
      cutScript(rotterdam, {endpoint, variable, cut: 2, best, searched}, everyone.rows, data)
    );
    const {estimate, lower, upper} = hazardRatio!;
    expectClose(numbersAfter(output, "Hazard ratio above the cut:"), [estimate, lower, upper], 1e-7);
    expectClose(numbersAfter(output, "Best cut:"), [found.cut], 1e-9);
    expectClose(numbersAfter(output, "Adjusted p:"), [found.p], 1e-6);
  });
});
