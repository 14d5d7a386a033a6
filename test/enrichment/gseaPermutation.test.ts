import {describe, expect, it} from "vitest";
import {gseaPermutation, gseaPermutationResults, permutationCounts, scoreSets} from "../../src/enrichment/index.js";
import {gseaReference, slowScore, weightsOf} from "./gseaReference.js";
import {philox4x32} from "../../src/numeric/random.js";
import {philoxWords, wordStream} from "../../src/numeric/randomWords.js";

const {statistics, sets, permuted, permutations: theirs} = gseaReference;
const asSets = (list: number[][]) => list.map((places) => ({places: Int32Array.from(places)}));

describe("gene permutation", () => {
  for (const weight of [0, 1]) {
    const cases = permuted.filter((c) => c.weight === weight);
    const ours = 20_000;
    const results = gseaPermutation(weightsOf(statistics, weight), asSets(cases.map((c) => sets[c.set])), {
      permutations: ours,
      seed: 11
    });
    cases.forEach((truth, i) =>
      it(`agrees with R's ${theirs} permutations within Monte-Carlo error: ${truth.set}, weight ${weight}`, () => {
        const {p, normalizedScore, normalizedScoreError, sameSign, moreExtreme} = results[i];
        expect(p).toBe((moreExtreme + 1) / (sameSign + 1));
        // Binomial errors of both runs; four standard deviations, and the + 1 of the shorter run.
        const spread = Math.sqrt(truth.p * (1 - truth.p) * (1 / truth.same + 1 / sameSign));
        expect(Math.abs(p - truth.p)).toBeLessThan(4 * spread + 1 / sameSign);
        const share = truth.same / theirs;
        expect(Math.abs(sameSign / ours - share)).toBeLessThan(
          4 * Math.sqrt(share * (1 - share) * (1 / theirs + 1 / ours))
        );
        const relative = truth.sdSame / truth.meanSame / Math.sqrt(sameSign);
        expect(normalizedScoreError / Math.abs(normalizedScore) / relative).toBeCloseTo(1, 1);
        const theirError = truth.sdSame / truth.meanSame / Math.sqrt(truth.same);
        expect(Math.abs(normalizedScore / truth.nes - 1)).toBeLessThan(4 * Math.hypot(relative, theirError));
      })
    );
  }

  const weights = weightsOf(statistics);
  const many = asSets(Object.values(sets));
  const run = {permutations: 1_100, seed: 3};

  it("gives the same numbers however the blocks are shared out", () => {
    const scored = scoreSets(weights, many);
    const whole = gseaPermutationResults(scored, [permutationCounts(weights, scored, run)]);
    const parts = [4, 0, 2, 3, 1].map((block) => permutationCounts(weights, scored, run, block, 1));
    expect(gseaPermutationResults(scored, parts)).toEqual(whole);
    expect(gseaPermutationResults(scored, [parts[1], permutationCounts(weights, scored, run, 1, 4)])).toEqual(whole);
    expect(gseaPermutation(weights, many, run)).toEqual(whole);
    expect(() => gseaPermutationResults(scored, parts.slice(1))).toThrow("block 4 are missing");
    expect(() => gseaPermutationResults(scored, [...parts, parts[0]])).toThrow("given twice");
  });

  it("gives a set the same numbers whatever is tested beside it", () => {
    const whole = gseaPermutation(weights, many, run);
    many.forEach((set, i) => expect(gseaPermutation(weights, [set], run)[0]).toEqual(whole[i]));
  });

  it("changes with the seed", () => {
    expect(gseaPermutation(weights, many, {...run, seed: 4})).not.toEqual(gseaPermutation(weights, many, run));
  });

  it("counts all subsets of a small ranking in their true shares", () => {
    const small = [4, 2.5, 1, 0.5, -1, -3];
    const pairs = small.flatMap((_, i) => small.slice(i + 1).map((__, j) => [i, i + 1 + j]));
    const exact = pairs.map((pair) => slowScore(small, pair, 1));
    const results = gseaPermutation(weightsOf(small), asSets(pairs), {permutations: 40_000, seed: 8});
    results.forEach(({p, sameSign}, i) => {
      const same = exact.filter((score) => score >= 0 === exact[i] >= 0);
      const truth = same.filter((score) => Math.abs(score) >= Math.abs(exact[i]) - 1e-12).length / same.length;
      expect(Math.abs(p - truth)).toBeLessThan(4.5 * Math.sqrt((truth * (1 - truth)) / sameSign) + 1 / sameSign);
    });
  });

  it("says NaN where no random set has the sign", () => {
    const ends = asSets([sets.top, sets.last]);
    const results = gseaPermutation(weights, ends, {permutations: 1, seed: 2});
    const [without, with_] = results[0].sameSign === 0 ? results : [results[1], results[0]];
    expect([without.p, without.normalizedScore, without.log2Error]).toEqual([NaN, NaN, NaN]);
    expect([with_.sameSign, with_.p]).toEqual([1, 0.5]);
    expect(() => gseaPermutation(weights, many, {permutations: 0})).toThrow("0 permutations");
  });
});

describe("random words", () => {
  it("are those of the counter-based generator, block for block", () => {
    const out = new Uint32Array(400);
    philoxWords([123456789, 3], [4e9, 77], 0xfffffff0, out);
    const block = new Uint32Array(4);
    for (let i = 0; i < 100; i++) {
      philox4x32(Uint32Array.of((0xfffffff0 + i) >>> 0, 0, 4e9, 77), [123456789, 3], block);
      expect(Array.from(out.subarray(4 * i, 4 * i + 4))).toEqual(Array.from(block));
    }
  });

  it("do not depend on how many are made at a time", () => {
    const drawn = [4, 64, 1024].map((buffered) => {
      const words = wordStream(9, buffered);
      words.restart(5, 6);
      return Array.from({length: 500}, () => words.below(1000));
    });
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).toEqual(drawn[0]);
    expect(() => wordStream(-1)).toThrow(RangeError);
  });
});
