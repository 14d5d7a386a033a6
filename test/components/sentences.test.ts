import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import type {StudyDescription} from "../../src/cohort/description.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import type {Selection} from "../../src/cohort/selection.js";
import {inTimeUnit} from "../../src/cohort/timeUnit.js";
import {adjustedAnswer, possibleAdjustments} from "../../src/components/adjusted/adjustedAnswer.js";
import {competingAnswer} from "../../src/components/competingAnswer.js";
import {groupComparison} from "../../src/components/groupComparison.js";
import {subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalRemarks} from "../../src/components/survivalRemarks.js";
import {effectAlongRisk, treatmentAnswer} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentCautions} from "../../src/components/treatment/treatmentCautions.js";
import {treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {possibleCovariates, weightedTreatment} from "../../src/components/treatment/weightedTreatment.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {mgusStudy} from "./mgusStudy.js";
import {pbcCohort} from "./pbcCohort.js";
import {rotterdamCohort} from "./rotterdamCohort.js";
import {selectionOf} from "./studySelections.js";

interface Study {
  readonly cohort: Cohort;
  readonly study: StudyDescription;
}
let competing: Study;
beforeAll(async () => {
  competing = await mgusStudy();
});

/** All that the survival and the subgroups' page say of a selection besides their figures. */
function sentences({cohort: published, study}: Study, asked: Selection, covariates: readonly string[]): string[] {
  const rows = rowMask(published, asked);
  const {cohort, selection} = inTimeUnit(published, asked);
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

/** The same of the treatments' page. */
function treatmentSentences({cohort: published, study}: Study, asked: Selection, ids: readonly string[]): string[] {
  const question = treatmentQuestion(study);
  if ("refusal" in question) return [question.refusal];
  const rows = rowMask(published, asked);
  const {cohort, selection} = inTimeUnit(published, asked);
  const answer = treatmentAnswer(cohort, selection, rows, question);
  const covariates = possibleCovariates(study).filter(({id}) => ids.includes(id));
  return answer.interactions.flatMap((one) => {
    const {variable: treatment, overall, byRisk, riskByTreatment} = one;
    const weighted = weightedTreatment(cohort, selection, rows, {treatment, risk: question.risk, covariates});
    const along = effectAlongRisk(cohort, selection, rows, treatment);
    return [
      ...treatmentCautions(answer, one, weighted),
      ...[overall, ...byRisk, ...riskByTreatment].flatMap(({reason}) => reason ?? []),
      ...("reason" in along ? [along.reason] : [])
    ];
  });
}

const CODE = /\w\[\d+\]|undefined|NaN|null|not among|leave entry out|event \d|model has no more|\brows?\b|\d\.\d{6}/;

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
          expect(sentence).not.toMatch(CODE);
        }
      }),
      {numRuns: 150}
    );
  });

  it("is for its reader on the page of treatments", () => {
    const study = rotterdamCohort();
    const ids = study.study.variables.map(({id}) => id);
    fc.assert(
      fc.property(selectionOf(study.study), fc.subarray(ids), (selection, covariates) => {
        for (const sentence of treatmentSentences(study, selection, covariates)) {
          expect(sentence).toMatch(/\.$/);
          expect(sentence).not.toMatch(CODE);
        }
      }),
      {numRuns: 150}
    );
  });
});
