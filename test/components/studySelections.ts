import fc from "fast-check";
import type {StudyDescription, Variable} from "../../src/cohort/description.js";
import {NAMED, defaultSelection} from "../../src/cohort/selection.js";
import type {Filter, Selection} from "../../src/cohort/selection.js";

/** A filter as a reader may set it, some of whose bounds leave nobody. */
const filterOf = ({id, levels}: Variable): fc.Arbitrary<Filter> =>
  levels
    ? fc.record({
        variable: fc.constant(id),
        levels: fc.subarray(levels.map(({value}) => value)),
        not: fc.boolean()
      })
    : fc.record({
        variable: fc.constant(id),
        from: fc.constantFrom(null, 1, 50, 60, 1000),
        to: fc.constantFrom(null, 2, 34, 55, 65, 80),
        not: fc.boolean()
      });

/** Selections of a study, many of them of few patients or none. */
export function selectionOf(study: StudyDescription): fc.Arbitrary<Selection> {
  const variable = fc.constantFrom(null, ...study.variables.map(({id}) => id));
  const filters = (most: {minLength?: number; maxLength: number}) =>
    fc.uniqueArray(fc.oneof(...study.variables.map(filterOf)), {...most, selector: (filter) => filter.variable});
  const alternatives = fc.array(filters({minLength: 1, maxLength: 2}), {maxLength: 2});
  const named = fc
    .array(fc.record({filters: filters({maxLength: 2}), anyOf: fc.constant([])}), {minLength: 2, maxLength: 3})
    .map((found) => found.map((patients, k) => ({name: `Group ${k}`, ...patients})));
  return fc
    .record({
      filters: filters({maxLength: 3}),
      anyOf: fc.oneof({weight: 3, arbitrary: fc.constant([])}, alternatives),
      named: fc.oneof({weight: 3, arbitrary: fc.constant([])}, named),
      stratifyBy: variable,
      crossBy: fc.oneof(fc.constant(null), variable),
      unit: fc.constantFrom<Selection["unit"]>(null, null, "weeks", "years"),
      cut: fc.constantFrom<Selection["cut"]>({rule: "median"}, {rule: "quartiles"}, {rule: "at", values: [1, 2, 60]}),
      landmark: fc.constantFrom(null, 100, 1e5),
      horizon: fc.constantFrom(null, 200, 1e7),
      endpoint: fc.constantFrom(...study.endpoints.map(({id}) => id)),
      interval: fc.constantFrom<Selection["interval"]>("log-log", "log", "plain"),
      band: fc.constantFrom<Selection["band"]>("pointwise", "hall-wellner", "equal-precision")
    })
    .map((drawn) => ({
      ...defaultSelection(study),
      ...drawn,
      stratifyBy: drawn.named.length > 0 ? NAMED : drawn.stratifyBy
    }));
}
