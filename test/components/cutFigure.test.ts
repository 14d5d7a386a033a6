import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {rounding} from "../../src/components/cutFigure.js";

describe("rounding(values)", () => {
  it("keeps a cut to a power of ten that is at most a two-hundredth of the range", () => {
    expect(rounding(Float64Array.of(20, 81))(55.23456)).toBe(55.2);
    expect(rounding(Float64Array.of(0, 0.004))(0.0012345)).toBe(0.00123);
    expect(rounding(Float64Array.of(1000.1, 1000.9))(1000.51234)).toBe(1000.512);
    expect(rounding(Float64Array.of(3, 3))(3)).toBe(3);
  });
  it("moves no value by more than a two-hundredth of the range", () => {
    fc.assert(
      fc.property(
        fc.double({min: -1e6, max: 1e6, noNaN: true}),
        fc.double({min: 1e-3, max: 1e6, noNaN: true}),
        fc.double({min: 0, max: 1, noNaN: true}),
        (low, range, share) => {
          const values = Float64Array.of(low, low + range);
          const value = low + share * range;
          expect(Math.abs(rounding(values)(value) - value)).toBeLessThanOrEqual((values[1] - values[0]) / 200);
        }
      )
    );
  });
});
