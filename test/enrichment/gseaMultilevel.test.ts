import {describe, expect, it} from "vitest";
import {
  gseaMultilevel,
  gseaMultilevelResults,
  gseaPermutationResults,
  multilevelJobs,
  multilevelOptions,
  permutationCounts,
  runMultilevelJob,
  scoreSets
} from "../../src/enrichment/index.js";
import {philox} from "../../src/numeric/random.js";
import {gseaReference, slowScore, weightsOf} from "./gseaReference.js";

const {statistics, sets, permuted} = gseaReference;
const asSets = (list: readonly ArrayLike<number>[]) => list.map((places) => ({places: Int32Array.from(places).sort()}));

describe("multilevel splitting", () => {
  for (const weight of [0, 1])
    it(`agrees with R's plain permutations within its stated error, weight ${weight}`, () => {
      const cases = permuted.filter((c) => c.weight === weight);
      const weights = weightsOf(statistics, weight);
      for (const seed of [1, 2])
        gseaMultilevel(weights, asSets(cases.map((c) => sets[c.set])), {seed}).forEach((result, i) => {
          const {p, same, more, nes} = cases[i];
          if (more < 20) return expect(result.p).toBeLessThan(p);
          const theirs = 1 / more - 1 / same;
          const allowed = 3.5 * Math.hypot(result.log2Error, Math.sqrt(theirs) / Math.LN2);
          expect(Math.abs(Math.log2(result.p / p)), `${cases[i].set}, seed ${seed}`).toBeLessThan(allowed);
          expect(Math.abs(result.normalizedScore - nes)).toBeLessThan(4 * result.normalizedScoreError + 0.01);
        });
    });

  /** P(score ≥ x | score ≥ 0) of k genes out of few, by going through every set. */
  function exactTail(values: readonly number[], k: number) {
    const scores: number[] = [];
    const choose = (from: number, chosen: number[]) => {
      if (chosen.length === k) return void scores.push(slowScore(values, chosen, 1));
      for (let i = from; i <= values.length - (k - chosen.length); i++) choose(i + 1, [...chosen, i]);
    };
    choose(0, []);
    const positive = scores.filter((s) => s >= 0);
    return (x: number) => positive.filter((s) => s >= x - 1e-12).length / positive.length;
  }

  it("equals the exact tail of every set of a small ranking, within its stated error", () => {
    const values = Array.from({length: 24}, (_, i) => 2.9 - 0.25 * i + 0.01 * i * i);
    const weights = weightsOf([...values].sort((a, b) => b - a));
    const tail = exactTail(
      [...values].sort((a, b) => b - a),
      5
    );
    const queries = asSets([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 4, 6],
      [0, 2, 3, 5, 6],
      [1, 2, 4, 5, 9],
      [0, 1, 2, 3, 5]
    ]);
    const scored = scoreSets(weights, queries);
    const seeds = 12;
    const logs = queries.map(() => new Float64Array(seeds));
    const errors = queries.map(() => 0);
    for (let seed = 0; seed < seeds; seed++)
      gseaMultilevel(weights, queries, {seed, permutations: 4000}).forEach((result, i) => {
        logs[i][seed] = Math.log2(result.p);
        errors[i] = Math.max(errors[i], result.log2Error || 0);
      });
    queries.forEach((_, i) => {
      const truth = Math.log2(tail(scored.scores[i]));
      const mean = logs[i].reduce((a, b) => a + b) / seeds;
      expect(Math.abs(mean - truth), `set ${i}: ${mean} against ${truth}`).toBeLessThan(
        (4 * errors[i]) / Math.sqrt(seeds) + 0.06
      );
      const spread = Math.sqrt(logs[i].reduce((sum, v) => sum + (v - mean) ** 2, 0) / (seeds - 1));
      expect(spread).toBeLessThan(1.6 * errors[i]);
    });
  });

  const weights = weightsOf(statistics);
  const some = asSets([sets.up, sets.mixed, sets.one, sets.two, sets.middle, sets.ends, sets.tilt, sets.lean]);

  it("repeats over seeds as its stated error says, far in the tail", () => {
    const seeds = Array.from({length: 16}, (_, seed) => seed);
    const runs = seeds.map((seed) => gseaMultilevel(weights, asSets([sets.up, sets.down]), {seed}));
    for (const i of [0, 1]) {
      const logs = runs.map((run) => Math.log2(run[i].p));
      const mean = logs.reduce((a, b) => a + b) / logs.length;
      const spread = Math.sqrt(logs.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (logs.length - 1));
      const stated = runs[0][i].log2Error;
      expect(spread / stated).toBeGreaterThan(0.5);
      expect(spread / stated).toBeLessThan(1.6);
    }
  });

  it("gives a set the same numbers whatever is tested beside it, and however jobs are shared out", () => {
    const whole = gseaMultilevel(weights, some, {seed: 5});
    some.forEach((set, i) => expect(gseaMultilevel(weights, [set], {seed: 5})[0]).toEqual(whole[i]));
    const options = multilevelOptions({seed: 5});
    const scored = scoreSets(weights, some);
    const parts = [3, 1, 0, 2].map((block) => permutationCounts(weights, scored, options, block, 1));
    const results = gseaPermutationResults(scored, parts);
    const done = multilevelJobs(scored, results, options)
      .reverse()
      .map((job) => ({job, tails: runMultilevelJob(weights, job, options)}));
    expect(gseaMultilevelResults(results, done, options)).toEqual(whole);
    expect(gseaMultilevel(weights, some, {seed: 6})).not.toEqual(whole);
  });

  it("stops at eps and says that p is a bound", () => {
    const [bounded] = gseaMultilevel(weights, asSets([sets.down]), {eps: 1e-6});
    expect(bounded).toMatchObject({p: 1e-6, source: "upper bound", log2Error: NaN});
    const [free] = gseaMultilevel(weights, asSets([sets.down]));
    expect(free.source).toBe("multilevel");
    expect(free.p).toBeLessThan(1e-12);
  });

  it("ends where no set scores higher: the top genes, with and without weights", () => {
    const top = Array.from({length: 15}, (_, i) => i);
    const last = top.map((i) => statistics.length - 1 - i);
    for (const weight of [0, 1])
      for (const {p} of gseaMultilevel(weightsOf(statistics, weight), asSets([top, last]))) {
        expect(p).toBeLessThan(1e-20);
        expect(p).toBeGreaterThanOrEqual(1e-50);
      }
  });

  it("refuses options out of range", () => {
    expect(() => gseaMultilevel(weights, some, {samples: 100})).toThrow("100 samples a level; give an odd number");
    expect(() => gseaMultilevel(weights, some, {eps: 0})).toThrow("eps is 0");
    expect(() => gseaMultilevel(weights, some, {permutations: 1.5})).toThrow("1.5 permutations");
    expect(gseaMultilevel(weights, [])).toEqual([]);
    const outlier = weights.map((w, place) => (place === 3 ? 1e15 : w));
    expect(() => gseaMultilevel(outlier, some)).toThrow("the gene at place 4 of the ranking outweighs the middle one");
  });
});

