import type {EventKind} from "../../src/cohort/description.js";
import {toUnit} from "../../src/cohort/timeUnit.js";
import {completeDeaths} from "./deaths.js";
import {eventSource} from "./eventSource.js";
import type {EventSource} from "./eventSource.js";
import {didYouMean} from "./problems.js";
import type {Place, Problems} from "./problems.js";
import {notANumber, numberOf} from "./numberOf.js";
import {readTable} from "./readTable.js";
import type {Table} from "./readTable.js";
import type {CompleteStudy, EndpointFile} from "./schema.js";
import type {EndpointColumns, StudyEvents} from "./study.js";

/** Whose events count. */
interface Patients {
  readonly patients: readonly string[];
  /** All of the table, excluded ones among them. */
  readonly listed: ReadonlySet<string>;
  readonly followUp: Readonly<Record<string, EndpointColumns>>;
}

/** One event on its way. */
export interface EventRow {
  readonly patient: number;
  readonly kind: string;
  readonly time: number;
  readonly stop: number;
  readonly place: Place;
}

/** Kinds by id, in their order. */
type Kinds = Map<string, {readonly id: string; readonly label: string}>;

/**
 * Reads a study's dated events and checks them against its patients and their follow-up.
 *
 * @returns null if the study names none, or its follow-up cannot be read, which is noted as a problem
 */
export async function readEvents(folder: string, study: CompleteStudy, whose: Patients, problems: Problems) {
  const source = eventSource(folder, study, problems);
  if (!source || !(source.followUp in whose.followUp)) return null;
  const {kinds, kindOf} = kindsOf(source);
  const left = {unknown: 0, negative: 0, twice: 0, untimed: 0};
  const rows: EventRow[] = [];
  const {unit} = study.endpoints.find(({id}) => id === source.followUp)!;
  for (const file of source.files) {
    const id = source.patient ?? study.table.id ?? "PATIENT_ID";
    const table = await readTable(folder, file, problems, {rowsAre: "events", id});
    const cells = table && columnsOf(table, source, id);
    if (cells) rows.push(...readRows(table, cells, {source, whose, kindOf, left, unit}, problems));
  }
  const died = completeDeaths(source, rows, whose, kinds, unit, problems);
  const order = [...kinds.keys()];
  died.rows.sort((a, b) => a.patient - b.patient || a.time - b.time || order.indexOf(a.kind) - order.indexOf(b.kind));
  const events = died.rows.length > 0 ? eventsOf(died.rows, kinds, source) : null;
  const notes = [...(events ? countsOf(events, source, whose) : []), ...leftNotes(left, source), ...died.notes];
  return {events, files: source.files, notes};
}

function columnsOf(table: Table, {kind, detail, time, stop, namedBy, unusable}: EventSource, patient: string) {
  // Of cBioPortal's files each kind has its own further columns.
  const there = (header: string) => unusable === "refuse" || table.headers.includes(header);
  const [patients, kinds, times] = [patient, kind, time].map((header) => table.column(header, namedBy));
  const stops = stop && there(stop) ? table.column(stop, namedBy) : null;
  const details = detail.filter(there).map((header) => table.column(header, namedBy) ?? []);
  return patients && kinds && times ? {patients, kinds, times, stops, details, headers: {patient}} : null;
}

interface Reading {
  readonly source: EventSource;
  readonly whose: Patients;
  readonly kindOf: (written: string) => string | null;
  readonly left: Record<"unknown" | "negative" | "twice" | "untimed", number>;
  readonly unit: EndpointFile["unit"];
}

