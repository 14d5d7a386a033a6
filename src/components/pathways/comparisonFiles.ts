import type {Cohort} from "../../cohort/readCohort.js";
import type {PublishedPathways, PublishedTests} from "../../enrichment/publishedPathways.js";
import type {ExpressionData} from "./expressionData.js";

/** The matrix as the page has it: genes in rows, samples in columns. */
export function expressionTsv({matrix}: ExpressionData): string {
  const {genes, samples, values} = matrix;
  const n = samples.length;
  const rows = genes.map((gene, g) => `${gene}\t${values.subarray(g * n, (g + 1) * n).join("\t")}\n`);
  return [`gene\t${samples.join("\t")}\n`, ...rows].join("");
}

/** Which sample is in which of the two groups compared. @param group - by sample: 1, 0, or −1 for neither */
export function groupsTsv({matrix}: ExpressionData, group: Int8Array, names: PublishedTests["names"]): string {
  const rows = matrix.samples.flatMap((sample, s) => (group[s] < 0 ? [] : [`${sample}\t${names[group[s]]}\n`]));
  return ["sample\tgroup\n", ...rows].join("");
}

/** Groups of the comparison made at build time, by sample. */
export function publishedGroup(
  cohort: Cohort,
  {rows}: ExpressionData,
  {compared, tests}: Pick<PublishedPathways, "compared" | "tests">
): Int8Array {
  const column = compared && cohort.variable(compared.variable);
  if (column?.type !== "categorical" || !tests) return new Int8Array(rows.length).fill(-1);
  const [reference, interest] = tests.names.map((name) => column.levels.findIndex(({label}) => label === name));
  return Int8Array.from(rows, (row) => (column.codes[row] === interest ? 1 : column.codes[row] === reference ? 0 : -1));
}
