import * as duckdb from "@duckdb/duckdb-wasm/blocking";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {LOCK} from "../../src/cohort/duckdb.js";

/** DuckDB with some tables, locked as the pages lock theirs. */
export async function duckdbWith(tables: Readonly<Record<string, Uint8Array>>): Promise<duckdb.DuckDBConnection> {
  const dist = dirname(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
  const bundle = (kind: string) => ({
    mainModule: join(dist, `duckdb-${kind}.wasm`),
    mainWorker: join(dist, `duckdb-node-${kind}.worker.cjs`)
  });
  const database = await duckdb.createDuckDB(
    {mvp: bundle("mvp"), eh: bundle("eh")},
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME
  );
  await database.instantiate(() => {});
  const connection = database.connect();
  for (const [name, bytes] of Object.entries(tables)) connection.insertArrowFromIPCStream(bytes, {name, create: true});
  for (const setting of LOCK) connection.query(setting);
  return connection;
}
