import type {ClinicalColumn, ClinicalTable} from "./clinicalTable.js";
import {findEndpoints} from "./findEndpoints.js";
import {findVariables, valuesMet} from "./findVariables.js";
import type {Problems} from "./problems.js";
import type {CompleteStudy, StudyFile, VariableFile} from "./schema.js";

type Declared = NonNullable<StudyFile["variables"]>[number];

/** More different values than these are no levels: a date, a name, free text. */
const mostLevels = 50;

/** Whether study.json leaves nothing to its tables, so that its names can be checked without them. */
export function declaresAll(study: StudyFile): study is StudyFile & CompleteStudy {
  const whole = ({label, type, levels}: Declared) => label !== undefined && (type === "numeric" || (type && levels));
  return study.endpoints !== undefined && !study.table.findEndpoints && (study.variables?.every(whole) ?? false);
}

/**
 * What study.json leaves to its tables: endpoints by their pairs of columns, variables by their columns, and a variable's label,
 * type, levels and note by what cBioPortal's lines above the header say.
 *
 * @returns null, with problems noted, if the tables do not say it either; otherwise with a sentence on each thing the reader of the
 *   site should know of it
 */
export function completeStudy(
  study: StudyFile,
  table: ClinicalTable,
  problems: Problems
): {study: CompleteStudy; notes: readonly string[]} | null {
  const own = study.endpoints ?? [];
  const find = study.table.findEndpoints ?? study.endpoints === undefined;
  const found = find ? findEndpoints(table, own) : {endpoints: [], notes: []};
  const endpoints = [...own, ...found.endpoints];
  if (endpoints.length === 0) {
    const why = found.notes.length > 0 ? ` ${found.notes.join(" ")}` : "";
    const pairs = find ? `, and ${table.files.join(" and ")} ${table.files.length > 1 ? "have" : "has"} no pair of columns <PREFIX>_STATUS and <PREFIX>_MONTHS to make them of.${why}` : "."; // prettier-ignore
    problems.add(
      {file: "study.json", column: "endpoints"},
      `this is missing, but is needed${pairs} Name the columns of time and event there.`
    );
    return null;
  }
  const described = study.variables
    ? describedVariables(study.variables, table, problems)
    : findVariables(table, {...study, endpoints}, problems);
  if (!described) return null;
  const {variables, notes} = described;
  return {study: {...study, endpoints, variables}, notes: [...found.notes, ...notes]};
}

function describedVariables(declared: readonly Declared[], table: ClinicalTable, problems: Problems) {
  const completed = declared.map((variable) => completeVariable(variable, table, problems));
  const variables = completed.filter((variable) => variable !== null);
  if (variables.length < completed.length) return null;
  return {variables, notes: variables.flatMap((variable) => datatypeNotes(variable, table))};
}

function completeVariable(variable: Declared, table: ClinicalTable, problems: Problems): VariableFile | null {
  const {id, levels} = variable;
  const column = variable.column ?? [id, id.toUpperCase()].find(table.has) ?? id;
  const read = table.has(column) ? table.column(column, `the variable "${id}"`) : null;
  // Reading it tells that there is no such column.
  if (!read) return {...variable, column, label: variable.label ?? id, type: variable.type ?? (levels ? "categorical" : "numeric")}; // prettier-ignore
  const {attribute, head} = read;
  const needed = (key: string, what: string, mend: string): null => {
    const place = {file: "study.json", column: `variables.${id}.${key}`};
    problems.add(place, `this is missing, and ${head.file} has no ${what} for ${column}. ${mend}`);
    return null;
  };
  const label = (variable.label ?? attribute?.name) || needed("label", "display name", "Add it.");
  const type = variable.type ?? (levels ? "categorical" : typeOf(read)) ?? needed("type", "datatype", 'Add "numeric" or "categorical".'); // prettier-ignore
  if (!label || !type) return null;
  const description = attribute?.description ?? "";
  const note = variable.note ?? (description.toLowerCase() === label.toLowerCase() ? "" : description);
  const whole = {...variable, column, label, type, ...(note ? {note} : {})};
  // Of another's table every level is to be declared, so that a slip of the pen does not become one.
  if (type === "numeric" || levels || !read.isCBioPortal) return whole;
  const met = valuesMet(read, variable.missing);
  if (met.length >= 1 && met.length <= mostLevels) return {...whole, levels: met};
  problems.add(
    head,
    `it has ${met.length} different values, so study.json must say what the levels of "${id}" are. List them under levels, or make the type numeric.`
  );
  return null;
}

function typeOf({attribute}: ClinicalColumn): VariableFile["type"] | null {
  if (!attribute?.datatype) return null;
  return attribute.datatype === "NUMBER" ? "numeric" : "categorical";
}

/** Where study.json and the table differ on what a column holds, study.json is followed, and the reader told. */
function datatypeNotes({id, label, column, type}: VariableFile, table: ClinicalTable): string[] {
  if (!table.has(column!)) return [];
  const read = table.column(column!, `the variable "${id}"`);
  const said = read && typeOf(read);
  if (!said || said === type) return [];
  const {file} = read.head;
  return [`${label} is read as ${type === "numeric" ? "numbers" : "categories"}, though ${file} calls ${column} ${read.attribute!.datatype}.`]; // prettier-ignore
}
