import {describe, expect, it} from "vitest";
import {QueryError, readingQuery} from "../../src/cohort/readerSql.js";

describe("readingQuery(sql)", () => {
  it.each([
    "SELECT 1",
    "select * from cohort;",
    "FROM cohort",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "SUMMARIZE cohort",
    "PIVOT cohort ON sex USING count(*)",
    "VALUES (1), (2)",
    "SELECT ';' AS \"a;b\", $$ ; $$, $x$ ; ' $x$ -- ; ' ( \n, E'it''s ;'",
    "/* what ; ( */ SELECT 'it''s;'",
    "(SELECT 1)"
  ])("takes a query that reads: %s", (sql) => {
    expect(readingQuery(sql, 10)).toBe(`SELECT * FROM (\n${sql.replace(/;$/, "")}\n) AS answer LIMIT 11`);
  });

  it.each([
    ["ATTACH 'x.db'", "not with ATTACH"],
    ["COPY cohort TO 'x.csv'", "not with COPY"],
    ["SET lock_configuration = false", "not with SET"],
    ["pragma database_list", "not with PRAGMA"],
    ["DROP TABLE cohort", "not with DROP"],
    ["INSERT INTO cohort VALUES (1)", "not with INSERT"],
    ["INSTALL json", "not with INSTALL"],
    ["SELECT 1; DROP TABLE cohort", "Only one query"],
    ["SELECT 1) x; DROP TABLE cohort; SELECT * FROM (SELECT 1", "Only one query"],
    ["SELECT 1) AS a, (SELECT 2", "closes a parenthesis that it has not opened"],
    ["SELECT (1", "opens a parenthesis that it does not close"],
    ["SELECT 'a", "A string in the query is not closed"],
    ['SELECT "a', "A quoted name in the query is not closed"],
    ["SELECT 1 /* ) AS a; DROP TABLE cohort", "A comment in the query is not closed"],
    ["SELECT $a$ 1", "A string in the query is not closed"],
    ["SELECT a$$;DROP TABLE cohort;$$", "Write a space before $"],
    ["SELECT 1$$ ' $$; DROP TABLE cohort; --'", "Write a space before $"],
    ["SELECT E'\\'; DROP TABLE cohort; --'", "Write a backslash"],
    ["SELECT 'a\\'; DROP TABLE cohort; --'", "Only one query"],
    ["", "Write a query first"],
    ["-- nothing", "Write a query first"],
    ["   ;", "Write a query first"],
    ["SELECT " + "1,".repeat(20_000), "has 40007 characters"]
  ])("refuses %s", (sql, reason) => {
    expect(() => readingQuery(sql)).toThrow(QueryError);
    expect(() => readingQuery(sql)).toThrow(reason);
  });
});
