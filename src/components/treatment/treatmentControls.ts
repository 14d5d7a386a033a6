import type {StudyDescription, Variable} from "../../cohort/description.js";
import {endpointOf} from "../../cohort/selection.js";
import type {Selection} from "../../cohort/selection.js";
import {element} from "../element.js";
import type {Change} from "../strataControls.js";
import {possibleCovariates} from "./weightedTreatment.js";

/** Which treatment is looked at; endpoint and landmark of the selection. */
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
  const unit = element("small", {}, landmarkHint(study, selection));
  const endpoint = element(
    "select",
    {
      name: "endpoint",
      onchange: () => {
        unit.textContent = landmarkHint(study, {...selection, endpoint: endpoint.value});
        tell.change({endpoint: endpoint.value});
      }
    },
    study.endpoints.map(({id, label}) => element("option", {value: id, selected: id === selection.endpoint}, label))
  );
  const landmark = element("input", {
    type: "number",
    name: "landmark",
    min: 0,
    step: "any",
    value: selection.landmark ?? "",
    onchange: () => tell.change({landmark: landmark.valueAsNumber > 0 ? landmark.valueAsNumber : null})
  });
  return element(
    "fieldset",
    {class: "controls"},
    element("legend", {}, "Question"),
    element("label", {}, element("span", {}, "Treatment"), treatment),
    study.endpoints.length > 1 ? element("label", {}, element("span", {}, "Endpoint"), endpoint) : null,
    element("label", {}, element("span", {}, "Landmark"), landmark, unit)
  );
}

const landmarkHint = (study: StudyDescription, selection: Selection) =>
  `${endpointOf(study, selection).unit}; only patients still followed then count`;

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
