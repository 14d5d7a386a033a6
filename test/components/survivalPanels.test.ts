import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {panelFactors, panelsFigure, survivalPanels} from "../../src/components/survivalPanels.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Case {
  readonly name: string;
  readonly left: number;
  readonly panels: readonly {
    readonly n: number | number[];
    readonly median: number | (number | null)[];
    readonly chiSquare: number | null;
  }[];
  readonly chiSquare: number;
  readonly p: number;
  readonly hazardRatio: number | number[];
  readonly lower: number | number[];
  readonly upper: number | number[];
  readonly wald: number | number[];
}

const {cohort, study} = lungCohort();
const usual = defaultSelection(study);
const asked: Record<string, [Partial<Selection>, string]> = {
  "sex by ECOG": [{stratifyBy: "sex"}, "ph.ecog"],
  "ECOG by sex": [{stratifyBy: "ph.ecog"}, "sex"],
  "age in tertiles by weight loss": [{stratifyBy: "age", cut: {rule: "tertiles"}}, "wt.loss"]
};

function panelsOf(part: Partial<Selection>, by: string) {
  const selection = {...usual, ...part};
  const rows = rowMask(cohort, selection);
  const answer = survivalAnswer(cohort, selection, rows);
  const factor = study.variables.find(({id}) => id === by)!;
  return {rows, answer, panels: survivalPanels(cohort, rows, answer, factor)};
}

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

describe("survivalPanels(cohort, rows, answer, factor)", () => {
  const {cases} = readFixture<{cases: Case[]}>("survivalPanels");
  it.each(cases)("agrees with R's survfit, survdiff and coxph, stratified: $name", (expected) => {
    const {panels} = panelsOf(...asked[expected.name]);
    const {curves, ratios} = panels;
    expect(curves.missing).toBe(expected.left);
    expect(curves.facets.map(({groups}) => groups.map(({n}) => n))).toEqual(expected.panels.map(({n}) => list(n)));
    curves.facets.forEach(({groups, test}, l) => {
      const {median, chiSquare} = expected.panels[l];
      expectClose(
        groups.map((group) => group.median.time),
        list(median).map((m) => m ?? NaN),
        1e-12
      );
      expect(test === null).toBe(chiSquare === null);
      if (test && chiSquare !== null) expectClose([test.chiSquare], [chiSquare], 1e-10);
    });
    expectClose([curves.pooled!.chiSquare, curves.pooled!.p], [expected.chiSquare, expected.p], 1e-9);
    expectClose(
      ratios.flatMap(({hazardRatio, lower, upper, p}) => [hazardRatio, lower, upper, p]),
      list(expected.hazardRatio).flatMap((hazardRatio, g) => [
        hazardRatio,
        list(expected.lower)[g],
        list(expected.upper)[g],
        list(expected.wald)[g]
      ]),
      1e-7
    );
  });
  it("says the pooled test, the stratified ratios and who is left out", () => {
    const {rows, panels} = panelsOf(...asked["sex by ECOG"]);
    const {note, caption} = panelsFigure(cohort, rows, panels);
    expect(caption).toMatch(
      /^Overall survival, female and male by ECOG; selection: all patients; n = 227, 164 events\.$/
    );
    expect(note).toMatch(/Log-rank test stratified by ECOG: χ² = \d+\.\d\d, p = /);
    expect(note).toMatch(/Cox model stratified by ECOG: female against male HR 0\.\d+ \(95% CI/);
    expect(note).toMatch(/Left out without follow-up, group or ECOG: 1\./);
  });
  it("draws one group in panels without tests, and offers no factor twice", () => {
    const {answer, panels} = panelsOf({stratifyBy: null}, "sex");
    expect(panels.curves.facets.map(({groups}) => groups.map(({n}) => n))).toEqual([[138], [90]]);
    expect(panels.curves.pooled).toBeNull();
    expect(panels.ratios).toEqual([]);
    expect(panelFactors(cohort, answer).length).toBe(study.variables.length);
    const crossed = panelsOf({stratifyBy: "sex", crossBy: "age"}, "ph.ecog");
    expect(panelFactors(cohort, crossed.answer).map(({id}) => id)).toEqual(["ph.ecog", "wt.loss", "meal.cal"]);
  });
});
