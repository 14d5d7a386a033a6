import type {Cohort} from "../../cohort/readCohort.js";
import {keptOrder} from "../../numeric/keptOrder.js";
import {csvText} from "../csv.js";
import {formatNumber} from "../formatting.js";

/** A column of the table of patients. */
export interface PatientColumn {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  /** What is sorted by: a number (NaN is missing) or a text; levels sort in their order. */
  readonly key: (row: number) => number | string;
  /** All rows of the study that are not missing, in ascending order, equal ones in the order of the file. */
  readonly ascending: () => Uint32Array;
  readonly text: (row: number) => string;
}

/** The id, the follow-up of each endpoint, and every variable. */
export function patientColumns(cohort: Cohort): PatientColumn[] {
  const {study} = cohort;
  const id: PatientColumn = {
    id: "patient",
    label: "Patient",
    numeric: false,
    key: cohort.patient,
    ascending: once(() => textOrder(cohort.n, cohort.patient)),
    text: cohort.patient
  };
  const followUp = study.endpoints.flatMap((endpoint): PatientColumn[] => {
    const {time, event} = cohort.followUp(endpoint.id);
    const short = study.endpoints.length > 1 ? `${endpoint.label}, ${endpoint.unit}` : `Follow-up, ${endpoint.unit}`;
    return [
      numericColumn(`${endpoint.id}_time`, short, time),
      {
        id: `${endpoint.id}_event`,
        label: study.endpoints.length > 1 ? `${endpoint.label}: event` : "Event",
        numeric: false,
        ...sortedBy(cohort.n, (row) => (Number.isNaN(time[row]) ? NaN : event[row])),
        text: (row) => (Number.isNaN(time[row]) ? "" : event[row] === 1 ? "yes" : "no")
      }
    ];
  });
  const variables = study.variables.map((variable): PatientColumn => {
    const label = variable.units ? `${variable.label}, ${variable.units}` : variable.label;
    const column = cohort.variable(variable.id);
    if (column.type === "numeric") return numericColumn(variable.id, label, column.values);
    const {codes, levels} = column;
    return {
      id: variable.id,
      label,
      numeric: false,
      ...sortedBy(cohort.n, (row) => (codes[row] < 0 ? NaN : codes[row])),
      text: (row) => (codes[row] < 0 ? "" : levels[codes[row]].label)
    };
  });
  return [id, ...followUp, ...variables];
}

function numericColumn(id: string, label: string, values: Float64Array): PatientColumn {
  return {
    id,
    label,
    numeric: true,
    key: (row) => values[row],
    ascending: () => keptOrder(values),
    text: (row) => (Number.isNaN(values[row]) ? "" : formatNumber(values[row]))
  };
}

const sortedBy = (n: number, key: (row: number) => number) => ({
  key,
  ascending: once(() => keptOrder(Float64Array.from({length: n}, (_, row) => key(row))))
});

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** P2 before P10. */
const collator = new Intl.Collator("en", {numeric: true});

/** Rows by their texts: in plain letters and digits as texts with all numbers equally long, which is ten times as fast. */
function textOrder(n: number, text: (row: number) => string): Uint32Array {
  const texts = Array.from({length: n}, (_, row) => text(row));
  const rows = Uint32Array.from(texts.keys());
  if (!texts.every((own) => /^[\w .:/-]*$/.test(own)))
    return rows.sort((a, b) => collator.compare(texts[a], texts[b]) || a - b);
  const keys = texts.map((own) => own.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(16, "0")));
  return rows.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
}

/** The columns of some rows as a file, named as in the tables of the page of SQL; numbers in full, what is missing empty. */
export function patientsCsv(columns: readonly PatientColumn[], rows: Uint32Array): string {
  const cell = ({numeric, key, text}: PatientColumn, row: number) => {
    const value = key(row);
    return numeric ? (Number.isNaN(value) ? null : value) : text(row);
  };
  return csvText(
    columns.map(({id}) => id),
    Array.from(rows, (row) => columns.map((column) => cell(column, row)))
  );
}

/**
 * Rows in the order of a column; missing values come last either way, equal ones stay in the order of the file.
 *
 * @param rows - each once, in the order of the file
 */
export function sortedRows(rows: Uint32Array, {key, ascending}: PatientColumn, descending: boolean): Uint32Array {
  const order = ascending();
  const wanted = new Uint8Array((rows.at(-1) ?? -1) + 1);
  for (const row of rows) wanted[row] = 1;
  const sorted = new Uint32Array(rows.length);
  let n = 0;
  const take = (row: number) => {
    if (wanted[row] !== 1) return;
    wanted[row] = 0;
    sorted[n++] = row;
  };
  if (!descending) for (const row of order) take(row);
  else
    for (let end = order.length, start = end; end > 0; end = start) {
      const value = key(order[end - 1]);
      while (start > 0 && key(order[start - 1]) === value) start--;
      for (let k = start; k < end; k++) take(order[k]);
    }
  for (const row of rows) take(row);
  return sorted;
}
