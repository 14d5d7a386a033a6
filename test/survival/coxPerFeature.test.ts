import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {coxph} from "../../src/survival/coxph.js";
import {coxPerFeature} from "../../src/survival/coxPerFeature.js";
import {followUps} from "./cohorts.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Truth {
  features: string[];
  cases: ({beside: string[]} & Record<
    "hazardRatio" | "lower" | "upper" | "z" | "p" | "q" | "n" | "events",
    number[]
  >)[];
}

const stacked = (columns: readonly ArrayLike<number>[]) => Float64Array.from(columns.flatMap((c) => Array.from(c)));

describe("coxPerFeature", () => {
  const truth = readFixture<Truth>("coxPerFeature");
  const {time, event, columns} = readFollowUp("pbc", "time");

  it.each(truth.cases)("is R's coxph of each, per SD, beside $beside", (expected) => {
    const features = stacked(truth.features.map((name) => numbers(columns, name)));
    const beside = Object.fromEntries(expected.beside.map((name) => [name, numbers(columns, name)]));
    const found = coxPerFeature({time, event}, features, {adjust: beside});
    for (const name of ["hazardRatio", "lower", "upper", "z", "p", "q"] as const)
      expectClose(found[name], expected[name], 1e-8);
    expect(Array.from(found.n)).toEqual(expected.n);
    expect(Array.from(found.events)).toEqual(expected.events);
    expect(found.reason.every((reason) => reason === null)).toBe(true);
  });

  it("gives a reason instead of a number, and does not count it as a test", () => {
    const n = 40;
    const times = Array.from({length: n}, (_, i) => i + 1);
    const events = times.map((t) => Number(t <= 10));
    const some = times.map((t) => (t * 37) % 41);
    const features = [
      times.map(() => 7),
      times.map((t) => Number(t <= 10)),
      times.map((t) => (t <= 12 ? NaN : t)),
      times.map(() => NaN),
      some
    ];
    const {hazardRatio, p, q, reason} = coxPerFeature({time: times, event: events}, stacked(features));
    expect(reason.slice(0, 4)).toEqual([
      "It does not vary among the patients.",
      "It parts those with an event from all others: no finite estimate.",
      "No patient with a value had an event.",
      "No patient with a value had an event."
    ]);
    expect(Array.from(hazardRatio.subarray(0, 4)).every(Number.isNaN)).toBe(true);
    expect(q[4]).toBe(p[4]);
  });

  it("does not depend on a feature's unit, turns over with its sign, and is coxph with late entry too", () => {
    const cohorts = fc.tuple(
      followUps({entry: true, minLength: 20}),
      fc.array(fc.integer({min: -9, max: 9}), {minLength: 60, maxLength: 60})
    );
    let compared = 0;
    fc.assert(
      fc.property(cohorts, ([cohort, drawn]) => {
        fc.pre(cohort.event.filter((e) => e === 1).length >= 4);
        const x = drawn.slice(0, cohort.time.length);
        const {hazardRatio, p, reason} = coxPerFeature(
          cohort,
          stacked([x, x.map((v) => 3 * v + 100), x.map((v) => -v)])
        );
        fc.pre(reason[0] === null && hazardRatio[0] < 1e3 && hazardRatio[0] > 1e-3);
        compared++;
        expectClose([hazardRatio[1], 1 / hazardRatio[2]], [hazardRatio[0], hazardRatio[0]], 1e-8);
        const mean = x.reduce((a, b) => a + b) / x.length;
        const sd = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (x.length - 1));
        const fit = coxph({...cohort, terms: {x}});
        expectClose([Math.log(hazardRatio[0]), p[0]], [fit.coef[0] * sd, fit.p[0]], 1e-6);
      })
    );
    expect(compared).toBeGreaterThan(50);
  });

  it("names what does not fit", () => {
    expect(() => coxPerFeature({time: [1, 2, 3], event: [1, 0, 1]}, new Float64Array(4))).toThrow(
      "coxPerFeature: 4 values are no whole number of rows of 3 patients."
    );
  });
});
