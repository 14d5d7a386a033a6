import {CsvError, parse} from "csv-parse/sync";
import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";
import {readText} from "./readText.js";

type Separator = "," | ";" | "\t";

/** A table as text: rows by line, cells trimmed. */
export interface Table {
  readonly file: string;
  readonly headers: readonly string[];
  readonly rows: readonly {
    /** As a spreadsheet counts: the header is row 1. */
    readonly line: number;
    readonly cells: readonly string[];
  }[];
  /** Cells of a column, or null, with a problem noted, if there is none. */
  readonly column: (header: string, wantedBy: string) => readonly string[] | null;
}

/**
 * Reads a CSV or TSV table, its separator found in the header unless it is named. Windows line ends, a byte-order mark and quoted cells are fine.
 *
 * @param rowsAre - what its rows are, in words
 * @returns null, with problems noted, if it cannot be read
 */
export async function readTable(
  folder: string,
  file: string,
  separator: Separator | undefined,
  problems: Problems,
  rowsAre = "patients"
): Promise<Table | null> {
  const text = await readText(folder, file, problems);
  if (text === null) return null;
  let records: {record: string[]; info: {lines: number}}[];
  try {
    const options = {
      delimiter: separator ?? separatorOf(text),
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true
    };
    records = parse(text, options) as unknown as typeof records; // `info` makes each record an object
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    problems.add(
      {file, row: (error as {lines?: number}).lines},
      `${error.message}. Close the quote, or save the table again.`
    );
    return null;
  }
  const [first, ...others] = records;
  const headers = first.record;
  const rows = others
    .map(({record, info}) => ({line: info.lines, cells: record}))
    .filter(({cells}) => cells.some((cell) => cell !== ""));
  if (rows.length === 0) {
    problems.add({file}, `the table has a header but no ${rowsAre}. Add a row for each.`);
    return null;
  }
  const twice = headers.find((header, j) => header !== "" && headers.indexOf(header) !== j);
  if (twice !== undefined) problems.add({file, row: 1, column: twice}, "two columns have this header. Rename one.");
  for (const {line, cells} of rows)
    if (cells.length !== headers.length)
      problems.add(
        {file, row: line},
        `${cells.length} cells where the header has ${headers.length}. Quote a cell that holds the separator, or fill the row.`
      );
  // A row out of step would be misread from its fault on; it has had its problem.
  const whole = rows.filter(({cells}) => cells.length === headers.length);
  const column = (header: string, wantedBy: string) => {
    const at = headers.indexOf(header);
    if (at >= 0) return whole.map(({cells}) => cells[at]);
    problems.add(
      {file, row: 1, column: header},
      `there is no such column, but ${wantedBy} in study.json names it.${didYouMean(header, headers)} The table has: ${headers.join(", ")}.`
    );
    return null;
  };
  return {file, headers, rows: whole, column};
}

/** The separator that stands most often in the header, outside quotes. */
function separatorOf(text: string): Separator {
  const header = text
    .trimStart()
    .split(/\r?\n/, 1)[0]
    .replace(/"[^"]*"/g, "");
  const count = (separator: string) => header.split(separator).length;
  const candidates: Separator[] = [",", ";", "\t"];
  return candidates.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
