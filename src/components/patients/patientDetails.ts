import type {Cohort} from "../../cohort/readCohort.js";
import {predictCurve} from "../../survival/coxPrediction.js";
import {designRow} from "../../survival/publishedModel.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {formatNumber, formatPercent, perYear} from "../formatting.js";
import {cohortValue} from "../nomogram/cohortValue.js";
import {horizonsOf} from "../nomogram/nomogramExplorer.js";
import {plainTable} from "../plainTable.js";
import {previewGallery} from "../previewGallery.js";
import type {Preview} from "../previewGallery.js";
import {patientColumns} from "./patientColumns.js";
import {placeInCohort} from "./placeInCohort.js";

/** Slices by modality, as far as they were kept. */
export type Previews = Readonly<Record<string, readonly Preview[]>>;

/** Everything the site knows of one patient. */
export function patientDetails(cohort: Cohort, models: PublishedModels, previews: Previews, row: number): HTMLElement {
  const {study} = cohort;
  const id = cohort.patient(row);
  const values = patientColumns(cohort)
    .slice(1)
    .map(({label, text}) => [label, text(row) || "missing"]);
  const computed = study.variables.filter(({type, origin}) => type === "numeric" && origin !== "measured");
  const slices = study.signatures.flatMap(({modality}) => {
    const own = (previews[modality] ?? []).filter(({patient}) => patient === id);
    return own.length > 0 ? [previewGallery(own, modality.toUpperCase())] : [];
  });
  return element(
    "section",
    {class: "patient-details", "aria-label": `Patient ${id}`},
    element("h2", {tabindex: -1}, `Patient ${id}`),
    element(
      "div",
      {class: "pair"},
      element("div", {}, plainTable(`Values of patient ${id}`, ["Variable", "Value"], values)),
      element(
        "div",
        {},
        predictions(cohort, models, row),
        computed.map((variable) => placeInCohort(cohort, variable, row)),
        slices.length > 0
          ? element("div", {}, element("h3", {}, "What the network saw"), slices)
          : study.has.images && element("p", {class: "note-line"}, "No slice of this patient was kept for the site.")
      )
    )
  );
}

function predictions(cohort: Cohort, {models}: PublishedModels, row: number): HTMLElement | null {
  if (models.length === 0) return null;
  const {study} = cohort;
  const {unit} = study.endpoints.find(({id}) => id === models[0].endpoint)!;
  const years = horizonsOf(study, models[0]);
  const rows = models.map((model) => {
    const x = designRow(model, (variable) => cohortValue(cohort, variable, row));
    const curve = predictCurve(
      model.prediction,
      x,
      years.map((year) => year * perYear[unit])
    );
    return [
      model.label,
      ...years.map((_, h) =>
        Number.isNaN(curve.survival[h])
          ? "–"
          : `${formatPercent(curve.survival[h], 1)} (${formatPercent(curve.lower[h], 1)}–${formatPercent(curve.upper[h], 1)})`
      )
    ];
  });
  const {time, event} = cohort.followUp(models[0].endpoint);
  const seen = Number.isNaN(time[row])
    ? "Follow-up is missing."
    : `In fact: ${event[row] === 1 ? "the event" : "no event"} ${event[row] === 1 ? "at" : "up to"} ${formatNumber(time[row])} ${unit}.`;
  return element(
    "div",
    {class: "dense"},
    element("h3", {}, "Predicted survival (95% CI)"),
    plainTable("Predicted survival", ["Model", ...years.map((year) => `${year} y`)], rows),
    element("p", {class: "note-line"}, seen)
  );
}
