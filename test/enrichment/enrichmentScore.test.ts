import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {enrichmentScore, EnrichmentInputError, hitWeights, rankGenes, runningSum} from "../../src/enrichment/index.js";
import "../propertySeed.js";
import {gseaReference, names, slowScore, weightsOf} from "./gseaReference.js";

const {statistics, sets, cases} = gseaReference;

describe("enrichment score", () => {
  for (const {set, weight, score, leadingEdge, curveAtHits} of cases)
    it(`equals R's definition: ${set}, weight ${weight}`, () => {
      const weights = weightsOf(statistics, weight);
      const places = Int32Array.from(sets[set]);
      const result = enrichmentScore(weights, places);
      expect(Math.abs(result.score - score)).toBeLessThan(1e-12);
      expect(Array.from(result.leadingEdge)).toEqual(leadingEdge);
      const curve = runningSum(weights, places);
      curveAtHits.forEach((value, i) => expect(Math.abs(curve.sum[2 * i + 2] - value)).toBeLessThan(1e-12));
    });

  const ranking = fc
    .array(fc.double({min: -8, max: 8, noNaN: true}), {minLength: 3, maxLength: 60})
    .map((values) => values.sort((a, b) => b - a));
  const withSet = ranking.chain((values) =>
    fc.record({
      values: fc.constant(values),
      set: fc.uniqueArray(fc.integer({min: 0, max: values.length - 1}), {minLength: 1, maxLength: values.length - 1}),
      weight: fc.constantFrom(0, 0.5, 1, 2)
    })
  );

  it("equals a walk over every gene, for any ranking, set and weight", () => {
    fc.assert(
      fc.property(withSet, ({values, set, weight}) => {
        const places = Int32Array.from(set).sort();
        const weights = weightsOf(values, weight);
        const {score, peak, leadingEdge} = enrichmentScore(weights, places);
        expect(Math.abs(score - slowScore(values, set, weight))).toBeLessThan(1e-12);
        expect(leadingEdge[leadingEdge.length - 1]).toBe(peak);
        const {sum, place} = runningSum(weights, places);
        expect(Math.max(...sum.map(Math.abs))).toBeCloseTo(Math.abs(score), 12);
        expect([place[place.length - 1], sum[sum.length - 1]]).toEqual([values.length, 0]);
        expect(
          Math.abs(sum[sum.length - 2] - (values.length - 1 - places[places.length - 1]) / (values.length - set.length))
        ).toBeLessThan(1e-12);
      })
    );
  });

  it("turns its sign when the ranking is turned, but for equal extremes", () => {
    fc.assert(
      fc.property(withSet, ({values, set, weight}) => {
        const there = enrichmentScore(weightsOf(values, weight), Int32Array.from(set).sort()).score;
        const turned = set.map((i) => values.length - 1 - i);
        const back = enrichmentScore(
          weightsOf(values.map((v) => -v).reverse(), weight),
          Int32Array.from(turned).sort()
        );
        expect(Math.abs(Math.abs(back.score) - Math.abs(there))).toBeLessThan(1e-12);
        if (there < 0) expect(back.score).toBeGreaterThan(0);
      })
    );
  });

  it("counts equal extremes as positive", () => {
    expect(enrichmentScore(weightsOf([2, 1, -1, -2], 0), Int32Array.of(0, 3)).score).toBe(0.5);
    expect(enrichmentScore(weightsOf([3, 2, 1, -1, -2, -3], 0), Int32Array.of(0, 5)).score).toBe(0.5);
    // Thirds and sevenths, whose sums round.
    expect(
      enrichmentScore(
        weightsOf(
          names(10).map((_, i) => 4.5 - i),
          0
        ),
        Int32Array.of(0, 4, 9)
      ).score
    ).toBeGreaterThan(0);
  });

  it("counts hits alike when all their statistics are zero", () => {
    expect(enrichmentScore(weightsOf([1, 0, 0, -1]), Int32Array.of(1, 2)).score).toBe(0.5);
  });

  it("refuses sets with no gene or all genes, and weights that are none", () => {
    const weights = weightsOf([2, 1, -1]);
    expect(() => enrichmentScore(weights, Int32Array.of())).toThrow(/no gene in the ranking/);
    expect(() => enrichmentScore(weights, Int32Array.of(0, 1, 2))).toThrow(/all 3 genes of the ranking/);
    expect(() => weightsOf([2, 1], -1)).toThrow(EnrichmentInputError);
    expect(() => weightsOf([1e200, 1], 2)).toThrow("|1e+200|^2 of gene gene1 is too large to add up");
  });
});

describe("ranking", () => {
  it("descends, ties in file order, and reports their share", () => {
    const {genes, statistics, tieShare, placeOf} = rankGenes(["a", "b", "c", "d", "e"], [1, 3, 1, -2, 1]);
    expect(genes).toEqual(["b", "a", "c", "e", "d"]);
    expect(Array.from(statistics)).toEqual([3, 1, 1, 1, -2]);
    expect(tieShare).toBe(0.6);
    expect(placeOf.get("e")).toBe(3);
    expect(hitWeights({genes, statistics, tieShare, placeOf}, 0)).toEqual(new Float64Array(5).fill(1));
  });

  it("refuses what cannot be ranked, naming the gene", () => {
    expect(() => rankGenes(["a", "b"], [1, Infinity])).toThrow(
      "Ranking, gene 2 (b): the statistic is Infinity; rank by a"
    );
    expect(() => rankGenes(["a", "b"], [NaN, 1])).toThrow("gene 1 (a): the statistic is NaN; leave out");
    expect(() => rankGenes(["a", "b", "a"], [1, 2, 3])).toThrow("gene 3: a is there already as gene 1");
    expect(() => rankGenes(["a"], [1, 2])).toThrow("1 genes but 2 statistics");
    expect(() => rankGenes(["a"], [1])).toThrow("at least two");
  });
});
