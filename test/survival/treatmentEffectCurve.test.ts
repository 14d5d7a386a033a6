import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {treatmentEffectCurve} from "../../src/survival/treatmentEffectCurve.js";
import {evaluate, permuted} from "./cohorts.js";
import {expectEffect} from "./effectTruth.js";
import type {EffectTruth} from "./effectTruth.js";
import {expectClose, readDataset, readFixture} from "./referenceData.js";

interface Case extends EffectTruth {
  data: string;
  time: string;
  event: string;
  treatment: string;
  score: string;
  entry: string | null;
}
const {cases} = readFixture<{cases: Case[]}>("treatmentEffectCurve");

function inputOf({data, time, event, treatment, score, entry}: Case) {
  const columns = readDataset(data);
  const of = (expression: string) => evaluate(columns, expression.replaceAll("log(", "Math.log("));
  return {
    time: of(time),
    event: of(event),
    treatment: of(treatment),
    score: of(score),
    ...(entry ? {entry: of(entry)} : {})
  };
}

describe("treatmentEffectCurve(input, options)", () => {
  it.each(cases)("agrees with R's coxph of treatment × spline: $data, $treatment by $score", (c) => {
    const input = inputOf(c);
    const at = treatmentEffectCurve(input, {knots: c.count, at: c.at});
    expectEffect(at, c, 1e-6);
    expect(at.count[0] + at.count[1]).toBe(c.n);
    expect(at.eventCount[0] + at.eventCount[1]).toBe(c.events);
    const usual = treatmentEffectCurve(input, {knots: c.count});
    expectClose(
      [0, 20, 50, 80, 100].map((k) => usual.score[k]),
      c.at,
      1e-12
    );
  });

  it("does not depend on the order of patients nor on where the score is 0, and turns over when treatment is renamed", () => {
    const {time, event, treatment, score} = inputOf(cases[0]);
    const at = [35, 50, 65];
    const curve = treatmentEffectCurve({time, event, treatment, score}, {at});
    fc.assert(
      fc.property(fc.nat(), fc.double({min: -100, max: 100, noNaN: true}), (seed, shift) => {
        const turned = permuted({time, event, treatment: treatment.map((t) => 1 - t), score}, seed);
        const moved = treatmentEffectCurve(
          {...turned, score: turned.score.map((s) => s + shift)},
          {at: at.map((s) => s + shift)}
        );
        expectClose(
          moved.hazardRatio,
          Array.from(curve.hazardRatio, (hr) => 1 / hr),
          1e-6
        );
        expectClose(
          moved.upper,
          Array.from(curve.lower, (low) => 1 / low),
          1e-6
        );
      }),
      {numRuns: 5}
    );
  });

  it("is a straight line of log HR beyond the outer knots", () => {
    const input = inputOf(cases[3]);
    const {knots} = treatmentEffectCurve(input, {knots: 3});
    const beyond = [1, 2, 3].map((k) => knots[2] + k);
    const {hazardRatio} = treatmentEffectCurve(input, {knots: 3, at: beyond});
    expect(Math.log(hazardRatio[0]) + Math.log(hazardRatio[2])).toBeCloseTo(2 * Math.log(hazardRatio[1]), 8);
  });

  it("says where the curve is no estimate: the treated die in the order of their scores, before all others", () => {
    const score = Array.from({length: 60}, (_, i) => ((i * 7) % 60) / 60);
    const treatment = score.map((_, i) => i % 2);
    const time = score.map((s, i) => (treatment[i] === 1 ? 1 + Math.round(100 * (1 - s)) : 200 + ((i * 13) % 29)));
    const {converged, warnings, interaction} = treatmentEffectCurve({time, event: time.map(() => 1), treatment, score});
    expect(converged).toBe(false);
    expect(warnings.join(" ")).toMatch(/is infinite/);
    // The likelihoods have their limits all the same.
    expect(interaction.statistic).toBeGreaterThan(50);
    const {event: own, ...input} = inputOf(cases[0]);
    expect(treatmentEffectCurve({...input, event: own}).converged).toBe(true);
  });

  it("says what it cannot compute", () => {
    const {time, event, treatment, score} = inputOf(cases[0]);
    const ask = (part: object) => () => treatmentEffectCurve({time, event, treatment, score, ...part});
    expect(ask({treatment: treatment.map(() => 1)})).toThrow("all 686 patients have the same treatment");
    expect(ask({treatment: treatment.map((t, i) => (i === 4 ? 2 : t))})).toThrow("treatment[4] is 2; use 1 or 0");
    expect(ask({score: score.map((s) => Number(s > 50))})).toThrow(/too few or too tied/);
    expect(ask({event: event.map(() => 0)})).toThrow(/none of 686 patients had an event/);
    const spared = event.map((e, i) => (treatment[i] === 1 ? 0 : e));
    expect(ask({event: spared})).toThrow(/^treatmentEffectCurve: none of the \d+ treated patients had the event/);
    const three = event.flatMap((e, i) => (e === 1 ? [i] : [])).slice(0, 3);
    expect(ask({treatment: treatment.map((_, i) => Number(three.includes(i)))})).toThrow(
      /take too few scores for a curve/
    );
    const few = score.map((s, i) => (i < 5 ? s : NaN));
    expect(ask({score: few, treatment: treatment.map((_, i) => i % 2), event: event.map(() => 1)})).toThrow(
      /at least 6 values, got 5/
    );
  });
});
