import type {StudyDescription} from "../cohort/description.js";
import {copyLink} from "./copyLink.js";
import {element} from "./element.js";
import {filterControls} from "./filterControls.js";
import type {FollowedSelection} from "./followSelection.js";
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
export function selectionPanel(
  study: StudyDescription,
  followed: FollowedSelection,
  own: () => HTMLElement
): HTMLElement {
  const controls = element("div", {class: "panel-controls"});
  const fill = () => controls.replaceChildren(own(), filterControls(study, followed.current(), followed.change));
  followed.onChange((elsewhere) => elsewhere && fill());
  fill();
  return element(
    "form",
    {class: "panel", onsubmit: (event) => event.preventDefault()},
    controls,
    undoControls(followed),
    element("p", {}, copyLink())
  );
}
