/** A reader's SQL that the page does not run, in one sentence. */
export class QueryError extends Error {
  override name = "QueryError";
}

/** More rows than this are not fetched. */
export const MOST_ROWS = 100_000;

const MOST_CHARACTERS = 20_000;

/** What a query may begin with. */
const READING = ["SELECT", "WITH", "FROM", "VALUES", "TABLE", "DESCRIBE", "SHOW", "SUMMARIZE", "PIVOT", "UNPIVOT", "("];

/**
 * The reader's SQL as a subquery, which can only read: DuckDB refuses anything but a single query there. What could end
 * the subquery early is refused before: a second statement, a parenthesis or a quotation mark that is not closed.
 *
 * @throws {QueryError} saying what the page does not run
 */
export function readingQuery(sql: string, most = MOST_ROWS): string {
  const text = sql.trim().replace(/;\s*$/, "");
  if (text.length > MOST_CHARACTERS)
    throw new QueryError(`The query has ${text.length} characters; the page runs up to ${MOST_CHARACTERS}.`);
  const code = withoutText(text);
  if (code.trim() === "") throw new QueryError("Write a query first, for example SELECT * FROM cohort.");
  if (code.includes(";")) throw new QueryError("Only one query is run at a time; take the semicolon away.");
  checkParentheses(code);
  const [first] = /^[A-Za-z]+|^\(/.exec(code.trim()) ?? [code.trim()[0]];
  if (!READING.includes(first.toUpperCase()))
    throw new QueryError(
      `This page only reads: a query begins with SELECT, FROM, WITH, DESCRIBE, SUMMARIZE or PIVOT, not with ${first.toUpperCase()}.`
    );
  // The closing parenthesis has a line of its own, so that a comment at the end does not swallow it.
  return `SELECT * FROM (\n${text}\n) AS answer LIMIT ${most + 1}`;
}

/** The query with everything that is no code blanked: strings, quoted names, comments. */
function withoutText(sql: string): string {
  let code = "";
  for (let i = 0; i < sql.length;) {
    const end = textEnd(sql, i);
    if (end === null) code += sql[i++];
    else {
      code += " ";
      i = end;
    }
  }
  return code;
}

/** Where the string, quoted name or comment that begins at i ends; null if none begins there. */
function textEnd(sql: string, i: number): number | null {
  if (sql[i] === "'" || sql[i] === '"') return quoteEnd(sql, i);
  if (sql.startsWith("--", i)) {
    const end = sql.indexOf("\n", i);
    return end < 0 ? sql.length : end;
  }
  if (sql.startsWith("/*", i)) return closed(sql, sql.indexOf("*/", i + 2), 2, "A comment");
  // A $ within a word belongs to the word for one reader and begins a string for another.
  if (sql[i] === "$" && /[\w$]/.test(sql[i - 1] ?? "")) throw new QueryError("Write a space before $ in the query.");
  const [tag] = /^\$([A-Za-z_]\w*)?\$/.exec(sql.slice(i, i + 64)) ?? [];
  return tag ? closed(sql, sql.indexOf(tag, i + tag.length), tag.length, "A string") : null;
}

function quoteEnd(sql: string, i: number): number {
  const mark = sql[i];
  // In E'…' a backslash may hide the mark that ends the string; elsewhere it is a letter.
  const escapes = mark === "'" && /[eE]/.test(sql[i - 1] ?? "") && !/\w/.test(sql[i - 2] ?? "");
  for (let k = i + 1; k < sql.length; k++) {
    if (escapes && sql[k] === "\\")
      throw new QueryError("Write a backslash or a quotation mark without E'…': double the mark, or use chr(92).");
    if (sql[k] === mark) {
      if (sql[k + 1] !== mark) return k + 1;
      k++;
    }
  }
  return closed(sql, -1, 0, mark === "'" ? "A string" : "A quoted name");
}

function closed(sql: string, end: number, length: number, what: string): number {
  if (end < 0) throw new QueryError(`${what} in the query is not closed: … ${sql.slice(-20)}`);
  return end + length;
}

function checkParentheses(code: string): void {
  let open = 0;
  for (const letter of code) {
    if (letter === "(") open++;
    if (letter === ")" && --open < 0) throw new QueryError("The query closes a parenthesis that it has not opened.");
  }
  if (open > 0) throw new QueryError("The query opens a parenthesis that it does not close.");
}
