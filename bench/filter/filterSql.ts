import type {DuckDBConnection} from "@duckdb/duckdb-wasm/blocking";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {COHORT_TABLE} from "../../src/cohort/selectionSql.js";
import {duckdbWith} from "../../test/cohort/duckdbInNode.js";
import type {FilterPlan} from "./filterPlan.js";
import type {FilterAnswer} from "./filterTable.js";

/** Opens the DuckDB that the site ships, in this process, with a cohort's table. */
export function openSql({bytes}: Cohort): Promise<DuckDBConnection> {
  return duckdbWith({[COHORT_TABLE]: bytes.slice()});
}

/** Newton's steps until the coefficient stands still. */
const STANDS_STILL = 1e-9;

/** One change of filter by SQL alone: four queries, and one more for each further step of the Cox model. */
export function answerBySql(connection: DuckDBConnection, plan: FilterPlan): FilterAnswer {
  const row = (sql: string) => connection.query(sql).toArray()[0] as Record<string, number>;
  connection.query(plan.counts);
  const curves = connection.query(plan.kaplanMeier);
  const column = (name: string) => curves.getChild(name)!.toArray() as ArrayLike<number>;
  const [high, survival] = [column("high"), column("survival")];
  const last: [number, number] = [1, 1];
  for (let k = 0; k < high.length; k++) last[high[k]] = Math.min(last[high[k]], survival[k]);
  const {observed, expected, variance} = row(plan.logRank);
  let [coef, information] = [0, NaN];
  for (let steps = 0; steps < 20; steps++) {
    const at = row(plan.cox(coef));
    information = at.information;
    coef += at.score / information;
    if (Math.abs(at.score / information) < STANDS_STILL) break;
  }
  return {
    survival: last,
    chiSquare: (observed - expected) ** 2 / variance,
    coef,
    standardError: 1 / Math.sqrt(information)
  };
}
