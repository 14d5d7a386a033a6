import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  chiSquareUpperTail,
  fUpperTail,
  normalDensity,
  normalQuantile,
  normalTwoSidedP,
  normalUpperTail,
  studentTTwoSidedP
} from "../../src/numeric/distributions.js";
import {adjust} from "../../src/numeric/adjust.js";
import type {Adjustment} from "../../src/numeric/adjust.js";
import {logRank, logRankTrend} from "../../src/survival/logRank.js";
import type {LogRankOptions} from "../../src/survival/logRank.js";
import {logRankPairwise} from "../../src/survival/logRankPairwise.js";
import {surv} from "../../src/survival/surv.js";
import {evaluate, followUps, permuted} from "./cohorts.js";
import {expectClose, readDataset, readFixture} from "./referenceData.js";

interface Test {
  data: string;
  time: string;
  event: string;
  group: string;
  strata?: string | null;
  rho: number;
  chiSquare: number;
  df: number;
  p: number;
  observed: number[];
  expected: number[];
  n: number[];
}
const fixture = readFixture<{
  survdiff: Test[];
  weighted: (Test & {options: LogRankOptions})[];
  trend: (Test & {scores: number[]})[];
  pairwise: (Omit<Test, "p"> & {
    first: string[];
    second: string[];
    p: number[];
    BH: number[];
    holm: number[];
    bonferroni: number[];
  })[];
  adjust: Record<"p" | Adjustment, (number | null)[]>;
  distributions: {
    chiSquare: {x: number; df: number; p: number}[];
    normal: {z: number; upper: number; twoSided: number; density: number}[];
    quantile: {p: number; z: number}[];
    f: {x: number; df1: number; df2: number; p: number}[];
    t: {t: number; df: number; p: number}[];
  };
}>("logRank");

function labels(data: string, expression: string): (string | number | null)[] {
  const columns = readDataset(data);
  return columns[expression] ?? evaluate(columns, expression);
}

function input({data, time, event, group, strata}: Pick<Test, "data" | "time" | "event" | "group" | "strata">) {
  const columns = readDataset(data);
  return {
    time: evaluate(columns, time),
    event: evaluate(columns, event),
    group: labels(data, group),
    ...(strata ? {strata: labels(data, strata)} : {})
  };
}

/** Factor levels of R's data sets in their own order. */
const levels: Record<string, string[]> = {
  celltype: ["squamous", "smallcell", "adeno", "large"],
  rx: ["Obs", "Lev", "Lev+5FU"],
  size: ["<=20", "20-50", ">50"],
  disease: ["Other", "GN", "AN", "PKD"],
  sex: ["F", "M"]
};
const ordered = (c: Pick<Test, "group" | "data">) =>
  typeof labels(c.data, c.group)[0] === "string" ? {levels: levels[c.group]} : {};

describe("logRank(input) against survdiff", () => {
  it.each(fixture.survdiff)("$data by $group, strata $strata, rho $rho", (c) => {
    const test = logRank({...input(c), ...ordered(c)}, {rho: c.rho});
    expect(test.df).toBe(c.df);
    expectClose([test.chiSquare], c.chiSquare, 1e-9);
    expectClose([test.p], c.p, 1e-6);
    expectClose(test.observed, c.observed, 1e-9);
    expectClose(test.expected, c.expected, 1e-9);
    expect(Array.from(test.n)).toEqual(c.n);
  });

  it.each(fixture.weighted)("$data by $group, $options", (c) => {
    const test = logRank(input(c), c.options);
    expect(test.df).toBe(c.df);
    expectClose([test.chiSquare], c.chiSquare, 1e-9);
    expectClose([test.p], c.p, 1e-6);
  });

  it.each(fixture.trend)("trend: $data over $group", (c) => {
    const test = logRankTrend({...input(c), scores: c.scores});
    expectClose([test.chiSquare], c.chiSquare, 1e-9);
    expectClose([test.p], c.p, 1e-6);
  });

  it.each(fixture.pairwise)("pairs: $data by $group", (c) => {
    for (const adjustment of ["BH", "holm", "bonferroni"] as const) {
      const tests = logRankPairwise({...input(c), ...ordered(c)}, {adjustment});
      const truth = c.first.map((first, q) => ({
        key: [first, c.second[q]].sort().join(),
        p: c.p[q],
        adjusted: c[adjustment][q]
      }));
      for (const {first, second, p, adjusted} of tests) {
        const found = truth.find(({key}) => key === [first, second].sort().join());
        expectClose([p, adjusted], [found!.p, found!.adjusted], 1e-6);
      }
      expect(tests.length).toBe(truth.length);
    }
  });
});

