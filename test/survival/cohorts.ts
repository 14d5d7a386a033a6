import fc from "fast-check";
import type {Columns} from "./referenceData.js";

/** A column written as in the R scripts: "status - 1", "as.numeric(nodes > 3)", "0.5 + (i %% 4) / 3" (i from 1). */
export function evaluate(columns: Columns, expression: string): number[] {
  const script = expression
    .replace(/as\.numeric\((.*)\)$/, "Number($1)")
    .replaceAll("%%", "%")
    .replaceAll("ph.", "ph_")
    .replace(/ == /g, " === ");
  const names = Object.keys(columns).map((name) => name.replaceAll(".", "_"));
  const compute = new Function(...names, "i", `return ${script};`);
  const size = Object.values(columns)[0].length;
  return Array.from({length: size}, (_, i) => {
    const values = Object.values(columns).map((column) => column[i]);
    const used = Object.keys(columns).filter((name) =>
      new RegExp(`\\b${name.replaceAll(".", "\\.")}\\b`).test(expression)
    );
    return used.some((name) => columns[name][i] === null) ? NaN : Number(compute(...values, i + 1));
  });
}

export interface SmallCohort {
  time: number[];
  event: number[];
  entry?: number[];
}

/** Small cohorts with many ties; at least one patient. */
export function followUps({entry = false, minLength = 1} = {}): fc.Arbitrary<SmallCohort> {
  const patient = fc.tuple(
    fc.integer({min: 1, max: 30}),
    fc.integer({min: 0, max: 1}),
    fc.double({min: 0, max: 0.99, noNaN: true})
  );
  return fc.array(patient, {minLength, maxLength: 60}).map((rows) => ({
    time: rows.map(([t]) => t),
    event: rows.map(([, e]) => e),
    ...(entry ? {entry: rows.map(([t, , share]) => Math.floor(t * share))} : {})
  }));
}

/** The same patients in another order. */
export function permuted<T extends object>(cohort: T, seed: number): T {
  const columns = Object.entries(cohort) as [string, readonly unknown[]][];
  const size = columns[0][1].length;
  const order = Array.from({length: size}, (_, i) => i).sort(
    (a, b) => ((a * 7919 + seed) % 1009) - ((b * 7919 + seed) % 1009) || a - b
  );
  const entries = columns.map(([name, column]) => [name, order.map((i) => column[i])]);
  return Object.fromEntries(entries) as T;
}

/** By prime, n numbers of [0, 1): arithmetic that R repeats to the last bit. */
export const turns = (n: number, primes: readonly number[]) =>
  primes.map((k) => Float64Array.from({length: n}, (_, i) => ((i + 1) * Math.sqrt(k)) % 1));
