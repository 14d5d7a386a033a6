import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, withFilter} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {comparedGroups, factorLevels, subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {facetedCurves} from "../../src/components/subgroups/facetedCurves.js";
import {survOf} from "../../src/components/survivalAnswer.js";
import type {Effect} from "../../src/components/subgroups/effectWithin.js";
import {expectClose, readFixture} from "../survival/referenceData.js";
import {pbcCohort} from "./pbcCohort.js";

interface RefEffect {
  n: number[];
  events: number[];
  hazardRatio: number | null;
  lower: number | null;
  upper: number | null;
  p: number | null;
}
interface Case {
  name: string;
  overall: RefEffect;
  factors: {
    variable: string;
    levels: (RefEffect & {level: string})[];
    interaction: {statistic: number; df: number; p: number} | null;
    curves: ({n: number; last: number; middle: number | null} | null)[][];
    pooled: {chiSquare: number; p: number};
  }[];
  holm: (number | null)[];
}

const {cohort, study} = pbcCohort();
const usual = defaultSelection(study);
const ask = (selection: Selection) => subgroupAnswer(cohort, selection, rowMask(cohort, selection));

/** The selections of test/reference/subgroupPage.R. */
const selections: Record<string, Selection> = {
  everyone: usual,
  women: withFilter(usual, "sex", {variable: "sex", levels: ["f"]}),
  "training set after two years": {
    ...withFilter(usual, "set", {variable: "set", levels: ["training"]}),
    landmark: 730
  },
  "by treatment": {...usual, stratifyBy: "trt"}
};

function expectEffect(effect: Effect, truth: RefEffect): void {
  expect([...effect.n, ...effect.events]).toEqual([...truth.n, ...truth.events]);
  expectClose([effect.hazardRatio, effect.lower, effect.upper], [truth.hazardRatio, truth.lower, truth.upper], 1e-7);
  expectClose([effect.p], [truth.p], 1e-6);
  expect(effect.reason === null).toBe(truth.hazardRatio !== null);
}

describe("subgroupAnswer(cohort, selection, rows)", () => {
  it.each(readFixture<{cases: Case[]}>("subgroupPage").cases)("agrees with R's coxph and anova: $name", (r) => {
    const answer = ask(selections[r.name]);
    expectEffect(answer.overall!, r.overall);
    expect(answer.factors.map(({variable}) => variable.id)).toEqual(r.factors.map(({variable}) => variable));
    r.factors.forEach((truth, f) => {
      const {levels, interaction} = answer.factors[f];
      expect(levels.length).toBe(truth.levels.length);
      truth.levels.forEach((level, l) => expectEffect(levels[l].effect, level));
      expect(interaction === null).toBe(truth.interaction === null);
      if (!interaction || !truth.interaction) return;
      expect(interaction.df).toBe(truth.interaction.df);
      expectClose([interaction.statistic], truth.interaction.statistic, 1e-6);
      expectClose([interaction.p], truth.interaction.p, 1e-6);
    });
    expectClose(
      answer.factors.map(({adjustedP}) => adjustedP),
      r.holm,
      1e-6
    );
    expect(answer.tests).toBe(r.holm.filter((p) => p !== null).length);
  });

  it("gives each level a filter that selects exactly its patients", () => {
    const answer = ask(usual);
    for (const {levels} of answer.factors)
      for (const {filter, effect} of levels) {
        const within = ask(withFilter(usual, filter.variable, filter));
        expect([within.overall!.n, within.overall!.events]).toEqual([effect.n, effect.events]);
        const line = within.factors.find(({variable}) => variable.id === filter.variable)!.levels;
        expect(line.map(({chosen}) => chosen)).toEqual([true]);
        expect(line[0].effect.n).toEqual(effect.n);
      }
  });

  it("says which factors the study named and which are exploratory, and where it cut", () => {
    const {factors} = ask(usual);
    expect(factors.filter(({planned}) => planned).map(({variable}) => variable.id)).toEqual(["set", "sex", "stage"]);
    const age = factors.find(({variable}) => variable.id === "age")!;
    expect(age.cut).toBeCloseTo(51, 0);
    expect(age.levels.map(({label}) => label)).toEqual(["≤ 51", "> 51"]);
  });

  it("says in a sentence why nothing can be compared", () => {
    const nobody = ask(withFilter(usual, "age", {variable: "age", from: 200, to: null}));
    expect(nobody.refusal).toBe("No patient passes all filters; take one away.");
    expect(ask({...usual, stratifyBy: null}).refusal).toMatch(/one group; choose a variable that makes two/);
    expect(ask({...usual, stratifyBy: "stage"}).refusal).toMatch(/Stage makes 4 groups .*Stage: 1, Stage: 2/);
    const low = ask(withFilter(usual, "risk_group", {variable: "risk_group", levels: ["low"]}));
    expect(low.refusal).toMatch(/Risk group makes 1 group of the selected patients \(Low risk\)/);
    for (const {factors, overall} of [nobody, low]) expect([factors, overall]).toEqual([[], null]);
  });

  it("lives on without events, with few patients and with a group of one", () => {
    const late = ask({...usual, landmark: 4200});
    expect(late.factors.flatMap(({levels}) => levels.map(({effect}) => effect.reason))).toContain("No events.");
    const age = cohort.variable("age");
    if (age.type !== "numeric") throw new Error("age is numeric");
    for (const patients of [1, 2, 3, 5, 9, 17]) {
      const selection = withFilter(usual, "age", {
        variable: "age",
        from: null,
        to: age.values.toSorted()[patients - 1]
      });
      const answer = ask(selection);
      expect(answer.selected).toBe(patients);
      if (answer.refusal === null) expect(answer.factors.length).toBeGreaterThan(0);
      for (const {levels} of answer.factors)
        for (const {effect} of levels) expect(effect.reason === null).toBe(!Number.isNaN(effect.hazardRatio));
    }
  });

  it("does not split a numeric factor again that is filtered", () => {
    const selection = withFilter(usual, "age", {variable: "age", from: 40, to: 60});
    const age = study.variables.find(({id}) => id === "age")!;
    const {labels, filters} = factorLevels(cohort, selection, rowMask(cohort, selection), age);
    expect(labels).toEqual(["as filtered"]);
    expect(filters).toEqual(selection.filters);
  });
});

describe("facetedCurves(patients, endpoint, selection, two, levels)", () => {
  const {cases} = readFixture<{cases: Case[]}>("subgroupPage");
  it.each(cases.flatMap((c) => c.factors.map((factor) => ({name: c.name, factor}))))(
    "agrees with R's survfit and stratified survdiff: $name, $factor.variable",
    ({name, factor}) => {
      const selection = selections[name];
      const rows = rowMask(cohort, selection);
      const variable = study.variables.find(({id}) => id === factor.variable)!;
      const two = comparedGroups(cohort, selection, rows);
      if ("refusal" in two) throw new Error(two.refusal);
      const {coded} = factorLevels(cohort, selection, rows, variable);
      const patients = {surv: survOf(cohort, "os"), rows};
      const {facets, pooled} = facetedCurves(patients, study.endpoints[0], selection, two, coded);
      const full = facets.filter(({groups}) => groups.length > 0);
      expect(full.length).toBe(factor.curves.length);
      factor.curves.forEach((curves, l) => {
        const present = curves.filter((curve) => curve !== null);
        expect(full[l].groups.map(({n}) => n)).toEqual(present.map(({n}) => n));
        expectClose(
          full[l].groups.map(({curve}) => curve.survival.at(-1)!),
          present.map(({last}) => last),
          1e-12
        );
        expectClose(
          full[l].groups.map(({median}) => median.time),
          present.map(({middle}) => middle),
          1e-12
        );
      });
      expectClose([pooled!.chiSquare, pooled!.p], [factor.pooled.chiSquare, factor.pooled.p], 1e-8);
    }
  );
});
