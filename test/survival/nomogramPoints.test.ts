import {describe, expect, it} from "vitest";
import {linearPredictorOf, nomogramPoints, survivalAtPoints, totalPoints} from "../../src/survival/nomogramPoints.js";
import type {NomogramTerm} from "../../src/survival/nomogramPoints.js";
import {expectClose, numbers, readDataset, readFixture} from "./referenceData.js";

interface Axis {
  at: (number | string)[];
  points: number[];
  effect: number[];
}
interface Case {
  data: string;
  variables: string[];
  n: number;
  terms: Record<string, {kind: "linear" | "spline" | "factor"; coef: number; knots?: number[]; levels?: string[]}>;
  center: number;
  horizons: number[];
  baseline: number[];
  linearPredictorRange: number[];
  pointsPerUnit: number;
  intercept: number;
  axes: (Axis & {name: string})[];
  totalPoints: number[];
  lp: {at: number[]; totalPoints: number[]};
  survival: {at: number[]; totalPoints: number[]}[];
}
const {cases} = readFixture<{cases: Case[]}>("nomogramPoints");

function build(c: Case) {
  const columns = readDataset(c.data);
  const complete = columns[c.variables[0]].map((_, i) => c.variables.every((v) => columns[v][i] !== null));
  const terms = Object.fromEntries(
    c.variables.map((v) => [v, {...c.terms[v], values: numbers(columns, v).filter((_, i) => complete[i])}])
  ) as unknown as Record<string, NomogramTerm>;
  return nomogramPoints({
    terms,
    center: c.center,
    baseline: {horizon: c.horizons, survival: c.baseline},
    linearPredictor: c.linearPredictorRange
  });
}

describe("nomogramPoints(model)", () => {
  it.each(cases)("agrees with rms::nomogram: $data, $variables", (c) => {
    const actual = build(c);
    expectClose([actual.pointsPerUnit, actual.intercept], [c.pointsPerUnit, c.intercept], 1e-10);
    expect(actual.terms.map((t) => t.name)).toEqual(c.variables);
    actual.terms.forEach((axis, j) => {
      expect(Array.from(axis.at)).toEqual(c.axes[j].at);
      axis.points.forEach((p, i) => expect(p).toBeCloseTo(c.axes[j].points[i], 9));
      axis.effect.forEach((e, i) => expect(e).toBeCloseTo(c.axes[j].effect[i], 10));
    });
    expectClose(actual.totalPoints, c.totalPoints, 1e-14);
    expectClose(actual.linearPredictor.at, c.lp.at, 1e-14);
    actual.linearPredictor.totalPoints.forEach((p, i) => expect(p).toBeCloseTo(c.lp.totalPoints[i], 8));
    actual.survival.forEach((axis, h) => {
      expect(Array.from(axis.at)).toEqual(c.survival[h].at);
      // rms interpolates between 1,000 values of the curve
      axis.totalPoints.forEach((p, i) => expect(p).toBeCloseTo(c.survival[h].totalPoints[i], 2));
    });
  });

  it("leads from a patient to points to survival as the model's equation does", () => {
    const c = cases[1];
    const nomogram = build(c);
    const patient = {karno: 62.5, celltype: "large", age: 57};
    const [karno, celltype, age] = c.variables.map((v) => c.terms[v].coef as unknown as number[] & number);
    const lp = karno * 62.5 + celltype[2] + age * 57 - c.center;
    const total = totalPoints(nomogram, patient);
    expect(linearPredictorOf(nomogram, patient)).toBeCloseTo(lp, 12);
    expect(total).toBeCloseTo((lp - nomogram.intercept) * nomogram.pointsPerUnit, 10);
    expectClose(
      survivalAtPoints(nomogram, total),
      c.baseline.map((s) => s ** Math.exp(lp)),
      1e-12
    );
    nomogram.survival.forEach((axis, h) =>
      axis.totalPoints.forEach((p, i) => expect(survivalAtPoints(nomogram, p)[h]).toBeCloseTo(axis.at[i], 12))
    );
  });

  it("spans maxScale over the widest term and starts every axis at 0", () => {
    const nomogram = nomogramPoints(
      {
        terms: {
          age: {kind: "linear", coef: -0.02, values: [30, 41, 52, 63, 70]},
          stage: {kind: "factor", levels: ["I", "II"], coef: [-3]}
        },
        linearPredictor: [-4, -0.6]
      },
      {maxScale: 10}
    );
    expect(Array.from(nomogram.terms[1].points)).toEqual([10, 0]);
    expect(Math.min(...nomogram.terms[0].points)).toBe(0);
    expect(nomogram.survival).toEqual([]);
  });

  it("names what is wrong", () => {
    const age: NomogramTerm = {kind: "linear", coef: 0.1, values: [1, 2, 3]};
    const lp = {linearPredictor: [0, 1]};
    const nomogram = nomogramPoints({terms: {age}, ...lp});
    expect(() => totalPoints(nomogram, {})).toThrow("no value for age");
    expect(() => totalPoints(nomogram, {age: "old"})).toThrow("age needs a finite number");
    expect(() => nomogramPoints({terms: {age: {...age, coef: 0}}, ...lp})).toThrow("nothing to scale");
    expect(() => nomogramPoints({terms: {age: {...age, coef: NaN}}, ...lp})).toThrow("could not be estimated");
    expect(() => nomogramPoints({terms: {age: {...age, values: [4, 4]}}, ...lp})).toThrow("two distinct values");
    expect(() => nomogramPoints({terms: {age}, ...lp, baseline: {horizon: [12], survival: [0]}})).toThrow(
      "horizon 12 is 0"
    );
    const stage: NomogramTerm = {kind: "factor", levels: ["I", "II"], coef: [1]};
    expect(() => totalPoints(nomogramPoints({terms: {stage}, ...lp}), {stage: "III"})).toThrow('no level "III"');
  });
});
