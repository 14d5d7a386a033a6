import {element} from "../element.js";
import {sortedRows} from "./patientColumns.js";
import type {PatientColumn} from "./patientColumns.js";

/** Height of a row and of the room for rows, in pixels; style.css holds rows to it. */
const ROW = 32;
const ROOM = 448;
/** Rows drawn beyond the visible ones, so that quick scrolling shows no gap. */
const SPARE = 8;

export interface PatientTable {
  readonly element: HTMLElement;
  /** Shows other patients, in the order chosen by the reader. */
  show(rows: Uint32Array): void;
  /** Marks a patient and brings the row into view; null marks nobody. */
  mark(row: number | null): void;
}

/**
 * A sortable table that draws only the rows in view, so that 100,000 patients scroll like a hundred.
 *
 * @param onPatient - called with the row of the cohort whose id was pressed
 */
export function patientTable(columns: readonly PatientColumn[], onPatient: (row: number) => void): PatientTable {
  let rows: Uint32Array = new Uint32Array();
  let order = rows;
  let sort: {column: PatientColumn; descending: boolean} | null = null;
  let marked: number | null = null;
  let first = -1;
  const heads = columns.map((column) => {
    const button = element("button", {type: "button", class: "sort", onclick: () => sortBy(column)}, column.label);
    return {column, cell: element("th", {scope: "col"}, button)};
  });
  const body = element("tbody");
  const table = element(
    "table",
    {class: "patients"},
    element(
      "thead",
      {},
      element(
        "tr",
        {"aria-rowindex": 1},
        heads.map(({cell}) => cell)
      )
    ),
    body
  );
  const room = element(
    "div",
    {class: "table-room virtual", tabindex: 0, role: "region", "aria-label": "Patients", onscroll: () => draw(false)},
    table
  );
  room.style.maxHeight = `${ROOM}px`;
  const sortBy = (column: PatientColumn) => {
    sort = {column, descending: sort?.column === column && !sort.descending};
    for (const head of heads)
      head.cell.setAttribute(
        "aria-sort",
        head.column !== column ? "none" : sort.descending ? "descending" : "ascending"
      );
    arrange();
    room.scrollTop = 0;
  };
  const arrange = () => {
    order = sort ? sortedRows(rows, sort.column, sort.descending) : rows;
    table.setAttribute("aria-rowcount", String(order.length + 1));
    draw(true);
  };
  const draw = (anew: boolean) => {
    const from = Math.max(0, Math.floor(room.scrollTop / ROW) - SPARE);
    if (from === first && !anew) return;
    first = from;
    const to = Math.min(order.length, from + Math.ceil(ROOM / ROW) + 2 * SPARE);
    body.replaceChildren(
      ...spacer(from),
      ...Array.from(order.subarray(from, to), (row, k) => tableRow(row, from + k)),
      ...spacer(order.length - to)
    );
  };
  /** In place of rows out of view; of none there is no empty line either. */
  const spacer = (count: number) => {
    if (count === 0) return [];
    const row = element("tr", {"aria-hidden": "true"}, element("td", {colspan: columns.length}));
    row.style.height = `${count * ROW}px`;
    row.className = "spacer";
    return [row];
  };
  const tableRow = (row: number, index: number) =>
    element(
      "tr",
      {"aria-rowindex": index + 2, class: row === marked ? "current" : null},
      columns.map((column, c) =>
        c === 0
          ? element(
              "th",
              {scope: "row"},
              element("button", {type: "button", class: "link", onclick: () => onPatient(row)}, column.text(row))
            )
          : element("td", {class: column.numeric ? "number" : null}, column.text(row))
      )
    );
  return {
    element: room,
    show(next) {
      rows = next;
      arrange();
    },
    mark(row) {
      marked = row;
      const at = row === null ? -1 : order.indexOf(row);
      if (at >= 0 && (at * ROW < room.scrollTop || (at + 2) * ROW > room.scrollTop + ROOM))
        room.scrollTop = Math.max(0, at * ROW - ROOM / 2);
      draw(true);
    }
  };
}