describe("logRank: what must hold for any cohort", () => {
  const cohorts = fc.tuple(followUps({entry: true, minLength: 4}), fc.nat()).map(([cohort, seed]) => ({
    ...cohort,
    group: cohort.time.map((_, i) => ["a", "b", "c"][(i * 31 + seed) % 3])
  }));
  const outcome = (run: () => {chiSquare: number}) => {
    try {
      return run().chiSquare;
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  };
  const same = (a: number | string, b: number | string) =>
    typeof a === "number" && typeof b === "number"
      ? expect(Math.abs(a - b)).toBeLessThan(1e-8 * (1 + a))
      : expect(a).toBe(b);

  it("does not depend on order, names of groups, or unit of time", () => {
    fc.assert(
      fc.property(cohorts, fc.nat(), (cohort, seed) => {
        const truth = outcome(() => logRank(cohort));
        same(
          outcome(() => logRank(permuted(cohort, seed))),
          truth
        );
        same(
          outcome(() => logRank({...cohort, group: cohort.group.map((g) => ({a: 2, b: 1, c: 0})[g])})),
          truth
        );
        const times = (column: readonly number[]) => column.map((t) => t * 30.4375);
        same(
          outcome(() => logRank({...cohort, time: times(cohort.time), entry: times(cohort.entry!)})),
          truth
        );
      })
    );
  });

  it("has as many events observed as expected", () => {
    fc.assert(
      fc.property(cohorts, (cohort) => {
        fc.pre(typeof outcome(() => logRank(cohort)) === "number");
        const {observed, expected} = logRank(cohort);
        const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
        expect(sum(observed)).toBeCloseTo(sum(expected), 9);
        expect(sum(observed)).toBe(cohort.event.reduce((a, b) => a + b, 0));
      })
    );
  });

  it("gives a prepared cohort with a mask what it gives the rows themselves", () => {
    fc.assert(
      fc.property(cohorts, (cohort) => {
        const keep = cohort.group.map((g) => g !== "c");
        const only = <T>(column: readonly T[]) => column.filter((_, i) => keep[i]);
        const {time, event, entry, group} = cohort;
        const direct = outcome(() =>
          logRank({time: only(time), event: only(event), entry: only(entry!), group: only(group)})
        );
        const masked = outcome(() =>
          logRank({surv: surv(cohort), rows: Uint8Array.from(keep, Number), group, levels: ["a", "b", "c"]})
        );
        if (typeof direct === "number") same(masked, direct);
      })
    );
  });
});

describe("logRank: input that cannot be used", () => {
  it.each([
    [{time: [1, 2], event: [1, 1], group: ["a", "a"]}, "all patients are in one group"],
    [{time: [1, 2, 3], event: [0, 0, 0], group: ["a", "b", "a"]}, "no event happened while patients of two groups"],
    [{time: [1, 2, 3], event: [0, 0, 1], group: ["a", "a", "b"]}, "no event happened while patients of two groups"],
    [{time: [1, 2], event: [1, 1], group: ["a"]}, "group has 1 values, the follow-up has 2 rows"],
    [{time: [1, 2], event: [1, 1], weight: [1, 2], group: ["a", "b"]}, "case weights are not defined"]
  ])("says what is wrong: %j", (bad, sentence) => {
    expect(() => logRank(bad)).toThrow(sentence);
  });

  it("counts rows without a group, and leaves out a stratum without events", () => {
    const cohort = {time: [1, 2, 3, 4, 5, 6], event: [1, 0, 1, 1, 0, 0], group: ["a", "b", "b", "a", null, "b"]};
    expect(logRank(cohort).missing).toBe(1);
    const two = {
      time: [...cohort.time, 7, 8],
      event: [...cohort.event, 0, 0],
      group: [...cohort.group, "a", "b"],
      strata: [0, 0, 0, 0, 0, 0, 1, 1]
    };
    expect(logRank(two).chiSquare).toBeCloseTo(logRank(cohort).chiSquare, 12);
  });
});

describe("adjust(p, method)", () => {
  it.each(["BH", "holm", "bonferroni"] as const)("agrees with p.adjust: %s", (method) => {
    const p = fixture.adjust.p.map((v) => v ?? NaN);
    expectClose(adjust(p, method), fixture.adjust[method], 1e-12);
  });
});

describe("distributions, tails as small as 1e-300", () => {
  const {chiSquare, normal, quantile, f, t} = fixture.distributions;
  it("agrees with pchisq, pnorm, dnorm, qnorm, pf, pt", () => {
    for (const {x, df, p} of chiSquare) expectClose([chiSquareUpperTail(x, df)], p, 1e-11);
    for (const {z, upper, twoSided, density} of normal)
      expectClose([normalUpperTail(z), normalTwoSidedP(z), normalDensity(z)], [upper, twoSided, density], 1e-12);
    for (const {p, z} of quantile) expectClose([normalQuantile(p)], z, 1e-12);
    for (const {x, df1, df2, p} of f) expectClose([fUpperTail(x, df1, df2)], p, 1e-11);
    for (const {t: value, df, p} of t) expectClose([studentTTwoSidedP(value, df)], p, 1e-11);
  });
});
