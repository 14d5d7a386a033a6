import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {adjustedAnswer} from "../../src/components/adjusted/adjustedAnswer.js";
import {competingAnswer} from "../../src/components/competingAnswer.js";
import {competingComparison} from "../../src/components/competingComparison.js";
import {bestCut, groupComparison} from "../../src/components/groupComparison.js";
import type {Estimate} from "../../src/components/groupComparison.js";
import {adjustedScript} from "../../src/components/rScript/adjustedScript.js";
import {comparisonScript} from "../../src/components/rScript/comparisonScript.js";
import {cutScript} from "../../src/components/rScript/cutScript.js";
import {facetsScript} from "../../src/components/rScript/facetsScript.js";
import {hazardRatioScript} from "../../src/components/rScript/hazardRatioScript.js";
import {incidenceScript} from "../../src/components/rScript/incidenceScript.js";
import {survivalScript} from "../../src/components/rScript/survivalScript.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import type {GroupAnswer} from "../../src/components/survivalAnswer.js";
import {survivalPanels} from "../../src/components/survivalPanels.js";
import {perYear} from "../../src/components/formatting.js";
import {fixtureCohorts} from "../cohort/eventCohort.js";
import {mgusStudy} from "../components/mgusStudy.js";
import {pbcCohort} from "../components/pbcCohort.js";
import {rotterdamCohort} from "../components/rotterdamCohort.js";
import {expectClose} from "../survival/referenceData.js";
import {numbersAfter, printed, printedBy, scriptOf, tableOf} from "./runR.js";

const {cohort} = pbcCohort();

/** The band as R printed it first. */
function expectBand(output: string, {band, curve}: GroupAnswer): void {
  const {time, lower, upper} = tableOf(output, ["time", "lower", "upper"]);
  const known = Array.from(curve.time.keys()).filter((j) => !Number.isNaN(band!.lower[j] + band!.upper[j]));
  const of = (column: Float64Array) => known.map((j) => column[j]);
  expectClose(time, of(curve.time), 1e-9);
  expectClose(lower, of(band!.lower), 1e-8);
  expectClose(upper, of(band!.upper), 1e-8);
}
const usual = defaultSelection(cohort.study);

