import {describe, expect, it} from "vitest";
import {compareNested} from "../../src/survival/compareNested.js";
import {coxph} from "../../src/survival/coxph.js";
import {evaluate} from "./cohorts.js";
import {fixture, inputs} from "./coxCases.js";
import {expectClose, numbers, readDataset} from "./referenceData.js";

describe("compareNested", () => {
  it("agrees with anova", () => {
    const lung = readDataset("lung");
    const ecog = {values: lung["ph.ecog"], levels: [0, 1, 2, 3]};
    const time = numbers(lung, "time").map((t, i) => (lung["ph.ecog"][i] === null ? NaN : t));
    const event = evaluate(lung, "status - 1");
    const age = numbers(lung, "age");
    const veteran = inputs(fixture.cases.find((c) => c.name === "interaction")!);
    const pairs = [
      [coxph({time, event, terms: {age}}), coxph({time, event, terms: {age, ecog}})],
      [
        coxph({...veteran, terms: {karno: veteran.terms.karno}}),
        coxph(veteran, {interactions: [["karno", "celltype"]]})
      ]
    ] as const;
    pairs.forEach(([smaller, larger], q) => {
      const test = compareNested(smaller, larger);
      expectClose([test.statistic], fixture.nested[q].statistic, 1e-7);
      expectClose([test.p], fixture.nested[q].p, 1e-6);
      expect(test.df).toBe(fixture.nested[q].df);
    });
    expect(() => compareNested(coxph({time: [1, 2, 3], event: [1, 1, 1], terms: {x: [1, 3, 2]}}), pairs[0][1])).toThrow(
      "not the same"
    );
  });
});
