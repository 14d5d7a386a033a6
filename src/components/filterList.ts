import {crossfilter} from "../cohort/crossfilter.js";
import type {Cohort} from "../cohort/readCohort.js";
import {PATIENT, replaceFilter} from "../cohort/selection.js";
import type {Filter} from "../cohort/selection.js";
import {element} from "./element.js";
import {filterField, filterLabel, openFilter} from "./filterField.js";
import type {FilterField} from "./filterField.js";
import {optionGroups} from "./strataControls.js";

/** Filters of which all must hold, and a list to add another. */
export interface FilterList {
  readonly elements: readonly HTMLElement[];
  /** @param among - mask of the patients who meet what else the selection asks for */
  update(filters: readonly Filter[], among: Uint8Array): void;
}

/**
 * Filters on any variables, one frame each, with crossfiltered counts.
 *
 * @param prefix - before the names of the fields, as in a link: "" or "any2."
 * @param tell - the filters after a change; `sliding` while the reader drags
 */
export function filterList(
  cohort: Cohort,
  filters: readonly Filter[],
  prefix: string,
  tell: (filters: readonly Filter[], sliding?: boolean) => void,
  settle: () => void
): FilterList {
  let current = filters;
  const list = element("div", {class: "filters"});
  const fields = new Map<string, FilterField>();
  const replace = (variable: string, filter: Filter | null, sliding?: boolean) => {
    current = replaceFilter(current, variable, filter);
    tell(current, sliding);
  };
  const show = (filter: Filter) => {
    const {variable} = filter;
    const remove = () => {
      fields.delete(variable);
      field.element.remove();
      replace(variable, null);
      fill();
      add.focus();
    };
    const told = (next: Filter, sliding?: boolean) => replace(variable, next, sliding);
    const field = filterField(cohort, filter, prefix, told, settle, remove);
    fields.set(variable, field);
    list.append(field.element);
  };
  const add = element("select", {
    name: `${prefix}add-filter`,
    onchange: () => {
      if (add.value === "") return;
      const filter = openFilter(cohort.study, add.value);
      show(filter);
      replace(filter.variable, filter);
      fill();
      list.querySelector<HTMLElement>(":scope > fieldset:last-child input")?.focus();
    }
  });
  const fill = () => {
    const taken = new Set(current.map(({variable}) => variable));
    const option = (id: string) =>
      taken.has(id) ? null : element("option", {value: id}, filterLabel(cohort.study, id));
    add.replaceChildren(
      element("option", {value: ""}, "Choose a variable …"),
      ...optionGroups(cohort.study).map(([label, variables]) =>
        element(
          "optgroup",
          {label},
          variables.map(({id}) => option(id))
        )
      ),
      ...[option(PATIENT)].filter((node) => node !== null)
    );
  };
  for (const filter of filters) show(filter);
  fill();
  return {
    elements: [list, element("label", {}, element("span", {}, "Add a filter"), add)],
    update: (next, among) => {
      current = next;
      const shown = next.filter(({variable}) => fields.has(variable));
      const own = shown.map(({variable}) => fields.get(variable)!);
      const counts = crossfilter(
        cohort,
        shown,
        own.map(({bins}) => bins),
        own.map(({size}) => size),
        among
      );
      own.forEach((field, f) => field.show(counts[f], shown[f]));
    }
  };
}
