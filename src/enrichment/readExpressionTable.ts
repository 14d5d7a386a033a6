import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

/** An expression matrix as read, and what did not become part of it. */
export interface ReadExpression {
  readonly matrix: ExpressionMatrix;
  /** One sentence each: duplicates, empty names, incomplete genes, versions taken off. */
  readonly notes: readonly string[];
}

/** Columns that name a gene, as portals write them. */
const GENE_COLUMNS = [
  "hugo_symbol",
  "entrez_gene_id",
  "gene",
  "symbol",
  "name",
  "description",
  "gene_id",
  "gene_name",
  "geneid"
];
const MISSING = new Set(["", "NA", "N/A", "NaN", "nan", "null"]);

/**
 * Reads genes in rows and samples in columns: TSV or CSV, GCT 1.2 and 1.3, cBioPortal's mRNA files.
 *
 * Of a gene that stands twice the row of the highest mean is kept; a gene with a missing value is left out; both are
 * counted. A version after an Ensembl id (ENSG00000141510.18) is taken off.
 *
 * @param text - the whole file, decompressed
 * @throws {EnrichmentInputError} naming row and column of a cell that is no number, or if there are no genes or samples
 */
export function readExpressionTable(text: string, separator: "\t" | "," = "\t"): ReadExpression {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const {header, first, geneColumns} = headerOf(lines, separator);
  const samples = header.slice(geneColumns);
  if (samples.length === 0)
    throw new EnrichmentInputError(`Row ${first}: there is no sample after the gene column; check the separator.`);
  const rows = new Map<string, {values: Float64Array; mean: number}>();
  let [unnamed, incomplete, versions] = [0, 0, 0];
  const twice = new Set<string>();
  for (let l = first; l < lines.length; l++) {
    if (lines[l] === "" || lines[l].startsWith("#")) continue;
    const cells = lines[l].split(separator);
    const given = clean(cells[0]) || (geneColumns > 1 ? clean(cells[1]) : "");
    const name = given.replace(/^(ENS[A-Z]*\d+)\.\d+$/, "$1");
    if (name === "") {
      unnamed++;
      continue;
    }
    if (name !== given) versions++;
    const values = rowValues(cells, geneColumns, header, l + 1);
    if (values.some(Number.isNaN)) {
      incomplete++;
      continue;
    }
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const before = rows.get(name);
    if (before) twice.add(name);
    if (!before || mean > before.mean) rows.set(name, {values, mean});
  }
  if (rows.size === 0) throw new EnrichmentInputError("There is no gene with a value in every sample.");
  const genes = [...rows.keys()];
  const values = new Float64Array(genes.length * samples.length);
  genes.forEach((gene, g) => values.set(rows.get(gene)!.values, g * samples.length));
  const notes: string[] = [];
  const note = (n: number, sentence: string) => n > 0 && notes.push(`${n} ${sentence}`);
  note(unnamed, "rows name no gene; they were left out.");
  note(twice.size, `genes stand more than once (${some([...twice])}); the row of the highest mean was kept.`);
  note(incomplete, "genes have a missing value; they were left out.");
  note(versions, "gene ids had a version, which was taken off.");
  return {matrix: {genes, samples, values}, notes};
}

/** The row with the samples' names, how many columns name the gene, and where the values begin. */
function headerOf(lines: readonly string[], separator: string): {header: string[]; first: number; geneColumns: number} {
  const gct = lines[0].startsWith("#1.");
  // GCT 1.3 says on line 2 how many columns and rows describe genes and samples.
  const [, , aboutGenes, aboutSamples] = lines[0].startsWith("#1.3")
    ? (lines[1] ?? "").split(/[\t ]+/).map(Number)
    : [];
  let at = gct ? 2 : 0;
  while (!gct && at < lines.length && (lines[at] === "" || lines[at].startsWith("#"))) at++;
  const header = (lines[at] ?? "").split(separator).map(clean);
  while (header.length > 1 && header[header.length - 1] === "") header.pop();
  const geneColumns = aboutGenes === undefined ? countGeneColumns(header) : 1 + aboutGenes;
  return {header, first: at + 1 + (aboutSamples ?? 0), geneColumns};
}

/** The first column, and those after it whose name says that they name genes too. */
function countGeneColumns(header: readonly string[]): number {
  let count = 1;
  while (count < header.length && GENE_COLUMNS.includes(header[count].toLowerCase())) count++;
  return count;
}

function rowValues(cells: readonly string[], from: number, header: readonly string[], line: number): Float64Array {
  if (cells.length < header.length)
    throw new EnrichmentInputError(`Row ${line}: ${cells.length} cells where the header has ${header.length}.`);
  return Float64Array.from({length: header.length - from}, (_, s) => {
    const cell = clean(cells[from + s]);
    if (MISSING.has(cell)) return NaN;
    const value = Number(cell);
    if (!Number.isNaN(value)) return value;
    throw new EnrichmentInputError(
      `Row ${line}, column ${header[from + s]}: "${cell}" is no number; genes stand in rows and samples in columns.`
    );
  });
}

const clean = (cell: string | undefined) => (cell ?? "").trim().replace(/^"|"$/g, "");

function some(names: readonly string[]): string {
  return names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
}
