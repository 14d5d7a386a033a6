import type {CohortDatabase} from "../cohort/duckdb.js";
import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import type {Selection} from "../cohort/selection.js";
import {readSelection, writeSelection} from "../cohort/selectionUrl.js";

/** Draws what is selected; `by` names who picked the rows. */
export type ShowSelection = (selection: Selection, rows: Uint8Array, by: string) => void;

/** A page's selection: the one in its address, changed by the reader. */
export interface FollowedSelection {
  readonly current: () => Selection;
  readonly change: (part: Partial<Selection>) => void;
  /** Draws again what is selected, as when an option of the page alone changed. */
  readonly redraw: () => void;
  /** What of the address could not be used, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Keeps the address and the page's figures at one selection: rows come from the page's own code until DuckDB has arrived.
 * An answer to an older question is never drawn.
 *
 * @param root - gets `data-answered-by` ("page", "duckdb") and `data-drawn`, which counts up
 */
export function followSelection(
  cohort: Cohort,
  root: HTMLElement,
  openDatabase: () => Promise<CohortDatabase>,
  show: ShowSelection
): FollowedSelection {
  const {study} = cohort;
  const {selection: first, problems} = readSelection(location.search, study);
  let selection = first;
  let database: CohortDatabase | null = null;
  let asked = 0;
  const draw = (rows: Uint8Array, by: "page" | "duckdb") => {
    show(selection, rows, by === "duckdb" ? `DuckDB ${database!.version} in this page` : "this page's own code");
    root.dataset.answeredBy = by;
    root.dataset.drawn = String(asked);
  };
  const refresh = async () => {
    const mine = ++asked;
    if (!database) return draw(rowMask(cohort, selection), "page");
    try {
      const rows = await database.rows(selection);
      if (mine === asked) draw(rows, "duckdb");
    } catch (error) {
      // The worker may have been stopped by the browser; the page can answer by itself.
      console.warn(error);
      database = null;
      if (mine === asked) draw(rowMask(cohort, selection), "page");
    }
  };
  // After the first figure is painted. A database that does not come is no fault.
  requestAnimationFrame(() =>
    setTimeout(() => {
      openDatabase()
        .then((opened) => {
          database = opened;
          return refresh();
        })
        .catch((error) => console.warn(error));
    })
  );
  queueMicrotask(() => void refresh());
  return {
    current: () => selection,
    change: (part) => {
      selection = {...selection, ...part};
      const query = writeSelection(selection, study);
      history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
      void refresh();
    },
    redraw: () => void refresh(),
    problems
  };
}
