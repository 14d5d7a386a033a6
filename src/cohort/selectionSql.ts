import {alternatives, isIds, isRange, isUnbounded} from "./selection.js";
import type {Filter, Patients, Selection} from "./selection.js";

/** Name of the cohort's table in DuckDB. */
export const COHORT_TABLE = "cohort";

/** The rows of a selection as a query for DuckDB: the numbers (from 0) of the rows that `rowMask` keeps. */
export function selectionSql(selection: Selection): string {
  const where = predicates(selection);
  return `SELECT rowid AS "row" FROM ${COHORT_TABLE}${where.length ? ` WHERE ${where.join(" AND ")}` : ""}`;
}

/** The rows themselves, as a table. */
export function selectedSql(selection: Selection): string {
  const where = predicates(selection);
  return `SELECT * FROM ${COHORT_TABLE}${where.length ? ` WHERE ${where.join(" AND ")}` : ""}`;
}

function predicates(selection: Selection): string[] {
  const {landmark, endpoint} = selection;
  const where = patientsSql(selection);
  // Follow-up of which time or event is missing is no follow-up.
  if (landmark !== null)
    where.push(
      `${identifier(`${endpoint}_time`)} > ${double(landmark)}`,
      `${identifier(`${endpoint}_event`)} IS NOT NULL`
    );
  return where;
}

/** Predicates that together say who is meant; none for everybody. */
export function patientsSql(patients: Patients): string[] {
  const any = alternatives(patients).map((filters) => `(${filters.flatMap(filterSql).join(" AND ")})`);
  return [...patients.filters.flatMap(filterSql), ...(any.length > 0 ? [`(${any.join(" OR ")})`] : [])];
}

function filterSql(filter: Filter): string[] {
  const kept = keptSql(filter);
  // NULL must fail the turned filter too.
  return filter.not && !isUnbounded(filter)
    ? [`${identifier(filter.variable)} IS NOT NULL`, `NOT (${kept.join(" AND ")})`]
    : kept;
}

function keptSql(filter: Filter): string[] {
  const column = identifier(filter.variable);
  if (isIds(filter)) return [isUnbounded(filter) ? "true" : `${column} IN (${filter.ids.map(text).join(", ")})`];
  if (!isRange(filter))
    return [filter.levels.length ? `${column} IN (${filter.levels.map(text).join(", ")})` : "false"];
  const bounds: string[] = [];
  if (filter.from !== null) bounds.push(`${column} >= ${double(filter.from)}`);
  if (filter.to !== null) bounds.push(`${column} <= ${double(filter.to)}`);
  // Without bounds too, a patient without a value passes no filter.
  return bounds.length ? bounds : [`${column} IS NOT NULL`];
}

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** As a string, since DuckDB reads 0.1 as a decimal and rounds once more on the way to a double. */
const double = (value: number) => `CAST('${value}' AS DOUBLE)`;
