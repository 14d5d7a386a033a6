import type {CohortDatabase} from "../cohort/duckdb.js";
import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import {isIds} from "../cohort/selection.js";
import type {Selection} from "../cohort/selection.js";
import {selectionHistory} from "../cohort/selectionHistory.js";
import {readSelection, writeSelection} from "../cohort/selectionUrl.js";
import {element} from "./element.js";
import {latestAnswer} from "./latestAnswer.js";
import {selectionQuery, withOwn} from "./patientAddress.js";

/** Draws what is selected; `by` says who picked the rows and who checked them. */
export type ShowSelection = (selection: Selection, rows: Uint8Array, by: string) => void;

/** A page's selection: the one in its address, changed by the reader. */
export interface FollowedSelection {
  readonly current: () => Selection;
  readonly change: (part: Partial<Selection>) => void;
  /** The same while the reader drags: the address follows when the movement has settled, and all of it is one step back. */
  readonly slide: (part: Partial<Selection>) => void;
  readonly settle: () => void;
  /** The same from outside the controls, as by a line of a figure: the controls must then follow. */
  readonly choose: (part: Partial<Selection>) => void;
  /** One step back in the reader's changes, or forth again; nothing at either end. */
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: () => boolean;
  readonly canRedo: () => boolean;
  /** Calls `act` after every change, told whether the controls must follow it: an undo, a redo, a choice in a figure. */
  readonly onChange: (act: (restored: boolean) => void) => void;
  /** Draws again what is selected, as when an option of the page alone changed. */
  readonly redraw: () => void;
  /** What of the address could not be used, one sentence each. */
  readonly problems: readonly string[];
}

/** A page that takes longer than this to draw, in ms, waits for a pause in the reader's dragging, and says so. */
const LIVE = 40;
const PAUSE = 100;

/**
 * Keeps the address and the page's figures at one selection. Rows come from the page's own code, at once; DuckDB, once it has
 * arrived, checks each selection, and the page says so aloud should the two ever differ.
 *
 * While the reader drags, figures that are quickly drawn follow at once. Slower ones are marked as out of date (`aria-busy`,
 * which the style fades) and drawn at the first pause: the hand is never kept waiting, and no number passes for a newer one.
 *
 * @param openDatabase - null where nobody checks
 * @param root - gets `data-checked-by` ("nobody", "duckdb", "disagreement") and `data-drawn`, which counts up
 */
export function followSelection(
  cohort: Cohort,
  root: HTMLElement,
  openDatabase: (() => Promise<CohortDatabase>) | null,
  show: ShowSelection
): FollowedSelection {
  const {study} = cohort;
  const {selection: first, problems} = readSelection(String(selectionQuery(location.search)), study);
  const history = selectionHistory(first);
  const writeAddress = addressWriter();
  const listeners: ((restored: boolean) => void)[] = [];
  let by = "this page's own code";
  const alarm = element("p", {class: "problem", role: "alert"});
  const answers = latestAnswer<Selection>(
    (selection) => rowMask(cohort, selection),
    (selection, rows, asked) => {
      const begun = performance.now();
      show(selection, rows, by);
      cost = performance.now() - begun;
      root.removeAttribute("aria-busy");
      root.dataset.checkedBy = "nobody";
      root.dataset.drawn = String(asked);
    },
    (name, check) => {
      root.dataset.checkedBy = check.agrees ? "duckdb" : "disagreement";
      if (check.agrees) return alarm.remove();
      alarm.textContent = disagreement(name, check.own, check.other);
      root.prepend(alarm);
    }
  );
  let cost = 0;
  let paused: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    clearTimeout(paused);
    return answers.ask(history.current());
  };
  const refreshAtPause = () => {
    root.setAttribute("aria-busy", "true");
    clearTimeout(paused);
    paused = setTimeout(() => void refresh(), PAUSE);
  };
  const shown = (restored: boolean) => {
    writeAddress(writeSelection(history.current(), study));
    for (const act of listeners) act(restored);
    void refresh();
  };
  // After the first figure is painted. A database that does not come is no fault.
  if (openDatabase)
    void afterFrame()
      .then(openDatabase)
      .then((database) => {
        const name = `DuckDB ${database.version}`;
        by = `this page's own code and checked by ${name}`;
        answers.checkedBy({name, rows: (selection) => afterFrame().then(() => database.rows(selection))});
        return refresh();
      })
      .catch((error) => console.warn(error));
  queueMicrotask(() => void refresh());
  const changing = (restored: boolean) => (part: Partial<Selection>) => {
    history.push({...history.current(), ...part});
    shown(restored);
  };
  return {
    ...history,
    slide: (part) => {
      history.slide({...history.current(), ...part});
      for (const act of listeners) act(false);
      if (cost > LIVE) refreshAtPause();
      else void refresh();
    },
    settle: () => {
      history.settle();
      if (root.hasAttribute("aria-busy")) void refresh();
      writeAddress(writeSelection(history.current(), study));
    },
    change: changing(false),
    choose: changing(true),
    undo: () => void (history.undo() && shown(true)),
    redo: () => void (history.redo() && shown(true)),
    onChange: (act) => void listeners.push(act),
    redraw: () => void refresh(),
    problems: [...problems, ...unknownPatients(cohort, first)]
  };
}

function disagreement(name: string, own: number, other: number): string {
  return `This page selects ${own} patients and ${name} selects ${other} by the same filters. One of them is wrong: do not use these figures, and tell the authors of the site.`;
}

/** A sentence if the address names patients whom the study does not have. */
function unknownPatients(cohort: Cohort, {filters, anyOf, named}: Selection): string[] {
  const lists = [filters, ...anyOf, ...named.flatMap((patients) => [patients.filters, ...patients.anyOf])];
  const ids = lists.flat().flatMap((filter) => (isIds(filter) ? filter.ids : []));
  const unknown = [...new Set(ids.filter((id) => cohort.rowOf(id) === null))];
  if (unknown.length === 0) return [];
  const some = unknown.slice(0, 5).map((id) => `"${id}"`);
  return [
    `The link names ${unknown.length === 1 ? "a patient" : `${unknown.length} patients`} whom this study does not have: ${some.join(", ")}${unknown.length > some.length ? " …" : ""}.`
  ];
}

/**
 * Once a change is painted: the check is for the reader who has seen the figures, and must not take the processor from their
 * painting, which goes on beside the page when its first frame has begun.
 */
const afterFrame = () =>
  new Promise<void>((next) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(next))));

/**
 * Writes the selection into the address once its frame is painted: the browser lays out the page to do so, which it then
 * would do twice, and its other processes take part. Whoever presses a button or follows a link by then finds it written.
 */
function addressWriter(): (query: string) => void {
  let asked: string | null = null;
  const write = () => {
    if (asked === null) return;
    const query = withOwn(asked, location.search);
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    asked = null;
  };
  for (const act of ["click", "beforeprint", "pagehide"]) addEventListener(act, write, {capture: true});
  return (query) => {
    if (asked === null) void afterFrame().then(write);
    asked = query;
  };
}
