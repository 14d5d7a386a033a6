import {existsSync, statSync} from "node:fs";
import {join} from "node:path";
import {EnrichmentInputError} from "../../src/enrichment/enrichmentInputError.js";
import {readExpressionFile} from "./expressionFile.js";
import {readTable} from "./readTable.js";
import {readText} from "./readText.js";
import type {Problems} from "./problems.js";
import type {PatientSamples} from "./patientSamples.js";
import type {StudyFile} from "./schema.js";
import type {ExpressionFile} from "./study.js";

/**
 * Checks an expression matrix against the patients: genes in rows, a sample a column; TSV, CSV, GCT or cBioPortal's, gzipped
 * or not. Whose a sample is says the table that study.json names for it, else the clinical table of samples, whose choice among
 * several samples of one patient holds here too; without either a sample bears its patient's id.
 *
 * @returns null, with a problem noted, if it cannot be used
 */
export async function readExpression(
  folder: string,
  {file, kind, separator, samples: samplesTable}: NonNullable<StudyFile["expression"]>,
  patients: readonly string[],
  clinicalSamples: PatientSamples | null,
  problems: Problems
): Promise<ExpressionFile | null> {
  const path = join(folder, file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    problems.add({file}, "there is no such file. Put it there, or correct its name in study.json.");
    return null;
  }
  const between = separator ?? (/\.csv(\.gz)?$/i.test(file) ? "," : "\t");
  const clinical = samplesTable ? null : clinicalSamples;
  const owners = clinical ? clinical.counted : await ownersOf(folder, samplesTable, patients, problems);
  if (!owners) return null;
  const refuse = (sentence: string, row?: number, column?: string): null => {
    problems.add({file, ...(row ? {row} : {}), ...(column ? {column} : {})}, sentence);
    return null;
  };
  try {
    const {samples, matrix} = await readExpressionFile(path, between, (sample) => owners.has(sample));
    const twice = samples.find((sample, i) => samples.indexOf(sample) !== i);
    if (twice !== undefined) return refuse(`the sample "${twice}" stands twice. Keep one sample a patient.`, 1);
    const owned = new Map<string, string[]>();
    for (const sample of samples) {
      const patient = owners.get(sample);
      if (patient !== undefined) owned.set(patient, [...(owned.get(patient) ?? []), sample]);
    }
    if (owned.size === 0)
      return matrix.genes.some((gene) => owners.has(gene))
        ? refuse(
            "patients stand in rows: the matrix lies on its side. Transpose it, so that genes stand in rows and samples in columns.",
            1
          )
        : refuse(
            clinical
              ? `no sample is one that counts in ${clinical.file}; the first is "${samples[0]}". Make the names agree, or say under "samples" of the expression whose each sample is.`
              : `no sample is a patient of the table; the first is "${samples[0]}", the first patient "${patients[0]}". Make the names agree, or say under "samples" whose each sample is.`,
            1
          );
    const several = [...owned].filter(([, own]) => own.length > 1);
    if (several.length > 0 && samplesTable?.several !== "takeFirst") {
      const [patient, own] = several[0];
      const others = several.length > 1 ? `, and ${several.length - 1} other patients have several too` : "";
      return refuse(
        `${own.map((sample) => `"${sample}"`).join(" and ")} are samples of one patient, "${patient}"${others}: a patient would count twice. Keep one sample a patient, or set "several": "takeFirst" under "samples" in study.json.`,
        1
      );
    }
    const further = samples.filter((sample) => clinical?.others.has(sample));
    return {
      file,
      kind,
      separator: between,
      matched: [...owned.keys()],
      samples: [...owned.values()].map(([first]) => first),
      several: clinical
        ? {patients: new Set(further.map((sample) => clinical.others.get(sample))).size, unused: further.length}
        : {patients: several.length, unused: several.reduce((sum, [, own]) => sum + own.length - 1, 0)},
      countedBy: clinical?.file ?? null,
      unmatched: samples.filter((sample) => !owners.has(sample) && !clinical?.others.has(sample)),
      genes: matrix.genes.length
    };
  } catch (error) {
    if (error instanceof EnrichmentInputError) return refuse(error.sentence, error.place.row, error.place.column);
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code.startsWith("Z_")) return refuse("the file is cut short or no gzip file. Compress it again.");
    throw error;
  }
}

/** The patient of each sample: by a table of samples, or of the same name. Null, with problems noted, if that cannot be read. */
async function ownersOf(
  folder: string,
  table: NonNullable<StudyFile["expression"]>["samples"],
  patients: readonly string[],
  problems: Problems
): Promise<ReadonlyMap<string, string> | null> {
  if (!table) return new Map(patients.map((patient) => [patient, patient]));
  const read = await readTable(folder, table.file, problems, {rowsAre: "samples", id: table.patient});
  const [samples, whose] = [table.sample, table.patient].map((header) => read?.column(header, '"samples"') ?? null);
  if (!read || !samples || !whose) return null;
  const known = new Set(patients);
  const owners = new Map<string, string>();
  const line = new Map<string, number>();
  samples.forEach((sample, i) => {
    const row = read.rows[i].line;
    const before = line.get(sample);
    if (before !== undefined)
      problems.add({file: table.file, row, column: table.sample}, `the sample "${sample}" stands in row ${before} already. Give each sample one row.`); // prettier-ignore
    line.set(sample, row);
    if (known.has(whose[i])) owners.set(sample, whose[i]);
  });
  return owners;
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
