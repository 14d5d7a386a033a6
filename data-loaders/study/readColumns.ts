import type {Endpoint, Variable} from "../../src/cohort/description.js";
import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";
import type {Table} from "./readTable.js";
import type {StudyFile} from "./schema.js";
import type {EndpointColumns} from "./study.js";

type VariableFile = StudyFile["variables"][number];
type EndpointFile = StudyFile["endpoints"][number];

const exclude = 'Fix the value or list the patient under "exclude" in study.json.';

/** Cells of the rows kept, with the line each stands on. */
interface Cells {
  readonly file: string;
  readonly line: readonly number[];
  readonly column: (header: string, wantedBy: string) => readonly string[] | null;
}

/** @param kept - indices of the rows of patients who are not excluded */
export function keptCells(table: Table, kept: readonly number[]): Cells {
  return {
    file: table.file,
    line: kept.map((i) => table.rows[i].line),
    column(header, wantedBy) {
      const cells = table.column(header, wantedBy);
      return cells && kept.map((i) => cells[i]);
    }
  };
}

/** What the site says of a variable. */
export function describeVariable(file: VariableFile): Variable {
  const levels = file.levels?.map((level) =>
    typeof level === "string" ? {value: level, label: level} : {value: level.value, label: level.label ?? level.value}
  );
  return {
    id: file.id,
    label: file.label,
    type: file.type,
    ...(file.units ? {units: file.units} : {}),
    ...(levels ? {levels, reference: file.reference ?? levels[0].value, ordered: file.ordered ?? false} : {}),
    origin: "measured",
    ...(file.note ? {note: file.note} : {})
  };
}

export function describeEndpoint({id, label, unit, origin, entry, coding}: EndpointFile): Endpoint {
  const competing = (coding.competing?.length ?? 0) > 0;
  return {id, label, unit, ...(origin ? {origin} : {}), leftTruncated: entry !== undefined, competing};
}

/** A variable's values: numbers with NaN where missing, or level values with null. */
export function readVariable(
  file: VariableFile,
  cells: Cells,
  problems: Problems
): Float64Array | (string | null)[] | null {
  const header = file.column ?? file.id;
  const column = cells.column(header, `the variable "${file.id}"`);
  if (!column) return null;
  const missing = new Set(["", ...(file.missing ?? []).map(String)]);
  if (file.type === "numeric")
    return Float64Array.from(column, (cell, i) => {
      if (missing.has(cell)) return NaN;
      const value = numberOf(cell);
      if (Number.isNaN(value))
        problems.add(
          {file: cells.file, row: cells.line[i], column: header},
          notANumber(cell, 'or name it under "missing" of the variable')
        );
      return value;
    });
  const codes = levelCodes(file);
  return column.map((cell, i) => {
    if (missing.has(cell)) return null;
    const value = codes.get(cell);
    if (value !== undefined) return value;
    problems.add(
      {file: cells.file, row: cells.line[i], column: header},
      `"${cell}" is not a level of "${file.id}" (${[...codes.keys()].join(", ")}).${didYouMean(cell, [...codes.keys()])} Correct it, add the level in study.json, or name it under "missing".`
    );
    return null;
  });
}

/** How the table writes each level. */
function levelCodes({levels = []}: VariableFile): Map<string, string> {
  return new Map(
    levels.flatMap((level): [string, string][] => {
      if (typeof level === "string") return [[level, level]];
      return (level.codes ?? [level.value]).map((written) => [String(written), level.value]);
    })
  );
}

/** Follow-up of one endpoint; a row with an empty time, event or entry has none. */
export function readEndpoint(file: EndpointFile, cells: Cells, problems: Problems): EndpointColumns | null {
  const wantedBy = `the endpoint "${file.id}"`;
  const [times, events] = [cells.column(file.time, wantedBy), cells.column(file.event, wantedBy)];
  const entries = file.entry ? cells.column(file.entry, wantedBy) : null;
  if (!times || !events || (file.entry && !entries)) return null;
  const missing = new Set(["", ...(file.missing ?? []).map(String)]);
  const read = (cell: string, i: number, header: string) =>
    missing.has(cell) ? NaN : timeOf(cell, header, i, cells, problems);
  const time = Float64Array.from(times, (cell, i) => read(cell, i, file.time));
  const codes = eventCodes(file);
  const event = Int8Array.from(events, (cell, i) => {
    if (missing.has(cell) || Number.isNaN(time[i])) return -1;
    const code = codes.get(cell);
    if (code !== undefined) return code;
    problems.add(
      {file: cells.file, row: cells.line[i], column: file.event},
      `"${cell}" is no event code (${[...codes.keys()].join(", ")}). Correct it, or add it to the coding of "${file.id}" in study.json.`
    );
    return -1;
  });
  const entry = entries && Float64Array.from(entries, (cell, i) => read(cell, i, file.entry!));
  // Follow-up lacking any of its parts is none.
  for (let i = 0; i < time.length; i++) {
    if (event[i] >= 0 && !Number.isNaN(entry?.[i] ?? 0)) continue;
    time[i] = NaN;
    event[i] = -1;
  }
  if (entry) checkEntry(entry, time, file.entry!, cells, problems);
  return {time, event, entry};
}

function eventCodes({coding}: EndpointFile): Map<string, number> {
  const pairs = [coding.censored, coding.event, coding.competing ?? []];
  return new Map(pairs.flatMap((codes, value) => codes.map((code): [string, number] => [String(code), value])));
}

function timeOf(cell: string, header: string, i: number, {file, line}: Cells, problems: Problems): number {
  const value = numberOf(cell);
  const place = {file, row: line[i], column: header};
  if (Number.isNaN(value))
    problems.add(place, notANumber(cell, 'or, if it means unknown, name it under "missing" of the endpoint'));
  else if (value < 0) problems.add(place, `"${cell}" is negative; survival times must be ≥ 0. ${exclude}`);
  else return value;
  return NaN;
}

function checkEntry(entry: Float64Array, time: Float64Array, column: string, {file, line}: Cells, problems: Problems) {
  entry.forEach((e, i) => {
    if (e >= time[i])
      problems.add(
        {file, row: line[i], column},
        `entry ${e} is not before the end of follow-up, ${time[i]}. ${exclude}`
      );
  });
}

/** A number as a table writes it; NaN for anything else, "1e3x" and "0x10" among it. */
export function numberOf(cell: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell) ? Number(cell) : NaN;
}

/** @param or - another mend */
export function notANumber(cell: string, or: string): string {
  const comma = /^[+-]?\d+,\d+$/.test(cell) ? ` Write the decimal point as "${cell.replace(",", ".")}".` : "";
  return `"${cell}" is not a number.${comma || ` Correct it, ${or}.`}`;
}
