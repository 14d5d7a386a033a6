import {expect, it} from "vitest";
import {collapsePathways, enrichmentScore} from "../../src/enrichment/index.js";
import {philox} from "../../src/numeric/random.js";
import {weightsOf} from "./gseaReference.js";

const genes = 1000;
const weights = weightsOf(Float64Array.from({length: genes}, (_, i) => 3 - (6 * i) / genes));
const random = philox(12);

function pick(count: number, from: number, to: number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(from + random.integer(to - from));
  return [...drawn];
}
const asSet = (list: number[]) => {
  const places = Int32Array.from(new Set(list)).sort();
  return {places, score: enrichmentScore(weights, places).score};
};

const top = pick(60, 0, 250);
const bottom = pick(50, 800, 1000);
const sets = [
  asSet(top),
  // Its signal is all in the set above: the rest of it lies anywhere.
  asSet([...top.slice(0, 40), ...pick(60, 0, genes)]),
  asSet(bottom),
  asSet(bottom.slice(0, 30)),
  // As strong a signal in genes of its own.
  asSet(pick(60, 0, 250).filter((gene) => !top.includes(gene)))
];

it("explains a set by the one before it that holds its signal, and leaves sets with a signal of their own", () => {
  for (const seed of [1, 2, 3])
    expect(Array.from(collapsePathways(weights, sets, {seed, permutations: 500}))).toEqual([-1, 0, -1, 2, -1]);
});

it("keeps a set alone, gives the same for the same seed, and refuses a threshold that is none", () => {
  expect(Array.from(collapsePathways(weights, [sets[1]]))).toEqual([-1]);
  expect(Array.from(collapsePathways(weights, []))).toEqual([]);
  expect(collapsePathways(weights, sets, {seed: 4})).toEqual(collapsePathways(weights, sets, {seed: 4}));
  expect(() => collapsePathways(weights, sets, {threshold: 1})).toThrow("threshold is 1");
});
