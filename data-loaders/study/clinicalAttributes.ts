import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";

const datatypes = ["STRING", "NUMBER", "BOOLEAN"] as const;

/** What a clinical table of cBioPortal says of a column in the lines above its header. */
export interface ClinicalAttribute {
  /** Display name; "" if none is given. */
  readonly name: string;
  /** "" if none is given. */
  readonly description: string;
  readonly datatype: (typeof datatypes)[number] | null;
  /** The higher, the more the portal shows it; 0 hides it. */
  readonly priority: number | null;
}

/** A line above the header that begins with #: a cell a column, the first without its #. */
export interface AttributeLine {
  /** As a spreadsheet counts. */
  readonly line: number;
  readonly cells: readonly string[];
}

type Kind = "name" | "description" | "datatype" | "priority" | "owner";

/**
 * The attributes of a table's columns, by header. Any of the lines may be absent; which is which shows in what they hold:
 * datatypes, priorities and (in old files) PATIENT or SAMPLE, and of the others the first has names, the second descriptions.
 *
 * @param lines - those above the header, in order
 */
export function clinicalAttributes(
  file: string,
  lines: readonly AttributeLine[],
  headers: readonly string[],
  problems: Problems
): ReadonlyMap<string, ClinicalAttribute> {
  const found = new Map<Kind, AttributeLine>();
  for (const line of lines) {
    const place = {file, row: line.line};
    const kind = kindOf(line, found);
    const before = found.get(kind);
    if (line.cells.length !== headers.length)
      problems.add(
        place,
        `a line above the header that begins with # has a cell for each column (its name, description, datatype or priority), but this one has ${line.cells.length} where the header has ${headers.length}. Give it one a column, or remove the line.`
      );
    else if (before)
      problems.add(place, `the ${words[kind]} of the columns stand in row ${before.line} already. Remove one of them.`);
    else found.set(kind, line);
  }
  const cell = (kind: Kind, j: number) => found.get(kind)?.cells[j] ?? "";
  if (found.size === 0) return new Map();
  return new Map(
    headers.map((header, j) => [
      header,
      {
        name: cell("name", j),
        description: cell("description", j),
        datatype: datatypeOf(cell("datatype", j), {file, row: found.get("datatype")?.line, column: header}, problems),
        priority: /^-?\d+$/.test(cell("priority", j)) ? Number(cell("priority", j)) : null
      }
    ])
  );
}

const words: Record<Kind, string> = {
  name: "display names",
  description: "descriptions",
  datatype: "datatypes",
  priority: "priorities",
  owner: "words PATIENT and SAMPLE"
};

function kindOf({cells}: AttributeLine, found: ReadonlyMap<Kind, AttributeLine>): Kind {
  const filled = cells.filter((cell) => cell !== "");
  // Most cells decide, so that one misspelt is told as such.
  const mostly = (is: (cell: string) => boolean) => filled.length > 0 && filled.filter(is).length > filled.length / 2;
  if (mostly((cell) => datatypes.some((datatype) => datatype === cell.toUpperCase()))) return "datatype";
  if (mostly((cell) => /^-?\d+$/.test(cell))) return "priority";
  if (mostly((cell) => ["PATIENT", "SAMPLE", "MIXED"].includes(cell.toUpperCase()))) return "owner";
  return found.has("name") ? "description" : "name";
}

function datatypeOf(
  cell: string,
  place: {readonly file: string; readonly row?: number; readonly column: string},
  problems: Problems
): ClinicalAttribute["datatype"] {
  const known = datatypes.find((datatype) => datatype === cell.toUpperCase());
  if (!known && cell !== "")
    problems.add(
      place,
      `"${cell}" is no datatype (${datatypes.join(", ")}).${didYouMean(cell, datatypes)} Correct it, or empty the cell.`
    );
  return known ?? null;
}
