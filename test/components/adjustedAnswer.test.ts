import {csvParseRows} from "d3";
import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {adjustedAnswer, possibleAdjustments} from "../../src/components/adjusted/adjustedAnswer.js";
import {adjustedCsv} from "../../src/components/adjusted/adjustedFigure.js";
import {adjustedPlot} from "../../src/components/adjusted/adjustedPlot.js";
import {adjustedRemarks} from "../../src/components/adjusted/adjustedSection.js";
import type {Shape} from "../../src/components/drawing.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Case {
  name: string;
  covariates: string[];
  n: number;
  events: number;
  missing: number;
  hazardRatio: number[] | number;
  lower: number[] | number;
  upper: number[] | number;
  p: number[] | number;
  crude: number;
  added: {statistic: number; df: number; p: number};
  zph: number[];
}

const {cohort, study} = lungCohort();
const usual: Selection = {...defaultSelection(study), stratifyBy: "sex"};
const {cases} = readFixture<{cases: Case[]}>("adjusted");

const adjusted = (selection: Selection, ids: readonly string[]) => {
  const rows = rowMask(cohort, selection);
  const covariates = study.variables.filter(({id}) => ids.includes(id));
  return adjustedAnswer(cohort, rows, survivalAnswer(cohort, selection, rows), covariates);
};

describe("adjustedAnswer(cohort, rows, answer, covariates)", () => {
  it("has no ratio with limits without end", () => {
    const selection: Selection = {
      ...usual,
      stratifyBy: "meal.cal",
      crossBy: "ph.ecog",
      landmark: 100,
      filters: [
        {variable: "age", from: 50, to: 3000, not: true},
        {variable: "sex", levels: ["2"]},
        {variable: "ph.ecog", levels: ["3"], not: true}
      ]
    };
    const lines = adjusted(selection, ["ph.ecog"])!.terms.flatMap((term) => term.lines);
    expect(lines.some(({reason}) => reason === "no finite estimate")).toBe(true);
    for (const {reason, reference, upper} of lines) if (!reason && !reference) expect(upper).toBeLessThan(1e6);
  });

  it("says so where the covariates tell the groups already", () => {
    const {added, refusals} = adjusted(usual, ["sex", "age"])!;
    expect(added).toBeNull();
    expect(refusals).toContain(
      "The covariates tell the groups already, so what the groups add to them cannot be tested."
    );
  });

  it.each(cases)("agrees with R's coxph, anova and cox.zph: $name", (r) => {
    const covariates = r.covariates.map((id) => study.variables.find((variable) => variable.id === id)!);
    const rows = rowMask(cohort, usual);
    const found = adjustedAnswer(cohort, rows, survivalAnswer(cohort, usual, rows), covariates)!;
    expect([found.n, found.events, found.missing]).toEqual([r.n, r.events, r.missing]);
    const lines = found.terms.flatMap((term) => term.lines.filter(({reference}) => !reference));
    for (const key of ["hazardRatio", "lower", "upper", "p"] as const)
      expectClose(
        lines.map((line) => line[key]),
        [r[key]].flat(),
        1e-7
      );
    expectClose([found.crude[1].hazardRatio], [r.crude], 1e-8);
    const {statistic, df, p} = found.added!;
    expectClose([statistic, df, p], [r.added.statistic, r.added.df, r.added.p], 1e-6);
    expectClose([...found.terms.map((term) => term.proportional!), found.proportional!.global.p], r.zph, 1e-6);
    expect(found.refusals).toEqual([]);
  });

  it("counts every level's patients, names who is left out, and warns of too few events", () => {
    const found = adjusted(usual, ["ph.ecog", "meal.cal"])!;
    const [sex, ecog] = found.terms;
    for (const term of [sex, ecog]) expect(term.lines.reduce((sum, {n}) => sum + n, 0)).toBe(found.n);
    expect(ecog.lines.map(({label, reference}) => [label, reference])).toEqual([
      ["0", true],
      ["1", false],
      ["2", false],
      ["3", false]
    ]);
    const all = cohort.n;
    expect(found.n + found.missing).toBe(all);
    expect(adjustedRemarks(found)).toContainEqual(
      `${found.missing} selected patients with a missing value are not in the model.`
    );
    const few = adjusted({...usual, filters: [{variable: "age", from: null, to: 48}]}, ["ph.ecog", "age"])!;
    expect(adjustedRemarks(few)[0]).toMatch(/^The model has \d+ events for \d coefficients; with fewer than ten each/);
  });

  it("leaves a variable out that is the same for everybody, and lives on where nothing can be fitted", () => {
    const women = adjusted({...usual, stratifyBy: "ph.ecog", filters: [{variable: "sex", levels: ["2"]}]}, [
      "sex",
      "age"
    ])!;
    expect(women.constant.map(({id}) => id)).toEqual(["sex"]);
    expect(women.terms.map(({title}) => title)).toEqual(["ECOG", "Age"]);
    expect(adjusted({...usual, filters: [{variable: "sex", levels: ["2"]}]}, ["age"])).toBeNull();
    const none = adjusted({...usual, filters: [{variable: "age", from: null, to: 41}]}, ["age"])!;
    expect(none.n).toBeLessThan(5);
    expect(adjustedCsv(none).split("\r\n").length).toBeGreaterThan(3);
  });

  it("never offers the groups themselves", () => {
    const rows = rowMask(cohort, usual);
    const offered = possibleAdjustments(study, survivalAnswer(cohort, {...usual, crossBy: "age"}, rows));
    expect(offered.map(({id}) => id)).toEqual(["ph.ecog", "wt.loss", "meal.cal"]);
  });

  it("draws a line for each coefficient, and writes each with the crude ones into the CSV", () => {
    const found = adjusted(usual, ["ph.ecog", "age"])!;
    for (const width of [340, 800]) {
      const texts = textsOf(adjustedPlot(found, width));
      for (const {title, lines} of found.terms) {
        expect(texts).toContain(title);
        for (const line of lines.filter(({reference}) => !reference))
          expect(texts.some((text) => text.startsWith(line.hazardRatio.toFixed(2).slice(0, 3)))).toBe(true);
      }
    }
    const [header, ...rows] = csvParseRows(adjustedCsv(found).trim());
    expect(rows.length).toBe(2 + 4 + 1 + 2);
    const at = (name: string) => header.indexOf(name);
    expect(rows.filter((row) => row[at("remark")] === "reference").length).toBe(3);
    expect(Number(rows[1][at("hazard_ratio")])).toBe(found.terms[0].lines[1].hazardRatio);
    expect(rows.at(-1)![at("model")]).toBe("groups alone");
  });
});

/** All texts of a drawing. */
function textsOf(drawing: Shape): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === "string") found.push(node);
    else if (Array.isArray(node)) node.forEach(visit);
    else if (node && typeof node === "object" && "props" in node) visit((node.props as {children?: unknown}).children);
  };
  visit(drawing);
  return found;
}
