import {firstFew, patientsHave} from "./firstFew.js";
import type {Problems} from "./problems.js";
import type {Table} from "./readTable.js";
import type {StudyFile} from "./schema.js";

/** Where the table of samples is and how it is read, defaults filled in. */
export type SamplesSource = NonNullable<StudyFile["table"]["samples"]> & {
  readonly patient: string;
  /** In words, for a problem: who names a column. */
  readonly namedBy: string;
};

/** Which row of a table of samples counts for each patient, and whose the samples are. */
export interface PatientSamples {
  readonly file: string;
  /** Length n, a row of the table a patient; −1 without a sample that counts. */
  readonly row: readonly number[];
  /** Patients by sample: the one sample of each that counts. */
  readonly counted: ReadonlyMap<string, string>;
  /** Patients by sample: the samples that do not count. */
  readonly others: ReadonlyMap<string, string>;
  /** One sentence each: patients without a sample, samples that do not count, samples of nobody. */
  readonly notes: readonly string[];
}

/**
 * Ties samples to patients, one each.
 *
 * Several samples of one patient would let the patient count twice, so they are a problem unless the study says which counts.
 *
 * @param patients - ids of the n patients
 * @param listed - ids of them and of those excluded
 */
export function patientSamples(
  table: Table,
  {sample, patient, only, several, namedBy}: SamplesSource,
  patients: readonly string[],
  listed: ReadonlySet<string>,
  problems: Problems
): PatientSamples | null {
  const [ids, whose] = [table.column(sample, namedBy), table.column(patient, namedBy)];
  const kinds = only ? table.column(only.column, `"only" of ${namedBy}`) : null;
  if (!ids || !whose || (only && !kinds)) return null;
  checkIds(table, sample, ids, problems);
  const codes = new Set(only?.codes.map(String));
  if (kinds && !kinds.some((kind) => codes.has(kind))) problems.add(...unknownKind(table, only!.column, codes, kinds));
  const own = new Map<string, number[]>(patients.map((id) => [id, []]));
  const others = new Map<string, string>();
  whose.forEach((id, i) => {
    if (!kinds || codes.has(kinds[i])) own.get(id)?.push(i);
    else if (own.has(id)) others.set(ids[i], id);
  });
  const double = [...own].filter(([, rows]) => rows.length > 1);
  if (double.length > 0 && several === "refuse") problems.add(...doubled(table, double, patient, ids));
  const ofOtherKind = others.size;
  const further = double.flatMap(([, rows]) => rows.slice(1));
  for (const i of further) others.set(ids[i], whose[i]);
  const row = patients.map((id) => own.get(id)![0] ?? -1);
  const {file} = table;
  const without = row.filter((i) => i < 0).length;
  const unknown = whose.filter((id) => !listed.has(id)).length;
  const notes = [
    without > 0 && `${without} of ${patients.length} patients have no sample${only ? " that counts" : ""} in ${file}.`,
    ofOtherKind > 0 && `${ofOtherKind} samples in ${file} do not count: their ${only?.column} is not ${[...codes].join(" or ")}.`, // prettier-ignore
    double.length > 0 && `${patientsHave(double.length)} several samples in ${file}; the first of each counts, ${further.length} ${further.length === 1 ? "does" : "do"} not.`, // prettier-ignore
    unknown > 0 && `${unknown} samples in ${file} are of no patient of the table and are not used.`
  ].filter((note) => note !== false);
  const counted = new Map(row.flatMap((i, p): [string, string][] => (i < 0 ? [] : [[ids[i], patients[p]]])));
  return {file, row, counted, others, notes};
}

function unknownKind(
  {file}: Table,
  column: string,
  codes: ReadonlySet<string>,
  kinds: readonly string[]
): Parameters<Problems["add"]> {
  const quoted = (words: Iterable<string>) => [...new Set(words)].map((word) => `"${word}"`);
  return [
    {file, column},
    `no sample has ${quoted(codes).join(" or ")} here; there are ${firstFew(quoted(kinds))}. Correct "only" in study.json.`
  ];
}

/** Samples of patients whose table has a row a patient and names the sample of each. @param kept - rows of the patients */
export function ownSamples(
  table: Table,
  {sample, namedBy}: SamplesSource,
  kept: readonly number[],
  patients: readonly string[]
): PatientSamples {
  const ids = table.column(sample, namedBy)!;
  const counted = new Map(kept.map((i, p) => [ids[i], patients[p]]));
  return {file: table.file, row: kept, counted, others: new Map(), notes: []};
}

/** Every sample has an id of its own. */
function checkIds({file, rows}: Table, column: string, ids: readonly string[], problems: Problems): void {
  const line = new Map<string, number>();
  ids.forEach((id, i) => {
    const place = {file, row: rows[i].line, column};
    const before = line.get(id);
    if (id === "") problems.add(place, "the sample has no id. Give every row one.");
    else if (before !== undefined)
      problems.add(place, `the sample "${id}" stands in row ${before} already. Give each sample one row.`);
    else line.set(id, rows[i].line);
  });
}

function doubled(
  {file, rows}: Table,
  double: readonly (readonly [string, readonly number[]])[],
  column: string,
  ids: readonly string[]
): Parameters<Problems["add"]> {
  const [patient, own] = double[0];
  const more = double.length > 1 ? `, and ${double.length - 1} other patients have several too` : "";
  return [
    {file, row: rows[own[1]].line, column},
    `${own.map((i) => `"${ids[i]}"`).join(" and ")} are samples of one patient, "${patient}"${more}: a patient would count twice. Say under "samples" of the table in study.json which counts, with "only" or "several": "takeFirst", or set it to null if no sample is needed.`
  ];
}
