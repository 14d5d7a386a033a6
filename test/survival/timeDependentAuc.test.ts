import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {brierScore, integratedBrier} from "../../src/survival/brierScore.js";
import {compareAuc, timeDependentAuc} from "../../src/survival/timeDependentAuc.js";
import {SurvivalInputError} from "../../src/survival/surv.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Estimates {
  standardError: number[];
  lower: number[];
  upper: number[];
}
interface Case {
  data: string;
  time: string;
  score: string;
  reference: string;
  times: number[];
  a: number[];
  b: number;
  n: number;
  auc: Estimates & {auc: number[]};
  aucReference: Estimates & {auc: number[]};
  difference: Estimates & {difference: number[]; p: number[]};
  brier: Estimates & {brier: number[]; nullBrier: number[]; nullStandardError: number[]; integrated: number[]};
}
const {cases} = readFixture<{cases: Case[]}>("predictionPerformance");

/** The rows R used: both scores present. Missing follow-up is left to the statistic. */
function inputs({data, time, score, reference}: Case) {
  const {columns, ...followUp} = readFollowUp(data, time);
  return {followUp, score: numbers(columns, score), reference: numbers(columns, reference)};
}

describe("timeDependentAuc and compareAuc", () => {
  it.each(cases)("agree with riskRegression::Score: $data, $score against $reference", (c) => {
    const {followUp, score, reference} = inputs(c);
    const both = compareAuc({...followUp, score, reference}, c.times);
    expect(both.score.n).toBe(c.n);
    for (const [actual, truth] of [
      [both.score, c.auc],
      [both.reference, c.aucReference]
    ] as const) {
      expectClose(actual.auc, truth.auc, 1e-10);
      expectClose(actual.standardError, truth.standardError, 1e-10);
      expectClose(actual.lower, truth.lower, 1e-9);
      expectClose(actual.upper, truth.upper, 1e-9);
    }
    expectClose(both.difference, c.difference.difference, 1e-9);
    expectClose(both.standardError, c.difference.standardError, 1e-9);
    expectClose(both.lower, c.difference.lower, 1e-8);
    expectClose(both.upper, c.difference.upper, 1e-8);
    expectClose(both.p, c.difference.p, 1e-6);
  });

  it("compares a score with itself: no difference, p = 1", () => {
    const {followUp, score} = inputs(cases[0]);
    const same = compareAuc({...followUp, score, reference: score}, cases[0].times);
    expect(Array.from(same.difference)).toEqual([0, 0, 0]);
    expect(Array.from(same.p)).toEqual([1, 1, 1]);
  });

  it("gives 1 for a perfect score, ½ for a constant one, and mirrors a reversed one", () => {
    const time = Float64Array.from({length: 40}, (_, i) => 1 + i);
    const event = time.map((_, i) => Number(i % 3 !== 1));
    const perfect = timeDependentAuc({time, event: Array.from(event), score: time.map((t) => -t)}, [10, 20]);
    expectClose(perfect.auc, [1, 1], 1e-14);
    const constant = timeDependentAuc({time, event: Array.from(event), score: time.map(() => 3)}, [10, 20]);
    expectClose(constant.auc, [0.5, 0.5], 1e-14);
    const reversed = timeDependentAuc({time, event: Array.from(event), score: time}, [10, 20]);
    expect(Math.max(...reversed.auc)).toBeLessThan(1e-14);
  });

  it("does not change with the order of patients or a monotone transform of the score", () => {
    const {followUp, score} = inputs(cases[2]);
    const base = timeDependentAuc({...followUp, score}, cases[2].times);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({min: 0, max: 1, noNaN: true})), (draws) => {
        const keys = followUp.time.map(() => draws.next().value as number);
        const order = keys.map((_, i) => i).sort((i, j) => keys[i] - keys[j]);
        const shuffled = {
          time: order.map((i) => followUp.time[i]),
          event: order.map((i) => followUp.event[i]),
          score: order.map((i) => Math.exp(score[i] / 50) - 7)
        };
        const again = timeDependentAuc(shuffled, cases[2].times);
        expectClose(again.auc, Array.from(base.auc), 1e-12);
        expectClose(again.standardError, Array.from(base.standardError), 1e-11);
      }),
      {numRuns: 20}
    );
  });

  it("says which horizon cannot be judged, and counts missing rows", () => {
    const {followUp, score} = inputs(cases[0]);
    expect(() => timeDependentAuc({...followUp, score}, [180, 5000])).toThrow(/times\[1\] = 5000/);
    expect(() => timeDependentAuc({...followUp, score}, [1])).toThrow(SurvivalInputError);
    expect(timeDependentAuc({...followUp, score}, [180]).missing).toBe(1);
    expect(() => timeDependentAuc({...followUp, score: [1, 2]}, [180])).toThrow(/score has 2 values/);
    expect(() => timeDependentAuc({...followUp, score: score.map(() => NaN)}, [180])).toThrow(/no patient/);
  });
});

