import type {Cohort} from "../../cohort/readCohort.js";
import {csvText} from "../csv.js";
import {formatNumber} from "../formatting.js";

/** A column of the table of patients. */
export interface PatientColumn {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  /** What is sorted by: a number (NaN is missing) or a text; levels sort in their order. */
  readonly key: (row: number) => number | string;
  readonly text: (row: number) => string;
}

/** The id, the follow-up of each endpoint, and every variable. */
export function patientColumns(cohort: Cohort): PatientColumn[] {
  const {study} = cohort;
  const id: PatientColumn = {
    id: "patient",
    label: "Patient",
    numeric: false,
    key: (row) => cohort.patient(row),
    text: (row) => cohort.patient(row)
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
        key: (row) => (Number.isNaN(time[row]) ? NaN : event[row]),
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
      key: (row) => (codes[row] < 0 ? NaN : codes[row]),
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
    text: (row) => (Number.isNaN(values[row]) ? "" : formatNumber(values[row]))
  };
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

/** Rows in the order of a column; missing values come last either way, equal ones stay in the order of the file. */
export function sortedRows(rows: Uint32Array, {key}: PatientColumn, descending: boolean): Uint32Array {
  const keys = new Map(Array.from(rows, (row) => [row, key(row)]));
  const sign = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    const missing = Number(isMissing(x)) - Number(isMissing(y));
    if (missing !== 0 || isMissing(x)) return missing || a - b;
    if (x === y) return a - b;
    const order = typeof x === "string" ? collator.compare(x, String(y)) : x - Number(y);
    return sign * order;
  });
}

const isMissing = (key: number | string) => typeof key === "number" && Number.isNaN(key);

/** P2 before P10. */
const collator = new Intl.Collator("en", {numeric: true});
