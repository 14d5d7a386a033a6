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

/** Takes a table of expression line by line, so that a file larger than memory can be read for some of its samples. */
export interface ExpressionReader {
  /** @throws {EnrichmentInputError} naming row and column of a cell that is no number, or a row of another width */
  readonly line: (text: string) => void;
  /** Samples of the header, kept or not. */
  readonly samples: () => readonly string[];
  /** @throws {EnrichmentInputError} if there are no genes or samples */
  readonly end: () => ReadExpression;
}

/**
 * Reads genes in rows and samples in columns: TSV or CSV, GCT 1.2 and 1.3, cBioPortal's mRNA files.
 *
 * Of a gene that stands twice the row of the highest mean is kept; a gene with a missing value is left out; both are
 * counted. A version after an Ensembl id (ENSG00000141510.18) is taken off.
 *
 * @param keep - samples to keep; the others' values are not looked at. Default: all
 */
export function expressionReader(
  separator: "\t" | "," = "\t",
  keep: (sample: string) => boolean = () => true
): ExpressionReader {
  const header = headerReader(separator);
  const rows = new Map<string, {values: Float64Array; mean: number}>();
  const twice = new Set<string>();
  let [row, unnamed, incomplete, versions] = [0, 0, 0, 0];
  let kept: readonly number[] | null = null;
  return {
    samples: () => header.samples(),
    line(text) {
      row++;
      if (header.takes(row === 1 ? text.replace(/^\uFEFF/, "") : text)) return;
      if (text === "" || text.startsWith("#")) return;
      kept ??= header.columns().flatMap((column, c) => (c >= header.geneColumns() && keep(column) ? [c] : []));
      const cells = text.split(separator);
      checkWidth(cells.length, header.columns().length, row, rows.size === 0 && unnamed === 0 && incomplete === 0);
      const given = clean(cells[0]) || (header.geneColumns() > 1 ? clean(cells[1]) : "");
      const name = given.replace(/^(ENS[A-Z]*\d+)\.\d+$/, "$1");
      if (name === "") return void unnamed++;
      if (name !== given) versions++;
      const values = Float64Array.from(kept, (c) => number(cells[c], row, header.columns()[c]));
      if (values.some(Number.isNaN)) return void incomplete++;
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const before = rows.get(name);
      if (before) twice.add(name);
      if (!before || mean > before.mean) rows.set(name, {values, mean});
    },
    end() {
      if (header.samples().length === 0)
        throw new EnrichmentInputError("there is no sample after the gene column; check the separator.", {row: 1});
      if (rows.size === 0) throw new EnrichmentInputError("There is no gene with a value in every sample.");
      const genes = [...rows.keys()];
      const samples = (kept ?? []).map((c) => header.columns()[c]);
      const values = new Float64Array(genes.length * samples.length);
      genes.forEach((gene, g) => values.set(rows.get(gene)!.values, g * samples.length));
      const notes: string[] = [];
      const note = (n: number, one: string, many: string) =>
        n > 0 && notes.push(n === 1 ? `One ${one}` : `${n} ${many}`);
      const doubled = `more than once (${some([...twice])}); the row of the highest mean was kept.`;
      note(unnamed, "row names no gene; it was left out.", "rows name no gene; they were left out.");
      note(twice.size, `gene stands ${doubled}`, `genes stand ${doubled}`);
      note(incomplete, "gene has a missing value; it was left out.", "genes have a missing value; they were left out.");
      note(versions, "gene id had a version, which was taken off.", "gene ids had a version, which was taken off.");
      return {matrix: {genes, samples, values}, notes};
    }
  };
}

/** Reads a table that is in memory. @param text - the whole file, decompressed */
export function readExpressionTable(text: string, separator: "\t" | "," = "\t"): ReadExpression {
  const reader = expressionReader(separator);
  for (const line of text.split(/\r?\n/)) reader.line(line);
  return reader.end();
}

/** Takes the lines up to and with the header, and in GCT 1.3 those that describe the samples. */
function headerReader(separator: string) {
  let columns: string[] | null = null;
  let geneColumns = 1;
  let gct = 0;
  let [aboutGenes, aboutSamples]: (number | undefined)[] = [undefined, 0];
  return {
    columns: () => columns!,
    geneColumns: () => geneColumns,
    samples: () => columns?.slice(geneColumns) ?? [],
    /** True if the line belongs to the head. */
    takes(line: string): boolean {
      if (columns) return aboutSamples!-- > 0;
      if (gct === 0 && line.startsWith("#1.")) {
        gct = line.startsWith("#1.3") ? 13 : 12;
        return true;
      }
      if (gct > 1) {
        // GCT 1.3 says on line 2 how many columns and rows describe genes and samples.
        if (gct === 13) [, , aboutGenes, aboutSamples] = line.split(/[\t ]+/).map(Number);
        gct = 1;
        return true;
      }
      if (line === "" || line.startsWith("#")) return true;
      columns = line.split(separator).map(clean);
      while (columns.length > 1 && columns.at(-1) === "") columns.pop();
      geneColumns = aboutGenes === undefined ? countGeneColumns(columns) : 1 + aboutGenes;
      return true;
    }
  };
}

/** The first column, and those after it whose name says that they name genes too. */
function countGeneColumns(header: readonly string[]): number {
  let count = 1;
  while (count < header.length && GENE_COLUMNS.includes(header[count].toLowerCase())) count++;
  return count;
}

function checkWidth(cells: number, width: number, row: number, first: boolean): void {
  // As R's write.table leaves it: each name would stand over its neighbour's values.
  if (first && cells === width + 1)
    throw new EnrichmentInputError(
      `the header has ${width} cells, every other row ${cells}. Name the column of the genes, e.g. "gene", so that each sample stands over its own values.`,
      {row: 1}
    );
  if (cells < width)
    throw new EnrichmentInputError(
      `${cells} cells where the header has ${width}. Save the matrix again, one row a gene.`,
      {row}
    );
}

function number(cell: string, row: number, column: string): number {
  const text = clean(cell);
  if (MISSING.has(text)) return NaN;
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  if (/^[-+]?\d+,\d+$/.test(text))
    throw new EnrichmentInputError(`"${text}" has a comma for the decimal point. Save the matrix with points.`, {
      row,
      column
    });
  throw new EnrichmentInputError(`"${text}" is no number; genes stand in rows and samples in columns.`, {row, column});
}

const clean = (cell: string | undefined) => (cell ?? "").trim().replace(/^"|"$/g, "");

function some(names: readonly string[]): string {
  return names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
}
