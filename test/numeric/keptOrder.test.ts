import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {ascendingAt, keptQuantiles} from "../../src/numeric/keptOrder.js";
import {sampleQuantile} from "../../src/numeric/sampleQuantile.js";

const columns = fc.array(
  fc.tuple(fc.oneof(fc.integer({min: 0, max: 9}), fc.double({noDefaultInfinity: true})), fc.boolean()),
  {maxLength: 40}
);

describe("quantiles of the rows kept", () => {
  it("are those of their values in order, however many shares are asked for", () => {
    fc.assert(
      fc.property(
        columns,
        fc.constantFrom([0.5], [1 / 3, 2 / 3], [0.25, 0.5, 0.75], [0, 0.01, 0.02, 1]),
        (drawn, shares) => {
          // −0 is no other value than 0.
          const values = Float64Array.from(drawn, ([value]) => value + 0);
          const rows = Uint8Array.from(drawn, ([, kept]) => Number(kept));
          const ascending = [...values].filter((v, i) => rows[i] === 1 && !Number.isNaN(v)).sort((a, b) => a - b);
          expect([...ascendingAt(values, rows)]).toEqual(ascending);
          const found = keptQuantiles(values, rows, shares);
          expect(found).toEqual(ascending.length === 0 ? [] : shares.map((share) => sampleQuantile(ascending, share)));
        }
      )
    );
  });
});
