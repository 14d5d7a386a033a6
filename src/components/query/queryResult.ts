import * as Plot from "@observablehq/plot";
import {MOST_ROWS} from "../../cohort/readerSql.js";
import type {QueryAnswer} from "../../cohort/readerDatabase.js";
import {csvText} from "../csv.js";
import {element} from "../element.js";
import {download} from "../exportFigure.js";
import {figureFrame} from "../figureFrame.js";
import {counted, formatCount, formatNumber} from "../formatting.js";
import {autoPlotSvg} from "../plotSvg.js";

/** Rows a page can show without getting slow; the file has them all. */
const SHOWN = 500;

/** What a query gave: a table, a file of it, and a plot of two of its columns. */
export function queryResult(answer: QueryAnswer, name: string): HTMLElement {
  const {columns, rows, cut, milliseconds} = answer;
  const more = cut ? ` The first ${formatCount(MOST_ROWS)} were fetched; there are more.` : "";
  const shown = rows.length > SHOWN ? ` The table shows ${formatCount(SHOWN)}; the CSV has all that were fetched.` : "";
  return element(
    "div",
    {class: "query-result"},
    element(
      "p",
      {},
      `${counted(rows.length, "row")}, ${counted(columns.length, "column")}, ${Math.round(milliseconds)} ms.${more}${shown}`
    ),
    element(
      "p",
      {class: "downloads"},
      element(
        "button",
        {type: "button", onclick: () => download(csvOf(answer), `${name}-query.csv`, "text/csv")},
        "Download CSV"
      )
    ),
    rows.length > 0 ? resultTable(answer) : "",
    rows.length > 0 ? resultPlot(answer, name) : ""
  );
}

function resultTable({columns, rows}: QueryAnswer): HTMLElement {
  return element(
    "div",
    {class: "table-room dense tall", tabindex: 0, role: "region", "aria-label": "Result of the query"},
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          columns.map((column) => element("th", {scope: "col"}, column.name))
        )
      ),
      element(
        "tbody",
        {},
        rows.slice(0, SHOWN).map((row) =>
          element(
            "tr",
            {},
            row.map((cell, c) =>
              element("td", {class: columns[c].numeric ? "number" : null}, cell === null ? "" : shownCell(cell))
            )
          )
        )
      )
    )
  );
}

const shownCell = (cell: number | string | boolean) =>
  typeof cell === "number" ? formatNumber(cell, 6) : String(cell);

function csvOf({columns, rows}: QueryAnswer): string {
  return csvText(
    columns.map(({name}) => name),
    rows.map((row) => row.map((cell) => (typeof cell === "boolean" ? String(cell) : cell)))
  );
}

/** Observable Plot chooses marks by the columns' types. */
function resultPlot({columns, rows}: QueryAnswer, name: string): HTMLElement {
  const frame = figureFrame("Plot of the result", `${name}-query`);
  const options = (none: string | null) => [
    ...(none === null ? [] : [element("option", {value: ""}, none)]),
    ...columns.map((column, c) => element("option", {value: c}, column.name))
  ];
  const numeric = columns.findIndex((column) => column.numeric);
  const select = (label: string, fill: Node[], chosen: number | null) => {
    const field = element("select", {onchange: () => show()}, fill);
    field.value = chosen === null ? "" : String(chosen);
    return {field, label: element("label", {}, element("span", {}, label), field)};
  };
  const x = select("Across", options(null), 0);
  const y = select("Up", options("count of rows"), numeric > 0 ? numeric : null);
  const color = select("Colour", options("none"), null);
  const show = () => {
    const [cx, cy, cc] = [x, y, color].map(({field}) => (field.value === "" ? null : Number(field.value)));
    const points = rows
      .map((row) => ({x: row[cx!], y: cy === null ? null : row[cy], color: cc === null ? null : row[cc]}))
      .filter((p) => p.x !== null && (cy === null || p.y !== null));
    frame.show({
      draw: points.length > 0 ? (width) => drawn(points, width, nameOf(cx)!, nameOf(cy), nameOf(cc)) : null,
      csv: () =>
        csvText(
          [nameOf(cx)!, nameOf(cy) ?? "count", nameOf(cc) ?? ""],
          points.map((p) => [p.x, p.y, p.color].map(text))
        ),
      caption: `${counted(points.length, "row")} of the result.`,
      note: "Marks chosen by the types of the columns.",
      script: {none: "the figure repeats a query and computes nothing; R can read its CSV."}
    });
  };
  const nameOf = (c: number | null) => (c === null ? null : columns[c].name);
  show();
  return element(
    "details",
    {},
    element("summary", {}, "Plot it"),
    element(
      "form",
      {class: "row-controls", onsubmit: (event) => event.preventDefault()},
      x.label,
      y.label,
      color.label
    ),
    frame.element
  );
}

const text = (cell: number | string | boolean | null) => (typeof cell === "boolean" ? String(cell) : cell);

interface Point {
  readonly x: number | string | boolean | null;
  readonly y: number | string | boolean | null;
  readonly color: number | string | boolean | null;
}

function drawn(
  points: readonly Point[],
  width: number,
  x: string,
  y: string | null,
  color: string | null
): SVGSVGElement {
  const auto = Plot.auto(points as Point[], {
    x: {value: "x", label: x},
    y: y === null ? {reduce: "count"} : {value: "y", label: y},
    color: color === null ? "var(--tone-3)" : {value: "color", label: color}
  });
  return autoPlotSvg(auto, {
    width,
    marginLeft: 60,
    marginBottom: 44,
    ariaLabel: `${y ?? "Count of rows"} over ${x}, ${points.length} rows.`,
    color: {range: [0, 1, 2, 3, 4, 5].map((tone) => `var(--tone-${tone})`)}
  });
}
