/** A named set of genes. */
export interface GeneSet {
  readonly name: string;
  readonly description: string;
  /** Distinct, in the file's order. */
  readonly genes: readonly string[];
  /** Genes the set has where `genes` holds only those measured. */
  readonly named?: number;
}

/** Sets of a GMT file: name, description, genes, separated by tabs, one set a line. Blank lines and # comments are skipped. */
export function readGmt(text: string): GeneSet[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => setOf(line.split("\t")));
}

/** Sets of a GMX file, which is a GMT on its side: a set a column, name and description on top. */
export function readGmx(text: string): GeneSet[] {
  const rows = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.split("\t"));
  return rows[0].map((_, column) => setOf(rows.map((row) => row[column] ?? ""))).filter(({name}) => name !== "");
}

function setOf([name, description, ...genes]: readonly string[]): GeneSet {
  const known = genes.map((gene) => gene.trim()).filter((gene) => gene !== "");
  return {name: name.trim(), description: (description ?? "").trim(), genes: [...new Set(known)]};
}

/** Sets as a GMT file. */
export function writeGmt(sets: readonly GeneSet[]): string {
  return sets.map(({name, description, genes}) => `${[name, description, ...genes].join("\t")}\n`).join("");
}
