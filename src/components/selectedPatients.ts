import type {Cohort} from "../cohort/readCohort.js";
import {countRows, rowMask} from "../cohort/rowMask.js";
import type {Selection} from "../cohort/selection.js";
import {endpointOf} from "../cohort/selection.js";
import {readSelection} from "../cohort/selectionUrl.js";
import {selectionWords} from "../cohort/selectionWords.js";
import {element} from "./element.js";
import {counted} from "./formatting.js";
import {selectionQuery} from "./patientAddress.js";

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
  const query = String(selectionQuery(location.search));
  const {selection, problems} = readSelection(query, study);
  const rows = rowMask(cohort, selection);
  const n = countRows(rows);
  const restricted = n < all || selection.landmark !== null;
  const head = element(
    "div",
    {class: "selected-patients"},
    problems.map((problem) => element("p", {class: "problem", role: "alert"}, problem)),
    element("p", {class: "status", role: "status"}, whoWords(cohort, selection, rows)),
    element(
      "p",
      {class: "note-line"},
      restricted ? `${unaffected} ` : "Patients selected on another page are followed here. ",
      element(
        "a",
        {href: `./survival.html${query ? `?${query}` : ""}`},
        restricted ? "Change the selection" : "Select some"
      ),
      "."
    )
  );
  return {selection, rows, n, restricted, head};
}

/**
 * "218 patients, 97 events of Overall survival; Sex: Male."
 *
 * @param rows - mask of those meant
 * @param among - more about who of the selected they are, e.g. ' with "12" in the id'
 */
export function whoWords(cohort: Cohort, selection: Selection, rows: Uint8Array, among = ""): string {
  const {study} = cohort;
  const {id, label} = endpointOf(study, selection);
  const {event, time} = cohort.followUp(id);
  let events = 0;
  for (let i = 0; i < rows.length; i++) if (rows[i] === 1 && event[i] === 1 && !Number.isNaN(time[i])) events++;
  const n = counted(countRows(rows), "patient");
  return `${n}${among}, ${counted(events, "event")} of ${label}; ${selectionWords(study, selection)}.`;
}
