import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import type {StudyDescription, Variable} from "../../src/cohort/description.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Filter, Selection} from "../../src/cohort/selection.js";
import {adjustedAnswer, possibleAdjustments} from "../../src/components/adjusted/adjustedAnswer.js";
import {competingAnswer} from "../../src/components/competingAnswer.js";
import {groupComparison} from "../../src/components/groupComparison.js";
import {subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalRemarks} from "../../src/components/survivalRemarks.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {mgusStudy} from "./mgusStudy.js";
import {pbcCohort} from "./pbcCohort.js";

interface Study {
  readonly cohort: Cohort;
  readonly study: StudyDescription;
}
let competing: Study;
beforeAll(async () => {
  competing = await mgusStudy();
});

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

const selectionOf = (study: StudyDescription): fc.Arbitrary<Selection> => {
  const variable = fc.constantFrom(null, ...study.variables.map(({id}) => id));
  return fc
    .record({
      filters: fc.uniqueArray(fc.oneof(...study.variables.map(filterOf)), {
        maxLength: 3,
        selector: (filter) => filter.variable
      }),
      stratifyBy: variable,
      crossBy: variable,
      cut: fc.constantFrom<Selection["cut"]>({rule: "median"}, {rule: "quartiles"}, {rule: "at", values: [1, 2, 60]}),
      landmark: fc.constantFrom(null, 100, 1e5),
      horizon: fc.constantFrom(null, 200, 1e7),
      endpoint: fc.constantFrom(...study.endpoints.map(({id}) => id)),
      band: fc.constantFrom<Selection["band"]>("pointwise", "hall-wellner", "equal-precision")
    })
    .map((drawn) => ({...defaultSelection(study), ...drawn}));
};

/** All that the survival and the subgroups' page say of a selection besides their figures. */
function sentences({cohort, study}: Study, selection: Selection, covariates: readonly string[]): string[] {
  const rows = rowMask(cohort, selection);
  const answer = survivalAnswer(cohort, selection, rows);
  const chosen = possibleAdjustments(study, answer).filter(({id}) => covariates.includes(id));
  const subgroups = subgroupAnswer(cohort, selection, rows);
  const reasons = subgroups.factors.flatMap(({levels}) => levels.flatMap(({effect}) => effect.reason ?? []));
  return [
    ...survivalRemarks(study, answer),
    ...(groupComparison(cohort, rows, answer)?.refusals ?? []),
    ...(competingAnswer(cohort, rows, answer)?.refusals ?? []),
    ...(adjustedAnswer(cohort, rows, answer, chosen)?.refusals ?? []),
    ...(subgroups.refusal ? [subgroups.refusal] : []),
    ...reasons
  ];
}

describe("what a page says of any selection", () => {
  it.each([
    ["lung", () => lungCohort()],
    ["pbc", () => pbcCohort()],
    ["mgus", () => competing]
  ])("is for its reader, not of its code: %s", (_, open) => {
    const study = open();
    const ids = study.study.variables.map(({id}) => id);
    const covariates = fc.subarray(ids, {maxLength: Math.min(2, ids.length)});
    fc.assert(
      fc.property(selectionOf(study.study), covariates, (selection, adjusted) => {
        for (const sentence of sentences(study, selection, adjusted)) {
          expect(sentence).toMatch(/\.$/);
          expect(sentence).not.toMatch(
            /\w\[\d+\]|undefined|NaN|null|not among|leave entry out|event \d|model has no more/
          );
        }
      }),
      {numRuns: 150}
    );
  });
});
