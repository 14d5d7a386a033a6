import {expect, it} from "vitest";
import {hypergeometricUpperTail, overRepresentation} from "../../src/enrichment/index.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Reference {
  tails: {overlap: number; size: number; universe: number; drawn: number; p: number}[];
  universe: string[];
  chosen: string[];
  sets: string[][];
  overlap: number[];
  fold: number[];
  p: number[];
  adjusted: number[];
}
const reference = readFixture<Reference>("overRepresentation");

it("upper tails of the hypergeometric distribution equal R's phyper", () => {
  for (const {overlap, size, universe, drawn, p} of reference.tails)
    expectClose([hypergeometricUpperTail(overlap, size, universe, drawn)], p, 1e-10);
  expect(reference.tails.some(({p}) => p < 1e-100 && p > 0)).toBe(true);
  expect(hypergeometricUpperTail(0, 5, 20, 3)).toBe(1);
  expect(hypergeometricUpperTail(4, 5, 20, 3)).toBe(0);
});

it("over-representation equals R: overlap, fold, p, Benjamini–Hochberg", () => {
  const {universe, chosen, sets} = reference;
  // Genes outside the universe and genes named twice do not count.
  const named = sets.map((genes, i) => ({name: `set${i}`, genes: [...genes, genes[0], "outside"]}));
  const result = overRepresentation(named, chosen, universe);
  expect(result.sets.map((set) => set.overlap.length)).toEqual(reference.overlap);
  expectClose(
    result.sets.map((set) => set.foldEnrichment),
    reference.fold,
    1e-12
  );
  expectClose(
    result.sets.map((set) => set.p),
    reference.p,
    1e-10
  );
  expectClose(
    result.sets.map((set) => set.adjustedP),
    reference.adjusted,
    1e-10
  );
  expect(result).toMatchObject({chosen: 60, universe: 400, notTested: []});
  const fewer = overRepresentation(named, chosen, universe, {smallest: 20, largest: 60});
  expect(fewer.notTested).toEqual(["set0", "set10", "set11"]);
  expect(overRepresentation([{name: "none", genes: []}], chosen, universe, {smallest: 0}).notTested).toEqual(["none"]);
});

it("refuses genes from outside the universe, and no genes", () => {
  expect(() => overRepresentation([], ["x"], ["a", "b"])).toThrow("x is chosen but not in the universe");
  expect(() => overRepresentation([], [], ["a"])).toThrow("no gene is chosen");
});
