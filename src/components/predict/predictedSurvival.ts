import type {Cohort} from "../../cohort/readCohort.js";
import {predictCurve} from "../../survival/coxPrediction.js";
import {designRow, survivalCurve} from "../../survival/publishedModel.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {perYear} from "../formatting.js";
import {fittedOn, horizonsOf, typicalPatient} from "../nomogram/nomogramExplorer.js";
import {beyondTraining, patientControls} from "../nomogram/patientControls.js";
import type {PatientValues} from "../nomogram/patientValue.js";
import {predictedFigure, predictedSummary} from "../nomogram/predictedCurve.js";
import {modelScript} from "../rScript/modelScript.js";
import {remarkList} from "../remarkList.js";

export interface PredictedSurvival {
  readonly element: HTMLElement;
  /** Values computed from the reader's images, by variable; null while there is none. */
  show(computed: Readonly<Record<string, number | null>>): void;
}

/**
 * Survival by the study's models for the reader's image and typed clinical values. Only models of the signatures and volume that the
 * images give; the rest is typed in, beginning with what is usual in the cohort.
 */
export function predictedSurvival(cohort: Cohort, {models}: PublishedModels): PredictedSurvival {
  const {study} = cohort;
  const isComputed = (variable: string) =>
    ["signature", "image"].includes(study.variables.find(({id}) => id === variable)?.origin ?? "");
  const offered = models.filter(({terms}) => terms.some(({variable}) => isComputed(variable)));
  const root = element("section", {class: "predicted-survival", hidden: true});
  if (offered.length === 0) return {element: root, show: () => {}};
  let model = offered[0];
  let typed: PatientValues = {};
  let computed: Readonly<Record<string, number | null>> = {};
  const form = element("div", {class: "controls"});
  const status = element("p", {class: "status", role: "status"});
  const remarks = element("div", {});
  const frame = figureFrame("Predicted survival", `${study.id}-my-image`);

  const predict = () => {
    const missing = model.terms.filter(({variable}) => isComputed(variable) && computed[variable] == null);
    frame.element.hidden = missing.length > 0;
    remarks.replaceChildren();
    if (missing.length > 0) {
      const names = missing.map(({variable}) => study.variables.find(({id}) => id === variable)!.label);
      status.textContent = `This model needs ${names.join(" and ")}: give the image for it, or choose another model.`;
      return;
    }
    const values: PatientValues = {...typed, ...(computed as PatientValues)};
    const endpoint = study.endpoints.find(({id}) => id === model.endpoint)!;
    const years = horizonsOf(study, model);
    const valueOf = (variable: string) => values[variable];
    const times = years.map((year) => year * perYear[endpoint.unit]);
    const exact = predictCurve(model.prediction, designRow(model, valueOf), times);
    const at = years.map((year, h) => ({years: year, survival: exact.survival[h], lower: exact.lower[h], upper: exact.upper[h]})); // prettier-ignore
    status.textContent = predictedSummary(at, endpoint);
    const sentences = beyondTraining(study, model, values);
    if (sentences.length > 0) remarks.replaceChildren(remarkList(sentences));
    const shown = model;
    frame.show({
      ...predictedFigure(survivalCurve(model, valueOf), at, endpoint, model.label, fittedOn(model)),
      script: {write: (data) => modelScript(cohort, shown, values, years, data)}
    });
  };
  const showModel = () => {
    typed = {...typicalPatient(cohort, model), ...typed};
    const clinical = {...model, terms: model.terms.filter(({variable}) => !isComputed(variable))};
    const controls = patientControls(study, clinical, typed, (variable, value) => {
      typed = {...typed, [variable]: value};
      predict();
    });
    form.replaceChildren(clinical.terms.length > 0 ? controls.element : "This model needs no clinical value.");
    predict();
  };
  const chooser = element(
    "select",
    {
      name: "predict-model",
      onchange: () => {
        model = offered.find(({id}) => id === chooser.value)!;
        showModel();
      }
    },
    offered.map(({id, label}) => element("option", {value: id}, label))
  );
  root.append(
    element("h2", {}, "Survival with these clinical values"),
    element(
      "p",
      {},
      "The signature and the volume are the image's; the other values begin as is usual in the cohort: type this patient's."
    ),
    element(
      "div",
      {class: "explorer"},
      element(
        "form",
        {class: "panel", onsubmit: (event) => event.preventDefault()},
        element("label", {}, element("span", {}, "Model"), chooser),
        form
      ),
      element("div", {class: "findings"}, status, remarks, frame.element)
    )
  );
  return {
    element: root,
    show(next) {
      computed = next;
      root.hidden = Object.values(next).every((value) => value === null);
      if (!root.hidden) showModel();
    }
  };
}
