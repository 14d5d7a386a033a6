import type {ClinicalColumn, ClinicalTable} from "./clinicalTable.js";
import {columnId} from "./columnId.js";
import {isOfPair} from "./findEndpoints.js";
import {isMissingWord} from "./missingWords.js";
import {numberOf} from "./numberOf.js";
import type {Problems} from "./problems.js";
import type {EndpointFile, StudyFile, VariableFile} from "./schema.js";
import {computedVariables} from "./checkNames.js";

/** More different values than these cannot be told apart as curves: ids, dates, free text. */
const mostLevels = 12;

type Found = Pick<VariableFile, "type" | "levels">;

/** Different values of a column, in the order of a dictionary that knows numbers. @param missing - values that mean there is none */
export function valuesMet({cells}: ClinicalColumn, missing: readonly (string | number | boolean)[] = []): string[] {
  const none = new Set(missing.map(String));
  const met = new Set(cells.filter((cell) => !isMissingWord(cell) && !none.has(cell)));
  return [...met].sort(new Intl.Collator("en", {numeric: true}).compare);
}

/**
 * The columns of cBioPortal's tables as variables: those that hold numbers, and those of a few different values.
 *
 * @returns null, with a problem noted, for another's table, whose variables must be named
 */
export function findVariables(
  table: ClinicalTable,
  study: Pick<StudyFile, "table"> & {readonly endpoints: readonly EndpointFile[]},
  problems: Problems
): {variables: VariableFile[]; notes: string[]} | null {
  if (!table.isCBioPortal) {
    problems.add({file: "study.json", column: "variables"}, "this is missing, but is needed (array). Add it.");
    return null;
  }
  const ids = [study.table.id, study.table.samples?.patient, study.table.samples?.sample, "PATIENT_ID", "SAMPLE_ID"];
  const outcomes = study.endpoints.flatMap(({time, event, entry}) => [time, event, entry]);
  const taken = new Set([
    ...computedVariables,
    ...study.endpoints.flatMap(({id}) => [`${id}_time`, `${id}_event`, `${id}_entry`])
  ]);
  const variables: VariableFile[] = [];
  const left = new Map<string, string[]>();
  for (const header of table.headers.flat()) {
    if (ids.includes(header) || outcomes.includes(header) || isOfPair(header, table.headers.flat())) continue;
    const column = table.column(header, "a variable");
    if (!column) continue;
    const found = variableOf(column);
    const id = [columnId(header), `c_${columnId(header)}`].find((id) => !taken.has(id));
    if (typeof found === "string" || id === undefined) {
      const why = typeof found === "string" ? found : "whose name is taken";
      left.set(why, [...(left.get(why) ?? []), header]);
      continue;
    }
    taken.add(id);
    const {name, description} = column.attribute ?? {name: "", description: ""};
    const label = name || header;
    const note = description.toLowerCase() === label.toLowerCase() ? "" : description;
    variables.push({id, column: header, label, ...found, ...(note ? {note} : {})});
  }
  const notes = [...left].map(([why, headers]) => `Columns ${why} are no variables: ${headers.join(", ")}.`);
  return {variables, notes};
}

/** What kind of variable a column is, or in words why it is none. */
function variableOf(column: ClinicalColumn): Found | string {
  const {datatype, priority} = column.attribute ?? {datatype: null, priority: null};
  if (priority !== null && priority <= 0) return `that ${column.head.file} hides (priority 0)`;
  const values = valuesMet(column);
  if (values.length < 2) return "without two different values";
  const numbers = values.filter((value) => !Number.isNaN(numberOf(value)));
  if (datatype === "NUMBER" && numbers.length < values.length) return "called NUMBER that hold other values too";
  if (datatype === "NUMBER" || (datatype === null && numbers.length === values.length)) return {type: "numeric"};
  return values.length > mostLevels
    ? `of more than ${mostLevels} different values`
    : {type: "categorical", levels: values};
}
