import {describe, expect, it} from "vitest";
import {decisionCurve} from "../../src/survival/decisionCurve.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Case {
  data: string;
  time: string;
  x: string;
  horizon: number;
  a: number;
  b: number;
  n: number;
  overall: number;
  netBenefit: (number | null)[];
  treatAll: number[];
  standardised: (number | null)[];
  avoided: (number | null)[];
}
const {thresholds, cases} = readFixture<{thresholds: number[]; cases: Case[]}>("decisionCurve");

function expectColumn(actual: Float64Array, truth: readonly (number | null)[]): void {
  expect(actual).toHaveLength(truth.length);
  truth.forEach((value, i) => {
    if (value === null) expect(actual[i]).toBeNaN();
    else expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(value)));
  });
}

describe("decisionCurve(input, horizon)", () => {
  it.each(cases)("agrees with net benefit from survfit: $data at $horizon", (c) => {
    const {columns, ...followUp} = readFollowUp(c.data, c.time);
    const risk = numbers(columns, c.x).map((x) => 1 / (1 + Math.exp(-(c.a + c.b * x))));
    const actual = decisionCurve({...followUp, risk}, c.horizon, {thresholds});
    expect(actual.n).toBe(c.n);
    expectClose([actual.eventProbability], c.overall, 1e-12);
    expectColumn(actual.netBenefit, c.netBenefit);
    expectColumn(actual.treatAll, c.treatAll);
    expectColumn(actual.standardisedNetBenefit, c.standardised);
    expectColumn(actual.interventionsAvoided, c.avoided);
    expect(actual.warnings).toHaveLength(c.netBenefit.filter((v) => v === null).length);
  });

  it("has a case whose follow-up ends before the horizon", () => {
    expect(cases.some((c) => c.netBenefit.includes(null))).toBe(true);
  });

  it("equals treating all where everyone is above the threshold, and 0 where nobody is", () => {
    const time = [1, 2, 3, 4, 5, 6];
    const event = [1, 0, 1, 1, 0, 1];
    const actual = decisionCurve({time, event, risk: time.map(() => 0.5)}, 4, {thresholds: [0.3, 0.6]});
    expect(actual.netBenefit[0]).toBe(actual.treatAll[0]);
    expect(actual.interventionsAvoided[0]).toBe(0);
    expect(actual.netBenefit[1]).toBe(0);
    expect(Array.from(actual.treated)).toEqual([6, 0]);
  });

  it("names what is wrong", () => {
    const followUp = {time: [1, 2, 3], event: [1, 0, 0]};
    expect(() => decisionCurve({...followUp, risk: [0.1, 0.2, 0.3]}, 9)).toThrow("no patient is followed up");
    expect(() => decisionCurve({...followUp, risk: [0.1, 2, 0.3]}, 2)).toThrow("risk[1] is 2");
    expect(() => decisionCurve({...followUp, risk: [0.1, 0.2, 0.3]}, 2, {thresholds: [1]})).toThrow(
      "thresholds[0] = 1"
    );
  });

  it("says that a standardised net benefit needs an event", () => {
    const none = decisionCurve({time: [5, 6, 7], event: [0, 1, 1], risk: [0.1, 0.2, 0.3]}, 2, {thresholds: [0.15]});
    expect(none.standardisedNetBenefit[0]).toBeNaN();
    expect(none.warnings[0]).toMatch(/No event/);
  });
});
