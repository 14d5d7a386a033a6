import type {SignatureDescription} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {readSlices} from "../../cohort/readSlices.js";
import type {TrainingLog} from "../../cohort/trainingLog.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {selectedPatients} from "../selectedPatients.js";
import {signatureFacts} from "../signatureFacts.js";
import {ceilingFigure} from "./ceilingFigure.js";
import {concordanceTable} from "./concordanceTable.js";
import {signatureDistribution} from "./signatureDistribution.js";
import {sliceBrowser} from "./sliceBrowser.js";
import {trainingCurves} from "./trainingCurves.js";

/** Fetches a modality's slices: Arrow, or nothing where there are none. */
export type SlicesSource = Readonly<Record<"pet" | "ct", () => Promise<ArrayBuffer>>>;

/** By modality, what the training run wrote; null or absent for an untrained network. */
export type TrainingLogs = Readonly<Partial<Record<"pet" | "ct", TrainingLog | null>>>;

/**
 * Everything known of each signature: how it is spread and how well it ranks the selected patients, what the network saw of
 * each of them, how it was trained and how far it is from the ceiling, which network it was.
 */
export function signaturesPage(cohort: Cohort, slices: SlicesSource, logs: TrainingLogs): HTMLElement {
  const {study} = cohort;
  if (study.signatures.length === 0)
    return element(
      "p",
      {},
      study.has.images
        ? "This study has images, but no signature was computed from them; its notes on the methods page say why."
        : "This study has no images, so no network looked at anything. Survival by its measured variables is on the other pages."
    );
  const root = element("div", {class: "signatures-page"});
  const {head, selected} = selectedPatients(
    cohort,
    "How a network was trained does not depend on it: those figures are of the patients named there.",
    root,
    ({rows}) => {
      for (const section of sections) section.show(rows);
    }
  );
  const sections = study.signatures.map((signature) =>
    signatureSection(cohort, selected.rows, signature, {
      slices: slices[signature.modality],
      log: logs[signature.modality] ?? null
    })
  );
  root.append(head, ...sections.map((section) => section.element));
  return root;
}

interface SignatureSection {
  readonly element: HTMLElement;
  /** Of other patients. */
  readonly show: (rows: Uint8Array) => void;
}

function signatureSection(
  cohort: Cohort,
  first: Uint8Array,
  signature: SignatureDescription,
  {slices, log}: {readonly slices: () => Promise<ArrayBuffer>; readonly log: TrainingLog | null}
): SignatureSection {
  const {study} = cohort;
  const {modality, model} = signature;
  const variable = study.variables.find(({id}) => id === signature.variable)!;
  const name = modality.toUpperCase();
  const distribution = figureFrame(`Distribution of the ${variable.label}`, `${study.id}-${variable.id}`);
  const ranking = element("div", {});
  let rows = first;
  let browse = () => {};
  const show = () => {
    distribution.show(signatureDistribution(cohort, variable, rows));
    ranking.replaceChildren(concordanceTable(cohort, rows, variable));
    browse();
  };
  show();
  const section = element(
    "section",
    {},
    element("h2", {}, variable.label),
    element("p", {}, variable.note ?? ""),
    distribution.element,
    element("h3", {}, "How well it ranks the selected patients"),
    ranking,
    element("h3", {}, `${name} slices, the tumour's outline and what moved the signature`),
    arriving(slices, name, (bytes) => {
      const found = readSlices(bytes);
      if (!found) return element("p", {}, `No ${name} slices were kept for this page.`);
      const browser = element("div", {});
      const [low, high] = found.facts.window;
      const view = {patient: "", window: {low, high}};
      browse = () => browser.replaceChildren(sliceBrowser(cohort, rows, variable, found, view));
      browse();
      return browser;
    }),
    element("h3", {}, "How the network was trained"),
    log
      ? trainingFigures(log, `${study.id}-${variable.id}`)
      : element(
          "p",
          {},
          model.trained
            ? "The training run left no log beside the network's file, so there are no curves to show."
            : "Nothing was trained on images: a random backbone's features under a Cox head fitted on the training set. This is the baseline that a trained network has to beat."
        ),
    element("h3", {}, "Where it comes from"),
    element("div", {class: "table-room"}, signatureFacts(signature))
  );
  return {
    element: section,
    show(next) {
      rows = next;
      show();
    }
  };
}

function trainingFigures(log: TrainingLog, name: string): HTMLElement {
  const modality = log.model.modality.toUpperCase();
  const curves = figureFrame(`Training of the ${modality} network`, `${name}-training`);
  curves.show(trainingCurves(log));
  const ceiling = figureFrame(`The ${modality} network, what it has to beat, and the ceiling`, `${name}-ceiling`);
  ceiling.show(ceilingFigure(log));
  return element("div", {}, ceiling.element, curves.element);
}

/** What needs a large file: made when it is there, with a sentence until then and if it does not come. */
export function arriving(
  fetched: () => Promise<ArrayBuffer>,
  name: string,
  make: (bytes: Uint8Array) => HTMLElement
): HTMLElement {
  const room = element("div", {class: "arriving"}, element("p", {class: "note-line"}, `Loading the ${name} slices …`));
  // After the figures that need no more than the tables.
  requestAnimationFrame(() =>
    setTimeout(() => {
      fetched()
        .then((bytes) => room.replaceChildren(make(new Uint8Array(bytes))))
        .catch((error: unknown) => {
          console.warn(error);
          const sentence = `The ${name} slices could not be loaded; reload the page to try again.`;
          room.replaceChildren(element("p", {class: "problem", role: "alert"}, sentence));
        });
    })
  );
  return room;
}
