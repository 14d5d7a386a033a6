import type {CohortDatabase} from "../cohort/duckdb.js";
import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import {readSelection, writeSelection} from "../cohort/selectionUrl.js";
import type {Selection} from "../cohort/selection.js";
import {element} from "./element.js";
import {figureFrame} from "./figureFrame.js";
import {filterControls} from "./filterControls.js";
import {counted} from "./formatting.js";
import {remarkList} from "./remarkList.js";
import {statisticsTable} from "./statisticsTable.js";
import {strataControls} from "./strataControls.js";
import {survivalAnswer} from "./survivalAnswer.js";
import {testLine} from "./survivalChart.js";
import {survivalFigure} from "./survivalFigure.js";
import {survivalRemarks} from "./survivalRemarks.js";

/** Who picked the rows: the page's own code until DuckDB has arrived, then DuckDB. */
type AnsweredBy = "page" | "duckdb";

export interface ExplorerOptions {
  /** Opens DuckDB; called once the first figure is painted. */
  readonly openDatabase: () => Promise<CohortDatabase>;
}

/**
 * The Kaplan–Meier explorer: groups and filters of the reader's choice, kept in the URL.
 *
 * The element's data attributes say who answered ("answered-by") and which change is drawn ("drawn", counting up).
 */
export function survivalExplorer(cohort: Cohort, {openDatabase}: ExplorerOptions): HTMLElement {
  const {study} = cohort;
  const read = readSelection(location.search, study);
  let selection = read.selection;
  let database: CohortDatabase | null = null;
  let asked = 0;
  const frame = figureFrame("Kaplan–Meier curves", `${study.id}-survival`);
  const results = element("div", {class: "results"});
  const status = element("p", {class: "status", role: "status"});
  const root = element("div", {class: "explorer"});

  const show = (rows: Uint8Array, by: AnsweredBy) => {
    const answer = survivalAnswer(cohort, selection, rows);
    const figure = survivalFigure(cohort, selection, answer);
    frame.show({
      ...figure,
      note: `${figure.note} Rows selected by ${by === "duckdb" ? `DuckDB ${database!.version} in this page` : "this page's own code"}.`
    });
    const test = testLine(answer);
    const found = `${counted(answer.n, "patient")}, ${counted(answer.events, "event")}`;
    status.replaceChildren(`${found}${test ? `. ${test.text}.` : "."}`);
    status.title = test?.title ?? "";
    results.replaceChildren(statisticsTable(answer), remarkList(survivalRemarks(study, answer)));
    root.dataset.answeredBy = by;
    root.dataset.drawn = String(asked);
  };
  const refresh = async () => {
    const mine = ++asked;
    if (!database) return show(rowMask(cohort, selection), "page");
    try {
      const rows = await database.rows(selection);
      if (mine === asked) show(rows, "duckdb");
    } catch (error) {
      // The worker may have been stopped by the browser; the page can answer by itself.
      console.warn(error);
      database = null;
      if (mine === asked) show(rowMask(cohort, selection), "page");
    }
  };
  const change = (part: Partial<Selection>) => {
    selection = {...selection, ...part};
    const query = writeSelection(selection, study);
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    void refresh();
  };

  root.append(
    ...read.problems.map((problem) => element("p", {class: "problem", role: "alert"}, problem)),
    element("form", {class: "panel", onsubmit: (event) => event.preventDefault()}, [
      strataControls(study, selection, change),
      filterControls(study, selection, change),
      element("p", {}, copyLink())
    ]),
    element("div", {class: "findings"}, status, frame.element),
    results
  );
  void refresh();
  afterPaint(async () => {
    database = await openDatabase();
    await refresh();
  });
  return root;
}

function copyLink(): HTMLElement {
  const button = element(
    "button",
    {
      type: "button",
      onclick: async () => {
        // Browsers give the clipboard to secure pages only.
        const copied = await navigator.clipboard?.writeText(location.href).then(
          () => true,
          () => false
        );
        button.textContent = copied ? "Link copied" : "Copy the address of this page";
      }
    },
    "Copy link to this selection"
  );
  return button;
}

/** A database that does not come is no fault: the page goes on answering by itself. */
function afterPaint(act: () => Promise<void>): void {
  requestAnimationFrame(() =>
    setTimeout(() => {
      act().catch((error) => console.warn(error));
    })
  );
}
