import {element} from "./element.js";

/** What a reader must know beside a figure. */
export function remarkList(remarks: readonly string[]): HTMLElement | string {
  if (remarks.length === 0) return "";
  return element(
    "ul",
    {class: "remarks", "aria-label": "Remarks"},
    remarks.map((remark) => element("li", {}, remark))
  );
}
