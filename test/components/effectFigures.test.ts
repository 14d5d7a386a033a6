import {describe, expect, it, vi} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, withFilter} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {columnsOf, fitting} from "../../src/components/subgroups/forestColumns.js";
import {effectText, forestCsv, forestSummary, sortedByEffect} from "../../src/components/subgroups/forestPicture.js";
import {multiplesCsv} from "../../src/components/subgroups/multiplesFigure.js";
import {multiplesSummary} from "../../src/components/subgroups/smallMultiples.js";
import {subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {multiplicityRemarks, subgroupPicture} from "../../src/components/subgroups/subgroupForest.js";
import {loveCsv, loveSummary} from "../../src/components/treatment/lovePlot.js";
import {
  markerByTreatmentPlot,
  markerCsv,
  markerPoints,
  markerSummary
} from "../../src/components/treatment/markerByTreatmentPlot.js";
import type {MarkerContext} from "../../src/components/treatment/markerByTreatmentPlot.js";
import {scoredPatients} from "../../src/components/treatment/scoredPatients.js";
import {effectAlongRisk, treatmentCurves} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentGroups} from "../../src/components/treatment/treatmentGroups.js";
import {pbcCohort} from "./pbcCohort.js";
import {rotterdamCohort} from "./rotterdamCohort.js";

const {cohort, study} = pbcCohort();
const usual = defaultSelection(study);
const ask = (selection: Selection) => subgroupAnswer(cohort, selection, rowMask(cohort, selection));

describe("the forest of a subgroup answer", () => {
  it("selects a line's patients when chosen, and takes that back when chosen again", () => {
    const choose = vi.fn();
    const line = (selection: Selection) =>
      subgroupPicture(ask(selection), choose)!.blocks.find(({title}) => title === "Sex")!.lines[0];
    const first = line(usual);
    expect(first.choose!.pressed).toBe(false);
    first.choose!.act();
    expect(choose).toHaveBeenLastCalledWith([{variable: "sex", levels: ["f"]}]);
    const again = line(withFilter(usual, "sex", {variable: "sex", levels: ["f"]}));
    expect(again.choose!.pressed).toBe(true);
    again.choose!.act();
    expect(choose).toHaveBeenLastCalledWith([]);
  });

  it("keeps every other filter when a line is chosen", () => {
    const choose = vi.fn();
    const selection = withFilter(usual, "age", {variable: "age", from: 40, to: null});
    const picture = subgroupPicture(ask(selection), choose)!;
    picture.blocks.find(({title}) => title === "Stage")!.lines[1].choose!.act();
    expect(choose).toHaveBeenLastCalledWith([...selection.filters, {variable: "stage", levels: ["2"]}]);
  });

  it("tells itself in words, the same numbers as its table", () => {
    const picture = subgroupPicture(ask(usual), null)!;
    const words = forestSummary(picture);
    expect(words).toMatch(/^Forest plot\. Hazard ratio of High risk to Low risk, Overall survival\./);
    expect(words).toContain("All selected patients 7.64 (5.11–11.4).");
    expect(words).toContain("Sex: f 8.25 (5.35–12.7); m 3.99 (1.33–11.9); interaction p = 0.23.");
    expect(words).toContain("No event in Low risk: the ratio has no finite estimate;");
    const lines = forestCsv(picture, study.endpoints[0]).trim().split("\r\n");
    expect(lines.length).toBe(2 + picture.blocks.reduce((sum, {lines: l}) => sum + l.length, 0));
    expect(lines[1]).toMatch(/^,All selected patients,210,30,208,131,7\.637/);
  });

  it("sorts all lines by hazard ratio, those without one last", () => {
    const sorted = sortedByEffect(subgroupPicture(ask(usual), null)!);
    const ratios = sorted.blocks[0].lines.map(({effect}) => effect.hazardRatio);
    const known = ratios.filter((ratio) => !Number.isNaN(ratio));
    expect(known).toEqual(known.toSorted((a, b) => b - a));
    expect(ratios.slice(0, known.length)).toEqual(known);
    expect(sorted.blocks[0].lines.at(-1)!.label).toBe("Stage: 1");
    expect(effectText(sorted.blocks[0].lines.at(-1)!.effect)).toMatch(/no finite estimate/);
  });

  it("says how many tests were made and what chance alone would find", () => {
    const said = multiplicityRemarks(ask(usual))[0];
    expect(said).toBe(
      "8 interaction tests were made; if the difference were the same everywhere, 0.40 would fall below 0.05 by chance. The smallest is Age: p = 0.058, adjusted for the number of tests (Holm) p = 0.47."
    );
    const nobody = withFilter(usual, "age", {variable: "age", from: 200, to: null});
    expect(multiplicityRemarks(ask(nobody))).toEqual([]);
    expect(subgroupPicture(ask(nobody), null)).toBeNull();
  });
});

