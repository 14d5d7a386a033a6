import type {Cohort} from "../../cohort/readCohort.js";
import {maskOf} from "../../cohort/rowMask.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {download} from "../exportFigure.js";
import {selectionQuery} from "../patientAddress.js";
import {selectedPatients, whoWords} from "../selectedPatients.js";
import type {SelectedPatients} from "../selectedPatients.js";
import type {SlicesSource} from "../signatures/signaturesPage.js";
import {patientColumns, patientsCsv} from "./patientColumns.js";
import {patientDetails} from "./patientDetails.js";
import {pathwayPlaces} from "./pathwayPlaces.js";
import type {PathwaysSource} from "./pathwayPlaces.js";
import {patientTable} from "./patientTable.js";

/**
 * The selected patients as a table; one of them in full below it. The address holds both: the selection as on the other
 * pages, and `patient`.
 */
export function patientsPage(
  cohort: Cohort,
  models: PublishedModels,
  slices: SlicesSource,
  expression: PathwaysSource
): HTMLElement {
  const {study} = cohort;
  const asked = new URLSearchParams(location.search).get("patient");
  const root = element("div", {class: "patients-page"});
  const rowsOf = ({rows}: SelectedPatients) => Uint32Array.from(rows.keys()).filter((row) => rows[row] === 1);
  const {head, selected: first} = selectedPatients(cohort, "", root, (now) => {
    selection = now.selection;
    selected = rowsOf(now);
    filter();
  });
  let {selection} = first;
  let selected = rowsOf(first);
  const found = element("p", {class: "status found", role: "status"});
  const details = element("div", {});
  const pathways = study.has.expression ? pathwayPlaces(cohort, expression) : null;
  const columns = patientColumns(cohort);
  const save = element(
    "button",
    {type: "button", onclick: () => download(patientsCsv(columns, shown), `${study.id}-patients.csv`, "text/csv")},
    "CSV of these patients"
  );
  const search = element("input", {
    type: "text",
    name: "search",
    autocomplete: "off",
    "aria-label": "Search by id",
    placeholder: `e.g. ${cohort.patient(0)}`,
    oninput: () => filter()
  });
  const open = (row: number) => {
    table.mark(row);
    const opened = patientDetails(cohort, models, slices, pathways, row);
    details.replaceChildren(opened);
    const query = selectionQuery(location.search);
    query.set("patient", cohort.patient(row));
    history.replaceState(null, "", `${location.pathname}?${query}`);
    opened.querySelector("h2")!.focus({preventScroll: false});
  };
  const table = patientTable(columns, open);
  let shown = selected;
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const rows =
      wanted === "" ? selected : selected.filter((row) => cohort.patient(row).toLowerCase().includes(wanted));
    shown = rows;
    table.show(rows);
    const among = ` with "${search.value.trim()}" in the id`;
    found.textContent = wanted === "" ? "" : whoWords(cohort, selection, maskOf(rows, cohort.n), among);
  };
  filter();
  const rowAsked = asked === null ? -1 : rowOf(cohort, asked);
  root.append(
    head,
    ...(asked !== null && rowAsked < 0
      ? [element("p", {class: "problem", role: "alert"}, `There is no patient "${asked}".`)]
      : []),
    element("form", {class: "row-controls", onsubmit: (event) => event.preventDefault()}, [
      element("label", {}, element("span", {}, "Search by id"), search)
    ]),
    found,
    table.element,
    element("p", {class: "downloads"}, save),
    details
  );
  if (rowAsked >= 0) requestAnimationFrame(() => open(rowAsked));
  return root;
}

function rowOf(cohort: Cohort, id: string): number {
  for (let row = 0; row < cohort.n; row++) if (cohort.patient(row) === id) return row;
  return -1;
}
