import type {Cohort} from "../cohort/readCohort.js";
import {element} from "./element.js";
import {remarkList} from "./remarkList.js";
import type {RiskSet} from "./riskSets.js";
import {fixedSurvivalFigure} from "./survivalFigure.js";
import {survivalRemarks} from "./survivalRemarks.js";

/** The groups' curves in each set, side by side where there is room. */
export function survivalSections(cohort: Cohort, sets: readonly RiskSet[]): HTMLElement {
  return element(
    "div",
    {class: "pair"},
    sets.map(({set, label, selection, answer}) => {
      const by = answer.grouping.variable ? ` by ${answer.grouping.variable.label}` : "";
      const figure = fixedSurvivalFigure(cohort, `${label}${by}`, `${cohort.study.id}-${set}`, selection, answer);
      figure.append(remarkList(survivalRemarks(cohort.study, answer)));
      return figure;
    })
  );
}
