import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {facetsScript} from "../../src/components/rScript/facetsScript.js";
import {forestScript} from "../../src/components/rScript/forestScript.js";
import {limmaScript} from "../../src/components/rScript/limmaScript.js";
import {survivalScript} from "../../src/components/rScript/survivalScript.js";
import {weightsScript} from "../../src/components/rScript/weightsScript.js";
import {expressionTsv, groupsTsv} from "../../src/components/pathways/comparisonFiles.js";
import {runEnrichmentTask} from "../../src/components/pathways/enrichmentTask.js";
import type {Effect} from "../../src/components/subgroups/effectWithin.js";
import {facetedCurves} from "../../src/components/subgroups/facetedCurves.js";
import {comparedGroups, factorLevels, subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {survivalAnswer, survOf} from "../../src/components/survivalAnswer.js";
import {survivalPanels} from "../../src/components/survivalPanels.js";
import {riskGroups, treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {usualCovariates, weightedTreatment} from "../../src/components/treatment/weightedTreatment.js";
import {philox} from "../../src/numeric/random.js";
import {pbcCohort} from "../components/pbcCohort.js";
import {rotterdamCohort} from "../components/rotterdamCohort.js";
import {expectClose} from "../survival/referenceData.js";
import {numbersAfter, printed, printedBy, scriptOf} from "./runR.js";

const {cohort} = pbcCohort();
const usual = defaultSelection(cohort.study);

describe("the R scripts readers download", () => {
  it.each([
    ["risk groups", usual],
    [
      "four groups of the older half",
      {...usual, stratifyBy: "stage", filters: [{variable: "age", from: 50, to: null}]}
    ],
    ["a number at its tertiles", {...usual, stratifyBy: "albumin", cut: {rule: "tertiles"}}]
  ] as [string, Selection][])("repeat the curves' log-rank test and hazard ratios: %s", (_, selection) => {
    const answer = survivalAnswer(cohort, selection, rowMask(cohort, selection));
    const output = printedBy((data) => survivalScript(cohort, selection, answer, data));
    expectClose(numbersAfter(output, "Log-rank chi-squared:"), [answer.logRank!.chiSquare], 1e-8);
    expectClose(
      numbersAfter(output, "Hazard ratios:"),
      answer.hazardRatios.map(({hazardRatio}) => hazardRatio),
      1e-7
    );
  });

  it("repeat every line of the forest and every test of interaction", () => {
    const rows = rowMask(cohort, usual);
    const answer = subgroupAnswer(cohort, usual, rows);
    const output = printedBy((data) => forestScript(cohort, answer, answer.compared!, rows, data));
    const of = (line: {
      hazardRatio: number;
      lower: number;
      upper: number;
      p: number;
      n: readonly [number, number];
      events: readonly [number, number];
    }) => [line.n[0] + line.n[1], line.events[0] + line.events[1], line.hazardRatio, line.lower, line.upper];
    expectClose(numbersAfter(output, "all:").slice(0, 5), of(answer.overall!), 1e-7);
    let lines = 0;
    for (const {variable, levels, interaction} of answer.factors) {
      for (const {label, effect} of levels) {
        if (effect.reason !== null) continue;
        lines++;
        expectClose(numbersAfter(output, `${variable.id} | ${label} :`).slice(0, 5), of(effect), 1e-7);
      }
      if (interaction) expectClose(numbersAfter(output, `interaction ${variable.id} :`), [interaction.statistic], 1e-6);
    }
    expect(lines).toBeGreaterThan(10);
  });

  it("repeat the pooled test and the interaction of small multiples", () => {
    const rows = rowMask(cohort, usual);
    const two = comparedGroups(cohort, usual, rows);
    if ("refusal" in two) throw new Error(two.refusal);
    const stage = cohort.study.variables.find(({id}) => id === "stage")!;
    const {coded} = factorLevels(cohort, usual, rows, stage);
    const patients = {surv: survOf(cohort, usual.endpoint), rows};
    const curves = facetedCurves(patients, cohort.study.endpoints[0], usual, two, coded);
    const output = printedBy((data) => facetsScript(cohort, curves, rows, {compared: two, levels: coded}, data));
    expectClose(numbersAfter(output, "Stratified log-rank chi-squared:"), [curves.pooled!.chiSquare], 1e-8);
    expectClose(numbersAfter(output, "Interaction:"), [curves.interaction!.statistic], 1e-6);
  });

  it("repeat the test in every panel, the pooled test and the stratified hazard ratios of four groups", () => {
    const selection = {...usual, stratifyBy: "stage"};
    const rows = rowMask(cohort, selection);
    const answer = survivalAnswer(cohort, selection, rows);
    const sex = cohort.study.variables.find(({id}) => id === "sex")!;
    const {curves, compared, levels, ratios} = survivalPanels(cohort, rows, answer, sex);
    expect(compared.groups.length).toBe(4);
    const output = printedBy((data) => facetsScript(cohort, curves, rows, {compared, levels, ratios}, data));
    expect(curves.facets.length).toBe(2);
    for (const {label, test} of curves.facets)
      expectClose(numbersAfter(output, `Log-rank chi-squared in ${label} :`), [test!.chiSquare], 1e-8);
    expectClose(numbersAfter(output, "Stratified log-rank chi-squared:"), [curves.pooled!.chiSquare], 1e-8);
    expectClose(
      numbersAfter(output, "Stratified hazard ratios:"),
      ratios.map(({hazardRatio}) => hazardRatio),
      1e-7
    );
  });

  it("repeat the weighted hazard ratio of a treatment and its effective sample sizes", () => {
    const {cohort: rotterdam} = rotterdamCohort();
    const selection = defaultSelection(rotterdam.study);
    const rows = rowMask(rotterdam, selection);
    const question = treatmentQuestion(rotterdam.study);
    if ("refusal" in question) throw new Error(question.refusal);
    const [treatment] = question.treatments;
    const covariates = usualCovariates(rotterdam.study);
    const found = weightedTreatment(rotterdam, selection, rows, {treatment, risk: question.risk, covariates});
    if ("reason" in found) throw new Error(found.reason);
    const output = printedBy((data) =>
      weightsScript(rotterdam, found.value, rows, {treatment, risk: question.risk}, data)
    );
    const {value} = found;
    const limits = ({hazardRatio, lower, upper}: Effect) => [hazardRatio, lower, upper];
    const [low, high] = riskGroups(rotterdam, question.risk).groups;
    for (const [name, crude, weighted] of [
      ["all", value.crude, value.weighted],
      [low.label, value.crudeByRisk[0], value.byRisk[0]],
      [high.label, value.crudeByRisk[1], value.byRisk[1]]
    ] as const)
      expectClose(numbersAfter(output, `${name} :`), [...limits(crude), ...limits(weighted)], 1e-7);
    const {ratio, lower, upper} = value.ratio!;
    expectClose(numbersAfter(output, "Ratio of the two:"), [ratio, lower, upper], 1e-7);
    const [untreated, treated] = found.value.weights.effectiveSampleSize;
    expectClose(numbersAfter(output, "Effective sample size:"), [treated, untreated], 1e-7);
    const lines = output.split("\n").filter((line) => line.startsWith("balance"));
    expect(lines.length).toBe(found.value.balance.length);
    const differences = lines.map((line) => line.split(":")[1].trim().split(" ").map(Number));
    // Factors have their reference level first on the page, and in the alphabet's order in R.
    const sorted = (pairs: number[][]) => pairs.toSorted((a, b) => a[0] - b[0]);
    const shown = sorted(found.value.balance.map(({before, after}) => [before, after]));
    sorted(differences).forEach((pair, k) => pair.forEach((value, c) => expect(value).toBeCloseTo(shown[k][c], 7)));
  });

  it.each(["counts", "fpkm", "log2"] as const)("repeat the moderated t of each gene: %s", (kind) => {
    const {normal} = philox(5);
    const genes = Array.from({length: 200}, (_, g) => `G${g}`);
    const samples = Array.from({length: 16}, (_, s) => `S ${s}`);
    const group = Int8Array.from(samples, (_, s) => (s === 3 ? -1 : s % 2));
    const values = Float64Array.from({length: 3200}, (_, i) => {
      const log = 6 + 0.01 * Math.floor(i / 16) + (i % 2) * (i < 400 ? 1 : 0) + 0.5 * normal();
      return Math.fround(kind === "log2" ? log : kind === "counts" ? Math.round(2 ** log) : 2 ** log / 8);
    });
    const data = {matrix: {genes, samples, values}, kind, rows: samples.map((_, s) => s)};
    const names = ["plain", "odd"] as const;
    const tests = runEnrichmentTask({matrix: data.matrix, kind, sets: [], group, names});
    const files = {expression: expressionTsv(data), groups: groupsTsv(data, group, names), sets: ""};
    const script = scriptOf({write: (file) => limmaScript(cohort.study, kind, tests, files, file)});
    expect(Object.keys(script.files)).toEqual([
      "study-figure-gene-sets.gmt",
      "study-figure-expression.tsv",
      "study-figure-groups.tsv"
    ]);
    const output = printed({
      ...script,
      text: `${script.text}
for (g in rownames(table)) cat(g, ":", table[g, "logFC"], table[g, "t"], table[g, "P.Value"], "\\n")`
    });
    tests.genes.gene.forEach((gene, g) => {
      const {logFoldChange, t, p} = tests.genes;
      expectClose(numbersAfter(output, `${gene} :`), [logFoldChange[g], t[g], p[g]], 1e-6);
    });
  });
});
