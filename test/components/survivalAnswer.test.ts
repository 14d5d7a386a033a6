import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalSummary} from "../../src/components/survivalChart.js";
import {survivalCsv} from "../../src/components/survivalCsv.js";
import {survivalRemarks} from "../../src/components/survivalRemarks.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Case {
  name: string;
  n: number[];
  events: number[];
  missing: number;
  median: number[];
  lower: number[];
  upper: number[];
  year: number[];
  yearLower: number[];
  yearUpper: number[];
  chiSquare: number;
  p: number;
  hazardRatio: number | number[];
  hazardLower: number | number[];
  hazardUpper: number | number[];
  wald: number | number[];
}

const {cohort, study} = lungCohort();
const usual: Selection = {...defaultSelection(study), stratifyBy: "sex"};
const ask = (selection: Selection) => survivalAnswer(cohort, selection, rowMask(cohort, selection));

/** The selections of test/reference/survivalPage.R. */
const selections: Record<string, Selection> = {
  sex: usual,
  "sex, ECOG 0 or 1": {...usual, filters: [{variable: "ph.ecog", levels: ["0", "1"]}]},
  "weight loss at its median, men": {...usual, stratifyBy: "wt.loss", filters: [{variable: "sex", levels: ["1"]}]},
  "age in tertiles": {...usual, stratifyBy: "age", cut: {rule: "tertiles"}},
  "sex after a landmark of 180 days": {...usual, landmark: 180}
};

describe("survivalAnswer(cohort, selection, rows)", () => {
  it.each(readFixture<{cases: Case[]}>("survivalPage").cases)("agrees with R: $name", (r) => {
    const answer = ask(selections[r.name]);
    const of = (value: (g: (typeof answer.groups)[number]) => number) => answer.groups.map(value);
    expect(of((g) => g.n)).toEqual(r.n);
    expect(of((g) => g.events)).toEqual(r.events);
    expect(answer.grouping.missing).toBe(r.missing);
    expect(answer.n).toBe(r.n.reduce((a, b) => a + b));
    expectClose(
      of((g) => g.median.time),
      r.median,
      1e-12
    );
    expectClose(
      of((g) => g.median.lower),
      r.lower,
      1e-12
    );
    expectClose(
      of((g) => g.median.upper),
      r.upper,
      1e-12
    );
    expectClose(
      of((g) => g.at.survival[0]),
      r.year,
      1e-12
    );
    expectClose(
      of((g) => g.at.lower[0]),
      r.yearLower,
      1e-10
    );
    expectClose(
      of((g) => g.at.upper[0]),
      r.yearUpper,
      1e-10
    );
    expectClose([answer.logRank!.chiSquare, answer.logRank!.p], [r.chiSquare, r.p], 1e-9);
    const ratios = answer.hazardRatios;
    expectClose(
      ratios.map((h) => h.hazardRatio),
      [r.hazardRatio].flat(),
      1e-6
    );
    expectClose(
      ratios.map((h) => h.lower),
      [r.hazardLower].flat(),
      1e-6
    );
    expectClose(
      ratios.map((h) => h.upper),
      [r.hazardUpper].flat(),
      1e-6
    );
    expectClose(
      ratios.map((h) => h.p),
      [r.wald].flat(),
      1e-5
    );
  });

  it("says in words what it cannot compute, and computes the rest", () => {
    const oneGroup = ask({...usual, filters: [{variable: "sex", levels: ["2"]}]});
    expect(oneGroup.groups.map(({n}) => n)).toEqual([90]);
    expect(oneGroup.logRank).toBeNull();
    expect(oneGroup.empty).toEqual(["male"]);
    const nobody = ask({...usual, filters: [{variable: "age", from: 200, to: null}]});
    expect(nobody.groups).toEqual([]);
    expect(survivalRemarks(study, nobody)[0]).toBe("No patient passes all filters; take one away.");
  });

  it("names an infinite hazard ratio by its group instead of showing one", () => {
    // Of the four youngest patients the two aged 39 had no event.
    const selection: Selection = {
      ...usual,
      stratifyBy: "age",
      cut: {rule: "at", values: [39]},
      filters: [{variable: "age", from: null, to: 41}]
    };
    const answer = ask(selection);
    expect(answer.groups.map(({n, events}) => [n, events])).toEqual([
      [2, 0],
      [2, 1]
    ]);
    expect(answer.hazardRatios[0].estimable).toBe(false);
    expect(survivalRemarks(study, answer).join(" ")).toMatch(/coefficient of "Age > 39 years" is infinite/);
    expect(survivalSummary(answer)).not.toMatch(/Hazard ratio/);
  });

  it("compares with the group the reader chose, by level, part or pair, and says where there is none of that name", () => {
    const [usualRatio] = ask(usual).hazardRatios;
    const [turned] = ask({...usual, reference: "2"}).hazardRatios;
    expect([turned.group, turned.versus]).toEqual([usualRatio.versus, usualRatio.group]);
    expectClose([turned.hazardRatio, turned.lower], [1 / usualRatio.hazardRatio, 1 / usualRatio.upper], 1e-9);
    const thirds = {...selections["age in tertiles"], reference: "3"};
    const oldest = ask(thirds);
    expect(oldest.hazardRatios.map(({versus}) => versus)).toEqual([oldest.groups[2].label, oldest.groups[2].label]);
    const crossed = ask({...usual, crossBy: "ph.ecog", reference: "2~1"});
    expect(new Set(crossed.hazardRatios.map(({versus}) => versus))).toEqual(new Set(["female, ECOG: 1"]));
    const gone = ask({...usual, reference: "3"});
    expect(gone.hazardRatios).toEqual(ask(usual).hazardRatios);
    expect(survivalRemarks(study, gone)).toContainEqual(
      'The link compares with a group "3", which is none of these; they are compared with male.'
    );
  });

  it("counts missing values and small groups in words", () => {
    const remarks = survivalRemarks(study, ask({...usual, stratifyBy: "ph.ecog"}));
    expect(remarks).toContain("1 selected patient without a value of ECOG left out.");
    expect(remarks).toContain("ECOG: 3 has only 1 patient and 1 event; read its curve with care.");
  });

  it("shows survival at years that lie after the landmark and within follow-up", () => {
    expect(ask(usual).years).toEqual([1]);
    expect(ask({...usual, landmark: 400}).years).toEqual([]);
  });

  it("warns of immortal time when a treatment makes the groups", () => {
    const treated = {...study, treatments: ["sex"]};
    expect(survivalRemarks(treated, ask(usual)).join(" ")).toMatch(/Sex is a treatment: .*immortal time/);
    expect(survivalRemarks(study, ask(usual)).join(" ")).not.toMatch(/immortal/);
  });

  it("says where a variable was cut, and that a chosen cut makes p too small", () => {
    const median = survivalRemarks(study, ask({...usual, stratifyBy: "age"})).join(" ");
    expect(median).toMatch(/Age is cut at 63, the median of the patients selected/);
    const chosen = ask({...usual, stratifyBy: "age", cut: {rule: "at", values: [60, 70]}});
    expect(chosen.groups.map(({label}) => label)).toEqual(["Age ≤ 60 years", "Age > 60 to 70 years", "Age > 70 years"]);
    expect(survivalRemarks(study, chosen).join(" ")).toMatch(/makes p too small/);
  });
});

