import type {StudyDescription} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import {predictCurve} from "../../survival/coxPrediction.js";
import {nomogramPoints} from "../../survival/nomogramPoints.js";
import type {Nomogram} from "../../survival/nomogramPoints.js";
import {designRow, nomogramModel, survivalCurve} from "../../survival/publishedModel.js";
import type {PublishedModel, PublishedModels} from "../../survival/publishedModel.js";
import {csvText} from "../csv.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {counted, perYear} from "../formatting.js";
import {modelScript} from "../rScript/modelScript.js";
import {remarkList} from "../remarkList.js";
import {cohortValue} from "./cohortValue.js";
import {nomogramDrawing, pointsOf} from "./nomogramDrawing.js";
import type {NomogramDrawing} from "./nomogramDrawing.js";
import {nomogramLayout} from "./nomogramLayout.js";
import {beyondTraining, patientControls} from "./patientControls.js";
import {patientPicker} from "./patientPicker.js";
import type {PatientValues} from "./patientValue.js";
import {predictedFigure, predictedSummary} from "./predictedCurve.js";

/** Horizons in years that a model's follow-up reaches. */
export function horizonsOf(study: StudyDescription, model: PublishedModel): number[] {
  const {unit} = study.endpoints.find(({id}) => id === model.endpoint)!;
  return [1, 3, 5].filter((years) => years * perYear[unit] <= model.prediction.baselines[0].last);
}

/**
 * The nomogram of a chosen model with a patient who can be dragged, typed in, or loaded from the cohort; the predicted
 * curve follows.
 *
 * The element's data attribute "drawn" counts the changes drawn.
 */
export function nomogramExplorer(cohort: Cohort, {models}: PublishedModels): HTMLElement {
  const {study} = cohort;
  let model = models[0];
  let values = typicalPatient(cohort, model);
  let drawing: NomogramDrawing | null = null;
  let drawn = 0;
  /** Row of the patient shown, until a value is changed. */
  let loaded: number | null = null;
  const frame = figureFrame("Nomogram", `${study.id}-nomogram`);
  const curveFrame = figureFrame("Predicted survival", `${study.id}-predicted`);
  const status = element("p", {class: "status", role: "status"});
  const remarks = element("div", {});
  const form = element("div", {class: "controls"});
  const root = element("div", {class: "explorer nomogram-explorer"});
  let controls = patientControls(study, model, values, () => {});

  const showPatient = () => {
    const endpoint = study.endpoints.find(({id}) => id === model.endpoint)!;
    const years = horizonsOf(study, model);
    const valueOf = (variable: string) => values[variable];
    const row = designRow(model, valueOf);
    const exact = predictCurve(
      model.prediction,
      row,
      years.map((year) => year * perYear[endpoint.unit])
    );
    const at = years.map((year, h) => ({
      years: year,
      survival: exact.survival[h],
      lower: exact.lower[h],
      upper: exact.upper[h]
    }));
    drawing?.move(values);
    controls.show(values);
    status.textContent = predictedSummary(at, endpoint);
    const sentences = beyondTraining(study, model, values);
    remarks.replaceChildren(...(sentences.length > 0 ? [remarkList(sentences)] : []));
    const [shown, patient] = [model, values];
    curveFrame.show({
      ...predictedFigure(survivalCurve(model, valueOf), at, endpoint, model.label, fittedOn(model)),
      script: {write: (data) => modelScript(cohort, shown, patient, years, data)}
    });
    root.dataset.drawn = String(++drawn);
  };
  const set = (variable: string, value: number | string) => {
    loaded = null;
    values = {...values, [variable]: value};
    showPatient();
  };
  const showModel = () => {
    const {unit} = study.endpoints.find(({id}) => id === model.endpoint)!;
    const years = horizonsOf(study, model);
    const nomogram = nomogramPoints(
      nomogramModel(
        model,
        years.map((year) => year * perYear[unit])
      )
    );
    controls = patientControls(study, model, values, set);
    form.replaceChildren(controls.element);
    frame.show({
      draw: (width) => {
        drawing = nomogramDrawing(nomogram, nomogramLayout(nomogram, namesOf(study, unit), width), values, set);
        return drawing.svg;
      },
      csv: () => nomogramCsv(nomogram, values),
      caption: `${model.label}, ${fittedOn(model)}.`,
      note: "Points as rms::nomogram gives them: the widest term spans 100. Drag a knob, or focus it and use the arrow keys.",
      script: {write: (data) => modelScript(cohort, model, values, years, data)}
    });
    showPatient();
  };
  const chooser = element(
    "select",
    {
      name: "model",
      onchange: () => {
        model = models.find(({id}) => id === chooser.value)!;
        const patient = loaded === null ? null : patientOf(loaded);
        if (patient === null || typeof patient === "string") {
          loaded = null;
          values = {...typicalPatient(cohort, model), ...pick(values, model)};
        } else values = patient;
        showModel();
      }
    },
    models.map(({id, label}) => element("option", {value: id}, label))
  );
  const patientOf = (row: number): PatientValues | string => {
    const found = model.terms.map(({variable}) => [variable, cohortValue(cohort, variable, row)] as const);
    const missing = found.filter(([variable, value]) => !isUsable(model, variable, value));
    if (missing.length === 0) return Object.fromEntries(found) as PatientValues;
    const names = missing.map(([variable]) => study.variables.find(({id}) => id === variable)!.label);
    return `${cohort.patient(row)} has no ${names.join(", ")} that this model can use.`;
  };
  const picker = patientPicker(cohort, (row) => {
    const patient = patientOf(row);
    if (typeof patient === "string") return patient;
    [loaded, values] = [row, patient];
    showPatient();
    return null;
  });
  root.append(
    element("form", {class: "panel", onsubmit: (event) => event.preventDefault()}, [
      element("label", {}, element("span", {}, "Model"), chooser),
      form,
      picker
    ]),
    element("div", {class: "findings"}, status, remarks, frame.element, curveFrame.element)
  );
  showModel();
  return root;
}

