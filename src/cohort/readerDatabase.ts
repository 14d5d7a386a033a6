import type {AsyncDuckDB, AsyncDuckDBConnection} from "@duckdb/duckdb-wasm";
import {connect, LOCK} from "./duckdb.js";
import {MOST_ROWS, QueryError, readingQuery} from "./readerSql.js";
import {identifier} from "./selectionSql.js";

/** A value as a table shows it. */
export type Cell = number | string | boolean | null;

/** What a query gave. */
export interface QueryAnswer {
  readonly columns: readonly {readonly name: string; readonly numeric: boolean}[];
  readonly rows: readonly (readonly Cell[])[];
  /** True if there were more rows than were fetched. */
  readonly cut: boolean;
  readonly milliseconds: number;
}

/** A table of the site: an Arrow IPC stream, or a query over the tables before it. */
export type PublishedTable = {readonly name: string} & ({readonly bytes: Uint8Array} | {readonly sql: string});

/** DuckDB for queries that a reader writes: it holds copies of the published tables and nothing else. */
export interface ReaderDatabase {
  /** @throws {QueryError} if the query is wrong, is refused, or was cancelled */
  run(sql: string): Promise<QueryAnswer>;
  /** Stops the query that runs, however busy it is: its worker is ended and another one started for the next query. */
  cancel(): void;
}

const CANCELLED = "The query was cancelled.";

/** Opens DuckDB when the first query is run. */
export function readerDatabase(tables: readonly PublishedTable[]): ReaderDatabase {
  let open: Promise<{database: AsyncDuckDB; connection: AsyncDuckDBConnection}> | null = null;
  let refuse: ((reason: Error) => void) | null = null;
  const opened = () => (open ??= filled(tables));
  const answer = async (sql: string): Promise<QueryAnswer> => {
    const query = readingQuery(sql);
    const {connection} = await opened();
    const start = performance.now();
    try {
      const found = await connection.query(query);
      return {...plain(found), milliseconds: performance.now() - start};
    } catch (error) {
      throw new QueryError(readable((error as Error).message));
    }
  };
  return {
    run: (sql) =>
      new Promise((resolve, reject) => {
        refuse = reject;
        answer(sql).then(resolve, reject);
      }),
    cancel() {
      refuse?.(new QueryError(CANCELLED));
      const ended = open;
      open = null;
      void ended?.then(({database}) => database.terminate());
    }
  };
}

async function filled(tables: readonly PublishedTable[]) {
  // Decimals as numbers: a table shows them, nobody reckons with their last digits.
  const opened = await connect({query: {castDecimalToDouble: true, castBigIntToDouble: false}});
  for (const table of tables) {
    const {name} = table;
    if ("sql" in table) await opened.connection.query(`CREATE TABLE ${identifier(name)} AS ${table.sql}`);
    else await opened.connection.insertArrowFromIPCStream(table.bytes.slice(), {name, create: true});
  }
  for (const setting of LOCK) await opened.connection.query(setting);
  return opened;
}

type ArrowTable = Awaited<ReturnType<AsyncDuckDBConnection["query"]>>;

/** DuckDB's own Arrow tables end here: what leaves is plain values. */
function plain(table: ArrowTable): Omit<QueryAnswer, "milliseconds"> {
  const n = Math.min(table.numRows, MOST_ROWS);
  const columns = table.schema.fields.map(({name}, c) => {
    const vector = table.getChildAt(c)!;
    const cells = Array.from({length: n}, (_, i) => cellOf(vector.get(i)));
    return {
      name,
      cells,
      numeric: cells.some((v) => typeof v === "number") && cells.every((v) => v === null || typeof v === "number")
    };
  });
  return {
    columns: columns.map(({name, numeric}) => ({name, numeric})),
    rows: Array.from({length: n}, (_, i) => columns.map(({cells}) => cells[i])),
    cut: table.numRows > MOST_ROWS
  };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  // Whole numbers of 128 bits, which sums have, come as four words; their text is the number.
  if (value instanceof Uint32Array) return numberOrText(String(value));
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v));
}

function numberOrText(text: string): Cell {
  const value = Number(text);
  return text !== "" && Number.isSafeInteger(value) ? value : text;
}

/** DuckDB's message without what it says of the query around the reader's. */
function readable(message: string): string {
  const [first] = message.split("\n\nLINE");
  return first.replace(/\n+/g, " ").trim();
}
