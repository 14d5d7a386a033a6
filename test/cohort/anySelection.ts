import fc from "fast-check";
import {NAMED, PATIENT} from "../../src/cohort/selection.js";
import type {Filter, Patients, Selection} from "../../src/cohort/selection.js";
import {lungCohort} from "./lungCohort.js";

const {study} = lungCohort();

const numeric = (variable: string, min: number, max: number): fc.Arbitrary<Filter> =>
  fc
    .tuple(
      fc.option(
        fc.float({min, max, noNaN: true}).map((v) => v + 0),
        {nil: null}
      ),
      fc.option(fc.integer({min, max}), {nil: null})
    )
    .map(([from, to]) => ({variable, from, to}));

const levels = (variable: string, values: string[]): fc.Arbitrary<Filter> =>
  fc.record({variable: fc.constant(variable), levels: fc.subarray(values)});

const ids: fc.Arbitrary<Filter> = fc
  .uniqueArray(
    fc.oneof(
      fc.integer({min: 1, max: 228}).map((i) => `L${i}`),
      fc.constantFrom("nobody", "a,b", "it's", "")
    ),
    {minLength: 1, maxLength: 6}
  )
  .map((found) => ({variable: PATIENT, ids: found}));

/** Filters of the lung cohort, at most one a variable, some turned round. */
export const filterLists: fc.Arbitrary<Filter[]> = fc
  .tuple(
    ...[
      levels("sex", ["1", "2"]),
      levels("ph.ecog", ["0", "1", "2", "3"]),
      numeric("age", 39, 82),
      numeric("wt.loss", -20, 60),
      ids
    ].map((filter) => fc.option(fc.tuple(filter, fc.boolean()), {freq: 2}))
  )
  .map((drawn) =>
    drawn.filter((pair) => pair !== null).map(([filter, not]): Filter => (not ? {...filter, not} : filter))
  );

const patients: fc.Arbitrary<Patients> = fc.record({
  filters: filterLists,
  // An alternative without a filter counts for nothing and is not written.
  anyOf: fc.array(
    filterLists.map((filters): Filter[] => (filters.length > 0 ? filters : [{variable: "sex", levels: ["1"]}])),
    {maxLength: 3}
  )
});

/** Any selection a page of the lung cohort can hold. */
export const selections: fc.Arbitrary<Selection> = fc
  .record({
    endpoint: fc.constant("os"),
    stratifyBy: fc.constantFrom(null, NAMED, ...study.variables.map(({id}) => id)),
    crossBy: fc.constantFrom(null, ...study.variables.map(({id}) => id)),
    cut: fc.oneof(
      fc.constantFrom({rule: "median" as const}, {rule: "tertiles" as const}, {rule: "quartiles" as const}),
      fc
        .uniqueArray(fc.integer({min: -20, max: 2000}), {minLength: 1, maxLength: 3})
        .map((values) => ({rule: "at" as const, values: values.map((v) => v / 10).sort((a, b) => a - b)}))
    ),
    reference: fc.option(fc.constantFrom("1", "2", "1~2", "high & low")),
    interval: fc.constantFrom("log-log" as const, "log" as const, "plain" as const),
    band: fc.constantFrom("pointwise" as const, "hall-wellner" as const, "equal-precision" as const),
    unit: fc.constantFrom(null, "days" as const, "weeks" as const, "months" as const, "years" as const),
    horizon: fc.option(fc.integer({min: 1, max: 8000}).map((v) => v / 10)),
    landmark: fc.option(fc.integer({min: 0, max: 8000}).map((v) => v / 10)),
    patients,
    named: fc.uniqueArray(
      fc.tuple(
        fc.string({minLength: 1, maxLength: 40}).map((name) => name.trim() || "unnamed"),
        patients
      ),
      {
        selector: ([name]) => name,
        maxLength: 8
      }
    )
  })
  .map(({patients: who, named, ...rest}) => ({
    ...rest,
    ...who,
    named: named.map(([name, these]) => ({name, ...these})),
    stratifyBy: rest.stratifyBy === NAMED && named.length < 2 ? "sex" : rest.stratifyBy
  }));
