import type {SignatureDescription, StudyDescription} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {predictCurve} from "../../survival/coxPrediction.js";
import {designRow} from "../../survival/publishedModel.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {formatNumber, formatPercent, perYear} from "../formatting.js";
import {cohortValue} from "../nomogram/cohortValue.js";
import {horizonsOf} from "../nomogram/nomogramExplorer.js";
import {plainTable} from "../plainTable.js";
import {readSlices} from "../../cohort/readSlices.js";
import {figureFrame} from "../figureFrame.js";
import {arriving} from "../signatures/signaturesPage.js";
import type {SlicesSource} from "../signatures/signaturesPage.js";
import {sliceFigure} from "../signatures/sliceFigure.js";
import type {GreyWindow} from "../signatures/slicePicture.js";
import {windowControls} from "../signatures/windowControls.js";
import {patientColumns} from "./patientColumns.js";
import {placeInCohort} from "./placeInCohort.js";

/** Everything the site knows of one patient. @param pathways - shows the patient's pathway scores; null without expression */
export function patientDetails(
  cohort: Cohort,
  models: PublishedModels,
  slices: SlicesSource,
  pathways: ((row: number) => HTMLElement) | null,
  row: number
): HTMLElement {
  const {study} = cohort;
  const id = cohort.patient(row);
  const values = patientColumns(cohort)
    .slice(1)
    .map(({label, text}) => [label, text(row) || "missing"]);
  const rule = suvRule(study, id);
  if (rule !== null) values.push(["SUV of the PET", rule]);
  const computed = study.variables.filter(({type, origin}) => type === "numeric" && origin !== "measured");
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
        computed.map((variable) => placeInCohort(cohort, variable, row))
      )
    ),
    study.signatures.map((signature) => slicesOf(cohort, slices[signature.modality], signature, row)),
    pathways?.(row)
  );
}

/** How the patient's PET became SUV; null without a PET. */
function suvRule({signatures}: StudyDescription, patient: string): string | null {
  const conversions = signatures.flatMap((signature) => signature.conversions ?? []);
  return conversions.find(({patients}) => patients.includes(patient))?.rule ?? null;
}

/** The patient's slice of one modality, with the window the reader chooses. */
function slicesOf(
  cohort: Cohort,
  slices: () => Promise<ArrayBuffer>,
  {modality, variable}: SignatureDescription,
  row: number
): HTMLElement {
  const name = modality.toUpperCase();
  return arriving(slices, name, (bytes) => {
    const found = readSlices(bytes);
    const slice = found?.of(cohort.patient(row)) ?? null;
    if (!found || !slice) return element("p", {class: "note-line"}, `This patient has no ${name} slice.`);
    const column = cohort.variable(variable);
    const signature = column.type === "numeric" ? `signature ${formatNumber(column.values[row], 3)} SD` : "";
    const frame = figureFrame(`What the ${name} network saw`, `${cohort.study.id}-${slice.patient}-${modality}`);
    const show = (window: GreyWindow) => frame.show(sliceFigure(slice, found.facts, window, signature));
    const [low, high] = found.facts.window;
    show({low, high});
    return element("div", {}, windowControls(modality, found.facts.window, show), frame.element);
  });
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
