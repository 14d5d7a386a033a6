import {expect} from "vitest";
import type {TreatmentEffectCurve} from "../../src/survival/treatmentEffectCurve.js";
import type {Test} from "./coxCases.js";
import {expectClose} from "./referenceData.js";

/** What R has of a treatment's effect along a score. */
export interface EffectTruth {
  /** Knots asked for. */
  count: number;
  n: number;
  events: number;
  knots: number[];
  at: number[];
  hazardRatio: number[];
  lower: number[];
  upper: number[];
  interaction: Test;
  linear: Test;
}

/** @param relative - of the hazard ratios, their limits and the tests' statistics */
export function expectEffect(curve: TreatmentEffectCurve, truth: EffectTruth, relative: number): void {
  expect([curve.n, curve.events]).toEqual([truth.n, truth.events]);
  expectClose(curve.knots, truth.knots, 1e-12);
  for (const column of ["hazardRatio", "lower", "upper"] as const) expectClose(curve[column], truth[column], relative);
  for (const test of ["interaction", "linear"] as const) {
    expect(curve[test].df).toBe(truth[test].df);
    expectClose([curve[test].statistic], truth[test].statistic, relative);
    expectClose([curve[test].p], truth[test].p, 1e-6);
  }
}