describe("brierScore and integratedBrier", () => {
  it.each(cases)("agree with riskRegression::Score: $data, $score", (c) => {
    const {followUp, score, reference} = inputs(c);
    const complete = score.map((s, i) => (Number.isNaN(reference[i]) ? NaN : s));
    const risk = c.a.map((a) => complete.map((s) => 1 / (1 + Math.exp(-(a + c.b * s)))));
    const actual = brierScore({...followUp, risk}, c.times);
    expect(actual.n).toBe(c.n);
    expectClose(actual.brier, c.brier.brier, 1e-10);
    expectClose(actual.standardError, c.brier.standardError, 1e-10);
    expectClose(actual.lower, c.brier.lower, 1e-9);
    expectClose(actual.upper, c.brier.upper, 1e-9);
    expectClose(actual.nullBrier, c.brier.nullBrier, 1e-10);
    expectClose(actual.nullStandardError, c.brier.nullStandardError, 1e-10);
    const upTo = c.times.map((_, h) =>
      integratedBrier({time: actual.time.slice(0, h + 1), brier: actual.brier.slice(0, h + 1)})
    );
    expectClose(upTo, c.brier.integrated, 1e-10);
  });

  it("is 0 for perfect prediction without censoring, and the variance for the null model", () => {
    const time = [1, 2, 3, 4, 5, 6, 7, 8];
    const event = time.map(() => 1);
    const actual = brierScore({time, event, risk: [time.map((t) => Number(t <= 4))]}, [4]);
    expect(actual.brier[0]).toBe(0);
    expect(actual.nullBrier[0]).toBeCloseTo(0.25, 14);
    expect(actual.scaledBrier[0]).toBe(1);
  });

  it("integrates by the rule asked for", () => {
    const score = {time: [1, 3], brier: [0.1, 0.2]};
    expect(integratedBrier(score)).toBeCloseTo((0 * 1 + 0.1 * 2) / 3, 15);
    expect(integratedBrier(score, {rule: "trapezoid"})).toBeCloseTo((0.05 + 0.3) / 3, 15);
  });

  it("names what is wrong", () => {
    const followUp = {time: [1, 2, 3], event: [1, 0, 1]};
    expect(() => brierScore({...followUp, risk: [[0.1, 1.2, 0.3]]}, [2])).toThrow("risk[0][1] is 1.2");
    expect(() => brierScore({...followUp, risk: [[0.1, 0.2, 0.3]]}, [2, 3])).toThrow("1 columns for 2 times");
    expect(() => brierScore({...followUp, risk: [[0.1, 0.2, 0.3]]}, [9])).toThrow("beyond the last follow-up");
    const twice = [
      [0.1, 0.2, 0.3],
      [0.1, 0.2, 0.3]
    ];
    expect(() => brierScore({...followUp, risk: twice}, [2, 1])).toThrow("times[1] = 1");
    expect(() => brierScore({...followUp, weight: [1, 1, 1], risk: [[0.1, 0.2, 0.3]]}, [2])).toThrow(/weight/);
  });
});
