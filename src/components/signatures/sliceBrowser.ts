import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import type {PatientSlice, Slices} from "../../cohort/readSlices.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {patientAddress} from "../patientAddress.js";
import {counted, formatNumber} from "../formatting.js";
import {sliceFigure} from "./sliceFigure.js";
import {greyImage} from "./slicePicture.js";
import type {GreyWindow} from "./slicePicture.js";
import {windowControls} from "./windowControls.js";

/** Patients shown small, evenly from the lowest signature to the highest. */
const SMALL = 12;

/** A patient with a slice, and the signature. */
export interface Ranked {
  readonly patient: string;
  readonly value: number;
}

/** Selected patients who have a slice, from the lowest signature to the highest. @param rows - mask of the selected */
export function rankedBySignature(cohort: Cohort, rows: Uint8Array, variable: Variable, slices: Slices): Ranked[] {
  const column = cohort.variable(variable.id);
  if (column.type !== "numeric") return [];
  return slices.patients
    .map((patient) => ({patient, row: cohort.rowOf(patient)}))
    .filter(({row}) => row !== null && rows[row] === 1)
    .map(({patient, row}) => ({patient, value: column.values[row!]}))
    .sort((a, b) => a.value - b.value);
}

/** What the reader looks at; kept while others are selected. */
export interface SliceView {
  patient: string;
  window: GreyWindow;
}

/**
 * Slices of the selected patients: one large with its influence, some small ones to pick from, a slider along the signature.
 *
 * @param view - where to begin: at its patient if that one is selected, else at the highest signature; follows the reader
 */
export function sliceBrowser(
  cohort: Cohort,
  rows: Uint8Array,
  variable: Variable,
  slices: Slices,
  view: SliceView
): HTMLElement {
  const {facts} = slices;
  const name = facts.modality.toUpperCase();
  const ranked = rankedBySignature(cohort, rows, variable, slices);
  if (ranked.length === 0) return element("p", {}, `No selected patient has a ${name} slice.`);
  const frame = figureFrame(`What the ${name} network saw`, `${cohort.study.id}-${variable.id}-slice`);
  const before = ranked.findIndex(({patient}) => patient === view.patient);
  let shown = before < 0 ? ranked.length - 1 : before;
  const position = element("output", {});
  const slider = element("input", {
    type: "range",
    name: `${facts.modality}-rank`,
    min: 1,
    max: ranked.length,
    step: 1,
    value: ranked.length,
    oninput: () => show(slider.valueAsNumber - 1)
  });
  const id = element("input", {
    type: "text",
    name: `${facts.modality}-patient`,
    autocomplete: "off",
    size: 8,
    onchange: () => {
      const wanted = ranked.findIndex(({patient}) => patient === id.value.trim());
      problem.textContent =
        wanted < 0 ? `No selected patient with a ${name} slice has the id "${id.value.trim()}".` : "";
      if (wanted >= 0) show(wanted);
    }
  });
  const problem = element("span", {class: "note-line", role: "status"});
  const addressed = () => (link.href = patientAddress(ranked[shown].patient, location.search));
  // The selection may have changed since this patient was shown.
  const link = element("a", {onclick: addressed}, "all of this patient");
  const small = smallSlices(slices, ranked, (rank) => show(rank));
  const show = (rank: number) => {
    shown = rank;
    const {patient, value} = ranked[rank];
    slider.value = String(rank + 1);
    slider.setAttribute("aria-valuetext", `patient ${patient}, signature ${formatNumber(value, 3)}`);
    position.value = `${rank + 1} of ${ranked.length}`;
    if (document.activeElement !== id) id.value = patient;
    view.patient = patient;
    addressed();
    const slice = slices.of(patient)!;
    frame.show(sliceFigure(slice, facts, view.window, `${variable.label} ${formatNumber(value, 3)} SD, rank ${rank + 1} of ${ranked.length} selected`)); // prettier-ignore
    small.mark(rank);
  };
  const step = (by: number, text: string) =>
    element(
      "button",
      {type: "button", onclick: () => show(Math.min(ranked.length - 1, Math.max(0, shown + by)))},
      text
    );
  const root = element(
    "div",
    {class: "slice-browser"},
    element("p", {class: "note-line"}, `${counted(ranked.length, "selected patient")} from the lowest signature to the highest.`),
    element(
      "div",
      {class: "row-controls"},
      step(-1, "Lower"),
      element("label", {}, element("span", {}, "Rank of the signature"), slider, position),
      step(1, "Higher"),
      element("label", {}, element("span", {}, "Patient"), id),
      link,
      problem
    ),
    windowControls(
      facts.modality,
      facts.window,
      (next) => {
        view.window = next;
        small.paint(next);
        show(shown);
      },
      view.window
    ),
    frame.element,
    small.element
  ); // prettier-ignore
  small.paint(view.window);
  show(shown);
  return root;
}

function smallSlices(slices: Slices, ranked: readonly Ranked[], pick: (rank: number) => void) {
  const {facts} = slices;
  const count = Math.min(SMALL, ranked.length);
  const ranks = [
    ...new Set(Array.from({length: count}, (_, k) => Math.round((k * (ranked.length - 1)) / Math.max(1, count - 1))))
  ];
  const kept: PatientSlice[] = ranks.map((rank) => slices.of(ranked[rank].patient)!);
  const canvases = ranks.map(() => element("canvas", {width: facts.pixels, height: facts.pixels}));
  const buttons = ranks.map((rank, k) => {
    const {patient, value} = ranked[rank];
    const words = `Patient ${patient}, signature ${formatNumber(value, 2)}`;
    return element(
      "button",
      {type: "button", "aria-pressed": "false", "aria-label": words, title: words, onclick: () => pick(rank)},
      canvases[k],
      element("span", {}, formatNumber(value, 2))
    );
  });
  return {
    element: element(
      "div",
      {class: "small-slices", role: "group", "aria-label": "Slices along the signature"},
      buttons
    ),
    paint: (window: GreyWindow) => {
      kept.forEach(({values}, k) => {
        const context = canvases[k].getContext("2d")!;
        context.clearRect(0, 0, facts.pixels, facts.pixels);
        context.drawImage(greyImage(values, facts.pixels, window, facts.modality === "pet"), 0, 0);
      });
    },
    mark: (shown: number) =>
      buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(ranks[k] === shown)))
  };
}
