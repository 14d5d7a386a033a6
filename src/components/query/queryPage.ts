import type {Cohort} from "../../cohort/readCohort.js";
import {readerDatabase} from "../../cohort/readerDatabase.js";
import {QueryError} from "../../cohort/readerSql.js";
import type {Selection} from "../../cohort/selection.js";
import {COHORT_TABLE, EVENTS_TABLE, selectedSql} from "../../cohort/selectionSql.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {selectionQuery} from "../patientAddress.js";
import {plainTable} from "../plainTable.js";
import {selectedPatients} from "../selectedPatients.js";
import {coefficientsTable, publishedColumns} from "./publishedTables.js";
import {queryExamples} from "./queryExamples.js";
import {queryHistory} from "./queryHistory.js";
import {queryResult} from "./queryResult.js";

/**
 * A SQL cell over the published tables: it only reads, only in this page, and a query that runs away can be stopped.
 *
 * The element's data attribute "state" says "idle", "running", "done" or "refused".
 */
export function queryPage(cohort: Cohort, models: PublishedModels): HTMLElement {
  const {study, bytes, eventBytes} = cohort;
  const root = element("div", {class: "query-page", "data-state": "idle"});
  const holding = (selection: Selection) =>
    readerDatabase([
      {name: COHORT_TABLE, bytes},
      ...(eventBytes ? [{name: EVENTS_TABLE, bytes: eventBytes}] : []),
      {name: "selected", sql: selectedSql(selection, study)},
      coefficientsTable(models)
    ]);
  const {head, selected} = selectedPatients(
    cohort,
    "They are the table selected; the table cohort has all patients, whoever is selected.",
    root,
    ({selection}) => {
      // What was found belongs to those selected before.
      database.cancel();
      database = holding(selection);
      result.replaceChildren();
      tell("idle", "");
    }
  );
  let database = holding(selected.selection);
  const history = queryHistory(study.id);
  const editor = element("textarea", {
    name: "sql",
    rows: 7,
    spellcheck: "false",
    autocomplete: "off",
    "aria-label": "SQL query",
    "aria-describedby": "query-help",
    onkeydown: (event) => {
      const {key, ctrlKey, metaKey} = event as KeyboardEvent;
      if (key !== "Enter" || !(ctrlKey || metaKey)) return;
      event.preventDefault();
      void run();
    }
  });
  const result = element("div", {"aria-live": "polite"});
  const runButton = element("button", {type: "button", onclick: () => void run()}, "Run");
  const cancel = element("button", {type: "button", hidden: true, onclick: () => database.cancel()}, "Cancel");
  const status = element("span", {role: "status"});
  const past = element("select", {
    name: "history",
    onchange: () => {
      if (past.value !== "") editor.value = past.value;
      past.value = "";
    }
  });
  const tell = (state: string, text: string) => {
    root.dataset.state = state;
    status.textContent = text;
    runButton.disabled = state === "running";
    cancel.hidden = state !== "running";
  };
  const fillHistory = () =>
    past.replaceChildren(
      element("option", {value: ""}, "Queries run before …"),
      ...history.read().map((sql) => element("option", {value: sql}, sql.replace(/\s+/g, " ").slice(0, 80)))
    );
  const run = async () => {
    if (root.dataset.state === "running") return;
    const sql = editor.value;
    tell("running", "Running …");
    result.replaceChildren();
    try {
      const answer = await database.run(sql);
      result.replaceChildren(queryResult(answer, study.id));
      history.add(sql);
      fillHistory();
      const query = selectionQuery(location.search);
      query.set("sql", sql);
      window.history.replaceState(null, "", `${location.pathname}?${query}`);
      tell("done", "");
    } catch (error) {
      const said =
        error instanceof QueryError ? error.message : `The query could not be run: ${(error as Error).message}`;
      result.replaceChildren(element("p", {class: "problem", role: "alert"}, said));
      tell("refused", "");
    }
  };
  const examples = queryExamples(study);
  editor.value = new URLSearchParams(location.search).get("sql") ?? examples[Math.min(2, examples.length - 1)].sql;
  fillHistory();
  root.append(
    head,
    element(
      "p",
      {id: "query-help"},
      "Control and Enter run the query. It only reads the tables below, in DuckDB inside this page; nothing is sent anywhere. The address of this page holds the query."
    ),
    element(
      "div",
      {class: "chips"},
      examples.map(({label, sql}) =>
        element("button", {type: "button", onclick: () => ((editor.value = sql), void run())}, label)
      )
    ),
    editor,
    element(
      "p",
      {class: "query-line"},
      runButton,
      " ",
      cancel,
      " ",
      element("label", {}, element("span", {class: "hushed"}, "History "), past),
      " ",
      status
    ),
    result,
    element("h2", {}, "The tables"),
    plainTable(
      "Columns of the published tables",
      ["Column", "Table", "Type", "Meaning"],
      publishedColumns(study).map(({table, name, type, meaning}) => [name, table, type, meaning])
    )
  );
  return root;
}
