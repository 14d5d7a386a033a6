import {describe, expect, it} from "vitest";
import {modelScores} from "../../src/components/nomogram/cohortValue.js";
import {modelScript} from "../../src/components/rScript/modelScript.js";
import {trainingRows} from "../../src/components/nomogram/trainingRows.js";
import {concordance} from "../../src/survival/concordance.js";
import {baselineHazardAt, predictCurve} from "../../src/survival/coxPrediction.js";
import {nomogramPoints} from "../../src/survival/nomogramPoints.js";
import {designRow, nomogramModel, scoreOf} from "../../src/survival/publishedModel.js";
import {lungModels} from "../components/lungModels.js";
import {expectClose} from "../survival/referenceData.js";
import {numbersAfter as numbersOf, printedBy} from "./runR.js";

const {fitted, cohort, time, event} = lungModels();
const [model] = fitted.models;
const patient: Record<string, number | string> = {age: 66, sex: "2", "ph.ecog": "1"};

describe("the R script a reader downloads", () => {
  const output = printedBy((data) => modelScript(cohort, model, patient, [1, 2], data));
  const numbersAfter = (text: string, count: number) => {
    const [, rest] = output.split(text);
    return rest.trim().split(/\s+/).slice(0, count).map(Number);
  };

  it("prints the page's coefficients", () => {
    for (const {name, coef, standardError} of model.coefficients) {
      const [b, , se] = numbersAfter(`\n${name} `, 3);
      expect(b / coef).toBeCloseTo(1, 8);
      expect(se / standardError).toBeCloseTo(1, 8);
    }
  });

  it("prints the page's C-index, baseline survival and prediction", () => {
    const rows = trainingRows(cohort, model);
    const score = modelScores(cohort, model).map((s, i) => (rows[i] ? s : NaN));
    const [c] = numbersAfter("C-index on training:", 1);
    expect(c).toBeCloseTo(concordance({time, event: Array.from(event), score}).concordance, 9);
    const horizons = [365.25, 730.5];
    const baseline = numbersAfter("Baseline survival:", 2);
    horizons.forEach((t, h) => expect(baseline[h]).toBeCloseTo(Math.exp(-baselineHazardAt(model.prediction, t)), 8));
    const valueOf = (variable: string) => patient[variable];
    expect(numbersAfter("Linear predictor of the patient:", 1)[0]).toBeCloseTo(scoreOf(model, valueOf), 8);
    const curve = predictCurve(model.prediction, designRow(model, valueOf), horizons);
    const rowsPrinted = output.split("time     survival")[1].split("\n").slice(1, 3);
    rowsPrinted.forEach((row, h) => {
      const [, t, ...found] = row.trim().split(/\s+/).map(Number);
      expect(t).toBe(horizons[h]);
      const expected = [curve.survival[h], curve.lower[h], curve.upper[h]];
      expected.forEach((value, k) => expect(found[k]).toBeCloseTo(value, 8));
    });
  });

  it("prints the points of every tick of the nomogram", () => {
    const {terms} = nomogramPoints(nomogramModel(model, [365.25]));
    expect(terms.length).toBe(3);
    for (const {name, points} of terms)
      numbersOf(output, `points ${name} :`).forEach((value, k) => expect(value).toBeCloseTo(points[k], 7));
    expectClose([terms.reduce((most, {points}) => Math.max(most, ...points), 0)], 100, 1e-12);
  });

  it("prints rms's nomogram, with the page's points", () => {
    const nomogram = nomogramPoints(nomogramModel(model, [365.25]));
    const [, table] = output.split("ph.ecog Points");
    const points = [...table.matchAll(/^\s*\d\s+(\d+)\s*$/gm)].slice(0, 4).map(([, p]) => Number(p));
    expect(points).toEqual(Array.from(nomogram.terms[2].points, Math.round));
  });
});
