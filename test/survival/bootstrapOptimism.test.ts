import {describe, expect, it} from "vitest";
import {bootstrapOptimism} from "../../src/survival/bootstrapOptimism.js";
import type {Optimism} from "../../src/survival/bootstrapOptimism.js";
import {coxOptimism} from "../../src/survival/coxOptimism.js";
import {SurvivalInputError} from "../../src/survival/surv.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

type Measures = Record<"concordance" | "dxy" | "slope", number>;
interface Case {
  data: string;
  time: string;
  terms: string[];
  rows: number[][];
  apparent: Measures;
  training: Measures;
  test: Measures;
  optimism: Measures;
  corrected: Measures;
}
const {cases} = readFixture<{cases: Case[]}>("bootstrapOptimism");

function inputs(c: Case) {
  const {columns, ...followUp} = readFollowUp(c.data, c.time);
  return {...followUp, terms: Object.fromEntries(c.terms.map((t) => [t, numbers(columns, t)]))};
}

describe("coxOptimism(input)", () => {
  it.each(cases)("agrees with Harrell's loop in R on the same resamples: $data ~ $terms", async (c) => {
    const {measures, resamples, failed} = await coxOptimism(inputs(c), {rows: c.rows});
    expect([resamples, failed]).toEqual([c.rows.length, 0]);
    for (const name of ["concordance", "dxy", "slope"] as const) {
      const {apparent, training, test, corrected, optimism} = measures[name];
      expectClose(
        [apparent, training, test, corrected],
        [c.apparent[name], c.training[name], c.test[name], c.corrected[name]],
        1e-7
      );
      expect(optimism).toBeCloseTo(c.optimism[name], 7);
    }
  });

  it("draws the same resamples from the same seed, and its Monte-Carlo error shrinks with their number", async () => {
    const input = inputs(cases[1]);
    const few = await coxOptimism(input, {resamples: 25, seed: 3});
    expect(await coxOptimism(input, {resamples: 25, seed: 3})).toEqual(few);
    const many = await coxOptimism(input, {resamples: 100, seed: 3});
    expect(many.measures.dxy.monteCarloError).toBeLessThan(few.measures.dxy.monteCarloError);
    expect(many.measures.slope.training).toBeCloseTo(1, 6);
  });
});

describe("bootstrapOptimism(problem)", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const mean = (rows: Uint32Array) => rows.reduce((sum, i) => sum + values[i], 0) / rows.length;
  const problem = {
    size: values.length,
    fit: mean,
    score: (m: number, rows: Uint32Array) => ({
      error: -rows.reduce((sum, i) => sum + (values[i] - m) ** 2, 0) / rows.length
    })
  };

  it("has a positive optimism for a mean judged on its own data", async () => {
    const {measures} = await bootstrapOptimism(problem, {resamples: 2000, seed: 11});
    const {optimism, monteCarloError} = measures.error as Optimism;
    const variance = values.reduce((sum, v) => sum + (v - 31 / 8) ** 2, 0) / 8;
    // E[optimism] of the bootstrap is exactly 2 σ² / n for the mean's squared error
    expect(Math.abs(optimism - (2 * variance) / 8)).toBeLessThan(4 * monteCarloError);
  });

  it("reports progress, and stops when told to", async () => {
    const seen: number[] = [];
    const control = new AbortController();
    const work = bootstrapOptimism(problem, {
      resamples: 1e6,
      signal: control.signal,
      onProgress: (done) => {
        seen.push(done);
        if (done === 5) control.abort(new Error("enough"));
      }
    });
    await expect(work).rejects.toThrow("enough");
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it("counts resamples that fail, and refuses if all do", async () => {
    const fit = (rows: Uint32Array) => {
      if (new Set(rows).size < 6) throw new SurvivalInputError("too few");
      return mean(rows);
    };
    const some = await bootstrapOptimism({...problem, fit}, {resamples: 100});
    expect(some.failed).toBeGreaterThan(0);
    expect(some.failed + some.resamples).toBe(100);
    expect(some.warnings[0]).toContain(`${some.failed} of 100`);
    const never = {
      ...problem,
      fit: (rows: Uint32Array) => (new Set(rows).size < 8 ? fit(new Uint32Array()) : mean(rows))
    };
    await expect(bootstrapOptimism(never, {rows: [[0, 0, 0, 0, 0, 0, 0, 0]]})).rejects.toThrow("any of 1 resamples");
  });

  it("does not hide a programming error", async () => {
    let calls = 0;
    const fit = (rows: Uint32Array) => {
      if (calls++ > 0) throw new TypeError("broken");
      return mean(rows);
    };
    await expect(bootstrapOptimism({...problem, fit}, {resamples: 3})).rejects.toThrow("broken");
  });

  it("refuses rows that do not fit the cohort", async () => {
    await expect(bootstrapOptimism(problem, {rows: [[0, 1]]})).rejects.toThrow("rows[0] has 2 entries for 8");
    await expect(bootstrapOptimism(problem, {rows: [[0, 1, 2, 3, 4, 5, 6, 8]]})).rejects.toThrow("holds 8");
    await expect(bootstrapOptimism(problem, {resamples: 0})).rejects.toThrow("at least 1");
  });
});
