import {describe, expect, it} from "vitest";
import {cohortPlace} from "../../src/components/predict/cohortPlace.js";
import {byPatient, columnsOfGenes, setScores} from "../../src/components/pathways/expressionData.js";
import type {ExpressionData} from "../../src/components/pathways/expressionData.js";
import {runEnrichmentTask} from "../../src/components/pathways/enrichmentTask.js";
import {runCoxTask} from "../../src/components/pathways/coxTask.js";
import {geneFigure} from "../../src/components/pathways/geneFigure.js";
import {heatMap, heatMapFigure} from "../../src/components/pathways/heatMapFigure.js";
import {coxFeaturesScript} from "../../src/components/rScript/coxFeaturesScript.js";
import {enrichmentScript} from "../../src/components/rScript/enrichmentScript.js";
import {correlationScript, placeScript} from "../../src/components/rScript/expressionScripts.js";
import {signatureDistribution} from "../../src/components/signatures/signatureDistribution.js";
import {pearson} from "../../src/enrichment/correlation.js";
import {philox} from "../../src/numeric/random.js";
import {ascendingValues, sampleQuantile} from "../../src/numeric/sampleQuantile.js";
import {rotterdamCohort} from "../components/rotterdamCohort.js";
import {expectClose} from "../survival/referenceData.js";
import {numbersAfter, printed, printedBy, scriptOf} from "./runR.js";

const {cohort} = rotterdamCohort();
const {study} = cohort;
const PATIENTS = 40;
const GENES = 200;

/** Counts of some of the cohort's patients; the first genes rise with the risk group. */
const data: ExpressionData = (() => {
  const {normal} = philox(11);
  const genes = Array.from({length: GENES}, (_, g) => `G${g}`);
  const rows = Array.from({length: PATIENTS}, (_, s) => 70 * s);
  const samples = rows.map((row) => cohort.patient(row));
  const risk = cohort.variable("risk_score");
  if (risk.type !== "numeric") throw new Error("the score is numeric");
  const values = Float64Array.from({length: GENES * PATIENTS}, (_, i) => {
    const [g, s] = [Math.floor(i / PATIENTS), i % PATIENTS];
    return Math.round(2 ** (7 + 0.01 * g + (g < 30 ? 0.5 * risk.values[rows[s]] : 0) + 0.6 * normal()));
  });
  return {matrix: {genes, samples, values}, kind: "counts", rows};
})();
const sets = [
  {name: "RISING", description: "", genes: Array.from({length: 25}, (_, g) => `G${g}`)},
  {name: "MIXED", description: "", genes: Array.from({length: 40}, (_, g) => `G${g * 5}`).concat("NOT_THERE")},
  {name: "FALLING", description: "", genes: Array.from({length: 30}, (_, g) => `G${60 + g * 3}`)}
];
const wordsAfter = (output: string, text: string) =>
  output
    .split("\n")
    .find((line) => line.startsWith(text))!
    .slice(text.length)
    .trim()
    .split(/\s+/);

