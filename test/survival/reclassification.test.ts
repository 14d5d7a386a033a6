import {describe, expect, it} from "vitest";
import {philox} from "../../src/numeric/random.js";
import {ascendingValues, sampleQuantile} from "../../src/numeric/sampleQuantile.js";
import {drawRows} from "../../src/survival/bootstrapOptimism.js";
import {bootstrapPerformance} from "../../src/survival/bootstrapPerformance.js";
import {decisionCurve} from "../../src/survival/decisionCurve.js";
import {reclassification} from "../../src/survival/reclassification.js";
import {surv} from "../../src/survival/surv.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Case {
  data: string;
  time: string;
  x: string;
  y: string;
  horizon: number;
  a: number;
  b: number;
  c: number;
  d: number;
  n: number;
  cases: number;
  controls: number;
  nri: number;
  events: number;
  nonEvents: number;
  idi: number;
}
const {cases} = readFixture<{cases: Case[]}>("reclassification");
const logistic = (v: number) => 1 / (1 + Math.exp(-v));

function risksOf(c: Case) {
  const {columns, ...followUp} = readFollowUp(c.data, c.time);
  const risk = numbers(columns, c.x).map((x) => logistic(c.a + c.b * x));
  const reference = numbers(columns, c.y).map((y) => logistic(c.c + c.d * y));
  return {followUp, risk, reference};
}

describe("reclassification(input, horizon)", () => {
  it.each(cases)("agrees with Uno's definitions in R: $data at $horizon", (c) => {
    const {followUp, risk, reference} = risksOf(c);
    const actual = reclassification({...followUp, risk, reference}, c.horizon);
    expect([actual.n, actual.cases, actual.controls]).toEqual([c.n, c.cases, c.controls]);
    expectClose(
      [actual.nri, actual.events, actual.nonEvents, actual.idi],
      [c.nri, c.events, c.nonEvents, c.idi],
      1e-10
    );
  });

  it("changes sign with the order, and is 0 for a risk against itself", () => {
    const {followUp, risk, reference} = risksOf(cases[0]);
    const there = reclassification({...followUp, risk, reference}, 365);
    const back = reclassification({...followUp, risk: reference, reference: risk}, 365);
    expectClose([back.nri, back.idi], [-there.nri, -there.idi], 1e-12);
    const same = reclassification({...followUp, risk, reference: risk}, 365);
    expect([same.nri, same.idi]).toEqual([0, 0]);
  });

  it("needs patients with the event and patients followed beyond", () => {
    const input = {time: [5, 6, 7], event: [1, 1, 1], risk: [0.1, 0.2, 0.3], reference: [0.1, 0.2, 0.3]};
    expect(() => reclassification(input, 9)).toThrow("by 9, 3 patients have had the event and 0 are followed beyond");
    expect(() => reclassification({...input, risk: [0.1, 1.2, 0.3]}, 6)).toThrow("risk[1] is 1.2");
  });
});

describe("bootstrapPerformance(input, horizon, options)", () => {
  const thresholds = [0.7, 0.1, 0.3, 0.5];
  it.each(cases.filter(({data}) => data !== "rotterdam"))(
    "equals resampling each figure by itself: $data",
    async (c) => {
      const {followUp, risk, reference} = risksOf(c);
      const complete = Array.from(risk.keys()).filter((i) => !Number.isNaN(risk[i] + reference[i]));
      const resamples = 40;
      const cohort = surv(followUp);
      const rows = Array.from(cohort.order).filter((i) => complete.includes(i));
      const {uniform} = philox(5);
      const drawn = Array.from({length: resamples}, () => {
        const sample = Array.from(drawRows(rows.length, uniform).sort(), (k) => rows[k]);
        const of = (column: ArrayLike<number>) => sample.map((i) => column[i]);
        const input = {time: of(followUp.time), event: of(followUp.event)};
        const changes = reclassification({...input, risk: of(risk), reference: of(reference)}, c.horizon);
        return {curve: decisionCurve({...input, risk: of(risk)}, c.horizon, {thresholds}), changes};
      });
      const actual = await bootstrapPerformance({...followUp, risks: {risk, reference}}, c.horizon, {
        thresholds,
        pairs: [["risk", "reference"]],
        resamples,
        seed: 5
      });
      const limits = (values: number[]) => {
        const ascending = ascendingValues(values);
        const enough = ascending.length >= 0.95 * resamples;
        return [0.025, 0.975].map((p) => (enough ? sampleQuantile(ascending, p) : NaN));
      };
      thresholds.forEach((_, j) => {
        const {lower, upper} = actual.netBenefit.risk;
        expectClose([lower[j], upper[j]], limits(drawn.map(({curve}) => curve.netBenefit[j])), 1e-11);
      });
      const [pair] = actual.reclassification;
      expectClose([pair.nri.lower, pair.nri.upper], limits(drawn.map(({changes}) => changes.nri)), 1e-11);
      expectClose([pair.idi.lower, pair.idi.upper], limits(drawn.map(({changes}) => changes.idi)), 1e-11);
      expect(actual.n).toBe(c.n);
    }
  );

  it("reports progress and stops when told to", async () => {
    const {followUp, risk} = risksOf(cases[0]);
    const stop = new AbortController();
    const seen: number[] = [];
    const running = bootstrapPerformance({...followUp, risks: {risk}}, 365, {
      thresholds,
      resamples: 100,
      onProgress: (done) => {
        seen.push(done);
        if (done === 7) stop.abort();
      },
      signal: stop.signal
    });
    await expect(running).rejects.toThrow("abort");
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
