import {describe, expect, it} from "vitest";
import {baselineHazard} from "../../src/survival/baselineHazard.js";
import {coxph} from "../../src/survival/coxph.js";
import {fixture, inputs} from "./coxCases.js";
import {expectClose} from "./referenceData.js";

describe("coxph: edges", () => {
  it("says of separation what it is, and keeps the likelihood-ratio test", () => {
    const {data, likelihoodRatio} = fixture.separated;
    const fit = coxph({
      time: data.map((d) => d.time),
      event: data.map((d) => d.event),
      terms: {x: data.map((d) => d.x)}
    });
    expect(fit.converged).toBe(false);
    expect(fit.warnings[0]).toContain('The coefficient of "x" is infinite');
    expectClose([fit.likelihoodRatio.statistic], likelihoodRatio, 1e-6);
  });

  it("says so of a level so rare that the likelihood hardly feels it", () => {
    const size = 10_000;
    const time = Float64Array.from({length: size}, (_, i) => 1 + ((i * 7919) % size));
    const event = Uint8Array.from({length: size}, (_, i) => Number(i % 3 === 0));
    const age = Float64Array.from({length: size}, (_, i) => (i * 104_729) % 97);
    const rare = Float64Array.from({length: size}, (_, i) => Number([1000, 5000, 7001].includes(i)));
    expect([...rare].filter((v, i) => v === 1 && event[i] === 1)).toEqual([]);
    const fit = coxph({time, event, terms: {age, rare}});
    expect(fit.converged).toBe(false);
    expect(fit.warnings).toHaveLength(1);
    expect(fit.warnings[0]).toContain('The coefficient of "rare" is infinite');
    const without = coxph({time, event, terms: {age}});
    expect(Math.abs(fit.coef[0] - without.coef[0])).toBeLessThan(0.1 * without.standardError[0]);
  });

  it("takes tens of thousands of matched pairs as strata", () => {
    const pairs = 40_000;
    const time = Float64Array.from({length: 2 * pairs}, (_, i) => 1 + ((i * 31) % 1009));
    const event = new Uint8Array(2 * pairs).fill(1);
    const strata = Int32Array.from(time, (_, i) => i >> 1);
    const treated = Float64Array.from(time, (_, i) => i & 1);
    const fit = coxph({time, event, strata, terms: {treated}});
    // Without censoring or ties each pair is a coin: the odds that the treated dies first.
    let [first, untied] = [0, 0];
    for (let i = 0; i < time.length; i += 2) {
      if (time[i] === time[i + 1]) continue;
      untied++;
      if (time[i + 1] < time[i]) first++;
    }
    expect(untied).toBe(pairs);
    expect(fit.coef[0]).toBeCloseTo(Math.log(first / (pairs - first)), 9);
    expect(fit.strata).toHaveLength(pairs);
  });

  it("names constant and collinear terms and counts estimable ones only", () => {
    const fit = coxph(inputs(fixture.cases.find((c) => c.name === "constant and collinear")!));
    expect(fit.warnings).toEqual([
      '"flat" does not vary among the patients used, so it has no coefficient.',
      '"double" depends linearly on the terms before it, so it has no coefficient.'
    ]);
  });

  it("drops and counts rows with a missing value", () => {
    const fit = coxph({time: [1, 2, 3, 4, NaN], event: [1, 1, 1, 0, 1], terms: {x: [1, NaN, 0, 2, 1]}});
    expect([fit.n, fit.missing]).toEqual([3, 2]);
  });

  it("leaves a stratum without events without say", () => {
    const cohort = {time: [1, 2, 3, 4, 5, 6, 7], event: [1, 0, 1, 1, 0, 1, 0], x: [3, 1, 4, 1, 5, 2, 6]};
    const alone = coxph({...cohort, terms: {x: cohort.x}});
    const both = coxph({
      time: [...cohort.time, 8, 9],
      event: [...cohort.event, 0, 0],
      strata: [...cohort.time.map(() => "a"), "b", "b"],
      terms: {x: [...cohort.x, 1, 2]}
    });
    expect(both.coef[0]).toBeCloseTo(alone.coef[0], 10);
  });

  it.each([
    [{time: [1, 2], event: [0, 0], terms: {x: [1, 2]}}, "none of 2 patients had an event"],
    [{time: [1], event: [1], terms: {x: [1]}}, "one patient is left"],
    [{time: [1, 2, 3], event: [1, 1, 0], weight: [1, 0, 1], terms: {x: [1, 2, 3]}}, "weight[1] is 0"],
    [{time: [1, 2], event: [1, 0], terms: {}}, "terms is empty"],
    [{time: [1, 2], event: [1, 0], terms: {x: [1]}}, "x has 1 values"],
    [
      {time: [1, 2], event: [1, 0], terms: {x: {values: ["a", "c"], levels: ["a", "b"]}}},
      'x[1] is "c", which is not among its levels'
    ]
  ])("says what is wrong: %j", (bad, sentence) => {
    expect(() => coxph(bad)).toThrow(sentence);
  });

  it("has events all at one time", () => {
    const fit = coxph({time: [5, 5, 5, 7], event: [1, 1, 1, 0], terms: {x: [1, 2, 4, 3]}});
    expect(fit.coef[0]).not.toBeNaN();
    expect(baselineHazard(fit).hazard.length).toBe(2);
  });
});
