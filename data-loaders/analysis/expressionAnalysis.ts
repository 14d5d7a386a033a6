import {join} from "node:path";
import {tableFromArrays, tableToIPC} from "apache-arrow";
import {differentialExpression} from "../../src/enrichment/differentialExpression.js";
import {EnrichmentInputError} from "../../src/enrichment/enrichmentInputError.js";
import {keepSamples} from "../../src/enrichment/expressionMatrix.js";
import type {ExpressionMatrix} from "../../src/enrichment/expressionMatrix.js";
import type {PublishedPathways, PublishedTests} from "../../src/enrichment/publishedPathways.js";
import type {GeneSet} from "../../src/enrichment/readGeneSets.js";
import {testPathways} from "../../src/enrichment/testPathways.js";
import {geneSetsOf} from "../geneSets/geneSets.js";
import {readExpressionFile} from "../study/expressionFile.js";
import type {ExpressionFile, Study} from "../study/study.js";
import {comparedGroups} from "./comparedGroups.js";
import type {ComparedGroups} from "./comparedGroups.js";

/** What the page on pathways reads. */
export interface ExpressionAnalysis {
  readonly published: PublishedPathways;
  /** Genes in rows, a column a patient; values as 32-bit floats. */
  readonly matrix: ExpressionMatrix | null;
  readonly sets: readonly GeneSet[];
}

/** Reads expression and gene sets, and compares high with low risk, or two other groups. @param group - by patient "low", "high" or null */
export async function analyseExpression(study: Study, group: readonly (string | null)[]): Promise<ExpressionAnalysis> {
  const {expression} = study;
  const nothing = (reason: string): ExpressionAnalysis => ({
    published: {kind: null, setsFrom: "", compared: null, notes: [], tests: null, reason},
    matrix: null,
    sets: []
  });
  if (!expression) return nothing("This study has no gene expression.");
  const owner = new Map(expression.samples.map((sample, s) => [sample, expression.matched[s]]));
  const path = join(study.folder, expression.file);
  const read = await readExpressionFile(path, expression.separator, (sample) => owner.has(sample));
  // The page has the values as 32-bit floats; with the same ones here both compute the same.
  const matrix = {
    ...read.matrix,
    samples: read.matrix.samples.map((sample) => owner.get(sample)!),
    values: read.matrix.values.map(Math.fround)
  };
  const {sets, from, notes: aboutSets} = await geneSetsOf(study, matrix.genes);
  const notes = [unitOfSamples(expression, study.patients.length), ...read.notes, ...aboutSets];
  if (expression.unmatched.length > 0)
    notes.push(`${expression.unmatched.length} samples match no patient; they were left out.`);
  const rows = new Map(study.patients.map((patient, i) => [patient, i]));
  const groups = comparedGroups(
    study,
    matrix.samples.map((sample) => rows.get(sample)!),
    group
  );
  const tests = groups
    ? compare(matrix, sets, expression.kind, groups)
    : {tests: null, reason: "The study has no risk groups, and none of its strata makes two groups of three samples."};
  const compared = groups && {by: groups.by, variable: groups.variable};
  return {
    published: {kind: expression.kind, setsFrom: from, compared, notes, ...tests},
    matrix,
    sets: measuredSets(sets, matrix.genes)
  };
}

/** How many samples of how many patients are used, and which. */
function unitOfSamples({matched, samples, several, countedBy, file}: ExpressionFile, n: number): string {
  const renamed = samples.some((sample, s) => sample !== matched[s]);
  const which = !renamed
    ? `the column of ${file} that bears the patient's id`
    : several.patients > 0
      ? `${countedBy ? `the sample that counts by ${countedBy}` : `the first of the patient's columns in ${file}`}; ${several.unused} further ${several.unused === 1 ? "sample" : "samples"} of ${several.patients} ${several.patients === 1 ? "patient is" : "patients are"} not used`
      : `the patient's only column in ${file}`;
  return `Unit of analysis: the patient. ${matched.length} of ${n} patients have gene expression, one sample each: ${which}.`;
}

function compare(
  matrix: ExpressionMatrix,
  sets: readonly GeneSet[],
  kind: NonNullable<Study["expression"]>["kind"],
  {code, names}: ComparedGroups
): {tests: PublishedTests | null; reason: string | null} {
  const at = Array.from(code.keys()).filter((s) => code[s] >= 0);
  try {
    const drawn = {kind, group: at.map((s) => code[s]), names};
    return {tests: testPathways(differentialExpression(keepSamples(matrix, at), drawn), sets), reason: null};
  } catch (error) {
    if (!(error instanceof EnrichmentInputError)) throw error;
    return {tests: null, reason: `${names[1]} and ${names[0]} were not compared: ${error.message}`};
  }
}

/** Of each set the genes that were measured, with how many it names: a page needs no others. */
function measuredSets(sets: readonly GeneSet[], genes: readonly string[]): GeneSet[] {
  const measured = new Set(genes);
  return sets.map((set) => ({
    ...set,
    named: set.named ?? set.genes.length,
    genes: set.genes.filter((gene) => measured.has(gene))
  }));
}

/** Gene expression as an Arrow stream: a row a gene, a column a patient. */
export function expressionTable({genes, samples, values}: ExpressionMatrix): Uint8Array {
  const n = samples.length;
  const columns = samples.map((sample, s) => [sample, Float32Array.from(genes, (_, g) => values[g * n + s])] as const);
  return tableToIPC(tableFromArrays({gene: [...genes], ...Object.fromEntries(columns)}), "stream");
}
