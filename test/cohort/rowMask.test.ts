import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {both, countRows} from "../../src/cohort/rowMask.js";

/** Of any length: masks are gone through four rows at a time, and the last are fewer. */
const masks = fc
  .integer({min: 0, max: 70})
  .chain((n) => fc.array(fc.uint8Array({minLength: n, maxLength: n, max: 1}), {minLength: 2, maxLength: 2}));

describe("masks of rows", () => {
  it("are counted row by row, and put together row by row", () => {
    fc.assert(
      fc.property(masks, ([one, other]) => {
        const kept = both(one, other);
        expect(kept).toEqual(one.map((row, i) => row * other[i]));
        for (const mask of [one, other, kept]) expect(countRows(mask)).toBe(mask.reduce((sum, row) => sum + row, 0));
      })
    );
  });

  it("are left as they were when they are put together", () => {
    const [one, other] = [Uint8Array.of(1, 1, 0, 1, 1), Uint8Array.of(0, 1, 1, 1, 0)];
    expect(both(one, other)).toEqual(Uint8Array.of(0, 1, 0, 1, 0));
    expect(one).toEqual(Uint8Array.of(1, 1, 0, 1, 1));
    expect(other).toEqual(Uint8Array.of(0, 1, 1, 1, 0));
  });
});
