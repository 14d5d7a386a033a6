import type {Cohort} from "../../cohort/readCohort.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {counted, formatInterval, formatP} from "../formatting.js";
import {readOption, writeOption} from "../pageOptions.js";
import {remarkList} from "../remarkList.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import {adjustedAnswer, possibleAdjustments} from "./adjustedAnswer.js";
import type {AdjustedAnswer, AdjustedLine} from "./adjustedAnswer.js";
import {adjustedFigure} from "./adjustedFigure.js";

/** The reader's own Cox model: the groups beside variables of choice, kept in the address. */
export interface AdjustedSection {
  readonly element: HTMLElement;
  /** Follows the selection; computes nothing while no variable is chosen. */
  show(cohort: Cohort, rows: Uint8Array, answer: SurvivalAnswer): void;
  /** Whether a model will be fitted. */
  asked(): boolean;
  /** Takes away what is shown of an earlier selection; the choices stay. */
  wait(): void;
}

/** Fewer events than this a coefficient, and the model says more than the data know. */
const EVENTS_EACH = 10;

/** @param redraw - shows the present selection again */
export function adjustedSection(published: Cohort, redraw: () => void): AdjustedSection {
  const {study} = published;
  const chosen = new Set(readOption("adjust")?.split(",").filter(Boolean) ?? []);
  const frame = figureFrame("Adjusted hazard ratios", `${study.id}-adjusted`);
  const [said, remarks] = [element("p", {class: "adjusted-words"}), element("div", {})];
  const boxes = element("fieldset", {class: "inner"});
  const offer = (answer: SurvivalAnswer) => {
    const possible = possibleAdjustments(study, answer);
    const offered = possible.map(({id}) => id).join();
    if (boxes.dataset.offered === offered) return;
    boxes.dataset.offered = offered;
    boxes.replaceChildren(
      element("legend", {}, "Adjust for"),
      ...possible.map(({id, label}) => {
        const box = element("input", {
          type: "checkbox",
          name: "adjust",
          value: id,
          checked: chosen.has(id),
          onchange: () => {
            if (box.checked) chosen.add(id);
            else chosen.delete(id);
            writeOption("adjust", chosen.size > 0 ? [...chosen].join(",") : null);
            redraw();
          }
        });
        return element("label", {class: "choice"}, box, label);
      })
    );
  };
  const root = element(
    "section",
    {class: "adjusted"},
    element("h2", {}, "What remains beside other variables?"),
    boxes,
    said,
    frame.element,
    remarks
  );
  return {
    element: root,
    asked: () => chosen.size > 0,
    wait() {
      frame.element.hidden = true;
      said.textContent = "";
      remarks.replaceChildren();
    },
    show(cohort, rows, answer) {
      root.hidden = answer.groups.length < 2;
      if (root.hidden) return;
      offer(answer);
      const covariates = possibleAdjustments(cohort.study, answer).filter(({id}) => chosen.has(id));
      const found = covariates.length > 0 ? adjustedAnswer(cohort, rows, answer, covariates) : null;
      frame.element.hidden = found === null;
      said.textContent = found
        ? adjustedSentence(found)
        : "Choose variables to fit one Cox model of them and the groups.";
      remarks.replaceChildren(...(found ? [remarkList(adjustedRemarks(found))] : []));
      if (found) frame.show(adjustedFigure(cohort, answer, found));
    }
  };
}

/** "High risk, alone on the same patients: HR 2.13 …; beside the others: HR 1.94 …" */
function adjustedSentence({terms, crude, added, proportional}: AdjustedAnswer): string {
  const ratio = ({hazardRatio, lower, upper, reason}: AdjustedLine) =>
    reason ?? `HR ${formatInterval(hazardRatio, lower, upper)}`;
  const each = terms[0].lines.flatMap((line, l) =>
    line.reference
      ? []
      : [`${line.label}, alone on the same patients: ${ratio(crude[l])}; beside the others: ${ratio(line)}.`]
  );
  const test = added
    ? [
        `What the groups add to the others: χ² = ${added.statistic.toFixed(2)} on ${added.df} df, ${formatP(added.p)} (likelihood ratio).`
      ]
    : [];
  const drift = proportional ? [`Proportional hazards, all terms together: ${formatP(proportional.global.p)}.`] : [];
  return [...each, ...test, ...drift].join(" ");
}

/** What the model must be read with. */
export function adjustedRemarks({terms, events, coefficients, missing, constant, refusals}: AdjustedAnswer): string[] {
  const drifting = terms.filter(({proportional}) => proportional !== null && proportional < 0.05);
  return [
    ...(coefficients > 0 && events < EVENTS_EACH * coefficients
      ? [
          `The model has ${counted(events, "event")} for ${counted(coefficients, "coefficient")}; with fewer than ten each it is unstable.`
        ]
      : []),
    ...(missing > 0
      ? [
          `${counted(missing, "selected patient")} with a missing value ${missing === 1 ? "is" : "are"} not in the model.`
        ]
      : []),
    ...constant.map(({label}) => `${label} is the same for all of these patients and is not in the model.`),
    ...drifting.map(
      ({title, proportional}) =>
        `The ratio of ${title} changes with time (${formatP(proportional!)}); what is shown is an average.`
    ),
    ...refusals
  ];
}
