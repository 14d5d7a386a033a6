import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {rowMask} from "../../cohort/rowMask.js";
import type {Selection} from "../../cohort/selection.js";
import {element} from "../element.js";
import {exclusionRemarks} from "../exclusionRemarks.js";
import {figureFrame} from "../figureFrame.js";
import {plainTable} from "../plainTable.js";
import {remarkList} from "../remarkList.js";
import {survivalAnswer} from "../survivalAnswer.js";
import {testLine} from "../survivalChart.js";
import {survivalFigure} from "../survivalFigure.js";
import {survivalRemarks} from "../survivalRemarks.js";
import {withVariable} from "./derivedCohort.js";
import {signatureCells, signaturesBySplit} from "./signaturesBySplit.js";

/** Survival and signatures of the selected patients below and above the median of a value computed in the page. */
export function splitFigure(cohort: Cohort, chosen: Selection, variable: Variable, values: Float64Array): HTMLElement {
  const derived = withVariable(cohort, variable, values);
  const selection = {...chosen, stratifyBy: variable.id, crossBy: null, cut: {rule: "median"} as const};
  const rows = rowMask(derived, selection);
  const answer = survivalAnswer(derived, selection, rows);
  const frame = figureFrame(`Survival by ${variable.label}`, `${cohort.study.id}-${variable.id}`);
  frame.show(survivalFigure(derived, selection, answer));
  const test = testLine(answer);
  const signatures = signaturesBySplit(cohort, answer.grouping, rows);
  return element(
    "div",
    {},
    element("p", {class: "status", title: test?.title ?? null}, test?.text ?? ""),
    frame.element,
    remarkList([...exclusionRemarks(derived, selection), ...survivalRemarks(derived.study, answer)]),
    signatures.length > 0 && element("h3", {}, "What the images say of these patients"),
    signatures.length > 0 &&
      plainTable(
        `Signatures by ${variable.label}`,
        ["Median (quartiles)", ...answer.grouping.groups.map(({label}) => label), "p, t-test"],
        signatures.map(signatureCells)
      )
  );
}
