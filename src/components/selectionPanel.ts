import type {Cohort} from "../cohort/readCohort.js";
import {selectionWords} from "../cohort/selectionWords.js";
import {copyLink} from "./copyLink.js";
import {element, setText} from "./element.js";
import {filterControls} from "./filterControls.js";
import type {FilterControls} from "./filterControls.js";
import type {FollowedSelection} from "./followSelection.js";
import {namedSelections} from "./namedSelections.js";
import {undoControls} from "./undoControls.js";

/** What of the page's address could not be used. */
export function linkProblems({problems}: FollowedSelection): HTMLElement[] {
  return problems.map((problem) => element("p", {class: "problem", role: "alert"}, problem));
}

/** As wide as this the panel stands beside the figures; see style.css. */
const BESIDE = "(min-width: 54.01rem)";

/**
 * The panel beside the figures: the page's own controls, filters, undo and redo, a link to the selection. Where there is no
 * room beside the figures, it is folded into a line that says who is selected.
 *
 * @param own - makes the page's own controls for the present selection
 */
export function selectionPanel(cohort: Cohort, followed: FollowedSelection, own: () => HTMLElement): HTMLElement {
  const {study} = cohort;
  const said = element("span", {});
  const say = () => setText(said, selectionWords(study, followed.current()));
  followed.onChange(say);
  say();
  const beside = matchMedia(BESIDE);
  const fold = element(
    "details",
    {class: "fold beside", open: beside.matches},
    element("summary", {}, "Groups and patients: ", said),
    selectionControls(cohort, followed, own)
  );
  beside.addEventListener("change", () => (fold.open ||= beside.matches));
  return form(fold);
}

/** The same above the figures of a page without controls of its own, folded until the reader wants it. */
export function selectionFold(cohort: Cohort, followed: FollowedSelection): HTMLElement {
  const summary = element("summary", {}, "Select patients");
  return form(element("details", {class: "fold"}, summary, selectionControls(cohort, followed, null)));
}

const form = (fold: HTMLElement) =>
  element("form", {class: "panel", onsubmit: (event) => event.preventDefault()}, fold);

/** The controls keep their place while the reader works with them, and are made anew when it changed elsewhere, as by undo. */
function selectionControls(cohort: Cohort, followed: FollowedSelection, own: (() => HTMLElement) | null): HTMLElement {
  const controls = element("div", {class: "panel-controls"});
  let filters: FilterControls | null = null;
  const fill = () => {
    filters = filterControls(cohort, followed.current(), followed);
    controls.replaceChildren(...(own ? [own()] : []), filters.element);
  };
  // After the figures, which the reader is waiting for.
  followed.onChange((elsewhere) => (elsewhere ? fill() : queueMicrotask(() => filters?.update(followed.current()))));
  fill();
  return element(
    "div",
    {class: "panel-controls"},
    controls,
    namedSelections(cohort, followed, {compares: own !== null}),
    undoControls(followed),
    element("p", {}, copyLink())
  );
}
