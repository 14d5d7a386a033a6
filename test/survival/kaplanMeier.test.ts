import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {kaplanMeier, kaplanMeierBy} from "../../src/survival/kaplanMeier.js";
import type {SurvivalInterval} from "../../src/survival/kaplanMeier.js";
import {restrictedMean, restrictedMeanDifference} from "../../src/survival/restrictedMean.js";
import {surv} from "../../src/survival/surv.js";
import {riskTable, survivalAt} from "../../src/survival/survivalAt.js";
import {median, medianFollowUp, quantile} from "../../src/survival/survivalQuantile.js";
import {evaluate, followUps, permuted} from "./cohorts.js";
import {expectClose, readDataset, readFixture} from "./referenceData.js";

type Column = (number | null)[];
type Curve = Record<
  "time" | "atRisk" | "events" | "censored" | "survival" | "standardError" | "lower" | "upper" | "cumulativeHazard",
  Column
>;
type Quantiles = Record<"time" | "lower" | "upper", Column> & {probability: number[]};
interface Case {
  data: string;
  time: string;
  event: string;
  entry?: string | null;
  weight?: string | null;
  interval: SurvivalInterval;
  confidence: number;
  curve: Curve;
  at: Record<"time" | "survival" | "standardError" | "lower" | "upper" | "atRisk", number[]>;
  quantiles: Quantiles;
  restrictedMean: {tau: number; restrictedMean: number; standardError: number}[];
}
const fixture = readFixture<{
  cases: Case[];
  reverse: {data: string; time: string; event: string; median: number; lower: Column; upper: number | null}[];
  difference: {
    data: string;
    time: string;
    event: string;
    group: string;
    tau: number;
    difference: number;
    standardError: number;
  }[];
  small: {
    name: string;
    time: number[];
    event: number[];
    interval: SurvivalInterval;
    curve: Curve;
    quantiles: Quantiles;
  }[];
}>("kaplanMeier");

function input({data, time, event, entry, weight}: Pick<Case, "data" | "time" | "event" | "entry" | "weight">) {
  const columns = readDataset(data);
  return {
    time: evaluate(columns, time),
    event: evaluate(columns, event),
    ...(entry ? {entry: evaluate(columns, entry)} : {}),
    ...(weight ? {weight: evaluate(columns, weight)} : {})
  };
}

const columns = [
  "time",
  "atRisk",
  "events",
  "censored",
  "survival",
  "standardError",
  "lower",
  "upper",
  "cumulativeHazard"
] as const;

describe("kaplanMeier(input) against survfit", () => {
  it.each(fixture.cases)("$data $time $interval entry $entry weight $weight", (c) => {
    const fit = kaplanMeier(input(c), c);
    for (const name of columns) expectClose(fit[name], c.curve[name], 1e-9);
    const at = survivalAt(fit, c.at.time);
    for (const name of ["survival", "standardError", "lower", "upper", "atRisk"] as const)
      expectClose(at[name], c.at[name], 1e-9);
    const quantiles = quantile(fit, c.quantiles.probability);
    for (const name of ["time", "lower", "upper"] as const)
      expectClose(
        quantiles.map((q) => q[name]),
        c.quantiles[name],
        1e-12
      );
    for (const {tau, ...truth} of c.restrictedMean) {
      const mean = restrictedMean(fit, tau);
      expectClose([mean.restrictedMean, mean.standardError], [truth.restrictedMean, truth.standardError], 1e-9);
    }
  });

  it.each(fixture.small)("edge: $name, $interval", (c) => {
    const fit = kaplanMeier(c, c);
    for (const name of columns) expectClose(fit[name], c.curve[name], 1e-9);
    const quantiles = quantile(fit, c.quantiles.probability);
    for (const name of ["time", "lower", "upper"] as const)
      expectClose(
        quantiles.map((q) => q[name]),
        c.quantiles[name],
        1e-12
      );
  });

  it.each(fixture.reverse)("median follow-up: $data", (c) => {
    const {time, lower, upper} = medianFollowUp(input(c));
    expectClose([time, lower, upper], [c.median, c.lower as unknown as number, c.upper], 1e-12);
  });

  it.each(fixture.difference)("difference of restricted means: $data by $group", (c) => {
    const {groups} = kaplanMeierBy({...input(c), group: readDataset(c.data)[c.group]});
    const {difference, standardError} = restrictedMeanDifference(groups[0].curve, groups[1].curve, c.tau);
    expectClose([difference, standardError], [c.difference, c.standardError], 1e-9);
  });
});

