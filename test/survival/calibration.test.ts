import {describe, expect, it} from "vitest";
import {calibration} from "../../src/survival/calibration.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Group {
  n: number;
  events: number;
  meanRisk: number;
  observed: number;
  lower: number;
  upper: number;
}
interface Case {
  data: string;
  time: string;
  x: string;
  horizon: number;
  a: number;
  b: number;
  groups: number;
  knots: number;
  n: number;
  observed: number;
  observedLower: number;
  observedUpper: number;
  meanRisk: number;
  ratio: number;
  ratioLower: number;
  ratioUpper: number;
  intercept: number;
  slope: number;
  slopeStandardError: number;
  grouped: Group[];
  index: number[];
  smoothRisk: number[];
  smoothObserved: number[];
  ici: number;
  e50: number;
  e90: number;
  emax: number;
}
const {cases} = readFixture<{cases: Case[]}>("calibration");

function inputs(c: Case) {
  const {columns, ...followUp} = readFollowUp(c.data, c.time);
  return {...followUp, risk: numbers(columns, c.x).map((x) => 1 / (1 + Math.exp(-(c.a + c.b * x))))};
}

describe("calibration(input, horizon)", () => {
  it.each(cases)("agrees with R: $data $x at $horizon, $groups groups, $knots knots", (c) => {
    const {groups, knots} = c;
    const actual = calibration(inputs(c), c.horizon, {groups, knots});
    expect(actual.n).toBe(c.n);
    const {overall, ratio, slope, smooth} = actual;
    expectClose(
      [overall.observed, overall.lower, overall.upper, overall.meanRisk],
      [c.observed, c.observedLower, c.observedUpper, c.meanRisk],
      1e-10
    );
    expectClose([ratio.value, ratio.lower, ratio.upper], [c.ratio, c.ratioLower, c.ratioUpper], 1e-9);
    expectClose([actual.intercept], c.intercept, 1e-9);
    expectClose([slope.coef, slope.standardError], [c.slope, c.slopeStandardError], 1e-7);
    expect(actual.groups).toHaveLength(c.grouped.length);
    actual.groups.forEach((group, g) => {
      const truth = c.grouped[g];
      expect([group.n, group.events]).toEqual([truth.n, truth.events]);
      const pick = ({meanRisk, observed, lower, upper}: Group) => [meanRisk, observed, lower, upper];
      expectClose(pick(group), pick(truth), 1e-9);
    });
    const at = (column: ArrayLike<number>) => c.index.map((i) => column[i]);
    expectClose(at(smooth!.risk), c.smoothRisk, 1e-12);
    expectClose(at(smooth!.observed), c.smoothObserved, 1e-7);
    expectClose([smooth!.ici, smooth!.e50, smooth!.e90, smooth!.emax], [c.ici, c.e50, c.e90, c.emax], 1e-6);
  });

  it("finds a perfect mean perfect: a Kaplan–Meier risk for all but one has intercept near 0 and ratio near 1", () => {
    const c = cases[1];
    const {time, event} = inputs(c);
    const risk = time.map((_, i) => c.observed + (i % 2 === 0 ? 0.01 : -0.01));
    const actual = calibration({time, event, risk}, c.horizon);
    expect(Math.abs(actual.intercept)).toBeLessThan(1e-3);
    expect(Math.abs(actual.ratio.value - 1)).toBeLessThan(1e-3);
    expect(actual.smooth).toBeNull();
    expect(actual.warnings.join(" ")).toMatch(/too tied for a smooth calibration curve/);
  });

  it("doubling everyone's cumulative hazard moves the intercept by −log 2 and leaves the slope", () => {
    const c = cases[3];
    const {time, event, risk} = inputs(c);
    const doubled = risk.map((r) => 1 - (1 - r) ** 2);
    const [once, twice] = [risk, doubled].map((r) => calibration({time, event, risk: r}, c.horizon));
    expect(twice.intercept).toBeCloseTo(once.intercept - Math.LN2, 10);
    expect(twice.slope.coef).toBeCloseTo(once.slope.coef, 8);
  });

  it("moves risks of exactly 0 or 1, and says so", () => {
    const c = cases[3];
    const {time, event, risk} = inputs(c);
    risk[0] = 1;
    expect(calibration({time, event, risk}, c.horizon).warnings.join()).toMatch(/1 risks are exactly 0 or 1/);
  });

  it("names what is wrong", () => {
    const time = [1, 2, 3, 4, 5, 6, 7, 8];
    const event = [1, 1, 0, 1, 1, 0, 1, 0];
    const risk = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
    expect(() => calibration({time, event, risk}, 20)).toThrow("ends before the horizon 20");
    expect(() => calibration({time, event, risk}, 0.5)).toThrow("no event happened by the horizon");
    expect(() => calibration({time, event, risk: risk.map(() => 0.5)}, 4)).toThrow("risks are equal");
    expect(() => calibration({time, event, risk: risk.map((r) => r + 0.5)}, 4)).toThrow(/risk\[0\] is 1.4/);
    expect(() => calibration({time, event, risk}, 4, {groups: 0})).toThrow("groups must be");
  });
});
