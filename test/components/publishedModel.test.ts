import {describe, expect, it} from "vitest";
import {modelScores} from "../../src/components/nomogram/cohortValue.js";
import {concordance} from "../../src/survival/concordance.js";
import {baselineHazardAt, predictCurve} from "../../src/survival/coxPrediction.js";
import {nomogramPoints, survivalAtPoints, totalPoints} from "../../src/survival/nomogramPoints.js";
import {
  compareFits,
  designRow,
  nomogramModel,
  riskBy,
  scoreOf,
  survivalCurve
} from "../../src/survival/publishedModel.js";
import type {PublishedModel} from "../../src/survival/publishedModel.js";
import {expectClose, readFixture} from "../survival/referenceData.js";
import {lungModels} from "./lungModels.js";

const truth = readFixture<Record<string, number & number[] & string[]>>("publishedModel");
const {fitted, cohort, time, ...lung} = lungModels();
const event = Array.from(lung.event);
// As a page gets it: through JSON.
const models = JSON.parse(JSON.stringify(fitted.models)) as PublishedModel[];
const [model, smaller, other] = models;
const patient: Record<string, number | string> = {age: 66, sex: "2", "ph.ecog": "1"};
const valueOf = (variable: string) => patient[variable];

describe("a published model", () => {
  it("has R's coefficients, standard errors and tests of proportional hazards", () => {
    expect(model.coefficients.map(({name}) => name)).toEqual(truth.names);
    expectClose(
      model.coefficients.map(({coef}) => coef),
      truth.coef,
      1e-8
    );
    expectClose(
      model.coefficients.map(({standardError}) => standardError),
      truth.se,
      1e-8
    );
    expect([model.fittedOn.n, model.fittedOn.events]).toEqual([truth.n, truth.events]);
    expectClose(
      model.proportionalHazards.map(({statistic}) => statistic),
      truth.zph,
      1e-7
    );
    expectClose(
      model.proportionalHazards.map(({p}) => p),
      truth.zphP,
      1e-7
    );
  });

  it("predicts what R predicts, with R's limits, after a trip through JSON", () => {
    expectClose([scoreOf(model, valueOf)], truth.lp, 1e-8);
    expectClose(
      truth.horizon.map((t) => Math.exp(-baselineHazardAt(model.prediction, t))),
      truth.baseline,
      1e-8
    );
    const curve = predictCurve(model.prediction, designRow(model, valueOf), truth.horizon);
    expectClose(curve.survival, truth.predicted, 1e-8);
    expectClose(curve.standardError, truth.error, 1e-7);
    expectClose(curve.lower, truth.lower, 1e-7);
    expectClose(curve.upper, truth.upper, 1e-7);
    const risk = riskBy(model, [scoreOf(model, valueOf)], truth.horizon[0]);
    expectClose([1 - risk[0]], truth.predicted[0], 1e-8);
  });

  it("gives R's C-index on the patients it was fitted on", () => {
    const score = modelScores(cohort, model);
    expectClose([concordance({time, event, score}).concordance], truth.concordance, 1e-12);
  });

  it("reads the same survival off the nomogram's points", () => {
    const nomogram = nomogramPoints(nomogramModel(model, truth.horizon));
    expectClose(survivalAtPoints(nomogram, totalPoints(nomogram, patient)), truth.predicted, 1e-8);
    const [age] = nomogram.terms;
    expect(age.at.length).toBeGreaterThan(3);
  });

  it("predicts nothing for a level or a value it does not know, and nothing beyond follow-up", () => {
    expect(scoreOf(model, (v) => (v === "sex" ? "3" : patient[v]))).toBeNaN();
    expect(scoreOf(model, (v) => (v === "age" ? null : patient[v]))).toBeNaN();
    const last = model.prediction.baselines[0].last;
    expect(predictCurve(model.prediction, designRow(model, valueOf), [last, last + 1]).survival[1]).toBeNaN();
    const {survival} = survivalCurve(model, valueOf);
    expect(survival[0]).toBe(1);
    survival.forEach((s, i) => expect(s).toBeLessThanOrEqual(i === 0 ? 1 : survival[i - 1]));
  });

  it("is compared by likelihood ratio only with a nested model on the same patients", () => {
    const test = compareFits(model, smaller)!;
    expect(test.df).toBe(1);
    const expected = 2 * (model.logLikelihood[1] - smaller.logLikelihood[1]);
    expectClose([test.statistic], expected, 1e-12);
    expect(compareFits(smaller, model)).toBeNull();
    expect(compareFits(model, other)).toBeNull();
    // Age alone, on everyone with an age, has one patient more than the model with ECOG.
    const everyone = {...smaller, terms: smaller.terms.slice(0, 1), coefficients: smaller.coefficients.slice(0, 1)};
    expect(compareFits(model, {...everyone, fittedOn: {...everyone.fittedOn, n: 228}})).toBeNull();
  });
});
