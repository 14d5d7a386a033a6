import {expect, it} from "vitest";
import {matchGeneSets, rankGenes} from "../../src/enrichment/index.js";

const ranking = rankGenes(["a", "b", "c", "d", "e"], [5, 4, 3, 2, 1]);

it("finds genes once each, and names the sets it leaves out", () => {
  const sets = [
    {name: "kept", genes: ["d", "b", "d", "unknown"]},
    {name: "none", genes: ["unknown"]},
    {name: "nothing", genes: []},
    {name: "one", genes: ["a", "other"]},
    {name: "four", genes: ["a", "b", "c", "d"]},
    {name: "all", genes: ["a", "b", "c", "d", "e"]}
  ];
  const {sets: kept, empty, tooSmall, tooLarge} = matchGeneSets(sets, ranking, {smallest: 2, largest: 3});
  expect(kept).toEqual([{name: "kept", places: Int32Array.of(1, 3), named: 3}]);
  expect([empty, tooSmall, tooLarge]).toEqual([["none", "nothing"], ["one"], ["four", "all"]]);
  expect(matchGeneSets(sets, ranking, {smallest: 1, largest: 9}).tooLarge).toEqual(["all"]);
});

it("refuses sets of one name and limits that are no range", () => {
  expect(() =>
    matchGeneSets(
      [
        {name: "x", genes: []},
        {name: "x", genes: []}
      ],
      ranking
    )
  ).toThrow("two are called x");
  expect(() => matchGeneSets([], ranking, {smallest: 5, largest: 4})).toThrow("sizes from 5 to 4 are no range");
});
