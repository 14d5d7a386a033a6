import {element} from "./element.js";

/** Sentences as a list, or a word that there are none. */
export function notesList(notes: readonly string[], none: string): HTMLElement {
  if (notes.length === 0) return element("p", {}, none);
  return element(
    "ul",
    {},
    notes.map((note) => element("li", {}, note))
  );
}
