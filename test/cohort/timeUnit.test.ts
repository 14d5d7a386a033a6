import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {inTimeUnit, TIME_UNITS, timeWords, toUnit} from "../../src/cohort/timeUnit.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {lungCohort} from "./lungCohort.js";

const {cohort, study} = lungCohort();
const usual = defaultSelection(study);

/** As a page computes it: rows in the study's own unit, the answer in the reader's. */
function ask(asked: Selection) {
  const {cohort: shown, selection} = inTimeUnit(cohort, asked);
  return survivalAnswer(shown, selection, rowMask(cohort, asked));
}

describe("toUnit(time, from, to)", () => {
  it("counts 7 days a week, 12 months and 365.25 days a year", () => {
    expect(toUnit(14, "days", "weeks")).toBe(2);
    expect(toUnit(2, "years", "months")).toBe(24);
    expect(toUnit(365.25, "days", "years")).toBe(1);
    expect(toUnit(90, "days", null)).toBe(90);
  });
  it("comes back from any unit", () => {
    for (const from of TIME_UNITS)
      for (const to of TIME_UNITS) expect(toUnit(toUnit(123.4, from, to), to, from)).toBeCloseTo(123.4, 10);
  });
});

describe("timeWords(time, unit)", () => {
  it("leaves out the digits that a conversion makes, and none of a whole number", () => {
    expect(timeWords(toUnit(100, "days", "years"), "years")).toBe("0.2738 years");
    expect([timeWords(90, "days"), timeWords(10957, "days"), timeWords(0.5, "years")]).toEqual([
      "90 days",
      "10957 days",
      "0.5 years"
    ]);
  });
});

describe("inTimeUnit(cohort, selection)", () => {
  it.each([null, 90])("changes every time and no other number, with a landmark at %s", (landmark) => {
    const days = ask({...usual, landmark});
    const months = ask({...usual, landmark, unit: "months"});
    const factor = 12 / 365.25;
    expect(months.endpoint.unit).toBe("months");
    expect(months.start).toBeCloseTo(days.start * factor, 12);
    expect(months.n).toBe(days.n);
    expect(months.logRank!.chiSquare / days.logRank!.chiSquare).toBeCloseTo(1, 10);
    expect(months.hazardRatios[0].hazardRatio / days.hazardRatios[0].hazardRatio).toBeCloseTo(1, 10);
    days.groups.forEach((group, g) => {
      const other = months.groups[g];
      expect(other.median.time / (group.median.time * factor)).toBeCloseTo(1, 12);
      expect(other.curve.survival).toEqual(group.curve.survival);
      expect(other.curve.upper).toEqual(group.curve.upper);
      expect(other.at.survival).toEqual(group.at.survival);
      group.curve.time.forEach((time, k) => expect(other.curve.time[k] / (time * factor)).toBeCloseTo(1, 12));
    });
  });
  it("leaves the study's own unit alone, and converts a cohort once", () => {
    expect(inTimeUnit(cohort, {...usual, unit: "days"}).cohort).toBe(cohort);
    expect(inTimeUnit(cohort, usual).cohort).toBe(cohort);
    const [first, second] = [0, 90].map((landmark) => inTimeUnit(cohort, {...usual, unit: "weeks", landmark}));
    expect(second.cohort).toBe(first.cohort);
  });
});
