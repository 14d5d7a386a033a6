import {element} from "./element.js";

/**
 * A table whose first column names its rows; it scrolls sideways where there is no room.
 *
 * @param name - for screen readers
 */
export function plainTable(
  name: string,
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
  current: (row: number) => boolean = () => false
): HTMLElement {
  return element(
    "div",
    {class: "table-room", tabindex: 0, role: "region", "aria-label": name},
    element(
      "table",
      {class: "statistics"},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          head.map((text) => element("th", {scope: "col"}, text))
        )
      ),
      element(
        "tbody",
        {},
        rows.map(([first, ...cells], r) =>
          element(
            "tr",
            {class: current(r) ? "current" : null},
            element("th", {scope: "row"}, first),
            cells.map((cell) => element("td", {}, cell))
          )
        )
      )
    )
  );
}
