import {readText} from "./readText.js";
import type {Problems} from "./problems.js";
import type {StudyFile} from "./schema.js";
import type {ExpressionFile} from "./study.js";

const headGenes = 'Name the column of the genes, e.g. "gene", so that each sample stands over its own values.';

/**
 * Checks an expression matrix against the patients: genes in rows, the first column their names, a sample a column.
 *
 * @returns null, with problems noted, if it cannot be used
 */
export async function readExpression(
  folder: string,
  {file, kind, separator}: NonNullable<StudyFile["expression"]>,
  patients: readonly string[],
  problems: Problems
): Promise<ExpressionFile | null> {
  const text = await readText(folder, file, problems);
  if (text === null) return null;
  const between = separator ?? (file.endsWith(".csv") ? "," : "\t");
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const header = lines[0].split(between).map((name) => name.trim().replace(/^"|"$/g, ""));
  const samples = header.slice(1);
  if (samples.length === 0) {
    problems.add({file, row: 1}, "the header has one cell only. Name the separator under expression in study.json.");
    return null;
  }
  const width = header.length;
  // As R's write.table leaves it: each name would stand over its neighbour's values.
  if (lines.length > 1 && lines.slice(1).every((line) => line.split(between).length === width + 1)) {
    problems.add({file, row: 1}, `the header has ${width} cells, every other row ${width + 1}. ${headGenes}`);
    return null;
  }
  const twice = samples.find((sample, i) => samples.indexOf(sample) !== i);
  if (twice !== undefined)
    problems.add({file, row: 1}, `the sample "${twice}" stands twice. Keep one sample a patient.`);
  lines.forEach((line, i) => {
    const cells = line.split(between).length;
    if (cells !== width)
      problems.add(
        {file, row: i + 1},
        `${cells} cells where the header has ${width}. Save the matrix again, one row a gene.`
      );
  });
  const known = new Set(patients);
  const matched = samples.filter((sample) => known.has(sample));
  if (matched.length === 0) {
    problems.add(
      {file, row: 1},
      `no sample is a patient of the table; the first is "${samples[0]}", the first patient "${patients[0]}". Make the names agree.`
    );
    return null;
  }
  const unmatched = samples.filter((sample) => !known.has(sample));
  return {file, kind, separator: between, matched, unmatched, genes: lines.length - 1};
}

/** Gene-set files exist and hold a set a line: name, description, genes, separated by tabs. */
export async function checkGeneSets(folder: string, files: readonly string[], problems: Problems): Promise<void> {
  for (const file of files) {
    const text = await readText(folder, file, problems);
    text?.split(/\r?\n/).forEach((line, i) => {
      if (line !== "" && line.split("\t").length < 3)
        problems.add(
          {file, row: i + 1},
          "a gene set needs a name, a description and its genes, separated by tabs. Correct the line."
        );
    });
  }
}
