import {element} from "./element.js";
import {plainTable} from "./plainTable.js";

/** A table that becomes a card a row on a narrow screen, each value with its column's name beside it. */
export function stackedTable(
  name: string,
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[]
): HTMLElement {
  const room = plainTable(name, head, rows);
  const table = room.querySelector("table")!;
  table.classList.add("stacked");
  // As blocks the parts of a table lose their meaning for screen readers, unless it is said.
  table.setAttribute("role", "table");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const group of [table.tHead!, ...table.tBodies]) group.setAttribute("role", "rowgroup");
  for (const cell of table.querySelectorAll("thead th")) cell.setAttribute("role", "columnheader");
  for (const row of table.tBodies[0].rows)
    [...row.cells].forEach((cell, c) => {
      cell.setAttribute("role", c === 0 ? "rowheader" : "cell");
      if (c > 0) cell.dataset.head = head[c];
    });
  return room;
}

/** An estimate with its interval, and p on a line of its own. */
export function estimateCell(estimate: string, p: string | null): HTMLElement | string {
  return p === null ? estimate : element("span", {}, estimate, element("small", {class: "under"}, p));
}
