import {describe, expect, it} from "vitest";
import {functionalForm} from "../../src/survival/functionalForm.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Case {
  data: string;
  time: string;
  variable: string;
  others: string[];
  knots: number;
  at: number[];
  n: number;
  events: number;
  statistic: number;
  df: number;
  p: number;
  x: number[];
  estimate: number[];
  lower: number[];
  upper: number[];
  linear: number;
  reference: number;
}

describe("functionalForm(input)", () => {
  it.each(readFixture<{cases: Case[]}>("functionalForm").cases)("agrees with R: $data, $variable", (c) => {
    const {columns, ...followUp} = readFollowUp(c.data, c.time);
    const names = [c.variable, ...c.others];
    const terms = Object.fromEntries(names.map((name) => [name, numbers(columns, name)]));
    const actual = functionalForm({...followUp, terms, variable: c.variable}, {knots: c.knots, points: 11});
    expect([actual.n, actual.events]).toEqual([c.n, c.events]);
    expectClose(actual.knots, c.at, 1e-12);
    expectClose([actual.nonLinear.statistic], c.statistic, 1e-8);
    expect(actual.nonLinear.df).toBe(c.df);
    expectClose([actual.nonLinear.p], c.p, 1e-6);
    expectClose(actual.curve.x, c.x, 1e-12);
    expectClose([actual.linearCoef], c.linear, 1e-7);
    expect(actual.reference).toBe(c.reference);
    for (const [column, truth] of [
      [actual.curve.logHazardRatio, c.estimate],
      [actual.curve.lower, c.lower],
      [actual.curve.upper, c.upper]
    ] as const)
      truth.forEach((value, i) =>
        expect(Math.abs(column[i] - value)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(value)))
      );
  });

  it("refuses a factor and a term with few values", () => {
    const followUp = {time: [1, 2, 3, 4, 5, 6, 7, 8], event: [1, 1, 0, 1, 1, 0, 1, 1]};
    const sex = {values: ["m", "f", "m", "f", "m", "f", "m", "f"], levels: ["m", "f"]};
    expect(() => functionalForm({...followUp, terms: {sex}, variable: "sex"})).toThrow("sex is no numeric term");
    const grade = [1, 2, 1, 2, 2, 1, 1, 2];
    expect(() => functionalForm({...followUp, terms: {grade}, variable: "grade"})).toThrow("grade has too few");
  });
});
