import type {Cohort} from "../../cohort/readCohort.js";
import type {ImageFacts, Prediction} from "../../inference/patient.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {formatNumber} from "../formatting.js";
import {keyTable} from "../signatureFacts.js";
import {cohortPlace, placeFigure, placeWords} from "./cohortPlace.js";

/** What one network says of the reader's image, and where that lies in the cohort. */
export function predictionSection(cohort: Cohort, prediction: Prediction, image: ImageFacts): HTMLElement {
  const {variable: id, signature, suvMax, millilitres, sideMm, provider} = prediction;
  const variable = cohort.study.variables.find((one) => one.id === id)!;
  const place = cohortPlace(cohort, id, signature);
  const frame = figureFrame(`This image's ${variable.label} in the cohort`, `${cohort.study.id}-my-${id}`);
  frame.show(placeFigure(cohort.study, place, variable, signature));
  const {conversion} = image;
  const rows: [string, string][] = [
    ["Signature", `${formatNumber(signature, 4)} SD, ${placeWords(place)}; higher is riskier`],
    ...(conversion
      ? [["SUV by", [conversion.rule, conversion.detail].filter(Boolean).join("; ")] as [string, string]]
      : []),
    ...(suvMax === null ? [] : [["SUVmax in the tumour", suvMax.toFixed(3)] as [string, string]]),
    ["Tumour volume", `${formatNumber(millilitres, 4)} ml`],
    ["Square the network saw", `${formatNumber(sideMm, 3)} mm`],
    ["Ran on", provider]
  ];
  const section = element(
    "section",
    {class: "prediction"},
    element("h2", {}, variable.label),
    element("div", {class: "table-room"}, keyTable(rows)),
    frame.element
  );
  // In full, for whoever compares it with the cohort's table.
  section.dataset.variable = id;
  section.dataset.signature = String(signature);
  return section;
}
