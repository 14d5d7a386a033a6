import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {radixOrder} from "../../src/numeric/radixOrder.js";

describe("radixOrder(values, rows)", () => {
  it("sorts any doubles as a comparison does, ties in the order given", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({noNaN: true}), fc.integer({min: -3, max: 3})), {maxLength: 200}),
        (list) => {
          const values = Float64Array.from(list);
          const rows = Uint32Array.from(values.keys());
          const expected = Array.from(rows).sort((a, b) => values[a] - values[b] || a - b);
          // ∞ − ∞ is NaN: such a comparison ties, as it should.
          expect(Array.from(radixOrder(values, rows))).toEqual(expected);
        }
      )
    );
  });

  it("sorts values that differ in their last bits only, which insertion alone would take long over", () => {
    const n = 5000;
    const values = Float64Array.from({length: n}, (_, k) => 1 + ((k * 7919) % n) * Number.EPSILON);
    const order = radixOrder(values, Uint32Array.from(values.keys()));
    expect(order.every((row, k) => k === 0 || values[row] > values[order[k - 1]])).toBe(true);
  });

  it("sorts only the rows it is given", () => {
    expect(Array.from(radixOrder(Float64Array.of(5, 1, 9, 3), Uint32Array.of(3, 0, 2)))).toEqual([3, 0, 2]);
  });
});
