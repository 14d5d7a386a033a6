import type {StudyDescription} from "./description.js";
import {definitionOf, followUpEndpoint, isDefined} from "./endpointDefinition.js";
import {alternatives, isIds, isRange, isUnbounded} from "./selection.js";
import type {Filter, Patients, Selection} from "./selection.js";

/** Name of the cohort's table in DuckDB. */
export const COHORT_TABLE = "cohort";

/** Name of the table of dated events, where the study has them. */
export const EVENTS_TABLE = "events";

/** The rows of a selection as a query for DuckDB: the numbers (from 0) of the rows that `rowMask` keeps. */
export function selectionSql(selection: Selection, study: StudyDescription): string {
  const where = predicates(selection, study);
  // Four bytes a row: it is half the way to the page, and the page need not make numbers of long integers.
  return `SELECT CAST(rowid AS INTEGER) AS "row" FROM ${COHORT_TABLE}${where.length ? ` WHERE ${where.join(" AND ")}` : ""}`;
}

/** The rows themselves, as a table. */
export function selectedSql(selection: Selection, study: StudyDescription): string {
  const where = predicates(selection, study);
  return `SELECT * FROM ${COHORT_TABLE}${where.length ? ` WHERE ${where.join(" AND ")}` : ""}`;
}

function predicates(selection: Selection, study: StudyDescription): string[] {
  const {landmark, endpoint} = selection;
  const where = patientsSql(selection);
  if (landmark !== null && isDefined(endpoint)) return [...where, definedBeyond(study, endpoint, landmark)];
  // Follow-up of which time or event is missing is no follow-up.
  if (landmark !== null)
    where.push(
      `${identifier(`${endpoint}_time`)} > ${double(landmark)}`,
      `${identifier(`${endpoint}_event`)} IS NOT NULL`
    );
  return where;
}

/** Who is followed to a defined endpoint beyond a landmark: derived here a second time, from the tables alone. */
function definedBeyond(study: StudyDescription, endpoint: string, landmark: number): string {
  const {from, to, competing, censoring} = definitionOf(study, endpoint);
  const {id, leftTruncated} = followUpEndpoint(study);
  const kinds = [...to, ...competing, ...censoring].map(text).join(", ");
  const [end, entry] = [`c.${identifier(`${id}_time`)}`, leftTruncated ? `c.${identifier(`${id}_entry`)}` : "0"];
  const started = from
    ? `(SELECT patient, ${from.which === "first" ? "min" : "max"}(time) AS time FROM ${EVENTS_TABLE} WHERE kind = ${text(from.kind)} GROUP BY patient)`
    : `(SELECT patient, 0 AS time FROM ${COHORT_TABLE})`;
  return `"patient" IN (SELECT patient FROM (
  SELECT c.patient AS patient, s.time AS start, ${entry} AS entry, coalesce(min(e.time), ${end}) AS stop
  FROM ${COHORT_TABLE} c JOIN ${started} s ON s.patient = c.patient LEFT JOIN ${EVENTS_TABLE} e
    ON e.patient = c.patient AND e.kind IN (${kinds}) AND e.time ${from ? ">" : ">="} s.time AND e.time <= ${end}
  WHERE c.${identifier(`${id}_event`)} IS NOT NULL${from ? ` AND s.time < ${end}` : ""}
  GROUP BY c.patient, s.time, ${end}${leftTruncated ? `, ${entry}` : ""}
) WHERE stop - start > ${double(landmark)}${leftTruncated ? " AND stop - start > greatest(0, entry - start)" : ""})`;
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