describe("the R scripts of the survival page", () => {
  it.each([null, {variable: "age", from: 70, to: null}])(
    "repeat incidences, Gray's tests and cause-specific hazard ratios: %o",
    async (filter) => {
      const {cohort: mgus, study} = await mgusStudy();
      const selection: Selection = {
        ...defaultSelection(study),
        endpoint: "progression",
        stratifyBy: "sex",
        filters: filter ? [filter] : []
      };
      const rows = rowMask(mgus, selection);
      const answer = survivalAnswer(mgus, selection, rows);
      const competing = competingAnswer(mgus, rows, answer)!;
      const output = printedBy((data) => incidenceScript(mgus, answer, competing, data));
      expect(competing.groups.length).toBe(2);
      expect(answer.years.length).toBeGreaterThan(1);
      for (const {label, at} of competing.groups)
        answer.years.forEach((year, y) => {
          const time = year * perYear[answer.endpoint.unit];
          const {value, lower, upper} = at[y]!;
          expectClose(numbersAfter(output, `incidence | ${label} | ${time} :`), [value, lower, upper], 1e-8);
        });
      expectClose(numbersAfter(output, "Gray's test of the event:"), [competing.gray!.chiSquare], 1e-8);
      expectClose(
        numbersAfter(output, "Gray's test of the competing event:"),
        [competing.competingGray!.chiSquare],
        1e-8
      );
      expectClose(numbersAfter(output, "Hazard ratios of the event:"), [answer.hazardRatios[0].hazardRatio], 1e-7);
      expectClose(
        numbersAfter(output, "Hazard ratios of the competing event:"),
        [competing.competingHazardRatios[0].hazardRatio],
        1e-7
      );
    }
  );

  it("repeat incidences under late entry, and the hazard ratios", async () => {
    const {cohort: mgus, study} = await mgusStudy();
    const selection: Selection = {...defaultSelection(study), endpoint: "late_progression", stratifyBy: "sex"};
    const rows = rowMask(mgus, selection);
    const answer = {...survivalAnswer(mgus, selection, rows), years: [60, 70, 80]};
    const competing = competingAnswer(mgus, rows, answer)!;
    const output = printedBy((data) => incidenceScript(mgus, answer, competing, data));
    for (const {label, at} of competing.groups)
      answer.years.forEach((year, y) => {
        const {value, lower, upper} = at[y]!;
        expectClose(numbersAfter(output, `incidence | ${label} | ${year * 12} :`), [value, lower, upper], 1e-7);
      });
    expect(output).not.toContain("Gray's test of the event");
    expectClose(numbersAfter(output, "Hazard ratios of the event:"), [answer.hazardRatios[0].hazardRatio], 1e-7);
  });

  it.each([
    ["hall-wellner", "log-log"],
    ["hall-wellner", "plain"],
    ["equal-precision", "log-log"],
    ["equal-precision", "log"]
  ] as const)("repeat every step of a simultaneous band, with late entry too: %s %s", async (band, interval) => {
    const {cohort: mgus, study} = await mgusStudy();
    const late = {...defaultSelection(study), endpoint: "late_progression", stratifyBy: "sex"};
    for (const [of, asked] of [
      [cohort, {...usual, stratifyBy: "edema"}],
      [mgus, late]
    ] as const) {
      const selection: Selection = {...asked, band, interval};
      const answer = survivalAnswer(of, selection, rowMask(of, selection));
      const output = printedBy((data) => survivalScript(of, selection, answer, data));
      for (const group of answer.groups) expectBand(output.split(`Band of ${group.label} \n`)[1], group);
      expect(answer.groups.length).toBeGreaterThan(1);
    }
  });

  it("repeat the bands of panels", () => {
    const selection: Selection = {...usual, stratifyBy: "sex", band: "hall-wellner"};
    const rows = rowMask(cohort, selection);
    const answer = survivalAnswer(cohort, selection, rows);
    const factor = cohort.study.variables.find(({id}) => id === "edema")!;
    const {curves, compared, levels} = survivalPanels(cohort, rows, answer, factor);
    const output = printedBy((data) => facetsScript(cohort, curves, rows, {compared, levels}, data));
    for (const {label, groups} of curves.facets)
      for (const group of groups) expectBand(output.split(`Band of ${label} | ${group.label} \n`)[1], group);
  });

  it("repeat the hazard ratio over time at every point drawn", () => {
    const selection = {...usual, stratifyBy: "sex"};
    const rows = rowMask(cohort, selection);
    const answer = survivalAnswer(cohort, selection, rows);
    const {smooth} = groupComparison(cohort, rows, answer)!;
    const output = printedBy((data) => hazardRatioScript(cohort, answer, smooth!, data));
    const drawn = tableOf(output, ["time", "ratio", "lower", "upper"]);
    expect(drawn.time.length).toBe(40);
    expectClose(drawn.time, Array.from(smooth!.time), 1e-7);
    expectClose(drawn.ratio, Array.from(smooth!.coef, Math.exp), 1e-7);
    expectClose(drawn.lower, Array.from(smooth!.lower, Math.exp), 1e-7);
    expectClose(drawn.upper, Array.from(smooth!.upper, Math.exp), 1e-7);
  });

  it.each(["sex", "edema"])(
    "repeat means, differences, pairs and the test of proportional hazards: by %s",
    (stratifyBy) => {
      const selection: Selection = {...usual, stratifyBy, horizon: 2000};
      const rows = rowMask(cohort, selection);
      const answer = survivalAnswer(cohort, selection, rows);
      const comparison = groupComparison(cohort, rows, answer)!;
      const output = printedBy((data) => comparisonScript(cohort, answer, comparison, [], rows, data));
      expect(comparison.tauChosen).toBe(true);
      expect(answer.years.length).toBeGreaterThan(1);
      const numbers = (estimate: Estimate | null) => {
        const {value, lower, upper, p} = estimate!;
        return p === null ? [value, lower, upper] : [value, lower, upper, p];
      };
      for (const {
        group: {label},
        ...line
      } of comparison.lines) {
        expectClose(numbersAfter(output, `mean | ${label} :`), numbers(line.mean), 1e-8);
        if (label === comparison.reference) continue;
        expectClose(numbersAfter(output, `difference of means | ${label} :`), numbers(line.meanDifference), 1e-7);
        const at = (time: number) => numbersAfter(output, `difference of survival | ${label} | ${time} :`);
        expectClose(at(2000), numbers(line.survivalAtTauDifference), 1e-7);
        answer.years.forEach((year, y) =>
          expectClose(at(year * perYear[answer.endpoint.unit]), numbers(line.survivalDifference[y]), 1e-7)
        );
      }
      for (const {first, second, p, adjusted} of comparison.pairs)
        expectClose(numbersAfter(output, `pair | ${first} - ${second} :`), [p, adjusted], 1e-6);
      expect(comparison.pairs.length).toBe(stratifyBy === "sex" ? 0 : 3);
      expectClose(numbersAfter(output, "proportional hazards:"), [comparison.proportional!.p], 1e-7);
    }
  );

  it.each(["progression", "late_progression"])(
    "repeat time lost and differences of incidence: %s",
    async (endpoint) => {
      const {cohort: mgus, study} = await mgusStudy();
      const horizon = endpoint === "progression" ? 100 : 900;
      const selection: Selection = {...defaultSelection(study), endpoint, stratifyBy: "sex", horizon};
      const rows = rowMask(mgus, selection);
      const answer = survivalAnswer(mgus, selection, rows);
      const comparison = groupComparison(mgus, rows, answer)!;
      const kinds = competingComparison(mgus, rows, answer, competingAnswer(mgus, rows, answer)!, comparison, []);
      const output = printedBy((data) => comparisonScript(mgus, answer, comparison, kinds, rows, data));
      const numbers = ({value, lower, upper, p}: Estimate) =>
        p === null ? [value, lower, upper] : [value, lower, upper, p];
      let checked = 0;
      for (const {kind, lines} of kinds)
        for (const {group, timeLost, timeLostDifference, at} of lines) {
          expectClose(numbersAfter(output, `time lost | ${kind} | ${group} :`), numbers(timeLost!), 1e-7);
          if (timeLostDifference)
            expectClose(
              numbersAfter(output, `difference of time lost | ${kind} | ${group} :`),
              numbers(timeLostDifference),
              1e-7
            );
          for (const {time, incidence, difference} of at) {
            checked++;
            expectClose(numbersAfter(output, `incidence | ${kind} | ${group} | ${time} :`), numbers(incidence!), 1e-7);
            if (difference)
              expectClose(
                numbersAfter(output, `difference of incidence | ${kind} | ${group} | ${time} :`),
                numbers(difference),
                1e-6
              );
          }
        }
      expect(checked).toBe(4 * (1 + answer.years.length));
      expect(comparison.proportional).not.toBeNull();
      expectClose(numbersAfter(output, "proportional hazards:"), [comparison.proportional!.p], 1e-7);
    }
  );

  it("repeat the Cox model of groups beside other variables", () => {
    const selection: Selection = {...usual, stratifyBy: "edema"};
    const rows = rowMask(cohort, selection);
    const answer = survivalAnswer(cohort, selection, rows);
    const covariates = cohort.study.variables.filter(({id}) => ["age", "sex", "albumin"].includes(id));
    const found = adjustedAnswer(cohort, rows, answer, covariates)!;
    const output = printedBy((data) => adjustedScript(cohort, answer, found, data));
    const printedRatios = output.split("\n").filter((line) => line.startsWith("HR |"));
    const shown = found.terms.flatMap((term) => term.lines.filter(({reference}) => !reference));
    expect(shown.length).toBe(5);
    expect(printedRatios.length).toBe(5);
    shown.forEach(({hazardRatio, lower, upper, p}, k) => {
      const numbers = printedRatios[k].split(" : ")[1].trim().split(/\s+/).map(Number);
      expectClose(numbers, [hazardRatio, lower, upper, p], 1e-6);
    });
    const {statistic, df, p} = found.added!;
    expectClose(numbersAfter(output, "What the groups add:"), [statistic, df, p], 1e-5);
    const drift = [...found.terms.map((term) => term.proportional!), found.proportional!.global.p];
    expectClose(numbersAfter(output, "Proportional hazards:"), drift, 1e-6);
    const alone = output.split("\n").filter((line) => line.startsWith("alone |"));
    expectClose(
      alone.map((line) => Number(line.split(" : ")[1].trim().split(/\s+/)[0])),
      found.crude.slice(1).map((line) => line.hazardRatio),
      1e-7
    );
  });

  it.each(["albumin", "age"])("repeat the best cut and its p, and count both sides of one: %s", (id) => {
    const variable = cohort.study.variables.find((v) => v.id === id)!;
    const selection: Selection = {...usual, stratifyBy: id, cut: {rule: "median"}};
    const rows = rowMask(cohort, selection);
    const answer = survivalAnswer(cohort, selection, rows);
    const best = bestCut(cohort, rows, answer, [])!;
    const [cut] = answer.grouping.cut!;
    const output = printedBy((data) => cutScript(cohort, {endpoint: answer.endpoint, variable, cut, best}, rows, data));
    expectClose(numbersAfter(output, "Best cut:"), [best.cut], 1e-9);
    expectClose(numbersAfter(output, "Adjusted p:"), [best.p], 1e-6);
    const sides = numbersAfter(output, "At or below the cut, above it:");
    expect(sides[0] + sides[1]).toBeGreaterThan(300);
    expect(sides).toEqual(
      [0, 1].map((g) => rows.reduce((sum, row, i) => sum + Number(row === 1 && answer.grouping.code[i] === g), 0))
    );
  });

  it("read the rows of a large study from the file that comes with them, and those of a small one from themselves", () => {
    const {cohort: rotterdam} = rotterdamCohort();
    const selection = defaultSelection(rotterdam.study);
    const rows = rowMask(rotterdam, selection);
    const answer = survivalAnswer(rotterdam, selection, rows);
    const small = scriptOf({write: (data) => survivalScript(rotterdam, selection, answer, data)});
    expect(small.files).toEqual({});
    // The same patients three times are more than a script should hold.
    const large = scriptOf({
      write: (data) =>
        survivalScript(rotterdam, selection, answer, {
          ...data,
          frame: (variable, columns, known) => data.frame(variable, columns, [...known, ...known])
        })
    });
    expect(Object.keys(large.files)).toEqual(["study-figure-d.csv"]);
    expect(large.text).toContain("in a folder that also holds study-figure-d.csv");
    expect(large.text.length).toBeLessThan(5000);
    const ratio = answer.hazardRatios.map(({hazardRatio}) => hazardRatio);
    expectClose(numbersAfter(printed(small), "Hazard ratios:"), ratio, 1e-7);
    const twice = numbersAfter(printed(large), "Log-rank chi-squared:");
    expect(twice[0] / answer.logRank!.chiSquare).toBeGreaterThan(1.9);
  });

  it("repeat an endpoint that the reader defined, and say what it is", () => {
    for (const {cohort: one, study, cases} of fixtureCohorts())
      for (const {definition, events} of cases.slice(-1)) {
        const selection = {...defaultSelection(study), endpoint: definition};
        const answer = survivalAnswer(one, selection, rowMask(one, selection));
        const script = scriptOf({write: (data) => survivalScript(one, selection, answer, data)});
        expect(script.text).toContain(`# The reader defined it: ${answer.endpoint.definition}.`);
        expect(answer.groups.map((group) => group.events)).toEqual(events);
        const [{hazardRatio}] = answer.hazardRatios;
        expectClose(numbersAfter(printed(script), "Hazard ratios:"), [hazardRatio], 1e-7);
      }
  });
});
