import type {Cohort} from "../cohort/readCohort.js";
import {selectionWords} from "../cohort/selectionWords.js";
import type {Selection} from "../cohort/selection.js";
import {writeSelection} from "../cohort/selectionUrl.js";
import {element} from "./element.js";
import {figureFrame} from "./figureFrame.js";
import type {Figure} from "./figureFrame.js";
import {counted, formatCount} from "./formatting.js";
import {survivalScript} from "./rScript/survivalScript.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {survivalPoints} from "./survivalPoints.js";
import {survivalChart, testLine} from "./survivalChart.js";
import {survivalCsv} from "./survivalCsv.js";
import {methodNote} from "./survivalNote.js";

/** What a frame shows of an answer. */
export function survivalFigure(cohort: Cohort, selection: Selection, answer: SurvivalAnswer): Figure {
  const {study} = cohort;
  const {variable, crossed} = answer.grouping;
  const by = variable ? ` by ${variable.label}${crossed ? ` and ${crossed.variable.label}` : ""}` : "";
  return {
    draw: answer.groups.length > 0 ? (width) => survivalChart(answer, width) : null,
    csv: () => survivalCsv(answer),
    caption: `${answer.endpoint.label}${by}; selection: ${selectionWords(study, selection)}; n = ${formatCount(answer.n)}, ${counted(answer.events, "event")}.`,
    note: methodNote(answer),
    patients: (svg) => survivalPoints(cohort, answer, Number(svg.getAttribute("width"))),
    script:
      answer.groups.length > 0
        ? {write: (data) => survivalScript(cohort, selection, answer, data)}
        : {none: "nobody is left to draw a curve of."}
  };
}

/** A figure of one selection that does not change, with its test and a link to the explorer. */
export function fixedSurvivalFigure(
  cohort: Cohort,
  title: string,
  name: string,
  selection: Selection,
  answer: SurvivalAnswer
): HTMLElement {
  const frame = figureFrame(title, name);
  frame.show(survivalFigure(cohort, selection, answer));
  const test = testLine(answer);
  const query = writeSelection(selection, cohort.study);
  return element(
    "section",
    {},
    element("h3", {}, title),
    element("p", {class: "status", title: test?.title ?? null}, test?.text ?? ""),
    frame.element,
    element(
      "p",
      {},
      element("a", {href: `./survival.html${query ? `?${query}` : ""}`}, "Open this selection in the explorer")
    )
  );
}
