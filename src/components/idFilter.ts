import {UNKNOWN} from "../cohort/crossfilter.js";
import type {Cohort} from "../cohort/readCohort.js";
import {PATIENT} from "../cohort/selection.js";
import {element} from "./element.js";
import type {FilterParts, TellFilter} from "./filterField.js";
import {counted} from "./formatting.js";

/** So many ids are offered while the reader types. */
const OFFERED = 12;

/** A field to search for patients by id, and a box of those chosen, in which a list may be pasted. */
export function idParts(cohort: Cohort, ids: readonly string[], prefix: string, tell: TellFilter): FilterParts {
  const said = element("small", {role: "status", class: "id-status"});
  const list = element("datalist", {id: `${prefix}ids-offered`});
  const search = element("input", {
    type: "search",
    name: `${prefix}search.id`,
    list: list.id,
    autocomplete: "off",
    placeholder: cohort.n > 0 ? `e.g. ${cohort.patient(0)}` : "",
    oninput: () => list.replaceChildren(...matches(cohort, search.value).map((value) => element("option", {value}))),
    onchange: () => add(),
    onkeydown: (event) => {
      if ((event as KeyboardEvent).key !== "Enter") return;
      event.preventDefault();
      add();
    }
  });
  const box = element("textarea", {
    name: `${prefix}id`,
    rows: 3,
    spellcheck: "false",
    onchange: () => changed(splitIds(cohort, box.value))
  });
  box.value = ids.join("\n");
  const changed = (next: readonly string[]) => {
    const unique = [...new Set(next)];
    box.value = unique.join("\n");
    tell({variable: PATIENT, ids: unique});
    say(unique);
  };
  const add = () => {
    const typed = search.value.trim();
    if (typed === "") return;
    const [only, another] = matches(cohort, typed);
    const id = cohort.rowOf(typed) !== null ? typed : only !== undefined && another === undefined ? only : null;
    if (id === null) {
      said.textContent =
        only === undefined
          ? `There is no patient "${typed}".`
          : `More than one id contains "${typed}"; type more of it.`;
      return;
    }
    search.value = "";
    changed([...splitIds(cohort, box.value), id]);
  };
  const say = (now: readonly string[]) => {
    const lost = now.filter((id) => cohort.rowOf(id) === null);
    const found = `${counted(now.length - lost.length, "patient")} of the study`;
    said.textContent =
      lost.length > 0 ? `${found}; not in it: ${lost.slice(0, 5).join(", ")}${lost.length > 5 ? " …" : ""}` : found;
  };
  say(ids);
  return {
    elements: [
      element("label", {}, element("span", {}, "Find a patient"), search, list),
      element("label", {}, element("span", {}, "Ids, one a line"), box),
      said
    ],
    bins: new Uint8Array(cohort.n).fill(UNKNOWN),
    size: 0,
    show: () => undefined
  };
}

/** Ids that contain a text, at most so many as are offered. */
function matches(cohort: Cohort, text: string): string[] {
  const wanted = text.trim().toLowerCase();
  const found: string[] = [];
  if (wanted === "") return found;
  for (let row = 0; row < cohort.n && found.length < OFFERED; row++) {
    const id = cohort.patient(row);
    if (id.toLowerCase().includes(wanted)) found.push(id);
  }
  return found;
}

/** A pasted list: one id a line, or parted by commas, semicolons, tabs, and blanks where no id has one. */
function splitIds(cohort: Cohort, text: string): string[] {
  return text
    .split(/[\n,;\t]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap((part) => (cohort.rowOf(part) === null ? part.split(/\s+/) : [part]));
}
