import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {philox} from "../../src/numeric/random.js";
import {completeRows, rowsByGroup} from "../../src/survival/completeRows.js";
import {coxGroups} from "../../src/survival/coxGroups.js";
import {coxph} from "../../src/survival/coxph.js";
import {coxZph} from "../../src/survival/coxZph.js";
import {groupDrift, groupZph} from "../../src/survival/groupDrift.js";
import {kaplanMeier, kaplanMeierBy} from "../../src/survival/kaplanMeier.js";
import {kaplanMeierByCell} from "../../src/survival/kaplanMeierByCell.js";
import {codeLabels} from "../../src/survival/labels.js";
import {logRank} from "../../src/survival/logRank.js";
import {logRankSums} from "../../src/survival/logRankSums.js";
import {cellsOf} from "../../src/survival/patientCells.js";
import {smoothedCoefficient} from "../../src/survival/smoothedCoefficient.js";
import {surv} from "../../src/survival/surv.js";
import {followUps} from "./cohorts.js";
import {expectClose} from "./referenceData.js";

/** Tied times, some with late entry; rows masked out, without a time, without a group; perhaps a group of nobody. */
const cohorts = (groups: number) =>
  fc
    .tuple(
      fc.boolean(),
      followUps({entry: true, minLength: 30}),
      fc.array(fc.integer({min: -1, max: groups}), {minLength: 60, maxLength: 60})
    )
    .map(([truncated, {entry, time, event}, drawn]) => {
      const times = time.map((t, i) => (i % 13 === 4 ? NaN : t));
      return {
        prepared: surv(truncated ? {time: times, event, entry} : {time: times, event}),
        rows: Uint8Array.from(time, (_, i) => Number(drawn[i] !== groups)),
        code: Float64Array.from(time, (_, i) => (drawn[i] < 0 || drawn[i] === groups ? NaN : drawn[i]))
      };
    });

