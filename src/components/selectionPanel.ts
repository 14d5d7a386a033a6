import type {Cohort} from "../cohort/readCohort.js";
import {copyLink} from "./copyLink.js";
import {element} from "./element.js";
import {filterControls} from "./filterControls.js";
import type {FilterControls} from "./filterControls.js";
import type {FollowedSelection} from "./followSelection.js";
import {namedSelections} from "./namedSelections.js";
import {undoControls} from "./undoControls.js";

/** What of the page's address could not be used. */
export function linkProblems({problems}: FollowedSelection): HTMLElement[] {
  return problems.map((problem) => element("p", {class: "problem", role: "alert"}, problem));
}

/**
 * The panel beside the figures: the page's own controls, filters, undo and redo, a link to the selection. The controls
 * keep their place while the reader works with them, and are made anew when it changed elsewhere, as by undo.
 *
 * @param own - makes the page's own controls for the present selection
 */
export function selectionPanel(cohort: Cohort, followed: FollowedSelection, own: () => HTMLElement): HTMLElement {
  const controls = element("div", {class: "panel-controls"});
  let filters: FilterControls | null = null;
  const fill = () => {
    filters = filterControls(cohort, followed.current(), followed);
    controls.replaceChildren(own(), filters.element);
  };
  // After the figures, which the reader is waiting for.
  followed.onChange((elsewhere) => (elsewhere ? fill() : queueMicrotask(() => filters?.update(followed.current()))));
  fill();
  return element(
    "form",
    {class: "panel", onsubmit: (event) => event.preventDefault()},
    controls,
    namedSelections(cohort, followed),
    undoControls(followed),
    element("p", {}, copyLink())
  );
}