export function fittedOn({fittedOn: {split, n, events}}: PublishedModel): string {
  return `fitted on ${split ? "the training set" : "all patients"}, ${counted(n, "patient")}, ${counted(events, "event")}`;
}

function namesOf(study: StudyDescription, unit: keyof typeof perYear) {
  const variableOf = (id: string) => study.variables.find((variable) => variable.id === id)!;
  return {
    term: (id: string) => {
      const {label, units} = variableOf(id);
      return units ? `${label}, ${units}` : label;
    },
    level: (id: string, level: string) => variableOf(id).levels?.find(({value}) => value === level)?.label ?? level,
    horizon: (horizon: number) => `${Math.round(horizon / perYear[unit])}-year survival`
  };
}

/** The median of each number, and each factor's reference. */
export function typicalPatient(cohort: Cohort, model: PublishedModel): PatientValues {
  return Object.fromEntries(
    model.terms.map((term) => {
      if (term.kind === "factor") return [term.variable, term.levels[0]];
      const column = cohort.variable(term.variable);
      const median = column.type === "numeric" ? sampleQuantile(ascendingValues(column.values), 0.5) : NaN;
      return [term.variable, Number(median.toPrecision(3))];
    })
  );
}

function pick(values: PatientValues, model: PublishedModel): PatientValues {
  const kept = model.terms.filter(({variable}) => isUsable(model, variable, values[variable] ?? null));
  return Object.fromEntries(kept.map(({variable}) => [variable, values[variable]]));
}

function isUsable({terms}: PublishedModel, variable: string, value: number | string | null): boolean {
  const term = terms.find((t) => t.variable === variable)!;
  return term.kind === "linear"
    ? typeof value === "number" && !Number.isNaN(value)
    : term.levels.includes(String(value));
}

function nomogramCsv(nomogram: Nomogram, values: PatientValues): string {
  const terms = nomogram.terms.flatMap(({name, at, points, effect}) =>
    at.map((value, i) => [name, value, points[i], effect[i], value === values[name] ? "patient" : ""])
  );
  const patient = Object.entries(values).map(([name, value]) => [
    name,
    value,
    pointsOf(nomogram, name, value),
    "",
    "patient"
  ]);
  const totals = Array.from(nomogram.linearPredictor.at, (lp, i) => [
    "linear predictor",
    lp,
    nomogram.linearPredictor.totalPoints[i],
    lp,
    ""
  ]);
  const survival = nomogram.survival.flatMap(({horizon, at, totalPoints}) =>
    Array.from(at, (s, i) => [`survival at ${horizon}`, s, totalPoints[i], "", ""])
  );
  return csvText(
    ["axis", "value", "points", "linear_predictor", "note"],
    [...terms, ...patient, ...totals, ...survival]
  );
}
