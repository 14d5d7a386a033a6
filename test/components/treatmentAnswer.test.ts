import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, withFilter} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import type {Effect} from "../../src/components/subgroups/effectWithin.js";
import {effectAlongRisk, treatmentAnswer, treatmentCurves} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentCautions} from "../../src/components/treatment/treatmentCautions.js";
import {treatmentGroups, treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {
  possibleCovariates,
  usualCovariates,
  weightedTreatment
} from "../../src/components/treatment/weightedTreatment.js";
import {survivalAt} from "../../src/survival/survivalAt.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {expectClose, readFixture} from "../survival/referenceData.js";
import {rotterdamCohort} from "./rotterdamCohort.js";

interface Ratio {
  hazardRatio: number;
  lower: number;
  upper: number;
  p: number;
}
interface RefEffect extends Ratio {
  n: number[];
  events: number[];
}
interface Case {
  name: string;
  treatment: string;
  covariates: string[];
  overall: RefEffect;
  byRisk: RefEffect[];
  riskByTreatment: RefEffect[];
  interaction: {statistic: number; df: number; p: number};
  ratio: Ratio;
  weights: {range: number[]; sum: number; effective: number[]; before: number[]; after: number[]};
  curves: {survival: number; standardError: number; lower: number; upper: number}[];
  weighted: RefEffect;
  weightedByRisk: RefEffect[];
  weightedRatio: Ratio;
}

const {cohort, study} = rotterdamCohort();
const usual = defaultSelection(study);
const asked = treatmentQuestion(study);
if ("refusal" in asked) throw new Error(asked.refusal);
const question = asked;
const variable = (id: string) => study.variables.find((v) => v.id === id)!;
const ofScore = (id: string) => variable(id === "score" ? "risk_score" : id);
const later: Selection = {...withFilter(usual, "nodes", {variable: "nodes", from: 1, to: null}), landmark: 365};
/** The selections of test/reference/treatmentPage.R. */
const selectionOf = (name: string) => (name.startsWith("everyone") ? usual : later);

const ask = (selection: Selection) => treatmentAnswer(cohort, selection, rowMask(cohort, selection), question);
const weigh = (selection: Selection, treatment: string, covariates: readonly string[]) =>
  weightedTreatment(cohort, selection, rowMask(cohort, selection), {
    treatment: variable(treatment),
    risk: question.risk,
    covariates: covariates.map(ofScore)
  });

function expectEffect(effect: Effect, truth: RefEffect): void {
  expect([...effect.n, ...effect.events]).toEqual([...truth.n, ...truth.events]);
  expectClose([effect.hazardRatio, effect.lower, effect.upper], [truth.hazardRatio, truth.lower, truth.upper], 1e-7);
  // An error of z counts z² times in p.
  expectClose([Math.log(effect.p)], Math.log(truth.p), 1e-6);
}

describe("effectAlongRisk(cohort, selection, rows, treatment)", () => {
  it("gives a reason instead of limits without end", () => {
    const few: Selection = {
      ...usual,
      endpoint: "os",
      landmark: 100,
      filters: [
        {variable: "risk_group", levels: ["high"], not: true},
        {variable: "risk_score", from: 1, to: 2}
      ]
    };
    const along = effectAlongRisk(cohort, few, rowMask(cohort, few), variable("hormon"));
    expect(along).toEqual({
      reason: "It has no finite estimate: at some scores no treated or no untreated patient has the event."
    });
  });
});

describe("treatmentAnswer(cohort, selection, rows, question)", () => {
  it.each(readFixture<{cases: Case[]}>("treatmentPage").cases)("agrees with R's coxph and anova: $name", (r) => {
    const one = ask(selectionOf(r.name)).interactions.find((i) => i.variable.id === r.treatment)!;
    expectEffect(one.overall, r.overall);
    r.byRisk.forEach((truth, k) => expectEffect(one.byRisk[k], truth));
    r.riskByTreatment.forEach((truth, k) => expectEffect(one.riskByTreatment[k], truth));
    expect(one.interaction!.df).toBe(1);
    expectClose([one.interaction!.statistic], r.interaction.statistic, 1e-7);
    expectClose([one.interaction!.p], r.interaction.p, 1e-6);
    const {ratio, lower, upper, p} = one.ratio!;
    expectClose([ratio, lower, upper], [r.ratio.hazardRatio, r.ratio.lower, r.ratio.upper], 1e-6);
    expectClose([p], r.ratio.p, 1e-6);
  });

  it("tells the same four cells both ways, and adjusts for the number of treatments", () => {
    const {interactions, tests} = ask(usual);
    expect(tests).toBe(2);
    for (const {byRisk, riskByTreatment, interaction, adjustedP} of interactions) {
      for (const r of [0, 1]) for (const t of [0, 1]) expect(byRisk[r].events[t]).toBe(riskByTreatment[t].events[r]);
      expect(adjustedP).toBeGreaterThanOrEqual(interaction!.p);
    }
    const smallest = Math.min(...interactions.map(({interaction}) => interaction!.p));
    expect(Math.min(...interactions.map(({adjustedP}) => adjustedP))).toBeCloseTo(2 * smallest, 12);
  });

  it("gives reasons instead of numbers where nobody, nobody treated or nobody with an event is selected", () => {
    const nobody = ask(withFilter(usual, "age", {variable: "age", from: 200, to: null}));
    expect(nobody.selected).toBe(0);
    for (const one of nobody.interactions) {
      expect([one.overall, ...one.byRisk, ...one.riskByTreatment].map(({reason}) => reason)).toEqual(
        Array.from({length: 5}, () => "No patient.")
      );
      expect([one.interaction, one.ratio]).toEqual([null, null]);
    }
    const untreated = ask(withFilter(usual, "hormon", {variable: "hormon", levels: ["no"]})).interactions[1];
    expect(untreated.overall.reason).toBe("No patient in Hormonal therapy.");
    expect(untreated.interaction).toBeNull();
    const late = ask({...usual, landmark: 6900});
    expect(late.interactions[0].overall.reason).not.toBeNull();
    const columns = cohort.variable("age");
    if (columns.type !== "numeric") throw new Error("age is numeric");
    const ages = columns.values.toSorted();
    for (const patients of [0, 1, 5, 9]) {
      const selection = withFilter(usual, "age", {variable: "age", from: null, to: ages[patients]});
      for (const one of ask(selection).interactions)
        for (const effect of one.byRisk) expect(effect.reason === null).toBe(!Number.isNaN(effect.hazardRatio));
      const rows = rowMask(cohort, selection);
      const curves = treatmentCurves(cohort, selection, rows, variable("hormon"), question.risk);
      expect(curves.byRisk.n).toBe(curves.byTreatment.n);
      const along = effectAlongRisk(cohort, selection, rows, variable("hormon"));
      if ("reason" in along) expect(along.reason).toMatch(/^[A-Z0-9].*\.$/);
    }
  });
});

describe("weightedTreatment(cohort, selection, rows, options)", () => {
  it.each(readFixture<{cases: Case[]}>("treatmentPage").cases)(
    "agrees with R's glm, survfit and robust coxph: $name",
    (r) => {
      const found = weigh(selectionOf(r.name), r.treatment, r.covariates);
      if ("reason" in found) throw new Error(found.reason);
      const {weights, range, curves, weighted, byRisk, ratio, crude, balance} = found.value;
      expectClose(range, r.weights.range, 1e-6);
      expectClose(weights.effectiveSampleSize, r.weights.effective, 1e-6);
      expectClose([weights.weight.reduce((sum, w) => sum + (Number.isNaN(w) ? 0 : w), 0)], r.weights.sum, 1e-6);
      const numeric = balance.filter(({label}) => !label.includes(":"));
      const of = (side: "before" | "after") => numeric.map((line) => line[side]);
      expectClose(of("before"), r.weights.before, 1e-8);
      expectClose(of("after"), r.weights.after, 1e-5);
      r.curves.forEach((truth, g) => {
        const at = survivalAt(curves.facets[0].groups[g].curve, [1826.25]);
        expectClose(
          [at.survival[0], at.standardError[0], at.lower[0], at.upper[0]],
          [truth.survival, truth.standardError, truth.lower, truth.upper],
          1e-6
        );
      });
      expectEffect(crude, r.overall);
      const close = (effect: Effect, truth: RefEffect) => {
        expect([...effect.n, ...effect.events]).toEqual([...truth.n, ...truth.events]);
        expectClose(
          [effect.hazardRatio, effect.lower, effect.upper],
          [truth.hazardRatio, truth.lower, truth.upper],
          1e-6
        );
        expectClose([effect.p], truth.p, 1e-5);
      };
      close(weighted, r.weighted);
      r.weightedByRisk.forEach((truth, k) => close(byRisk[k], truth));
      expectClose(
        [ratio!.ratio, ratio!.lower, ratio!.upper],
        [r.weightedRatio.hazardRatio, r.weightedRatio.lower, r.weightedRatio.upper],
        1e-6
      );
      expectClose([ratio!.p], r.weightedRatio.p, 1e-5);
    }
  );

  it("does not change when a covariate's unit does, and leaves out what is the same for all", () => {
    const grade = withFilter(usual, "grade", {variable: "grade", levels: ["3"]});
    const found = weigh(grade, "chemo", ["score", "grade"]);
    const without = weigh(grade, "chemo", ["score"]);
    if ("reason" in found || "reason" in without) throw new Error("no weights");
    expect(found.value.constant.map(({id}) => id)).toEqual(["grade"]);
    expect(found.value.weighted.hazardRatio).toBe(without.value.weighted.hazardRatio);
  });

  it("says why it cannot weigh", () => {
    const nobody = withFilter(usual, "age", {variable: "age", from: 200, to: null});
    expect(weigh(nobody, "chemo", ["age"])).toEqual({reason: "No selected patient has follow-up."});
    expect(weigh(usual, "chemo", [])).toEqual({reason: "No covariate is chosen, so there is nothing to weight by."});
    const treated = withFilter(usual, "chemo", {variable: "chemo", levels: ["yes"]});
    expect(weigh(treated, "chemo", ["age"])).toEqual({
      reason: "All 580 patients with all covariates known have the same treatment."
    });
    const old = withFilter(usual, "age", {variable: "age", from: 40, to: 40});
    expect(weigh(old, "chemo", ["age"])).toEqual({reason: "No chosen covariate varies among the selected patients."});
  });

  it("never offers treatment, split or risk group as a covariate", () => {
    const ids = possibleCovariates(study).map(({id}) => id);
    for (const id of ["chemo", "hormon", "risk_group"]) expect(ids).not.toContain(id);
    expect(usualCovariates(study).map(({id}) => id)).toEqual(["size", "grade", "risk_score"]);
  });
});

describe("treatmentCautions", () => {
  const cautions = (selection: Selection, treatment: string, covariates: readonly string[]) => {
    const answer = ask(selection);
    const one = answer.interactions.find((i) => i.variable.id === treatment)!;
    return treatmentCautions(answer, one, weigh(selection, treatment, covariates)).join("\n");
  };
  it("name imbalance, few events, the landmark and lost information", () => {
    const said = cautions(usual, "hormon", ["score", "meno", "size", "grade", "pgr"]);
    expect(said).toMatch(
      /differ by more than 0.1 SD in 8 of 8 covariates or levels: Risk score \(1.3\), Menopause \(0.85\)/
    );
    expect(said).toMatch(/after weighting 5 still do: Risk score \(0.51\)/);
    expect(said).toMatch(/Few events: Hormonal therapy, Low risk \(1 event in 6 patients\)\./);
    expect(said).toMatch(/information of 125 of 339 patients \(Hormonal therapy\)/);
    expect(said).toMatch(/immortal time/);
    expect(cautions(later, "hormon", ["score"])).toMatch(/still followed 365 days after/);
    expect(cautions(later, "hormon", ["score"])).not.toMatch(/immortal/);
  });
  it("name separation and a model too large for its patients", () => {
    const young = withFilter(usual, "age", {variable: "age", from: null, to: 30});
    expect(cautions(young, "hormon", ["score", "size", "pgr"])).toMatch(
      /coefficients for \d+ patients? of the rarer|No weighted/
    );
    const old = withFilter(usual, "age", {variable: "age", from: 56, to: null});
    const said = cautions(old, "chemo", ["meno", "age", "score"]);
    expect(said).toMatch(/covariates or levels/);
    const nobody = withFilter(usual, "age", {variable: "age", from: 200, to: null});
    expect(cautions(nobody, "chemo", ["age"])).toMatch(/No weighted estimate: No selected patient has follow-up\./);
  });
});

describe("treatmentQuestion and treatmentGroups", () => {
  it("say in a sentence that a study has no treatments or no risk model", () => {
    expect(treatmentQuestion(lungCohort().study)).toEqual({refusal: expect.stringMatching(/names no treatments/)});
    expect(treatmentQuestion(rotterdamCohort({withRisk: false}).study)).toEqual({
      refusal: expect.stringMatching(/No risk model was fitted/)
    });
  });
  it("name treated and untreated in words of their own", () => {
    const {groups, code} = treatmentGroups(cohort, variable("hormon"));
    expect(groups.map(({label}) => label)).toEqual(["No hormonal therapy", "Hormonal therapy"]);
    expect(code.reduce((a, b) => a + b)).toBe(339);
    expect(treatmentGroups(cohort, variable("pgr")).code.every((c) => c === 0 || c === 1)).toBe(true);
  });
});