function readRows(
  table: Table,
  cells: NonNullable<ReturnType<typeof columnsOf>>,
  {source, whose: {patients, listed}, kindOf, left, unit}: Reading,
  problems: Problems
): EventRow[] {
  const {file} = table;
  const row = new Map(patients.map((id, i) => [id, i]));
  const seen = new Map<string, number>();
  const found: EventRow[] = [];
  const leaveOut = ', or set "unusable": "leaveOut" under "events" in study.json';
  table.rows.forEach(({line}, i) => {
    const at = (column: string): Place => ({file, row: line, column});
    const refused = (reason: keyof Reading["left"], column: string, sentence: string) => {
      if (source.unusable === "leaveOut") left[reason]++;
      else problems.add(at(column), sentence);
    };
    const id = cells.patients[i];
    const patient = row.get(id);
    if (patient === undefined) {
      // An excluded patient's events go with the patient.
      if (!listed.has(id)) refused("unknown", cells.headers.patient, `"${id}" is no patient of the table.${didYouMean(id, patients)} Correct the id${leaveOut}.`); // prettier-ignore
      return;
    }
    const detail = cells.details.map((column) => column[i]).find((cell) => cell !== "");
    const written = detail ? `${cells.kinds[i]}: ${detail}` : cells.kinds[i];
    const kind = kindOf(written);
    if (kind === null) {
      const codes = source.kinds?.flatMap(({id, codes = [id]}) => codes.map(String)) ?? [];
      problems.add(at(source.kind), written === "" ? "the event has no kind. Give every row one." : `"${written}" is no kind of event (${codes.join(", ")}).${didYouMean(written, codes)} Correct it, or add it to the kinds under "events" in study.json.`); // prettier-ignore
      return;
    }
    const cell = cells.times[i];
    if (cell === "") return refused("untimed", source.time, `the event has no time. Fill it in${leaveOut}.`);
    const time = numberOf(cell);
    if (Number.isNaN(time)) return problems.add(at(source.time), notANumber(cell, "or take the row out"));
    if (time < 0) return refused("negative", source.time, `"${cell}" is negative: before time zero. Fix the value${leaveOut}.`); // prettier-ignore
    const over = cells.stops?.[i] ?? "";
    const stop = over === "" ? NaN : numberOf(over);
    if (over !== "" && Number.isNaN(stop)) return problems.add(at(source.stop!), notANumber(over, "or empty the cell"));
    if (stop < time) return problems.add(at(source.stop!), `the event is over at ${over}, before it begins, at ${cell}. Correct one of them.`); // prettier-ignore
    const key = JSON.stringify([patient, kind, time, over]);
    const before = seen.get(key);
    if (before !== undefined) return refused("twice", source.kind, `the same event stands in row ${before} already. Keep one${leaveOut}.`); // prettier-ignore
    seen.set(key, line);
    const own = (value: number) => toUnit(value, source.unit, unit);
    found.push({patient, kind, time: own(time), stop: own(stop), place: at(source.time)});
  });
  return found;
}

/** The kinds declared, or those met; `kindOf` gives the id of what the table writes, null where that is no kind. */
function kindsOf({kinds: declared}: EventSource): {kinds: Kinds; kindOf: Reading["kindOf"]} {
  if (declared) {
    const codes = new Map(declared.flatMap(({id, codes = [id]}) => codes.map((code) => [String(code), id])));
    return {kinds: new Map(declared.map(({id, label}) => [id, {id, label}])), kindOf: (written) => codes.get(written) ?? null}; // prettier-ignore
  }
  const kinds: Kinds = new Map();
  const kindOf = (written: string) => {
    const id = written.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, ""); // prettier-ignore
    if (id === "") return null;
    // Written in capitals throughout, as cBioPortal has it, a kind reads better in small letters.
    const label = /[a-z]/.test(written) ? written : written[0] + written.slice(1).toLowerCase();
    if (!kinds.has(id)) kinds.set(id, {id, label: label.replaceAll("_", " ")});
    return id;
  };
  return {kinds, kindOf};
}

function eventsOf(rows: readonly EventRow[], kinds: Kinds, {followUp, death}: EventSource): StudyEvents {
  const described = [...kinds.values()].map(({id, label}): EventKind => {
    const own = rows.filter(({kind}) => kind === id);
    return {id, label, events: own.length, patients: new Set(own.map(({patient}) => patient)).size};
  });
  // A kind that nobody had can be chosen for nothing.
  const met = described.filter(({events}) => events > 0);
  const index = new Map(met.map(({id}, k) => [id, k]));
  return {
    description: {followUp, death: death && index.has(death) ? death : null, kinds: met},
    patient: Int32Array.from(rows, ({patient}) => patient),
    kind: Int32Array.from(rows, ({kind}) => index.get(kind)!),
    time: Float64Array.from(rows, ({time}) => time),
    stop: Float64Array.from(rows, ({stop}) => stop)
  };
}

function countsOf(
  {patient, time, description: {kinds}}: StudyEvents,
  {files, followUp}: EventSource,
  {patients, followUp: ends}: Patients
): string[] {
  const end = ends[followUp].time;
  const after = time.filter((t, e) => t > end[patient[e]]).length;
  return [
    `Dated events: ${patient.length}, of ${kinds.length} kinds, of ${new Set(patient).size} of ${patients.length} patients (${files.join(", ")}).`,
    ...(after > 0 ? [`${after} events came after the end of the patient's follow-up; no endpoint counts them.`] : [])
  ];
}

function leftNotes(left: Reading["left"], {files}: EventSource): string[] {
  const gone = Object.entries(left).filter(([, count]) => count > 0);
  if (gone.length === 0) return [];
  const words = gone.map(([reason, count]) => `${count} ${leftWords[reason as keyof Reading["left"]]}`);
  return [`Rows of ${files.join(", ")} left out: ${words.join(", ")}.`];
}

const leftWords = {
  unknown: "of patients whom the table lacks",
  negative: "before time zero",
  untimed: "without a time",
  twice: "written twice"
} as const;
