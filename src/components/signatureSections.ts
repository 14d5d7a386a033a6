import type {Cohort} from "../cohort/readCohort.js";
import {element} from "./element.js";
import {figureFrame} from "./figureFrame.js";
import {previewGallery} from "./previewGallery.js";
import type {Preview} from "./previewGallery.js";
import {signatureDistribution} from "./signatureDistribution.js";
import {signatureFacts} from "./signatureFacts.js";

/** Everything known of each signature: how it is spread, what the network saw, which network it was. */
export function signatureSections(cohort: Cohort, previews: Readonly<Record<string, readonly Preview[]>>): HTMLElement {
  const {study} = cohort;
  if (study.signatures.length === 0)
    return element(
      "p",
      {},
      study.has.images
        ? "This study has images, but no signature was computed from them; its notes on the methods page say why."
        : "This study has no images, so no network looked at anything. Survival by its measured variables is on the other pages."
    );
  return element(
    "div",
    {},
    study.signatures.map((signature) => {
      const variable = study.variables.find(({id}) => id === signature.variable)!;
      const modality = signature.modality.toUpperCase();
      const frame = figureFrame(`Distribution of the ${variable.label}`, `${study.id}-${variable.id}`);
      frame.show(signatureDistribution(cohort, variable));
      return element(
        "section",
        {},
        element("h2", {}, variable.label),
        element("p", {}, variable.note ?? ""),
        frame.element,
        element("h3", {}, `${modality} slices with the tumour mask`),
        previewGallery(previews[signature.modality] ?? [], modality),
        element("h3", {}, "Where it comes from"),
        element("div", {class: "table-room"}, signatureFacts(signature))
      );
    })
  );
}
