import {tableFromIPC} from "apache-arrow";
import type {Cohort} from "../../cohort/readCohort.js";
import type {ExpressionKind, ExpressionMatrix} from "../../enrichment/expressionMatrix.js";

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

/** Expression as it is drawn: log₂ of counts per million, of FPKM or TPM + 1, or as it is. Length samples. */
export function drawnExpression({matrix, kind}: ExpressionData, gene: string): Float64Array {
  const {genes, samples, values} = matrix;
  const g = genes.indexOf(gene);
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
  const kept = known.get(matrix);
  if (kept) return kept;
  const n = matrix.samples.length;
  const sums = new Float64Array(n);
  matrix.values.forEach((v, i) => (sums[i % n] += v));
  known.set(matrix, sums);
  return sums;
}

/**
 * A set's score by patient: the genes' z-scores added up and divided by √ of their number.
 *
 * @returns length samples
 * @see Lee et al. (2008), PLoS Comput Biol 4:e1000217; method "zscore" of R's GSVA
 */
export function setScores(data: ExpressionData, genes: readonly string[]): Float64Array {
  const n = data.matrix.samples.length;
  const sums = new Float64Array(n);
  let used = 0;
  const present = new Set(data.matrix.genes);
  for (const gene of genes) {
    if (!present.has(gene)) continue;
    const values = drawnExpression(data, gene);
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1));
    if (!(sd > 0)) continue;
    used++;
    values.forEach((v, s) => (sums[s] += (v - mean) / sd));
  }
  return sums.map((sum) => sum / Math.sqrt(used));
}

/** Values by sample as a column of the cohort; NaN for patients without a sample. */
export function byPatient({rows}: ExpressionData, values: Float64Array, n: number): Float64Array {
  const column = new Float64Array(n).fill(NaN);
  rows.forEach((row, s) => (column[row] = values[s]));
  return column;
}
