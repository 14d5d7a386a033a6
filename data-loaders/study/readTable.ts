import {CsvError, parse} from "csv-parse/sync";
import {clinicalAttributes} from "./clinicalAttributes.js";
import type {AttributeLine, ClinicalAttribute} from "./clinicalAttributes.js";
import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";
import {readText} from "./readText.js";

type Separator = "," | ";" | "\t";

/** A table as text: rows by line, cells trimmed. */
export interface Table {
  readonly file: string;
  /** Line of the header as a spreadsheet counts: 1, unless lines that begin with # stand above it. */
  readonly headerLine: number;
  readonly headers: readonly string[];
  /** What lines above the header say of the columns, by header; empty without such lines. */
  readonly attributes: ReadonlyMap<string, ClinicalAttribute>;
  /** A clinical table as cBioPortal has them: with such lines, or with its column PATIENT_ID. */
  readonly isCBioPortal: boolean;
  readonly rows: readonly {
    /** As a spreadsheet counts. */
    readonly line: number;
    readonly cells: readonly string[];
  }[];
  /** Cells of a column, or null, with a problem noted, if there is none. */
  readonly column: (header: string, wantedBy: string) => readonly string[] | null;
}

/** What is known of a table before it is read. */
export interface TableFacts {
  /** Default: the one that stands most often in the header. */
  readonly separator?: Separator;
  /** What its rows are, in words. */
  readonly rowsAre: string;
  /** A column it must have: a line that begins with # is the header if it names this and the next does not. */
  readonly id: string;
}

/**
 * Reads a CSV or TSV table, its separator found in the header unless it is named. Windows line ends, a byte-order mark and quoted
 * cells are fine, and so are cBioPortal's lines of attributes above the header.
 *
 * @returns null, with problems noted, if it cannot be read
 */
export async function readTable(
  folder: string,
  file: string,
  problems: Problems,
  {separator, rowsAre, id}: TableFacts
): Promise<Table | null> {
  const text = await readText(folder, file, problems);
  if (text === null) return null;
  const {above, below} = attributeLines(text, id, separator);
  const records = recordsOf(file, below, separator ?? separatorOf(below), above.length, problems);
  if (!records) return null;
  if (records.length === 0) {
    problems.add({file}, "there are only lines that begin with #. Add a header without # and the rows.");
    return null;
  }
  const [{cells: headers, line: headerLine}, ...others] = records;
  const rows = others.filter(({cells}) => cells.some((cell) => cell !== ""));
  if (rows.length === 0) {
    problems.add({file}, `the table has a header but no ${rowsAre}. Add a row for each.`);
    return null;
  }
  const attributes = clinicalAttributes(file, above, headers, problems);
  const twice = headers.find((header, j) => header !== "" && headers.indexOf(header) !== j);
  if (twice !== undefined)
    problems.add({file, row: headerLine, column: twice}, "two columns have this header. Rename one.");
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
      {file, row: headerLine, column: header},
      `there is no such column, but ${wantedBy} in study.json names it.${didYouMean(header, headers)} The table has: ${headers.join(", ")}.`
    );
    return null;
  };
  const isCBioPortal = above.length > 0 || headers.includes("PATIENT_ID");
  return {file, headerLine, headers, attributes, isCBioPortal, rows: whole, column};
}

/**
 * Header and rows as cells, trimmed.
 *
 * @param above - how many lines stand above the header
 * @returns null, with a problem noted, if a quote is not closed
 */
function recordsOf(file: string, text: string, delimiter: Separator, above: number, problems: Problems) {
  // cBioPortal quotes nothing: a quote within a cell is an inch, or a word in a title.
  const unquoted = delimiter === "\t" && (above > 0 || cellsOf(firstLine(text), delimiter).includes("PATIENT_ID"));
  const options = {
    delimiter,
    info: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    ...(unquoted ? {quote: null} : {})
  };
  try {
    const records = parse(text, options) as unknown as {record: string[]; info: {lines: number}}[]; // as `info` has it
    return records.map(({record, info}) => ({
      line: info.lines + above,
      cells: unquoted ? record.map(withoutQuotes) : record
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as {lines?: number}).lines;
    problems.add(
      {file, row: line === undefined ? undefined : line + above},
      `${error.message}. Close the quote, or save the table again.`
    );
    return null;
  }
}

/** Lines above the header that begin with #, and the text below them. */
function attributeLines(text: string, id: string, separator: Separator | undefined) {
  const lines: string[] = [];
  let at = 0;
  const next = () => firstLine(text.slice(at, at + (1 << 20)));
  while (/^"?#/.test(next())) {
    lines.push(next());
    at = text.indexOf("\n", at) + 1;
    if (at === 0) at = text.length;
  }
  const names = (line: string) => cellsOf(line, separator ?? separatorOf(line)).includes(id);
  // A header such as "#,patient,months" begins with # too.
  if (lines.length > 0 && names(lines.at(-1)!) && !names(next())) {
    lines.pop();
    at = lines.reduce((sum, line) => text.indexOf("\n", sum + line.length) + 1, 0);
  }
  const below = text.slice(at);
  const delimiter = separator ?? separatorOf(below);
  const above = lines.map((line, i): AttributeLine => {
    const [first, ...others] = cellsOf(line, delimiter);
    return {line: i + 1, cells: [first.replace(/^#/, "").trim(), ...others]};
  });
  return {above, below};
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0];
}

/** Cells of one line. Tabs part cells whatever quotes stand between them, as cBioPortal has it. */
function cellsOf(line: string, delimiter: Separator): string[] {
  if (delimiter === "\t") return line.split(delimiter).map((cell) => withoutQuotes(cell.trim()));
  const options = {delimiter, trim: true, relax_quotes: true};
  try {
    return (parse(line, options) as string[][])[0] ?? [""];
  } catch {
    return [line]; // The table says what is wrong with it.
  }
}

/** A cell that is quoted as a whole, as a spreadsheet may have saved it, without its quotes. */
function withoutQuotes(cell: string): string {
  return /^".*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
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
