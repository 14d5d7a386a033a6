import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import {interactionScript} from "../../src/components/rScript/interactionScript.js";
import {markerScript} from "../../src/components/rScript/markerScript.js";
import type {Effect} from "../../src/components/subgroups/effectWithin.js";
import {effectAlongRisk, treatmentAnswer} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {rotterdamCohort} from "../components/rotterdamCohort.js";
import {expectClose} from "../survival/referenceData.js";
import {numbersAfter, printedBy, tableOf} from "./runR.js";

const {cohort} = rotterdamCohort();
const selection = defaultSelection(cohort.study);
const rows = rowMask(cohort, selection);
const question = treatmentQuestion(cohort.study);
if ("refusal" in question) throw new Error(question.refusal);
const {risk, treatments} = question;

describe("the R scripts of the treatment page", () => {
  it("repeat each treatment's effect by risk, their ratio, the test of interaction and its adjusted p", () => {
    const answer = treatmentAnswer(cohort, selection, rows, {risk, treatments});
    const output = printedBy((data) => interactionScript(cohort, answer, risk, rows, data));
    const same = (line: string, {hazardRatio, lower, upper}: Effect) =>
      expectClose(numbersAfter(output, line), [hazardRatio, lower, upper], 1e-7);
    expect(answer.tests).toBe(treatments.length);
    for (const {
      variable,
      overall,
      byRisk,
      riskByTreatment,
      groups,
      interaction,
      ratio,
      adjustedP
    } of answer.interactions) {
      same(`${variable.id} | all :`, overall);
      answer.risk.forEach(({label}, r) => same(`${variable.id} | ${label} :`, byRisk[r]));
      groups.forEach(({label}, g) => same(`${variable.id} | risk within ${label} :`, riskByTreatment[g]));
      expectClose(numbersAfter(output, `interaction ${variable.id} :`), [interaction!.statistic], 1e-6);
      expectClose(
        numbersAfter(output, `ratio of the two ${variable.id} :`),
        [ratio!.ratio, ratio!.lower, ratio!.upper],
        1e-7
      );
      expectClose(numbersAfter(output, `Holm ${variable.id} :`), [adjustedP], 1e-6);
    }
  });

  it.each(treatments.map((treatment) => [treatment.label, treatment] as const))(
    "repeat the effect along the risk score at every point drawn: %s",
    (_, treatment) => {
      const found = effectAlongRisk(cohort, selection, rows, treatment);
      if ("reason" in found) throw new Error(found.reason);
      const {value: curve, score} = found;
      const output = printedBy((data) => markerScript(cohort, {selection, rows, treatment, score}, curve, data));
      expect(numbersAfter(output, "n, events:")).toEqual([curve.n, curve.events]);
      expectClose(numbersAfter(output, "Same effect at every score:"), [curve.interaction.statistic], 1e-6);
      expectClose(numbersAfter(output, "As a straight line:"), [curve.linear.statistic], 1e-6);
      const drawn = tableOf(output, ["score", "ratio", "lower", "upper"]);
      expect(drawn.score.length).toBe(101);
      expectClose(drawn.score, Array.from(curve.score), 1e-8);
      expectClose(drawn.ratio, Array.from(curve.hazardRatio), 1e-7);
      expectClose(drawn.lower, Array.from(curve.lower), 1e-7);
      expectClose(drawn.upper, Array.from(curve.upper), 1e-7);
    }
  );
});