describe("the R scripts of the page on pathways", () => {
  it("repeat every set's enrichment score and leading edge, and its NES up to chance", () => {
    const group = Int8Array.from({length: PATIENTS}, (_, s) => s % 2);
    const {matrix, kind} = data;
    const tests = runEnrichmentTask({matrix, kind, sets, group, names: ["even", "odd"]});
    expect(tests.pathways.length).toBe(3);
    const genesOf = (name: string) => sets.find((set) => set.name === name)!.genes;
    const output = printedBy((file) => enrichmentScript(study, tests, tests.pathways, genesOf, file));
    for (const {name, enrichmentScore, leadingEdge, normalisedScore} of tests.pathways) {
      expectClose(numbersAfter(output, `ES | ${name} :`), [enrichmentScore], 1e-8);
      expect(wordsAfter(output, `edge | ${name} :`)).toEqual(leadingEdge);
      // A mean over some 500 random sets is known to a few per cent.
      expectClose(numbersAfter(output, `NES | ${name} :`).slice(0, 1), [normalisedScore], 0.1);
    }
    const one = printedBy((file) => enrichmentScript(study, tests, tests.pathways.slice(0, 1), genesOf, file));
    expectClose(numbersAfter(one, `ES | ${tests.pathways[0].name} :`), [tests.pathways[0].enrichmentScore], 1e-8);
  });

  it.each([false, true])("repeat the order of the heat map's genes and patients, by score: %s", (byScore) => {
    const genes = sets[0].genes;
    const score = cohort.variable("risk_score");
    if (score.type !== "numeric") throw new Error("the score is numeric");
    const figure = heatMapFigure(cohort, data, genes, {byScore, who: "all patients", onGene: () => {}});
    const map = heatMap(data, genes, byScore ? score.values : null);
    const output = printed(scriptOf(figure.script));
    expect(wordsAfter(output, "genes:")).toEqual(map.genes);
    expect(wordsAfter(output, "patients:")).toEqual(map.rows.map((row) => cohort.patient(row)));
  });

  it("repeat a set's score and its correlation", () => {
    const score = cohort.variable("risk_score");
    if (score.type !== "numeric") throw new Error("the score is numeric");
    const found = {...pearson(byPatient(data, setScores(data, sets[1].genes), cohort.n), score.values), q: 0.01};
    const values = Float64Array.from(data.rows, (row) => score.values[row]);
    const samples = columnsOfGenes(data, sets[1].genes);
    expect(samples.genes.length).toBe(40);
    const output = printedBy((file) =>
      correlationScript(study, {set: "MIXED", label: "Risk score", samples, values, found}, file)
    );
    expectClose(numbersAfter(output, "r, limits, p, n:"), [found.r, found.lower, found.upper, found.p, found.n], 1e-8);
  });

  it("repeat the medians of a gene by group, and those of a signature by set", () => {
    const gene = printed(scriptOf(geneFigure(cohort, data, "G3", "risk_group", "all patients").script));
    const groups = gene.split("\n").filter((line) => line.startsWith("median |"));
    expect(groups.length).toBe(2);
    const counts = groups.map((line) => Number(line.split(":")[1].trim().split(" ")[0]));
    expect(counts[0] + counts[1]).toBe(PATIENTS);
    const variable = study.variables.find(({id}) => id === "age")!;
    const column = cohort.variable("age");
    if (column.type !== "numeric") throw new Error("age is numeric");
    const age = printed(scriptOf(signatureDistribution(cohort, variable, new Uint8Array(cohort.n).fill(1)).script));
    const median = sampleQuantile(ascendingValues(column.values), 0.5);
    expectClose(numbersAfter(age, "median | All patients :"), [cohort.n, median], 1e-9);
  });

  it.each([false, true])("repeat every gene's Cox model and its q, beside a covariate: %s", (adjusted) => {
    const {time, event} = cohort.followUp(study.endpoints[0].id);
    const age = cohort.variable("age");
    if (age.type !== "numeric") throw new Error("age is numeric");
    const of = (column: ArrayLike<number>) => Float64Array.from(data.rows, (row) => column[row]);
    const task = {
      // The third patient is not selected.
      time: of(time).map((t, s) => (s === 2 ? NaN : t)),
      event: Uint8Array.from(data.rows, (row) => event[row]),
      entry: null,
      features: data.matrix.values.map((v) => Math.log2(v + 1)),
      beside: adjusted ? {age: of(age.values)} : ({} as Record<string, Float64Array>)
    };
    const result = runCoxTask(task);
    const named = {names: data.matrix.genes, patients: data.matrix.samples};
    const script = scriptOf({
      write: (file) => coxFeaturesScript(study, study.endpoints[0].id, task, named, result, file)
    });
    expect(Object.keys(script.files)).toEqual(["study-figure-features.tsv"]);
    const loop = 'for (g in rownames(found)) cat(g, ":", unlist(found[g, ]), "\\n")';
    const output = printed({...script, text: `${script.text}\n${loop}`});
    data.matrix.genes.forEach((gene, f) => {
      const {hazardRatio, lower, upper, p, q} = result;
      expectClose(numbersAfter(output, `${gene} :`), [hazardRatio[f], lower[f], upper[f], p[f], q[f]], 1e-6);
    });
  });

  it("repeat the place of one value among the patients", () => {
    const place = cohortPlace(cohort, "age", 55);
    const output = printedBy((file) => placeScript(study, {...place, value: 55, label: "Age"}, file));
    expectClose(numbersAfter(output, "Share below, ties counted half:"), [place.percentile], 1e-9);
  });
});
