import type {Endpoint} from "../../src/cohort/description.js";
import type {ClinicalColumn, ClinicalTable} from "./clinicalTable.js";
import {isMissingWord} from "./missingWords.js";
import {notANumber, numberOf} from "./numberOf.js";
import type {Problems} from "./problems.js";
import type {EndpointFile} from "./schema.js";
import type {EndpointColumns} from "./study.js";
import {survivalStatus} from "./survivalStatus.js";

const exclude = 'Fix the value or list the patient under "exclude" in study.json.';

/** Patients whose follow-up lacks one of its parts, and so counts for nothing. */
export interface IncompleteFollowUp {
  /** Indices of patients who have a status but no time. */
  readonly untimed: readonly number[];
  /** Of those, how many had the event: losing them makes survival look better than it was. */
  readonly untimedEvents: number;
  /** Indices of patients who have a time but no status. */
  readonly noStatus: readonly number[];
  /** Indices of patients who have both, but not the time at which they came under observation. */
  readonly noEntry: readonly number[];
}

/** Follow-up of one endpoint as read. */
export interface ReadFollowUp {
  readonly columns: EndpointColumns;
  readonly incomplete: IncompleteFollowUp;
}

export function describeEndpoint({id, label, unit, origin, entry, coding}: EndpointFile): Endpoint {
  const competing = coding !== "cBioPortal" && (coding.competing?.length ?? 0) > 0;
  return {id, label, unit, ...(origin ? {origin} : {}), leftTruncated: entry !== undefined, competing};
}

/**
 * Follow-up of one endpoint; a row with an empty time, event or entry has none.
 *
 * @returns null, with a problem noted, if a column is missing
 */
export function readEndpoint(file: EndpointFile, table: ClinicalTable, problems: Problems): ReadFollowUp | null {
  const wantedBy = `the endpoint "${file.id}"`;
  const [times, events] = [table.column(file.time, wantedBy), table.column(file.event, wantedBy)];
  const entries = file.entry ? table.column(file.entry, wantedBy) : null;
  if (!times || !events || (file.entry && !entries)) return null;
  const mend = file.coding === "cBioPortal" ? "or empty the cell if it means unknown" : 'or, if it means unknown, name it under "missing" of the endpoint'; // prettier-ignore
  const timesOf = (column: ClinicalColumn) => {
    const missing = missingIn(column, file);
    return Float64Array.from(column.cells, (cell, i) => (missing(cell) ? NaN : timeOf(cell, column.place(i), mend, problems))); // prettier-ignore
  };
  const time = timesOf(times);
  const entry = entries && timesOf(entries);
  const code = coder(file);
  const noStatus = missingIn(events, file, code);
  const incomplete = {untimed: [] as number[], untimedEvents: 0, noStatus: [] as number[], noEntry: [] as number[]};
  const event = Int8Array.from(events.cells, (cell, i) => {
    if (noStatus(cell)) {
      if (!Number.isNaN(time[i])) incomplete.noStatus.push(i);
      return -1;
    }
    const said = code(cell);
    if (Number.isNaN(time[i])) {
      incomplete.untimed.push(i);
      if (said === 1) incomplete.untimedEvents++;
    } else if (typeof said === "string") problems.add(events.place(i), said);
    else if (Number.isNaN(entry?.[i] ?? 0)) incomplete.noEntry.push(i);
    else return said;
    return -1;
  });
  // Follow-up lacking any of its parts is none.
  event.forEach((said, i) => {
    if (said < 0) time[i] = NaN;
  });
  if (entry) checkEntry(entry, time, entries, problems);
  return {columns: {time, event, entry}, incomplete};
}

/** Which cells say that there is no value: none that the coding names. */
function missingIn(
  {isCBioPortal}: ClinicalColumn,
  {missing = [], coding}: EndpointFile,
  code?: ReturnType<typeof coder>
) {
  const own = new Set(["", ...missing.map(String)]);
  const words = isCBioPortal || coding === "cBioPortal";
  return (cell: string) => own.has(cell) || (words && isMissingWord(cell) && typeof (code?.(cell) ?? "") === "string");
}

/** What a status means: 0 censored, 1 the event, 2 a competing one; in words what is wrong with it. */
function coder({id, coding}: EndpointFile): (cell: string) => number | string {
  if (coding !== "cBioPortal") {
    const pairs = [coding.censored, coding.event, coding.competing ?? []];
    const codes = new Map(pairs.flatMap((all, value) => all.map((code): [string, number] => [String(code), value])));
    const wrong = (cell: string) => `"${cell}" is no event code (${[...codes.keys()].join(", ")}). Correct it, or add it to the coding of "${id}" in study.json.`; // prettier-ignore
    return (cell) => codes.get(cell) ?? wrong(cell);
  }
  const mend = `describe the endpoint with its coding under "endpoints" in study.json`;
  return (cell) => {
    const said = survivalStatus(cell);
    if (said === "contradiction")
      return `the number of "${cell}" and its word say opposite things: 0 is no event, 1 the event. Make them agree, or ${mend}.`;
    return typeof said === "number"
      ? said
      : `"${cell}" is no status: 0:… is no event, 1:… the event. Correct it, empty the cell if it means unknown, or ${mend}.`;
  };
}

function timeOf(cell: string, place: ReturnType<ClinicalColumn["place"]>, mend: string, problems: Problems): number {
  const value = numberOf(cell);
  if (Number.isNaN(value)) problems.add(place, notANumber(cell, mend));
  else if (value < 0) problems.add(place, `"${cell}" is negative; survival times must be ≥ 0. ${exclude}`);
  else return value;
  return NaN;
}

function checkEntry(entry: Float64Array, time: Float64Array, {place}: ClinicalColumn, problems: Problems): void {
  entry.forEach((e, i) => {
    if (e >= time[i]) problems.add(place(i), `entry ${e} is not before the end of follow-up, ${time[i]}. ${exclude}`);
  });
}
