import {describe, expect, it} from "vitest";
import {averageLinkage} from "../../src/numeric/hierarchicalClustering.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Case {
  name: string;
  distance: number[];
  n: number;
  merge: number[];
  height: number | number[];
  order: number[];
}

describe("averageLinkage(distance, n)", () => {
  it.each(readFixture<{cases: Case[]}>("hierarchicalClustering").cases)(
    "is R's hclust: $name",
    ({distance, n, merge, height, order}) => {
      const tree = averageLinkage(Float64Array.from(distance), n);
      expectClose(tree.height, [height].flat(), 1e-12);
      expect(Array.from(tree.merges, (m) => (m < 0 ? m : m + 1))).toEqual(merge);
      expect(Array.from(tree.order, (leaf) => leaf + 1)).toEqual(order);
    }
  );

  it("of one leaf is the leaf", () => {
    expect(averageLinkage(Float64Array.of(0), 1)).toEqual({
      merges: new Int32Array(0),
      height: new Float64Array(0),
      order: Uint32Array.of(0)
    });
  });
});