describe("survivalSummary(answer) and survivalCsv(answer)", () => {
  it("follow a simultaneous band, and leave the limits of the table pointwise", () => {
    const [pointwise, banded] = [ask(usual), ask({...usual, band: "hall-wellner"})];
    expect(survivalSummary(pointwise)).not.toContain("simultaneous");
    expect(survivalSummary(banded)).toContain("Shaded are simultaneous Hall–Wellner 95% log-log confidence bands.");
    banded.groups.forEach(({at, median, band, curve}, g) => {
      expect({at, median}).toEqual({at: pointwise.groups[g].at, median: pointwise.groups[g].median});
      const j = curve.time.findIndex((time) => time > 300);
      expect(band!.lower[j]).toBeLessThan(curve.lower[j]);
      expect(band!.upper[j]).toBeGreaterThan(curve.upper[j]);
    });
    const [header, first] = survivalCsv(banded).split("\r\n");
    expect(header).toMatch(/,lower,upper,band_lower,band_upper$/);
    expect(survivalCsv(pointwise)).not.toContain("band_lower");
    const {band} = banded.groups[0];
    expect(first.split(",").slice(-2).map(Number)).toEqual([band!.lower[0], band!.upper[0]]);
  });

  it("say which group has no band", () => {
    const few = {...usual, filters: [{variable: "age", from: 82, to: null}]};
    expect(survivalRemarks(study, ask({...few, band: "hall-wellner"})).join(" ")).toContain(
      "has no Hall–Wellner band: no event leaves anybody at risk."
    );
    expect(survivalRemarks(study, ask(few)).join(" ")).not.toContain("band");
  });

  it("tell the figure in words", () => {
    expect(survivalSummary(ask(usual))).toBe(
      "Kaplan–Meier curves of Overall survival. male: 138 patients, 112 events, median 270 days, 34% at 1 year. female: 90 patients, 53 events, median 426 days, 53% at 1 year. Log-rank p = 0.0013. Hazard ratio of female to male 0.59 (95% CI 0.42–0.82)."
    );
  });
  it("hold every step of the curves", () => {
    const answer = ask(usual);
    const lines = survivalCsv(answer).trim().split("\r\n");
    expect(lines.length - 1).toBe(answer.groups.reduce((sum, {curve}) => sum + curve.time.length, 0));
    expect(lines[1].split(",").slice(0, 5)).toEqual(["male", "11", "138", "3", "0"]);
  });
});
