import type {StudyDescription, Variable} from "../../cohort/description.js";
import type {Selection} from "../../cohort/selection.js";
import {element} from "../element.js";
import {endpointControls} from "../endpointControls.js";
import type {Change} from "../strataControls.js";
import {timeControls} from "../timeControls.js";
import {possibleCovariates} from "./weightedTreatment.js";

/** Which treatment is looked at; endpoint, unit of time and landmark of the selection. */
export function treatmentControls(
  study: StudyDescription,
  selection: Selection,
  treatments: readonly Variable[],
  chosen: Variable,
  tell: {readonly treatment: (variable: Variable) => void; readonly change: Change}
): HTMLElement {
  const treatment = element(
    "select",
    {name: "treatment", onchange: () => tell.treatment(treatments.find(({id}) => id === treatment.value)!)},
    treatments.map(({id, label}) => element("option", {value: id, selected: id === chosen.id}, label))
  );
  let current = selection;
  const change: Change = (part) => {
    current = {...current, ...part};
    time.update();
    tell.change(part);
  };
  const time = timeControls(study, () => current, change);
  return element(
    "fieldset",
    {class: "controls"},
    element("legend", {}, "Question"),
    element("label", {}, element("span", {}, "Treatment"), treatment),
    endpointControls(study, selection, (endpoint) => change({endpoint})),
    time.elements
  );
}

/** What the propensity model is made of. */
export function covariateControls(
  study: StudyDescription,
  chosen: readonly Variable[],
  change: (covariates: readonly Variable[]) => void
): HTMLElement {
  const possible = possibleCovariates(study);
  const kept = new Set(chosen);
  const boxes = possible.map((variable) => {
    const box = element("input", {
      type: "checkbox",
      name: "covariate",
      value: variable.id,
      checked: kept.has(variable),
      onchange: () => {
        if (box.checked) kept.add(variable);
        else kept.delete(variable);
        change(possible.filter((one) => kept.has(one)));
      }
    });
    return element("label", {class: "choice"}, box, variable.label);
  });
  return element("fieldset", {class: "inner"}, element("legend", {}, "Weight for"), boxes);
}
