import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  chiSquareUpperTail,
  fUpperTail,
  normalTwoSidedP,
  studentTTwoSidedP,
  studentTTwoSidedQuantile
} from "../../src/numeric/distributions.js";
import {gammaUpperTail} from "../../src/numeric/gammaTail.js";
import {readFixture} from "../survival/referenceData.js";

const truth = readFixture<{gamma: [number, number, number][]; f: [number, number, number, number][]}>(
  "distributionTails"
);
const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

describe("tails of the gamma, χ² and F distributions", () => {
  it("agree with 60 digits at shapes from 0.1 to 1e6, down to 1e-300", () => {
    expect(truth.gamma.length).toBeGreaterThan(150);
    for (const [shape, x, p] of truth.gamma) {
      expect(relative(gammaUpperTail(x, shape), p), `gamma ${shape} at ${x}`).toBeLessThan(1e-12);
      expect(relative(chiSquareUpperTail(2 * x, 2 * shape), p), `χ² ${2 * shape}`).toBeLessThan(1e-12);
    }
  });

  it("agree with 60 digits for F and Student's t at 0.5 to 1e6 degrees of freedom", () => {
    expect(truth.f.length).toBeGreaterThan(200);
    for (const [df1, df2, f, p] of truth.f) {
      expect(relative(fUpperTail(f, df1, df2), p), `F ${df1}, ${df2} at ${f}`).toBeLessThan(1e-12);
      if (df1 === 1) expect(relative(studentTTwoSidedP(-Math.sqrt(f), df2), p)).toBeLessThan(1e-12);
    }
  });

  it("have their limits", () => {
    expect([gammaUpperTail(-1, 2), gammaUpperTail(Infinity, 2), gammaUpperTail(1e6, 3)]).toEqual([1, 0, 0]);
    expect([gammaUpperTail(NaN, 2), gammaUpperTail(1, 0), fUpperTail(NaN, 1, 1), fUpperTail(1, 0, 3)]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN
    ]);
    expect([fUpperTail(0, 3, 4), fUpperTail(Infinity, 3, 4), studentTTwoSidedP(Infinity, 5)]).toEqual([1, 0, 0]);
    expect(studentTTwoSidedP(1.7, Infinity)).toBeCloseTo(normalTwoSidedP(1.7), 14);
    expect(studentTTwoSidedP(1, 1)).toBeCloseTo(0.5, 14);
  });

  it("fall with x, and quantiles come back", () => {
    const df = fc.double({min: 0.5, max: 1e5, noNaN: true});
    const f = fc.double({min: 1e-3, max: 20, noNaN: true});
    fc.assert(
      fc.property(f, f, df, df, (x, y, df1, df2) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        expect(fUpperTail(high, df1, df2)).toBeLessThanOrEqual(fUpperTail(low, df1, df2) * (1 + 1e-12));
        const p = studentTTwoSidedP(studentTTwoSidedQuantile(0.05, df2), df2);
        expect(relative(p, 0.05)).toBeLessThan(1e-10);
        // The reciprocal of an F variate is an F variate.
        expect(Math.abs(fUpperTail(x, df1, df2) + fUpperTail(1 / x, df2, df1) - 1)).toBeLessThan(1e-12);
      })
    );
  });
});
