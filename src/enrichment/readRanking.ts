import {EnrichmentInputError} from "./enrichmentInputError.js";

/** Genes and their statistics as a file gives them, and what did not become part of them. */
export interface ReadRanking {
  readonly genes: readonly string[];
  /** One a gene, finite. */
  readonly statistics: Float64Array;
  /** One sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a ranking as GSEA does (RNK): a gene and a statistic a line, separated by a tab; a header, blank lines and # comments
 * are passed over. Of a gene that stands twice the statistic farthest from 0 is kept; genes without a statistic are left out;
 * infinite ones get the largest finite of their sign, so that they stay first or last. All are counted.
 *
 * @throws {EnrichmentInputError} naming the row of a statistic that is no number, or if fewer than two genes are left
 * @see https://software.broadinstitute.org/cancer/software/gsea/wiki/index.php/Data_formats (RNK)
 */
export function readRanking(text: string): ReadRanking {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  let [missing, infinite, unnamed] = [0, 0, 0];
  let first = true;
  text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .forEach((line, l) => {
      if (line.trim() === "" || line.startsWith("#")) return;
      const cells = line.split("\t").map((cell) => cell.trim().replace(/^"|"$/g, ""));
      const header = first;
      first = false;
      if (cells.length < 2)
        throw new EnrichmentInputError(`"${line}" has one cell; give a gene, a tab and its statistic.`, {row: l + 1});
      const [gene, cell] = cells;
      if (MISSING.has(cell)) return void missing++;
      const value = INFINITE.exec(cell) ? (cell.startsWith("-") ? -Infinity : Infinity) : Number(cell);
      if (Number.isNaN(value)) {
        if (header) return;
        throw new EnrichmentInputError(`"${cell}" is no number; give a gene, a tab and its statistic.`, {row: l + 1});
      }
      if (gene === "") return void unnamed++;
      if (!Number.isFinite(value)) infinite++;
      const before = found.get(gene);
      if (before !== undefined) twice.add(gene);
      if (before === undefined || Math.abs(value) > Math.abs(before)) found.set(gene, value);
    });
  if (found.size < 2)
    throw new EnrichmentInputError(
      `The ranking has ${found.size === 1 ? "one gene" : "no gene"} with a statistic; enrichment needs at least two.`
    );
  const finite = [...found.values()].filter(Number.isFinite);
  const largest = finite.length === 0 ? 1 : finite.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const statistics = Float64Array.from(found.values(), (v) => (Number.isFinite(v) ? v : Math.sign(v) * largest));
  const notes: string[] = [];
  const note = (n: number, one: string, many: string) => n > 0 && notes.push(n === 1 ? `One ${one}` : `${n} ${many}`);
  note(unnamed, "row names no gene; it was left out.", "rows name no gene; they were left out.");
  note(missing, "gene has no statistic; it was left out.", "genes have no statistic; they were left out.");
  note(
    twice.size,
    "gene stands more than once; the statistic farthest from 0 was kept.",
    "genes stand more than once; the statistic farthest from 0 was kept."
  );
  note(
    infinite,
    "statistic is infinite; it was set to the largest finite one.",
    "statistics are infinite; they were set to the largest finite one of their sign."
  );
  return {genes: [...found.keys()], statistics, notes};
}

const MISSING = new Set(["", "NA", "NaN", "nan", "null"]);
const INFINITE = /^[-+]?inf(inity)?$/i;
