import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {surv} from "../../src/survival/surv.js";
import {treatmentEffectCurve} from "../../src/survival/treatmentEffectCurve.js";
import {followUps, turns} from "./cohorts.js";
import {expectEffect} from "./effectTruth.js";
import type {EffectTruth} from "./effectTruth.js";
import {expectClose, readFixture} from "./referenceData.js";

const fixture = readFixture<{n: number; cases: (Omit<EffectTruth, "n"> & {grid: number})[]}>("effectOfMany");

/** What effectOfMany.R makes. */
function patients(n: number, grid: number) {
  const [t, s, d, e, c, a, b] = turns(n, [2, 3, 5, 7, 11, 13, 17]);
  const treatment = t.map((u) => Number(u < 0.4));
  const score = s.map((u, i) => u * 10 + a[i] * b[i] * 5);
  const hazard = score.map((x, i) => (1 + x / 10) * (1 + (treatment[i] * x * x) / 40));
  const died = hazard.map((h, i) => (d[i] * e[i]) / h);
  const left = c.map((u) => 0.05 + 0.9 * u);
  const event = Uint8Array.from(died, (x, i) => Number(x <= left[i]));
  return {treatment, score, event, time: died.map((x, i) => Math.floor(grid * Math.min(x, left[i])) + 1)};
}

describe("treatmentEffectCurve of many patients", () => {
  it.each(fixture.cases)("agrees with R's coxph: $count knots, $grid times", (c) => {
    const curve = treatmentEffectCurve(patients(fixture.n, c.grid), {knots: c.count, at: c.at});
    expectEffect(curve, {...c, n: fixture.n}, 1e-8);
  });
});

describe("treatmentEffectCurve by arms", () => {
  it.each([3, 4, 5])("is that by rows, which weights of 1 ask for, with %i knots", (knots) => {
    let compared = 0;
    fc.assert(
      fc.property(
        followUps({minLength: 45}),
        fc.integer({min: 3, max: 40}),
        fc.integer({min: 1, max: 1000}),
        (followUp, values, seed) => {
          const draw = (i: number, of: number) => ((i + 1) * (seed * 7919 + 101) * 31) % of;
          // Where coefficients are nearly as many as events, hazard ratios are 1e-40 and no two fits end at the same.
          fc.pre(followUp.event.reduce((a, b) => a + b, 0) > 20);
          const score = Float64Array.from(followUp.time, (_, i) => (draw(i, 997) % values) / 3);
          const treatment = followUp.time.map((_, i) => (i % 17 === 3 ? NaN : draw(i, 1009) % 2));
          const rows = Uint8Array.from(followUp.time, (_, i) => Number(i % 11 !== 5));
          const curve = (weight: number[] | undefined) =>
            treatmentEffectCurve({surv: surv({...followUp, weight}), rows, treatment, score}, {knots});
          const tried = [undefined, followUp.time.map(() => 1)].map((weight) => {
            try {
              return curve(weight);
            } catch (error) {
              return String(error).replace(/^\w+: \w+: /, "");
            }
          });
          const [found, truth] = tried;
          if (typeof found === "string" || typeof truth === "string") return;
          expect([found.n, found.events, found.missing]).toEqual([truth.n, truth.events, truth.missing]);
          if (truth.warnings.length > 0 || found.warnings.length > 0) return;
          compared++;
          expectClose(found.knots, [...truth.knots], 1e-12);
          for (const test of ["interaction", "linear"] as const) {
            expect(found[test].df).toBe(truth[test].df);
            expect(Math.abs(found[test].statistic - truth[test].statistic)).toBeLessThan(1e-6);
          }
          for (const column of ["hazardRatio", "lower", "upper"] as const)
            truth[column].forEach((ratio, k) => {
              const [own, other] = [Math.log(found[column][k]), Math.log(ratio)];
              // A limit of e^±30 is none: the maximum is all but flat there, and the digits are where Newton stopped.
              if (Math.abs(other) > 30) expect(own / other).toBeGreaterThan(0.5);
              else expect(Math.abs(own - other)).toBeLessThan(1e-6 * Math.max(1, Math.abs(other)));
            });
        }
      ),
      {numRuns: 40}
    );
    expect(compared).toBeGreaterThan(15);
  });
});
