import {AsyncDuckDB, VoidLogger} from "@duckdb/duckdb-wasm";
import type {AsyncDuckDBConnection, DuckDBConfig} from "@duckdb/duckdb-wasm";
import type {Cohort} from "./readCohort.js";
import {maskOf} from "./rowMask.js";
import type {Selection} from "./selection.js";
import {COHORT_TABLE, EVENTS_TABLE, selectionSql} from "./selectionSql.js";

/** The cohort in DuckDB. */
export interface CohortDatabase {
  readonly version: string;
  /** Mask of the rows of a selection, length n. */
  rows(selection: Selection): Promise<Uint8Array>;
}

/** Once locked, no query of the reader's can reach another host or load an extension from one. */
export const LOCK = [
  "SET autoinstall_known_extensions = false",
  "SET autoload_known_extensions = false",
  "SET enable_external_access = false",
  "SET lock_configuration = true"
];

/**
 * Opens DuckDB-wasm in a worker and hands it the cohort. It is 34 MB (7.6 MB compressed): open it after the first
 * figure, and once.
 */
export async function openDatabase({bytes, eventBytes, n, study}: Cohort): Promise<CohortDatabase> {
  const {connection} = await connect();
  // Appended in order by one thread, so that rowid is the row of the file.
  // A copy: the worker takes the buffer away, and the page still reads its columns from it.
  await connection.insertArrowFromIPCStream(bytes.slice(), {name: COHORT_TABLE, create: true});
  if (eventBytes) await connection.insertArrowFromIPCStream(eventBytes.slice(), {name: EVENTS_TABLE, create: true});
  for (const setting of LOCK) await connection.query(setting);
  const version = (await connection.query("SELECT version() AS v")).toArray()[0].v as string;
  let last: {sql: string; rows: Uint8Array} = {sql: "", rows: new Uint8Array(n)};
  return {
    version,
    rows: async (selection) => {
      const sql = selectionSql(selection, study);
      // Other groups of the same patients are no new question.
      if (sql === last.sql) return last.rows;
      const answer = await connection.query(sql);
      last = {sql, rows: maskOf(answer.getChild("row")!.toArray() as Int32Array, n)};
      return last.rows;
    }
  };
}

/** Starts DuckDB in a worker of its own. */
export async function connect(
  config: DuckDBConfig = {}
): Promise<{database: AsyncDuckDB; connection: AsyncDuckDBConnection}> {
  const wasm = import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm");
  const script = import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js");
  // Framework bundles the worker as a module.
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(script, {type: "module"}));
  await database.instantiate(wasm);
  await database.open(config);
  return {database, connection: await database.connect()};
}