describe("groups from counts", () => {
  it("have the curves of each group by itself", () => {
    fc.assert(
      fc.property(cohorts(3), ({prepared, rows, code}) => {
        fc.pre(code.some((g, i) => g >= 0 && prepared.time[i] > 0));
        const {groups, empty, n} = kaplanMeierBy({surv: prepared, rows, group: code, levels: [0, 1, 2]});
        expect(groups.length + empty.length).toBe(3);
        expect(groups.reduce((sum, {curve}) => sum + curve.n, 0)).toBe(n);
        for (const {group, curve} of groups) {
          const own = rows.map((kept, i) => Number(kept === 1 && code[i] === group));
          const truth = kaplanMeier({surv: prepared, rows: own});
          for (const column of [
            "time",
            "atRisk",
            "events",
            "censored",
            "survival",
            "standardError",
            "lower",
            "upper"
          ] as const)
            expectClose(curve[column], [...truth[column]], 1e-12);
        }
      })
    );
  });

  it("have the log-rank test of the rows, with and without strata", () => {
    let compared = 0;
    fc.assert(
      fc.property(cohorts(6), ({prepared, rows, code}) => {
        const group = code.map((c) => c % 3);
        const strata = Array.from(code, (c) => (c >= 0 ? Math.floor(c / 3) : null));
        for (const within of [undefined, strata]) {
          let found;
          try {
            found = logRank({surv: prepared, rows, group, levels: [0, 1, 2], strata: within});
          } catch {
            continue;
          }
          compared++;
          const labels = codeLabels(group, prepared.size, "test", "group", [0, 1, 2]);
          const parts = within && codeLabels(within, prepared.size, "test", "strata");
          const used = completeRows(
            {surv: prepared, rows},
            {},
            "test",
            {entry: true},
            parts ? [labels, parts] : [labels]
          );
          const sums = (parts ? rowsByGroup(used, parts) : [used]).map((part) =>
            logRankSums(part, labels, {family: "log-rank"})
          );
          const total = (column: "observed" | "expected" | "variance") =>
            Array.from(sums[0][column], (_, at) => sums.reduce((sum, part) => sum + part[column][at], 0));
          expect(found.missing).toBe(used.missing);
          expect([...found.observed]).toEqual(total("observed"));
          expectClose(found.expected, total("expected"), 1e-10);
          found.variance.forEach((v, at) => expect(Math.abs(v - total("variance")[at])).toBeLessThan(1e-9));
        }
      })
    );
    expect(compared).toBeGreaterThan(50);
  });

  it.each([2, 3])("have coxph's model, its test of drift and, of two, its smooth: %i groups", (groups) => {
    let [compared, smooth] = [0, 0];
    fc.assert(
      fc.property(cohorts(groups), ({prepared, rows, code}) => {
        const levels = Array.from({length: groups}, (_, g) => g);
        const present = (g: number) => code.some((c, i) => c === g && prepared.time[i] > 0);
        fc.pre(levels.every(present) && prepared.event.some((e, i) => e === 1 && code[i] >= 0 && prepared.time[i] > 0));
        const terms = Object.fromEntries(
          levels.slice(1).map((g) => [`group${g}`, code.map((c) => (c >= 0 ? Number(c === g) : NaN))])
        );
        const truth = coxph({surv: prepared, rows, terms});
        const found = coxGroups({surv: prepared, rows}, code, groups, levels);
        expect([found.n, found.events]).toEqual([truth.n, truth.events]);
        if (truth.warnings.length > 0 || found.warnings.length > 0) return;
        compared++;
        found.coef.forEach((b, j) => expect(Math.abs(b - truth.coef[j])).toBeLessThan(1e-8));
        expectClose(found.standardError, [...truth.standardError], 1e-7);
        const [zph, drift] = [groupZph(found), coxZph(truth)];
        [...zph.terms, zph.global].forEach((test, j) => {
          const other = [...drift.terms, drift.global][j];
          expect(Math.abs(test.statistic - other.statistic)).toBeLessThan(1e-6 * (1 + other.statistic));
        });
        if (groups > 2) return;
        let curve;
        try {
          curve = smoothedCoefficient(truth, 0);
        } catch {
          return;
        }
        smooth++;
        const own = groupDrift(found, prepared.distinctTime);
        expectClose(own.x, [...curve.x], 1e-9);
        expectClose(own.time, [...curve.time], 1e-9);
        const size = Math.max(...curve.upper.map(Math.abs), ...curve.lower.map(Math.abs));
        for (const column of ["coef", "lower", "upper"] as const)
          own[column].forEach((v, k) => expect(Math.abs(v - curve[column][k])).toBeLessThan(1e-6 * size));
      })
    );
    expect(compared).toBeGreaterThan(30);
    if (groups === 2) expect(smooth).toBeGreaterThan(20);
  });

  it("have the same of thousands, dozens of whom have the event on one day", () => {
    const n = 8000;
    const random = philox(7);
    const code = Float64Array.from({length: n}, () => Math.floor(2 * random.uniform()));
    const time = code.map((g) => Math.ceil((-60 * Math.log(1 - random.uniform())) / (1 + 0.4 * g)));
    const event = Uint8Array.from(time, () => Number(random.uniform() < 0.6));
    const prepared = surv({time, event});
    const found = coxGroups({surv: prepared}, code, 2, [0, 1]);
    const busiest = Math.max(...found.counts.deadStart.subarray(1).map((end, t) => end - found.counts.deadStart[t]));
    expect(busiest).toBeGreaterThan(30);
    const truth = coxph({surv: prepared, terms: {group1: code}});
    expectClose(found.coef, [...truth.coef], 1e-10);
    expectClose(found.standardError, [...truth.standardError], 1e-10);
    expectClose(found.maximum.logLikelihood, [...truth.logLikelihood], 1e-12);
    expectClose([groupZph(found).global.statistic], [coxZph(truth).global.statistic], 1e-8);
    const [own, curve] = [groupDrift(found, prepared.distinctTime), smoothedCoefficient(truth, 0)];
    for (const column of ["x", "time", "coef", "lower", "upper"] as const)
      expectClose(own[column], [...curve[column]], 1e-8);
  });

  it("have the weighted curves of each group by itself, robust errors included", () => {
    let robust = 0;
    fc.assert(
      fc.property(cohorts(3), fc.boolean(), ({prepared: {time, event}, rows, code}, whole) => {
        const weight = time.map((_, i) => (whole ? 1 + (i % 3) : 0.4 + ((i * 37) % 11) / 7));
        const prepared = surv({time, event, weight});
        const cells = cellsOf(prepared, rows, {code, size: 3});
        const curves = kaplanMeierByCell(prepared, cells);
        curves.forEach((curve, g) => {
          const own = rows.map((kept, i) => Number(kept === 1 && code[i] === g));
          if (curve === null) return expect(own.some((kept, i) => kept === 1 && time[i] > 0)).toBe(false);
          const truth = kaplanMeier({surv: prepared, rows: own});
          expect(curve.n).toBe(truth.n);
          expect(curve.jackknife).toBe(truth.jackknife);
          if (curve.jackknife) robust++;
          for (const column of ["time", "atRisk", "events", "censored", "survival", "lower", "upper"] as const)
            expectClose(curve[column], [...truth[column]], 1e-9);
          // Of the last patient's step what is left of a difference may be rounding.
          curve.logVariance.forEach((v, j) => {
            if (Number.isFinite(truth.logVariance[j]))
              expect(Math.abs(v - truth.logVariance[j])).toBeLessThan(1e-9 * (1 + truth.logVariance[j]));
          });
        });
      })
    );
    expect(robust).toBeGreaterThan(50);
  });
});
