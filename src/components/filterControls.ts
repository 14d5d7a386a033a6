import type {StudyDescription, Variable} from "../cohort/description.js";
import {isRange, withFilter} from "../cohort/selection.js";
import type {Filter, Selection} from "../cohort/selection.js";
import {element} from "./element.js";
import {optionGroups} from "./strataControls.js";
import type {Change} from "./strataControls.js";

/** Filters on any variables, one fieldset each; a list to add another. */
export function filterControls(study: StudyDescription, selection: Selection, change: Change): HTMLElement {
  let current = selection;
  const list = element("div", {class: "filters"});
  const tell = (variable: string, filter: Filter | null) => {
    current = withFilter(current, variable, filter);
    change({filters: current.filters});
  };
  const remove = (variable: string) => {
    tell(variable, null);
    list.querySelector(`[data-variable="${CSS.escape(variable)}"]`)?.remove();
    fill();
    add.focus();
  };
  const show = (variable: Variable, filter: Filter) =>
    list.append(filterField(variable, filter, (next) => tell(variable.id, next), remove));
  const add = element("select", {
    name: "add-filter",
    onchange: () => {
      const variable = study.variables.find(({id}) => id === add.value);
      if (!variable) return;
      const filter = everyone(variable);
      tell(variable.id, filter);
      show(variable, filter);
      fill();
      list.querySelector<HTMLElement>("fieldset:last-child input")?.focus();
    }
  });
  const fill = () => {
    const taken = new Set(current.filters.map(({variable}) => variable));
    add.replaceChildren(
      element("option", {value: ""}, "Choose a variable …"),
      ...optionGroups(study).map(([label, variables]) =>
        element(
          "optgroup",
          {label},
          variables.filter(({id}) => !taken.has(id)).map(({id, label}) => element("option", {value: id}, label))
        )
      )
    );
  };
  for (const filter of selection.filters)
    show(
      study.variables.find(({id}) => id === filter.variable)!,
      filter
    );
  fill();
  return element(
    "fieldset",
    {class: "controls"},
    element("legend", {}, "Patients"),
    list,
    element("label", {}, element("span", {}, "Add a filter"), add)
  );
}

/** The filter that leaves out only patients without a value. */
function everyone({id, type, levels}: Variable): Filter {
  if (type === "numeric") return {variable: id, from: null, to: null};
  return {variable: id, levels: levels!.map(({value}) => value)};
}

function unturned(filter: Filter): Filter {
  const {variable} = filter;
  return isRange(filter) ? {variable, from: filter.from, to: filter.to} : {variable, levels: filter.levels};
}

function filterField(
  variable: Variable,
  filter: Filter,
  tell: (filter: Filter) => void,
  remove: (variable: string) => void
): HTMLElement {
  const unit = variable.units ? `, ${variable.units}` : "";
  let kept = unturned(filter);
  const changed = (next: Filter) => {
    kept = next;
    tell(turn.checked ? {...kept, not: true} : kept);
  };
  const turn = element("input", {
    type: "checkbox",
    name: `not.${variable.id}`,
    checked: filter.not,
    onchange: () => changed(kept)
  });
  return element(
    "fieldset",
    {class: "inner", "data-variable": variable.id},
    element("legend", {}, `${variable.label}${unit}`),
    isRange(filter) ? bounds(variable, filter, changed) : levels(variable, filter.levels, changed),
    element("label", {class: "choice"}, turn, "leave these out"),
    element(
      "button",
      {
        type: "button",
        class: "remove",
        "aria-label": `Remove the filter on ${variable.label}`,
        onclick: () => remove(variable.id)
      },
      "Remove"
    )
  );
}

function levels(variable: Variable, chosen: readonly string[], tell: (filter: Filter) => void): HTMLElement[] {
  const kept = new Set(chosen);
  return variable.levels!.map(({value, label}) => {
    const box = element("input", {
      type: "checkbox",
      name: `in.${variable.id}`,
      value,
      checked: kept.has(value),
      onchange: () => {
        if (box.checked) kept.add(value);
        else kept.delete(value);
        tell({variable: variable.id, levels: variable.levels!.map((l) => l.value).filter((v) => kept.has(v))});
      }
    });
    return element("label", {class: "choice"}, box, label);
  });
}

function bounds(
  variable: Variable,
  filter: {from: number | null; to: number | null},
  tell: (filter: Filter) => void
): HTMLElement[] {
  const number = (input: HTMLInputElement) => (Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber);
  const field = (side: "from" | "to") =>
    element("input", {
      type: "number",
      step: "any",
      name: `${side}.${variable.id}`,
      value: filter[side] ?? "",
      onchange: () => tell({variable: variable.id, from: number(from), to: number(to)})
    });
  const [from, to] = [field("from"), field("to")];
  return [element("label", {class: "choice"}, "from", from), element("label", {class: "choice"}, "to", to)];
}
