import type {Cohort} from "../cohort/readCohort.js";
import {countRows, rowMask} from "../cohort/rowMask.js";
import type {Selection} from "../cohort/selection.js";
import {endpointOf} from "../cohort/selection.js";
import {selectionWords} from "../cohort/selectionWords.js";
import {element, setText} from "./element.js";
import {followSelection} from "./followSelection.js";
import {counted} from "./formatting.js";
import {linkProblems, selectionFold} from "./selectionPanel.js";
import {unitOfAnalysis} from "./unitOfAnalysis.js";

/** Whom the reader has selected, as a page has it that does not stratify by anything. */
export interface SelectedPatients {
  readonly selection: Selection;
  /** Mask, length n. */
  readonly rows: Uint8Array;
  readonly n: number;
  /** Not all patients. */
  readonly restricted: boolean;
}

/** The head of such a page, and whom its address selects. */
export interface SelectedHead {
  /** What of the address could not be used, the selection in words, and the filters, folded. */
  readonly head: HTMLElement;
  readonly selected: SelectedPatients;
}

/**
 * Reads the selection that came with the link to a page, and lets the reader change it there.
 *
 * @param unaffected - a sentence on what of the page does not follow it
 * @param root - of the page: marked as out of date while the reader drags, see `followSelection`
 * @param act - told of every change
 */
export function selectedPatients(
  cohort: Cohort,
  unaffected: string,
  root: HTMLElement,
  act: (now: SelectedPatients) => void
): SelectedHead {
  const status = element("p", {class: "status", role: "status"});
  const note = element("p", {class: "note-line"});
  const say = ({selection, rows, restricted}: SelectedPatients) => {
    setText(status, whoWords(cohort, selection, rows));
    setText(note, restricted ? unaffected : "");
  };
  let shown: Selection | null = null;
  // No second opinion by DuckDB: these pages come without it.
  const followed = followSelection(cohort, root, null, (selection, rows) => {
    if (selection === shown) return;
    shown = selection;
    const now = patientsOf(cohort, selection, rows);
    say(now);
    act(now);
  });
  const first = followed.current();
  const selected = patientsOf(cohort, first, rowMask(cohort, first));
  shown = first;
  say(selected);
  root.classList.add("follows");
  const head = element(
    "div",
    {class: "selected-patients"},
    ...linkProblems(followed),
    status,
    unitOfAnalysis(cohort),
    note,
    selectionFold(cohort, followed)
  );
  return {head, selected};
}

function patientsOf(cohort: Cohort, selection: Selection, rows: Uint8Array): SelectedPatients {
  const n = countRows(rows);
  return {selection, rows, n, restricted: n < cohort.n || selection.landmark !== null};
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
  const {event, time, excluded} = cohort.followUp(id);
  let [events, out] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === 0) continue;
    if (event[i] === 1 && !Number.isNaN(time[i])) events++;
    if (excluded && excluded.reason[i] > 0) out++;
  }
  const n = counted(countRows(rows), "patient");
  return `${n}${among}, ${counted(events, "event")} of ${label}${out > 0 ? ` (${counted(out, "patient")} not in it)` : ""}; ${selectionWords(study, selection)}.`;
}
