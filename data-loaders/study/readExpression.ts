import {existsSync, statSync} from "node:fs";
import {join} from "node:path";
import {EnrichmentInputError} from "../../src/enrichment/enrichmentInputError.js";
import {readExpressionFile} from "./expressionFile.js";
import {readText} from "./readText.js";
import type {Problems} from "./problems.js";
import type {StudyFile} from "./schema.js";
import type {ExpressionFile} from "./study.js";

/**
 * Checks an expression matrix against the patients: genes in rows, a sample a column; TSV, CSV, GCT or cBioPortal's, gzipped
 * or not.
 *
 * @returns null, with a problem noted, if it cannot be used
 */
export async function readExpression(
  folder: string,
  {file, kind, separator}: NonNullable<StudyFile["expression"]>,
  patients: readonly string[],
  problems: Problems
): Promise<ExpressionFile | null> {
  const path = join(folder, file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    problems.add({file}, "there is no such file. Put it there, or correct its name in study.json.");
    return null;
  }
  const between = separator ?? (/\.csv(\.gz)?$/i.test(file) ? "," : "\t");
  const known = new Set(patients);
  const refuse = (sentence: string, row?: number, column?: string): null => {
    problems.add({file, ...(row ? {row} : {}), ...(column ? {column} : {})}, sentence);
    return null;
  };
  try {
    const {samples, matrix} = await readExpressionFile(path, between, (sample) => known.has(sample));
    const twice = samples.find((sample, i) => samples.indexOf(sample) !== i);
    if (twice !== undefined) return refuse(`the sample "${twice}" stands twice. Keep one sample a patient.`, 1);
    const matched = samples.filter((sample) => known.has(sample));
    if (matched.length === 0)
      return matrix.genes.some((gene) => known.has(gene))
        ? refuse(
            "patients stand in rows: the matrix lies on its side. Transpose it, so that genes stand in rows and samples in columns.",
            1
          )
        : refuse(
            `no sample is a patient of the table; the first is "${samples[0]}", the first patient "${patients[0]}". Make the names agree.`,
            1
          );
    const unmatched = samples.filter((sample) => !known.has(sample));
    return {file, kind, separator: between, matched, unmatched, genes: matrix.genes.length};
  } catch (error) {
    if (error instanceof EnrichmentInputError) return refuse(error.sentence, error.place.row, error.place.column);
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code.startsWith("Z_")) return refuse("the file is cut short or no gzip file. Compress it again.");
    throw error;
  }
}

/** Gene-set files exist and hold a set a line (GMT): name, description, genes, separated by tabs; or a set a column (GMX). */
export async function checkGeneSets(folder: string, files: readonly string[], problems: Problems): Promise<void> {
  for (const file of files) {
    const text = await readText(folder, file, problems);
    if (/\.gmx(\.gz)?$/i.test(file)) continue;
    text?.split(/\r?\n/).forEach((line, i) => {
      if (line !== "" && !line.startsWith("#") && line.split("\t").length < 3)
        problems.add(
          {file, row: i + 1},
          "a gene set needs a name, a description and its genes, separated by tabs. Correct the line."
        );
    });
  }
}
