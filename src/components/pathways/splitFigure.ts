import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {rowMask} from "../../cohort/rowMask.js";
import type {Selection} from "../../cohort/selection.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {remarkList} from "../remarkList.js";
import {survivalAnswer} from "../survivalAnswer.js";
import {testLine} from "../survivalChart.js";
import {survivalFigure} from "../survivalFigure.js";
import {survivalRemarks} from "../survivalRemarks.js";
import {withVariable} from "./derivedCohort.js";

/** Survival of the selected patients below and above the median of a value that was computed in the page. */
export function splitFigure(cohort: Cohort, chosen: Selection, variable: Variable, values: Float64Array): HTMLElement {
  const derived = withVariable(cohort, variable, values);
  const selection = {...chosen, stratifyBy: variable.id, crossBy: null, cut: {rule: "median"} as const};
  const answer = survivalAnswer(derived, selection, rowMask(derived, selection));
  const frame = figureFrame(`Survival by ${variable.label}`, `${cohort.study.id}-${variable.id}`);
  frame.show(survivalFigure(derived, selection, answer));
  const test = testLine(answer);
  return element(
    "div",
    {},
    element("p", {class: "status", title: test?.title ?? null}, test?.text ?? ""),
    frame.element,
    remarkList(survivalRemarks(derived.study, answer))
  );
}
