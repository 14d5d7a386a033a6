import type {Cohort} from "../../cohort/readCohort.js";
import {maskOf, rowMask} from "../../cohort/rowMask.js";
import {readSelection} from "../../cohort/selectionUrl.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {selectionQuery} from "../patientAddress.js";
import {whoWords} from "../selectedPatients.js";
import type {SlicesSource} from "../signatures/signaturesPage.js";
import {patientColumns} from "./patientColumns.js";
import {patientDetails} from "./patientDetails.js";
import {patientTable} from "./patientTable.js";

/**
 * The selected patients as a table; one of them in full below it. The address holds both: the selection as on the other
 * pages, and `patient`.
 */
export function patientsPage(cohort: Cohort, models: PublishedModels, slices: SlicesSource): HTMLElement {
  const {study} = cohort;
  const asked = new URLSearchParams(location.search).get("patient");
  const address = selectionQuery(location.search);
  const {selection, problems} = readSelection(String(address), study);
  const mask = rowMask(cohort, selection);
  const selected = Uint32Array.from(mask.keys()).filter((row) => mask[row] === 1);
  const status = element("p", {class: "status", role: "status"});
  const details = element("div", {});
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
    const shown = patientDetails(cohort, models, slices, row);
    details.replaceChildren(shown);
    const query = new URLSearchParams(address);
    query.set("patient", cohort.patient(row));
    history.replaceState(null, "", `${location.pathname}?${query}`);
    shown.querySelector("h2")!.focus({preventScroll: false});
  };
  const table = patientTable(patientColumns(cohort), open);
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const rows =
      wanted === "" ? selected : selected.filter((row) => cohort.patient(row).toLowerCase().includes(wanted));
    table.show(rows);
    const among = wanted === "" ? "" : ` with "${search.value.trim()}" in the id`;
    status.textContent = whoWords(cohort, selection, maskOf(rows, cohort.n), among);
  };
  filter();
  const rowAsked = asked === null ? -1 : rowOf(cohort, asked);
  const said = asked !== null && rowAsked < 0 ? [...problems, `There is no patient "${asked}".`] : problems;
  const root = element(
    "div",
    {class: "patients-page"},
    said.map((problem) => element("p", {class: "problem", role: "alert"}, problem)),
    element("form", {class: "row-controls", onsubmit: (event) => event.preventDefault()}, [
      element("label", {}, element("span", {}, "Search by id"), search)
    ]),
    status,
    element(
      "p",
      {class: "note-line"},
      "The table shows the patients selected on any page. ",
      element("a", {href: `./survival.html${String(address) ? `?${address}` : ""}`}, "Change the selection"),
      "."
    ),
    table.element,
    details
  );
  if (rowAsked >= 0) requestAnimationFrame(() => open(rowAsked));
  return root;
}

function rowOf(cohort: Cohort, id: string): number {
  for (let row = 0; row < cohort.n; row++) if (cohort.patient(row) === id) return row;
  return -1;
}
