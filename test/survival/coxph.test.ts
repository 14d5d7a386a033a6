import {describe, expect, it} from "vitest";
import {baselineHazard} from "../../src/survival/baselineHazard.js";
import {coxph} from "../../src/survival/coxph.js";
import {coxResiduals, schoenfeldResiduals} from "../../src/survival/coxResiduals.js";
import {coxZph} from "../../src/survival/coxZph.js";
import {linearPredictor, predictSurvival} from "../../src/survival/predictSurvival.js";
import {fixture, inputs, isFactor, levels, levelsOf, options} from "./coxCases.js";
import type {Column} from "./coxCases.js";
import {expectClose, readDataset} from "./referenceData.js";

/** Every k-th value and the last, as the script keeps them. */
function each(values: ArrayLike<number>, k: number): number[] {
  const all = Array.from(values);
  return all.filter((_, i) => i % k === 0 || i === all.length - 1);
}

/** Within 1e-7 of R's value, or of the size of the column where a value is next to 0 by cancellation. */
function expectNear(actual: readonly number[], expected: Column, scale = 1): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    if (value === null) return expect(actual[i]).toBeNaN();
    expect(Math.abs(actual[i] - value), `value ${i}: ${actual[i]} against R's ${value}`).toBeLessThanOrEqual(
      1e-7 * Math.max(Math.abs(value), scale)
    );
  });
}
const spread = (column: Column) => Math.max(...column.map((v) => Math.abs(v ?? 0)), 1e-12);

describe.each(fixture.cases)("coxph against R: $name ($data)", (c) => {
  const fit = coxph(inputs(c), options(c));

  it("has R's coefficients, errors and tests", () => {
    expect(fit.names).toEqual(c.names);
    expect([fit.n, fit.events]).toEqual([c.n, c.events]);
    expectClose(fit.coef, c.coef, 1e-7);
    expectClose(fit.standardError, c.standardError, 1e-7);
    expectClose(fit.naiveStandardError, c.naive, 1e-7);
    expectClose(fit.z, c.z, 1e-7);
    expectClose(fit.p, c.p, 1e-6);
    expectClose(fit.logLikelihood, c.logLikelihood, 1e-10);
    for (const name of ["likelihoodRatio", "score", "wald"] as const) {
      expect(fit[name].df).toBe(c[name].df);
      expectClose([fit[name].statistic], c[name].statistic, 1e-7);
      expectClose([fit[name].p], c[name].p, 2e-6);
    }
    expect(fit.converged).toBe(true);
  });

  it("has R's baseline hazard", () => {
    const {time, hazard, stratum} = baselineHazard(fit);
    // R has the strata in the order of the factor.
    const position = (k: number) => (stratum ? (levels[c.strata!]?.indexOf(stratum[k] as string) ?? 0) : 0);
    const order = Array.from(time.keys()).sort((a, b) => position(a) - position(b) || a - b);
    expect(time.length).toBe(c.baseline.rows);
    expectClose(
      each(
        order.map((k) => time[k]),
        25
      ),
      c.baseline.time,
      1e-12
    );
    expectClose(
      each(
        order.map((k) => hazard[k]),
        25
      ),
      c.baseline.hazard,
      1e-7
    );
  });

  it("has R's residuals", () => {
    const {martingale, deviance, score, dfbeta} = coxResiduals(fit);
    const used = (column: Float64Array) =>
      each(
        column.filter((_, i) => !Number.isNaN(martingale[i])),
        23
      );
    expectNear(used(martingale), c.martingale);
    expectNear(used(deviance), c.deviance);
    // Events at one time come in another order in R, and so do strata: their residuals are compared sorted.
    const schoenfeld = schoenfeldResiduals(fit);
    const sorted = (column: Float64Array) => each(column.slice().sort(), 11);
    c.names.forEach((_, j) => {
      if (c.coef[j] === null) return;
      expectNear(used(score[j]), c.scoreResiduals[j], spread(c.scoreResiduals[j]));
      expectNear(used(dfbeta[j]), c.dfbeta[j], spread(c.dfbeta[j]));
      expectNear(sorted(schoenfeld.schoenfeld[j]), c.schoenfeld[j], spread(c.schoenfeld[j]));
      if (c.scaled) expectNear(sorted(schoenfeld.scaled[j]), c.scaled[j], spread(c.scaled[j]));
      if (c.weight) return; // weighted, they do not add up to 0
      const total = schoenfeld.schoenfeld[j].reduce((a, b) => a + b, 0);
      expect(Math.abs(total)).toBeLessThan(1e-6 * spread(c.schoenfeld[j]) * c.events);
    });
  });

  if (c.zph)
    it("has R's tests of proportional hazards", () => {
      for (const truth of c.zph!) {
        const zph = coxZph(fit, {transform: truth.transform});
        expectClose(
          [...zph.terms, zph.global].map((t) => t.statistic),
          truth.chiSquare,
          1e-6
        );
        expect([...zph.terms, zph.global].map((t) => t.df)).toEqual(truth.df);
        expectClose(
          [...zph.terms, zph.global].map((t) => t.p),
          truth.p,
          1e-5
        );
      }
    });

  if (c.predicted)
    it.each(c.predicted)("predicts as survfit does, $interval", (truth) => {
      const terms = Object.fromEntries(
        Object.entries(c.newdata!).map(([name, values]) => {
          const source = readDataset(c.data)[name];
          return [
            name,
            isFactor(name, source) ? {values, levels: levelsOf(name, source)} : (values.map(Number) as number[])
          ];
        })
      );
      const predicted = predictSurvival(fit, terms, c.times!, {interval: truth.interval});
      for (const name of ["survival", "standardError", "lower", "upper"] as const)
        predicted[name].forEach((column, i) =>
          expectClose(
            column,
            truth[name].map((row) => row[i]),
            1e-7
          )
        );
      const {time, hazard} = baselineHazard(fit);
      const lp = linearPredictor(fit, terms);
      const at = time.findLastIndex((t) => t <= c.times![1]);
      expect(predicted.survival[0][1]).toBeCloseTo(Math.exp(-hazard[at] * Math.exp(lp[0])), 10);
    });
});
