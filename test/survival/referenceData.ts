import {readFileSync} from "node:fs";
import {expect} from "vitest";

/** Columns of one of R's data sets, as committed in test/reference/datasets. */
export type Columns = Record<string, (number | string | null)[]>;

export function readDataset(name: string): Columns {
  const url = new URL(`../reference/datasets/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as {columns: Columns}).columns;
}

export function readFixture<T>(name: string): T {
  const url = new URL(`../reference/fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T;
}

/** A numeric column; null becomes NaN. `first` keeps only that many rows. */
export function numbers(columns: Columns, name: string, first?: number | null): Float64Array {
  const column = columns[name].slice(0, first ?? undefined);
  return Float64Array.from(column, (v) => (typeof v === "number" ? v : NaN));
}

const eventOf: Record<string, (columns: Columns) => Float64Array> = {
  lung: (c) => numbers(c, "status").map((s) => Number(s === 2)),
  pbc: (c) => numbers(c, "status").map((s) => Number(s === 2)),
  veteran: (c) => numbers(c, "status"),
  rotterdam: (c) => numbers(c, "death"),
  gbsg: (c) => numbers(c, "status"),
  colon: (c) => numbers(c, "status"),
  ovarian: (c) => numbers(c, "fustat"),
  mgus2: (c) => numbers(c, "death")
};

/** Time and event of a data set as the reference scripts define them. */
export function readFollowUp(data: string, time: string, first?: number | null) {
  const columns = readDataset(data);
  return {
    time: Array.from(numbers(columns, time, first)),
    event: Array.from(eventOf[data](columns).slice(0, first ?? undefined)),
    columns
  };
}

/** Every value within a relative tolerance (absolute where the truth is 0); R's NA (null, or NaN) must be NaN. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: number | readonly (number | null)[],
  relative: number
): void {
  const truth = typeof expected === "number" ? [expected] : expected;
  expect(actual.length).toBe(truth.length);
  truth.forEach((value, i) => {
    if (value === null || Number.isNaN(value)) return expect(actual[i], `value ${i} is NA in R`).toBeNaN();
    const error = Math.abs(actual[i] - value) / (Math.abs(value) > 1e-300 ? Math.abs(value) : 1);
    expect(error, `value ${i}: ${actual[i]} against R's ${value}`).toBeLessThanOrEqual(relative);
  });
}