describe("kaplanMeier: what must hold for any cohort", () => {
  it("does not depend on the order of patients", () => {
    fc.assert(
      fc.property(followUps(), fc.nat(), (cohort, seed) => {
        const [a, b] = [kaplanMeier(cohort), kaplanMeier(permuted(cohort, seed))];
        for (const name of columns) expect(b[name]).toEqual(a[name]);
      })
    );
  });

  it("is 1 − ECDF without censoring", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: 0, max: 20}), {minLength: 1, maxLength: 60}), (time) => {
        const fit = kaplanMeier({time, event: time.map(() => 1)});
        fit.time.forEach((t, j) =>
          expect(fit.survival[j]).toBeCloseTo(time.filter((v) => v > t).length / time.length, 12)
        );
      })
    );
  });

  it("takes a weight of 2 for a patient counted twice, and duplicating everyone halves the variance of log S", () => {
    fc.assert(
      fc.property(followUps(), ({time, event}) => {
        const twice = kaplanMeier({time: [...time, ...time], event: [...event, ...event]});
        const weighted = kaplanMeier({time, event, weight: time.map(() => 2)});
        const once = kaplanMeier({time, event});
        for (const name of columns) expectClose(weighted[name], Array.from(twice[name]), 1e-12);
        expectClose(
          twice.standardError,
          Array.from(once.standardError, (se) => se / Math.SQRT2),
          1e-9
        );
      })
    );
  });

  it("gives a prepared cohort with a mask what it gives the rows themselves", () => {
    fc.assert(
      fc.property(followUps({entry: true}), fc.infiniteStream(fc.boolean()), (cohort, coin) => {
        const keep = cohort.time.map(() => coin.next().value as boolean);
        fc.pre(keep.includes(true));
        const only = <T>(column: readonly T[]) => column.filter((_, i) => keep[i]);
        const whole = surv(cohort);
        const masked = kaplanMeier({surv: whole, rows: Uint8Array.from(keep, Number)});
        const direct = kaplanMeier({time: only(cohort.time), event: only(cohort.event), entry: only(cohort.entry!)});
        for (const name of columns) expectClose(masked[name], Array.from(direct[name]), 1e-12);
      })
    );
  });

  it("has counts under the plot that add up to n at any time", () => {
    fc.assert(
      fc.property(followUps(), fc.array(fc.integer({min: 0, max: 40}), {minLength: 1}), (cohort, times) => {
        const table = riskTable(kaplanMeier(cohort), times);
        times.forEach((t, q) => {
          expect(table.atRisk[q]).toBe(cohort.time.filter((v) => v >= t).length);
          expect(table.atRisk[q] + table.events[q] + table.censored[q]).toBe(cohort.time.length);
        });
      })
    );
  });
});

describe("kaplanMeier: input that cannot be used", () => {
  it("drops and counts rows with a missing value", () => {
    const fit = kaplanMeier({time: [1, NaN, 3, 4], event: [1, 1, NaN, 0]});
    expect([fit.n, fit.missing]).toEqual([2, 2]);
    const {n, missing, groups} = kaplanMeierBy({time: [1, 2, 3], event: [1, 1, 0], group: ["a", null, "a"]});
    expect([n, missing, groups[0].curve.n]).toEqual([2, 1, 2]);
  });

  it("names the empty group", () => {
    const {groups, empty} = kaplanMeierBy({time: [1, 2], event: [1, 0], group: ["a", "a"], levels: ["a", "b"]});
    expect([groups.length, empty]).toEqual([1, ["b"]]);
  });

  it.each([
    [{time: [1, -3], event: [1, 0]}, "time[1] is -3; follow-up must be a finite number ≥ 0"],
    [{time: [1, Infinity], event: [1, 0]}, "time[1] is Infinity"],
    [{time: [1, 2], event: [1, 2]}, "event[1] is 2; use 1 for the event"],
    [{time: [1, 2], event: [1]}, "event has 1 values, time has 2"],
    [{time: [1, 2], event: [1, 0], entry: [0, 2]}, "entry[1] is 2, not before time[1] = 2"],
    [{time: [1, 2], event: [1, 0], weight: [1, -1]}, "weight[1] is -1"],
    [{time: [NaN], event: [1]}, "no patient has follow-up"],
    [{time: [], event: []}, "no patient has follow-up"]
  ])("says what is wrong: %j", (bad, sentence) => {
    expect(() => kaplanMeier(bad)).toThrow(sentence);
  });

  it("refuses an area beyond the last follow-up, where R extends the curve in silence", () => {
    expect(() => restrictedMean(kaplanMeier({time: [1, 2], event: [1, 0]}), 3)).toThrow("beyond the last follow-up, 2");
  });

  it("merges nearly equal times and keeps a million rows quick enough to wait for", () => {
    const n = 1_000_000;
    const time = Float64Array.from({length: n}, (_, i) => ((i * 7919) % n) / 7);
    const fit = kaplanMeier({time, event: Uint8Array.from(time, (_, i) => i & 1)});
    expect(fit.time.length).toBe(n);
    expect(median(fit).time).toBeGreaterThan(0);
  });
});

describe("quantiles of long curves", () => {
  const drawn = fc.record({
    time: fc.array(fc.integer({min: 1, max: 4000}), {minLength: 200, maxLength: 600}),
    every: fc.integer({min: 1, max: 9}),
    interval: fc.constantFrom("log-log" as const, "log" as const, "plain" as const)
  });

  it("are what a look at every step finds, though most steps are passed over", () => {
    fc.assert(
      fc.property(drawn, ({time, every, interval}) => {
        const curve = kaplanMeier({time, event: time.map((t) => Number(t % 10 < every))}, {interval});
        const crossing = (column: Float64Array, p: number) => {
          // R asks where the column ends before it looks.
          if (1 - (column.findLast((s) => !Number.isNaN(s)) ?? 1) < p) return NaN;
          const j = column.findIndex((s) => 1 - s + 1e-8 >= p);
          return j < 0 ? NaN : curve.time[j];
        };
        for (const p of [0.1, 0.317, 0.5, 0.9]) {
          const [{time: at, lower, upper}] = quantile(curve, [p]);
          const flat = [curve.survival, curve.lower, curve.upper].map((s) => s.some((v) => Math.abs(1 - v - p) < 1e-6));
          [at, lower, upper].forEach((found, k) => {
            const column = [curve.survival, curve.lower, curve.upper][k];
            // On a flat at the quantile R takes the middle of it.
            if (!flat[k]) expect(found).toBe(crossing(column, p));
          });
        }
      })
    );
  });
});
