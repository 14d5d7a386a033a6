import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {restrictedCubicSpline, splineKnots} from "../../src/numeric/restrictedCubicSpline.js";
import {expectClose, numbers, readDataset, readFixture} from "../survival/referenceData.js";

interface Case {
  data: string;
  column: string;
  count: number;
  first: number | null;
  knots: number[] | null;
  at: number[];
  basis: number[][] | null;
}
const {cases} = readFixture<{cases: Case[]}>("restrictedCubicSpline");

describe("splineKnots(x, count)", () => {
  it.each(cases.filter((c) => c.knots))("agrees with R: $data $column, $count knots", (c) => {
    const x = numbers(readDataset(c.data), c.column, c.first);
    expectClose(splineKnots(x, c.count), c.knots!, 1e-12);
  });

  it.each(cases.filter((c) => !c.knots))("refuses as R does: $data $column, $count knots", (c) => {
    const x = numbers(readDataset(c.data), c.column, c.first);
    expect(() => splineKnots(x, c.count)).toThrow(/splineKnots/);
  });
});

describe("restrictedCubicSpline(x, knots)", () => {
  it.each(cases.filter((c) => c.basis))("agrees with R: $data $column, $count knots", (c) => {
    const basis = restrictedCubicSpline(c.at, c.knots!);
    expect(basis).toHaveLength(c.basis!.length);
    basis.forEach((column, j) => expectClose(column, c.basis![j], 1e-11));
  });

  it("is linear beyond the outer knots", () => {
    fc.assert(
      fc.property(fc.double({min: 11, max: 1e4, noNaN: true}), (x) => {
        for (const column of restrictedCubicSpline([x, x + 1, x + 2], [0, 3, 5, 10]))
          expect(column[2] - column[1]).toBeCloseTo(column[1] - column[0], 3);
      })
    );
  });

  it("needs three knots", () => {
    expect(() => restrictedCubicSpline([1], [0, 1])).toThrow("at least 3 knots");
  });
});
