import type {Variable} from "../../src/cohort/description.js";
import type {ClinicalTable} from "./clinicalTable.js";
import {isMissingWord} from "./missingWords.js";
import {notANumber, numberOf} from "./numberOf.js";
import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";
import type {VariableFile} from "./schema.js";

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

/**
 * A variable's values: numbers with NaN where missing, or level values with null.
 *
 * @returns null, with a problem noted, if there is no such column
 */
export function readVariable(
  file: VariableFile,
  table: ClinicalTable,
  problems: Problems
): Float64Array | (string | null)[] | null {
  const column = table.column(file.column ?? file.id, `the variable "${file.id}"`);
  if (!column) return null;
  const {cells, place, attribute, isCBioPortal} = column;
  const own = new Set(["", ...(file.missing ?? []).map(String)]);
  const missing = (cell: string) => own.has(cell) || (isCBioPortal && isMissingWord(cell));
  if (file.type === "numeric") {
    const text = attribute?.datatype === "STRING" || attribute?.datatype === "BOOLEAN";
    const mend = text ? `name it under "missing" of the variable, or make its type categorical, as the table has it (${attribute.datatype})` : 'or name it under "missing" of the variable'; // prettier-ignore
    return Float64Array.from(cells, (cell, i) => {
      if (missing(cell)) return NaN;
      const value = numberOf(cell);
      if (Number.isNaN(value)) problems.add(place(i), notANumber(cell, mend));
      return value;
    });
  }
  const codes = levelCodes(file);
  return cells.map((cell, i) => {
    const value = codes.get(cell);
    if (value !== undefined) return value;
    if (missing(cell)) return null;
    problems.add(
      place(i),
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
