import {tableFromIPC} from "apache-arrow";
import type {Cohort} from "../../cohort/readCohort.js";
import {geneSetRows, zScores} from "../../enrichment/singleSample.js";
import type {ExpressionKind, ExpressionMatrix} from "../../enrichment/expressionMatrix.js";
import {keptIn} from "../../numeric/keptIn.js";

/** The published matrix, its samples tied to the rows of the cohort. */
export interface ExpressionData {
  readonly matrix: ExpressionMatrix;
  readonly kind: ExpressionKind;
  /** By sample: row of the cohort. */
  readonly rows: readonly number[];
}

/** Reads `data/expression.arrow`: a row a gene, a column a patient. */
export function readExpression(bytes: Uint8Array, kind: ExpressionKind, cohort: Cohort): ExpressionData {
  const table = tableFromIPC(bytes);
  const samples = table.schema.fields.map(({name}) => name).filter((name) => name !== "gene");
  const genes = Array.from(table.getChild("gene")!, String);
  const values = new Float64Array(genes.length * samples.length);
  samples.forEach((sample, s) => {
    const column = table.getChild(sample)!;
    for (let g = 0; g < genes.length; g++) values[g * samples.length + s] = column.get(g) as number;
  });
  const rowOf = new Map(Array.from({length: cohort.n}, (_, row) => [cohort.patient(row), row]));
  return {matrix: {genes, samples, values}, kind, rows: samples.map((sample) => rowOf.get(sample)!)};
}

/** The samples of some patients. @param rows - mask over the rows of the cohort; all samples are of them: the same data */
export function samplesOf(data: ExpressionData, rows: Uint8Array): ExpressionData {
  const kept = Array.from(data.rows.keys()).filter((s) => rows[data.rows[s]] === 1);
  if (kept.length === data.rows.length) return data;
  const {genes, samples, values} = data.matrix;
  const chosen = new Float64Array(genes.length * kept.length);
  for (let g = 0; g < genes.length; g++)
    kept.forEach((s, k) => (chosen[g * kept.length + k] = values[g * samples.length + s]));
  return {
    ...data,
    matrix: {genes, samples: kept.map((s) => samples[s]), values: chosen},
    rows: kept.map((s) => data.rows[s])
  };
}

/** Expression as it is drawn: log₂ of counts per million, of FPKM or TPM + 1, or as it is. Length samples. */
export function drawnExpression(data: ExpressionData, gene: string): Float64Array {
  return drawnRow(data, data.matrix.genes.indexOf(gene));
}

function drawnRow({matrix, kind}: ExpressionData, g: number): Float64Array {
  const {samples, values} = matrix;
  const row = values.slice(g * samples.length, (g + 1) * samples.length);
  if (kind === "log2") return row;
  if (kind !== "counts") return row.map((v) => Math.log2(v + 1));
  const library = libraries(matrix);
  return row.map((count, s) => Math.log2(((count + 0.5) / (library[s] + 1)) * 1e6));
}

/** What the drawn values are. */
export const expressionUnits = (kind: ExpressionKind) =>
  kind === "counts" ? "log₂ CPM" : kind === "log2" ? "log₂" : `log₂ (${kind.toUpperCase()} + 1)`;

const known = new WeakMap<ExpressionMatrix, Float64Array>();

function libraries(matrix: ExpressionMatrix): Float64Array {
  return keptIn(known, matrix, () => {
    const n = matrix.samples.length;
    const sums = new Float64Array(n);
    matrix.values.forEach((v, i) => (sums[i % n] += v));
    return sums;
  });
}

/** A set's combined z-score by sample (Lee 2008). */
export function setScores(data: ExpressionData, genes: readonly string[]): Float64Array {
  const matrix = drawnMatrix(data);
  return zScores(matrix, geneSetRows([{name: "set", genes}], matrix.genes).sets).scores;
}

/** The same of many sets: sets × samples; those without a gene in the matrix are left out. */
export function manySetScores(
  data: ExpressionData,
  sets: readonly {readonly name: string; readonly genes: readonly string[]}[]
): {readonly names: readonly string[]; readonly scores: Float64Array} {
  const matrix = drawnMatrix(data);
  const {sets: found} = geneSetRows(sets, matrix.genes);
  return {names: found.map(({name}) => name), scores: zScores(matrix, found).scores};
}

/** Some genes as they are drawn, by sample; those that are not in the matrix are left out. */
export function columnsOfGenes(data: ExpressionData, genes: readonly string[]) {
  const known = new Set(data.matrix.genes);
  const found = [...new Set(genes)].filter((gene) => known.has(gene));
  return {patient: data.matrix.samples, genes: found, values: found.map((gene) => drawnExpression(data, gene))};
}

const drawnMatrices = new WeakMap<ExpressionMatrix, ExpressionMatrix>();

/** All genes as they are drawn, computed once. */
export function drawnMatrix(data: ExpressionData): ExpressionMatrix {
  return keptIn(drawnMatrices, data.matrix, () => {
    const {genes, samples} = data.matrix;
    const values = new Float64Array(genes.length * samples.length);
    genes.forEach((_, g) => values.set(drawnRow(data, g), g * samples.length));
    return {genes, samples, values};
  });
}

/** Values by sample as a column of the cohort; NaN for patients without a sample. */
export function byPatient({rows}: ExpressionData, values: Float64Array, n: number): Float64Array {
  const column = new Float64Array(n).fill(NaN);
  rows.forEach((row, s) => (column[row] = values[s]));
  return column;
}
