import {existsSync} from "node:fs";
import {join} from "node:path";
import type {ClinicalAttribute} from "./clinicalAttributes.js";
import {didYouMean} from "./problems.js";
import type {Place, Problems} from "./problems.js";
import {readTable} from "./readTable.js";
import type {Table} from "./readTable.js";
import {patientSamples} from "./patientSamples.js";
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
 * The table of samples that study.json names, or cBioPortal's beside its table of patients. With neither there is none.
 *
 * @param isCBioPortal - whether the patients' table is cBioPortal's
 */
export function samplesSource(folder: string, study: StudyFile, isCBioPortal: boolean): SamplesSource | null {
  const {file, samples} = study.table;
  const patient = study.table.id ?? "PATIENT_ID";
  const inWords = '"samples" of the table';
  if (samples) return {...samples, patient: samples.patient ?? patient, namedBy: inWords};
  const beside = file.replace(/(clinical[^/]*)patient([^/]*)$/, "$1sample$2");
  if (samples === null || !isCBioPortal || beside === file || !existsSync(join(folder, beside))) return null;
  return {
    file: beside,
    sample: "SAMPLE_ID",
    patient: "PATIENT_ID",
    several: "refuse",
    namedBy: `cBioPortal's form, taken for want of ${inWords}`
  };
}

/**
 * Joins the samples' columns to the patients who are kept.
 *
 * @param kept - rows of the table, one a patient
 * @param patients - ids of those, aligned; null if the table has no column of ids, so that nothing can be joined
 * @param listed - ids of all rows of the table
 */
export async function clinicalTable(
  folder: string,
  table: Table,
  source: SamplesSource | null,
  {kept, patients, listed}: {kept: readonly number[]; patients: readonly string[] | null; listed: ReadonlySet<string>},
  problems: Problems
): Promise<ClinicalTable> {
  const facts = {rowsAre: "samples", id: source?.patient ?? ""};
  const rows = source && (await readTable(folder, source.file, problems, facts));
  const samples = rows && patients ? patientSamples(rows, source, patients, listed, problems) : null;
  const twice = rows?.headers.find((header) => header !== source!.patient && table.headers.includes(header));
  if (rows && twice)
    problems.add(
      {file: rows.file, row: rows.headerLine, column: twice},
      `${table.file} has such a column too, so which of them counts is unclear. Rename or remove one.`
    );
  const ofPatients = (header: string, wantedBy: string): ClinicalColumn | null => {
    const cells = table.column(header, wantedBy);
    return cells && columnOf(table, header, kept.map((i) => cells[i]), kept); // prettier-ignore
  };
  const ofSamples = (header: string, wantedBy: string): ClinicalColumn | null => {
    const cells = samples && rows!.column(header, wantedBy);
    return cells && columnOf(rows!, header, samples.row.map((i) => (i < 0 ? "" : cells[i])), samples.row); // prettier-ignore
  };
  const noneOf = (header: string, wantedBy: string): null => {
    const all = [...table.headers, ...rows!.headers];
    problems.add(
      {file: table.file, row: table.headerLine, column: header},
      `there is no such column, nor in ${rows!.file}, but ${wantedBy} in study.json names it.${didYouMean(header, all)} They have: ${all.join(", ")}.`
    );
    return null;
  };
  return {
    files: [table.file, ...(source ? [source.file] : [])],
    isCBioPortal: table.isCBioPortal,
    headers: [table.headers, ...(rows ? [rows.headers] : [])],
    samples,
    column(header, wantedBy) {
      if (!rows || table.headers.includes(header)) return ofPatients(header, wantedBy);
      return rows.headers.includes(header) ? ofSamples(header, wantedBy) : noneOf(header, wantedBy);
    },
    has: (header) => table.headers.includes(header) || (rows?.headers.includes(header) ?? false)
  };
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
