import type {Cohort} from "../../cohort/readCohort.js";
import {predictInWorker} from "../../inference/predictInWorker.js";
import type {PublishedNetworks} from "../../inference/publishedNetworks.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {readerImages} from "./readerImages.js";
import {openNetworks} from "./openNetworks.js";
import {providerAsked, providerChoice} from "./providerChoice.js";

/** Fetches the bytes of a network. */
export type Models = Readonly<Record<"pet" | "ct", () => Promise<ArrayBuffer>>>;

/**
 * The page on the reader's own image: files in, signature and survival out, all in this browser.
 *
 * The element's data attribute "ready" is there once nothing more will be asked of the site; "answered" counts predictions.
 */
export function predictPage(
  cohort: Cohort,
  models: PublishedModels,
  networks: PublishedNetworks,
  files: Models
): HTMLElement {
  const caution = element(
    "p",
    {class: "problem"},
    element("strong", {}, cohort.study.synthetic ? "Synthetic cohort; not for clinical use." : "Not for clinical use."),
    " What the networks say holds for patients and scanners like those they were trained on, if for any."
  );
  if (networks.length === 0)
    return element(
      "div",
      {},
      element(
        "p",
        {},
        cohort.study.has.images
          ? "There is no network to run: no signature was computed from this study's images; the methods page says why."
          : "There is no network to run: this study has no images, so no signature was learned from any."
      )
    );
  const untrained = cohort.study.signatures.some(({model}) => !model.trained)
    ? element(
        "p",
        {},
        "This study's networks are the untrained baseline: their kernels are random, only the head was fitted."
      )
    : null;
  const worker = predictInWorker();
  const ready = element("p", {class: "status", role: "status"});
  const images = readerImages(cohort, models, networks, worker);
  const root = element(
    "div",
    {class: "predict-page"},
    caution,
    element(
      "p",
      {},
      "Give the PET, the CT or both, and the tumour. Everything is read and computed in this browser; no image leaves it."
    ),
    untrained,
    ready,
    providerChoice(),
    images.element
  );
  void openNetworks(networks, files, worker, ready, providerAsked(location.search)).then((opened) => {
    images.networksAre(opened);
    root.dataset.ready = "";
  });
  return root;
}
