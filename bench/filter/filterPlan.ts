import {identifier, patientsSql} from "../../src/cohort/selectionSql.js";
import type {Selection} from "../../src/cohort/selection.js";

/** What one change of filter asks of the survival page, answered by SQL alone. */
export interface FilterPlan {
  /** Counts by time and group of the selected patients, running totals at risk: what all of the rest is made of. */
  readonly counts: string;
  /** Kaplan–Meier with Greenwood's variance: a row a time and group. */
  readonly kaplanMeier: string;
  /** Log-rank: observed and expected events of the second group, and the variance of their difference. */
  readonly logRank: string;
  /** Score and information of the Cox model of two groups (Efron) at a coefficient. */
  readonly cox: (beta: number) => string;
}

/**
 * The plan as DuckDB has it: mask, Kaplan–Meier of two groups, log-rank and one step of Newton for the Cox model a query.
 * Fewer at risk only by time: no left truncation. Times are compared exactly, so equal times must be equal numbers.
 *
 * @param levels - the two groups' values, the reference first
 */
export function filterPlan(selection: Selection, levels: readonly [string, string]): FilterPlan {
  const [time, event] = [`${selection.endpoint}_time`, `${selection.endpoint}_event`].map(identifier);
  const group = identifier(selection.stratifyBy!);
  const [first, second] = levels.map((level) => `'${level.replaceAll("'", "''")}'`);
  const where = [
    ...patientsSql(selection),
    `${time} IS NOT NULL`,
    `${event} IS NOT NULL`,
    `${group} IN (${first}, ${second})`
  ];
  return {
    counts: `CREATE OR REPLACE TEMP TABLE counts AS
      WITH selected AS (SELECT ${time} AS time, ${group} = ${second} AS high, ${event} = 1 AS died FROM cohort WHERE ${where.join(" AND ")}),
      tied AS (
        SELECT time, count(*) FILTER (NOT high) AS n0, count(*) FILTER (high) AS n1,
          count(*) FILTER (died AND NOT high) AS d0, count(*) FILTER (died AND high) AS d1
        FROM selected GROUP BY time)
      SELECT time, n0, n1, d0, d1,
        sum(n0) OVER later AS risk0, sum(n1) OVER later AS risk1
      FROM tied WINDOW later AS (ORDER BY time DESC ROWS UNBOUNDED PRECEDING)`,
    kaplanMeier: `WITH curve AS (
        SELECT time, 0 AS high, CAST(risk0 AS DOUBLE) AS n, CAST(d0 AS DOUBLE) AS d FROM counts WHERE n0 > 0
        UNION ALL SELECT time, 1, CAST(risk1 AS DOUBLE), CAST(d1 AS DOUBLE) FROM counts WHERE n1 > 0)
      SELECT time, high, n, d,
        exp(sum(CASE WHEN d < n THEN ln(1 - d / n) ELSE -1e300 END) OVER earlier) AS survival,
        sum(CASE WHEN d < n THEN d / (n * (n - d)) END) OVER earlier AS log_variance
      FROM curve WINDOW earlier AS (PARTITION BY high ORDER BY time ROWS UNBOUNDED PRECEDING)`,
    logRank: `WITH risk_set AS (
        SELECT CAST(risk0 + risk1 AS DOUBLE) AS n, CAST(risk1 AS DOUBLE) AS high, CAST(d0 + d1 AS DOUBLE) AS d, d1
        FROM counts WHERE d0 + d1 > 0)
      SELECT CAST(sum(d1) AS DOUBLE) AS observed, sum(d * high / n) AS expected,
        sum(CASE WHEN n > 1 THEN d * (n - d) / (n - 1) * (high / n) * (1 - high / n) ELSE 0 END) AS variance
      FROM risk_set`,
    cox: (beta) => `WITH event AS (
        SELECT CAST(risk0 AS DOUBLE) AS r0, CAST(risk1 AS DOUBLE) * exp(${beta}) AS r1, CAST(d0 AS DOUBLE) AS e0,
          CAST(d1 AS DOUBLE) * exp(${beta}) AS e1, d0 + d1 AS d, unnest(range(CAST(d0 + d1 AS BIGINT))) AS l
        FROM counts WHERE d0 + d1 > 0),
      share AS (SELECT (r1 - l / d * e1) / (r0 + r1 - l / d * (e0 + e1)) AS q FROM event)
      SELECT (SELECT CAST(sum(d1) AS DOUBLE) FROM counts) - sum(q) AS score, sum(q * (1 - q)) AS information FROM share`
  };
}
