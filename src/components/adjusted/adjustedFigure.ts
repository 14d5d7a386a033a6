import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {endpointCsv} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatCount} from "../formatting.js";
import {adjustedScript} from "../rScript/adjustedScript.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import type {AdjustedAnswer} from "./adjustedAnswer.js";
import {adjustedPlot} from "./adjustedPlot.js";

/** The model's hazard ratios as a forest plot. */
export function adjustedFigure(cohort: Cohort, groups: SurvivalAnswer, answer: AdjustedAnswer): Figure {
  const {endpoint, selection, n, events, missing, terms} = answer;
  const fitted = answer.coefficients > 0;
  const left = missing > 0 ? `; ${counted(missing, "patient")} left out for a missing value` : "";
  return {
    draw: fitted ? (width) => adjustedPlot(answer, width) : null,
    csv: () => adjustedCsv(answer),
    caption: `Hazard ratios of ${terms.map(({title}) => title).join(", ")} in one model; ${endpoint.label}; selection: ${selectionWords(cohort.study, selection)}; n = ${formatCount(n)}, ${counted(events, "event")}${left}.`,
    note: `Cox regression (Efron) on all of them at once, each adjusted for the others. A number enters as a straight line; its ratio is for the interquartile range of these patients. 95% Wald intervals.${endpoint.competing ? " The competing event is taken for censoring: these are cause-specific hazards." : ""}`,
    script: fitted
      ? {write: (data) => adjustedScript(cohort, groups, answer, data)}
      : {none: "no model could be fitted."}
  };
}

/** A line a coefficient and a reference; the crude ratios of the groups after them. */
export function adjustedCsv({terms, crude, endpoint}: AdjustedAnswer): string {
  const header = ["model", "term", "level", "per", "n", "events", "hazard_ratio", "lower", "upper", "p", "remark"];
  const rows = [
    ...terms.flatMap((term) => term.lines.map((line) => ({model: "adjusted", term, line}))),
    ...crude.map((line) => ({model: "groups alone", term: terms[0], line}))
  ];
  return endpointCsv(
    endpoint,
    header,
    rows.map(({model, term: {title, per}, line}) => [
      model,
      title,
      per === null ? line.label : null,
      per,
      line.n,
      line.events,
      line.hazardRatio,
      line.lower,
      line.upper,
      line.p,
      line.reference ? "reference" : line.reason
    ])
  );
}
