import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {pretty} from "../../src/numeric/pretty.js";
import {readFixture} from "../survival/referenceData.js";

interface Case {
  low: number;
  high: number;
  intervals: number;
  ticks: number[];
}

describe("pretty(low, high, intervals)", () => {
  it.each(readFixture<{cases: Case[]}>("pretty").cases)("agrees with R: $low to $high, $intervals", (c) => {
    const actual = Array.from(pretty(c.low, c.high, c.intervals));
    expect(actual).toHaveLength(c.ticks.length);
    actual.forEach((tick, i) => expect(Math.abs(tick - c.ticks[i])).toBeLessThanOrEqual(1e-14 * Math.abs(c.ticks[i])));
  });

  it("covers the range with equal steps", () => {
    fc.assert(
      fc.property(
        fc.double({min: -1e6, max: 1e6, noNaN: true}),
        fc.double({min: 1e-3, max: 1e6, noNaN: true}),
        (low, width) => {
          const ticks = pretty(low, low + width, 10);
          const step = ticks[1] - ticks[0];
          // R's slack of 1e-10 steps, and the last bits of ends that are large beside the range.
          const slack = 1e-9 * step + 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(low + width));
          expect(ticks[0]).toBeLessThanOrEqual(low + slack);
          expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(low + width - slack);
        }
      )
    );
  });
});