describe("the figures of treatment", () => {
  const rotterdam = rotterdamCohort();
  const selection = defaultSelection(rotterdam.study);
  const rows = rowMask(rotterdam.cohort, selection);
  const variable = (id: string) => rotterdam.study.variables.find((v) => v.id === id)!;

  it("tell the curves in words and hold every step of them", () => {
    const {byRisk} = treatmentCurves(rotterdam.cohort, selection, rows, variable("chemo"), variable("risk_group"));
    const words = multiplesSummary(byRisk);
    expect(words).toMatch(
      /Chemotherapy and No chemotherapy, in 2 panels\. Low risk: No chemotherapy 1,367 patients, 361 events/
    );
    expect(words).toMatch(/hazard ratio 0\.98 \(95% CI 0\.69–1\.39\)/);
    expect(words).toMatch(/Interaction p = 0\.054\.$/);
    const steps = byRisk.facets.flatMap(({groups}) => groups.map(({curve}) => curve.time.length));
    expect(multiplesCsv(byRisk).trim().split("\r\n").length - 1).toBe(steps.reduce((a, b) => a + b));
  });

  it("tell the effect along the risk score in words", () => {
    const along = effectAlongRisk(rotterdam.cohort, selection, rows, variable("chemo"));
    if ("reason" in along) throw new Error(along.reason);
    const column = rotterdam.cohort.variable("risk_score");
    if (column.type !== "numeric") throw new Error("the score is numeric");
    const chemo = treatmentGroups(rotterdam.cohort, variable("chemo")).code;
    const treated = [...chemo.keys()].filter((row) => chemo[row] === 1);
    const context: MarkerContext = {
      treatment: "Chemotherapy",
      groups: ["No chemotherapy", "Chemotherapy"],
      scoreLabel: "Risk score",
      cut: 2,
      patients: scoredPatients(column.values, rows, chemo),
      patient: rotterdam.cohort.patient
    };
    const words = markerSummary(along.value, context);
    expect(words).toMatch(
      /^Hazard ratio of Chemotherapy to No chemotherapy along the Risk score: at the 10% quantile \(/
    );
    expect(words).toMatch(/on 3 df, p = 0\.\d+\.$|on 3 df, p < 0\.0001\.$/);
    // Every tick of the rugs is a patient who can be picked there, and says whose group it is.
    const points = markerPoints(along.value, context, 640);
    const drawn = JSON.stringify(markerByTreatmentPlot(along.value, context, 640));
    const ticks = Array.from(drawn.matchAll(/M([\d.]+),(\d+)v6/g), ([, x, top]) => [Number(x), Number(top) + 3]);
    expect(ticks.length).toBeGreaterThan(250);
    for (const [x, y] of ticks)
      expect(points.x.some((across, k) => Math.abs(across - x) < 0.06 && points.y[k] === y)).toBe(true);
    const last = points.x.length - 1;
    expect(points.words(last)).toMatch(/^Chemotherapy, Risk score [\d.−]+$/);
    expect(treated.map(rotterdam.cohort.patient)).toContain(points.patient(last));
    expect(markerCsv(along.value, study.endpoints[0]).trim().split("\r\n").length).toBe(along.value.score.length + 1);
  });

  it("tell the balance in words", () => {
    const balance = [{label: "Age", before: -0.523, after: 0.012}];
    expect(loveSummary(balance)).toMatch(/Age −0\.52 before, 0\.012 after\.$/);
    expect(loveCsv(balance)).toBe("covariate,difference_before,difference_after\r\nAge,-0.523,0.012\r\n");
  });
});

describe("columnsOf(picture, width)", () => {
  it("keeps the columns in their order and the axis its least width, however long the names", () => {
    const picture = subgroupPicture(ask(usual), null)!;
    const long = {
      ...picture,
      groups: ["No chemotherapy before surgery", "Chemotherapy"] as const,
      blocks: picture.blocks.map((block) => ({...block, title: `${block.title} in full`.repeat(4)}))
    };
    for (const shown of [picture, long, sortedByEffect(long)])
      for (const width of [320, 358, 639, 640, 700, 780, 860]) {
        const {wide, label, counts, plot, ratio, end} = columnsOf(shown, width);
        if (wide) expect(label).toBeLessThan(counts[0]);
        if (wide) expect(counts[0]).toBeLessThan(counts[1]);
        if (wide) expect(counts[1]).toBeLessThan(plot[0]);
        expect(plot[1] - plot[0]).toBeGreaterThanOrEqual(wide ? 150 : 80);
        expect(plot[1]).toBeLessThan(ratio);
        expect(ratio + 100).toBeLessThan(end);
      }
  });

  it("leaves room for counts of a million patients", () => {
    const picture = subgroupPicture(ask(usual), null)!;
    const blocks = picture.blocks.map((block) => ({
      ...block,
      lines: block.lines.map((line) => ({
        ...line,
        effect: {...line.effect, n: [335_700, 164_270] as const, events: [119_020, 35_710] as const}
      }))
    }));
    const letters = ["119,020 / 335,700", "35,710 / 164,270"].map((text) => text.length);
    for (const width of [358, 640, 700, 780, 860]) {
      const {wide, below, label, counts, plot} = columnsOf({...picture, blocks}, width);
      if (wide) {
        expect(label).toBeGreaterThanOrEqual(90);
        expect(counts[0] - label).toBeGreaterThan(6.5 * letters[0]);
        expect(counts[1] - counts[0]).toBeGreaterThan(6.5 * letters[1]);
      } else expect(below > 0 || 16 + 5.5 * (letters[0] + 3 + letters[1]) < plot[0]).toBe(true);
    }
  });

  it("cuts a text to its room and says so", () => {
    expect(fitting("Undetectable", 200)).toBe("Undetectable");
    expect(fitting("Undetectable EBV DNA", 67)).toBe("Undetecta…");
  });
});
