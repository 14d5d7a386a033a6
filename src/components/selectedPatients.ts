import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import type {Selection} from "../cohort/selection.js";
import {readSelection} from "../cohort/selectionUrl.js";
import {selectionWords} from "../cohort/selectionWords.js";
import {element} from "./element.js";
import {counted} from "./formatting.js";

/** Whom the address of a page without filters of its own selects. */
export interface SelectedPatients {
  readonly selection: Selection;
  /** Mask, length n. */
  readonly rows: Uint8Array;
  readonly n: number;
  /** Not all patients. */
  readonly restricted: boolean;
  /** What the selection means in words, where to change it, and what of the address could not be used. */
  readonly head: HTMLElement;
}

/**
 * Reads the selection that came with the link to a page.
 *
 * @param unaffected - a sentence on what of the page does not follow it
 */
export function selectedPatients(cohort: Cohort, unaffected: string): SelectedPatients {
  const {study, n: all} = cohort;
  const {selection, problems} = readSelection(location.search, study);
  const rows = rowMask(cohort, selection);
  const n = rows.reduce((sum, row) => sum + row, 0);
  const restricted = n < all || selection.landmark !== null;
  const head = element(
    "div",
    {class: "selected-patients"},
    problems.map((problem) => element("p", {class: "problem", role: "alert"}, problem)),
    element("p", {class: "status", role: "status"}, `${counted(n, "patient")}; ${selectionWords(study, selection)}.`),
    element(
      "p",
      {class: "note-line"},
      restricted ? `${unaffected} ` : "Patients selected on another page are followed here. ",
      element("a", {href: `./survival.html${location.search}`}, restricted ? "Change the selection" : "Select some"),
      "."
    )
  );
  return {selection, rows, n, restricted, head};
}
