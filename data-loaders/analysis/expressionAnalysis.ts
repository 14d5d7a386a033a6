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
import type {Study} from "../study/study.js";

/** What the page on pathways reads. */
export interface ExpressionAnalysis {
  readonly published: PublishedPathways;
  /** Genes in rows, a column a patient; values as 32-bit floats. */
  readonly matrix: ExpressionMatrix | null;
  readonly sets: readonly GeneSet[];
}

/** Reads expression and gene sets, and compares high with low risk. @param group - by patient "low", "high" or null */
export async function analyseExpression(study: Study, group: readonly (string | null)[]): Promise<ExpressionAnalysis> {
  const {expression} = study;
  const nothing = (reason: string): ExpressionAnalysis => ({
    published: {kind: null, setsFrom: "", notes: [], tests: null, reason},
    matrix: null,
    sets: []
  });
  if (!expression) return nothing("This study has no gene expression.");
  const matched = new Set(expression.matched);
  const path = join(study.folder, expression.file);
  const read = await readExpressionFile(path, expression.separator, (sample) => matched.has(sample));
  // The page has the values as 32-bit floats; with the same ones here both compute the same.
  const matrix = {...read.matrix, values: read.matrix.values.map(Math.fround)};
  const {sets, from, notes: aboutSets} = await geneSetsOf(study, matrix.genes);
  const notes = [...read.notes, ...aboutSets];
  if (expression.unmatched.length > 0)
    notes.push(`${expression.unmatched.length} samples match no patient; they were left out.`);
  const rows = new Map(study.patients.map((patient, i) => [patient, i]));
  const groupOf = matrix.samples.map((sample) => group[rows.get(sample)!] ?? null);
  const tests = compareGroups(matrix, sets, expression.kind, groupOf);
  return {
    published: {kind: expression.kind, setsFrom: from, notes, ...tests},
    matrix,
    sets
  };
}

function compareGroups(
  matrix: ExpressionMatrix,
  sets: readonly GeneSet[],
  kind: NonNullable<Study["expression"]>["kind"],
  group: readonly (string | null)[]
): {tests: PublishedTests | null; reason: string | null} {
  if (group.every((g) => g === null)) return {tests: null, reason: "There are no risk groups to compare."};
  const at = group.flatMap((g, s) => (g === null ? [] : [s]));
  const grouped = keepSamples(matrix, at);
  try {
    const genes = differentialExpression(grouped, {
      kind,
      group: at.map((s) => Number(group[s] === "high")),
      names: ["Low risk", "High risk"]
    });
    return {tests: testPathways(genes, sets), reason: null};
  } catch (error) {
    if (!(error instanceof EnrichmentInputError)) throw error;
    return {tests: null, reason: `High and low risk were not compared: ${error.message}`};
  }
}

/** Gene expression as an Arrow stream: a row a gene, a column a patient. */
export function expressionTable({genes, samples, values}: ExpressionMatrix): Uint8Array {
  const n = samples.length;
  const columns = samples.map((sample, s) => [sample, Float32Array.from(genes, (_, g) => values[g * n + s])] as const);
  return tableToIPC(tableFromArrays({gene: [...genes], ...Object.fromEntries(columns)}), "stream");
}
