import {existsSync} from "node:fs";
import {join} from "node:path";
import type {ClinicalAttribute} from "./clinicalAttributes.js";
import {didYouMean} from "./problems.js";
import type {Place, Problems} from "./problems.js";
import {readTable} from "./readTable.js";
import type {Table} from "./readTable.js";
import {ownSamples, patientSamples} from "./patientSamples.js";
import type {PatientSamples, SamplesSource} from "./patientSamples.js";
import type {StudyFile} from "./schema.js";

/** A column of the patients' table or of that of their samples, a cell a patient. */
export interface ClinicalColumn {
  /** Length n; "" of a patient who has no sample, where the column is of samples. */
  readonly cells: readonly string[];
  /** Where the cell of a patient stands. */
  readonly place: (patient: number) => Place;
  /** Where the header stands. */
  readonly head: Place;
  /** What cBioPortal's lines above the header say of it; null without such lines. */
  readonly attribute: ClinicalAttribute | null;
  /** Of a table as cBioPortal has them, in which NA and the like mean that there is no value. */
  readonly isCBioPortal: boolean;
}

/** The clinical table of n patients, with the columns of their samples joined to it. */
export interface ClinicalTable {
  /** Relative to the study folder: the patients' table, then that of the samples, if there is one. */
  readonly files: readonly string[];
  readonly isCBioPortal: boolean;
  /** Headers of either table, by table. */
  readonly headers: readonly (readonly string[])[];
  readonly samples: PatientSamples | null;
  /** Null, with a problem noted, if neither table has it. */
  readonly column: (header: string, wantedBy: string) => ClinicalColumn | null;
  readonly has: (header: string) => boolean;
}

/**
 * The table of samples that study.json names, or cBioPortal's: beside its table of patients, or that table itself where it has a
 * column SAMPLE_ID, as in a study without a table of patients.
 *
 * @returns null with none of these, or where study.json wants none
 */
export function samplesSource(
  folder: string,
  study: StudyFile,
  {isCBioPortal, headers}: Table,
  problems: Problems
): SamplesSource | null {
  const {file, samples, id = "PATIENT_ID"} = study.table;
  const inWords = '"samples" of the table';
  if (samples?.file === file) {
    const place = {file: "study.json", column: "table.samples.file"};
    problems.add(
      place,
      "this is the table of patients, which needs a row a patient. Name another file, or leave it out."
    );
    return null;
  }
  if (samples) return {...samples, patient: samples.patient ?? id, namedBy: inWords};
  if (samples === null || !isCBioPortal) return null;
  const namedBy = `cBioPortal's form, taken for want of ${inWords}`;
  const named = {sample: "SAMPLE_ID", patient: "PATIENT_ID", several: "refuse", namedBy} as const;
  if (headers.includes(named.sample)) return {file, ...named, patient: id};
  const beside = file.replace(/(clinical[^/]*)patient([^/]*)$/, "$1sample$2");
  return beside !== file && existsSync(join(folder, beside)) ? {file: beside, ...named} : null;
}

/** Which rows of the table of patients are kept, and whose they are. */
interface KeptPatients {
  /** Length n: rows of the table. */
  readonly kept: readonly number[];
  /** Length n; null if the table has no column of ids, so that nothing can be joined. */
  readonly patients: readonly string[] | null;
  /** Ids of all rows of the table. */
  readonly listed: ReadonlySet<string>;
}

/** Joins the samples' columns to the patients who are kept. */
export async function clinicalTable(
  folder: string,
  table: Table,
  source: SamplesSource | null,
  {kept, patients, listed}: KeptPatients,
  problems: Problems
): Promise<ClinicalTable> {
  const another = source && source.file !== table.file;
  const rows = another
    ? await readTable(folder, source.file, problems, {rowsAre: "samples", id: source.patient})
    : null;
  if (rows) checkHeaders(table, rows, source!, problems);
  const samples =
    source && patients
      ? another
        ? rows && patientSamples(rows, source, patients, listed, problems)
        : ownSamples(table, source, kept, patients)
      : null;
  const ofPatients = (header: string, wantedBy: string): ClinicalColumn | null => {
    const cells = table.column(header, wantedBy);
    return cells && columnOf(table, header, kept.map((i) => cells[i]), kept); // prettier-ignore
  };
  const ofSamples = (header: string, wantedBy: string): ClinicalColumn | null => {
    const cells = samples && rows!.column(header, wantedBy);
    return cells && columnOf(rows!, header, samples.row.map((i) => (i < 0 ? "" : cells[i])), samples.row); // prettier-ignore
  };
  return {
    files: [table.file, ...(another ? [source.file] : [])],
    isCBioPortal: table.isCBioPortal,
    headers: [table.headers, ...(rows ? [rows.headers] : [])],
    samples,
    column(header, wantedBy) {
      if (!rows || table.headers.includes(header)) return ofPatients(header, wantedBy);
      return rows.headers.includes(header)
        ? ofSamples(header, wantedBy)
        : inNeither(header, wantedBy, [table, rows], problems);
    },
    has: (header) => table.headers.includes(header) || (rows?.headers.includes(header) ?? false)
  };
}

/** But for the patients' ids a column stands in one of the tables only. */
function checkHeaders(table: Table, rows: Table, {patient}: SamplesSource, problems: Problems): void {
  for (const header of rows.headers)
    if (header !== patient && header !== "" && table.headers.includes(header))
      problems.add(
        {file: rows.file, row: rows.headerLine, column: header},
        `${table.file} has such a column too, so which of them counts is unclear. Rename or remove one.`
      );
}

function inNeither(header: string, wantedBy: string, [table, rows]: readonly Table[], problems: Problems): null {
  const all = [...new Set([...table.headers, ...rows.headers])];
  problems.add(
    {file: table.file, row: table.headerLine, column: header},
    `there is no such column, nor in ${rows.file}, but ${wantedBy} in study.json names it.${didYouMean(header, all)} They have: ${all.join(", ")}.`
  );
  return null;
}

function columnOf(table: Table, header: string, cells: readonly string[], row: readonly number[]): ClinicalColumn {
  const {file, rows, headerLine, attributes, isCBioPortal} = table;
  return {
    cells,
    place: (patient) => ({file, row: rows[row[patient]]?.line, column: header}),
    head: {file, row: headerLine, column: header},
    attribute: attributes.get(header) ?? null,
    isCBioPortal
  };
}