describe("calibration", () => {
  const genes = 2000;
  const random = philox(31);
  const ranking = Float64Array.from({length: genes}, () => random.normal() * (1 + random.uniform()))
    .sort()
    .reverse();
  const randomSet = (from: number) => {
    const drawn = new Set<number>();
    while (drawn.size < 30) drawn.add(random.integer(from));
    return [...drawn];
  };

  it("null sets have uniform p (Kolmogorov–Smirnov)", () => {
    const count = 600;
    const nulls = asSets(Array.from({length: count}, () => randomSet(genes)));
    const p = gseaMultilevel(weightsOf(ranking), nulls, {seed: 2, permutations: 3000})
      .map((r) => r.p)
      .sort((a, b) => a - b);
    const distance = Math.max(...p.map((value, i) => Math.max((i + 1) / count - value, value - i / count)));
    // Upper 0.1% point, plus what 3,000 shared permutations may shift.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count) + 0.03);
  });

  it("finds planted sets in the order of their strength", () => {
    const strengths = [1, 0.5, 0.35, 0.2, 0.1];
    const planted = asSets(strengths.map((share) => randomSet(Math.round(genes * share))));
    const results = gseaMultilevel(weightsOf(ranking), planted, {seed: 2});
    for (let i = 2; i < 5; i++) expect(results[i].p).toBeLessThan(results[i - 1].p);
    expect(results[0].p).toBeGreaterThan(0.01);
    expect(results[2].p).toBeLessThan(1e-4);
    expect(results[4].p).toBeLessThan(1e-12);
  });
});
