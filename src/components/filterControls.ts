import {crossfilter, levelBins, UNKNOWN, valueBins} from "../cohort/crossfilter.js";
import type {BinCodes, CrossCounts} from "../cohort/crossfilter.js";
import type {Variable} from "../cohort/description.js";
import type {Cohort} from "../cohort/readCohort.js";
import {isRange, withFilter} from "../cohort/selection.js";
import type {Filter, Selection} from "../cohort/selection.js";
import {brushHistogram, brushScale} from "./brushHistogram.js";
import type {Bounds} from "./brushHistogram.js";
import {element} from "./element.js";
import type {FollowedSelection} from "./followSelection.js";
import {formatCount} from "./formatting.js";
import {optionGroups} from "./strataControls.js";

/** What filters tell the page. */
export type FilterActs = Pick<FollowedSelection, "change" | "slide" | "settle">;

/** Filters on a page, and their counts, which follow every change. */
export interface FilterControls {
  readonly element: HTMLElement;
  /** Counts under the selection's other filters. */
  update(selection: Selection): void;
}

/** One filter on the page. */
interface Field {
  readonly element: HTMLElement;
  readonly bins: BinCodes;
  readonly size: number;
  show(counts: CrossCounts, filter: Filter): void;
}

/** Filters on any variables, one fieldset each, with crossfiltered counts; a list to add another. */
export function filterControls(cohort: Cohort, selection: Selection, acts: FilterActs): FilterControls {
  const {study} = cohort;
  let current = selection;
  const list = element("div", {class: "filters"});
  const fields = new Map<string, Field>();
  const tell = (variable: string, filter: Filter | null, sliding = false) => {
    current = withFilter(current, variable, filter);
    acts[sliding ? "slide" : "change"]({filters: current.filters});
  };
  const update = (next: Selection) => {
    current = next;
    const shown = next.filters.filter(({variable}) => fields.has(variable));
    const own = shown.map(({variable}) => fields.get(variable)!);
    const counts = crossfilter(
      cohort,
      {...next, filters: shown},
      own.map(({bins}) => bins),
      own.map(({size}) => size)
    );
    own.forEach((field, f) => field.show(counts[f], shown[f]));
  };
  const remove = (variable: string) => {
    fields.delete(variable);
    tell(variable, null);
    list.querySelector(`[data-variable="${CSS.escape(variable)}"]`)?.remove();
    fill();
    add.focus();
  };
  const show = (variable: Variable, filter: Filter) => {
    const told = (next: Filter, sliding?: boolean) => tell(variable.id, next, sliding);
    const field = filterField(cohort, variable, filter, told, acts.settle, remove);
    fields.set(variable.id, field);
    list.append(field.element);
  };
  const add = element("select", {
    name: "add-filter",
    onchange: () => {
      const variable = study.variables.find(({id}) => id === add.value);
      if (!variable) return;
      const filter = everyone(variable);
      show(variable, filter);
      tell(variable.id, filter);
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
  update(selection);
  return {
    element: element(
      "fieldset",
      {class: "controls"},
      element("legend", {}, "Patients"),
      list,
      element("label", {}, element("span", {}, "Add a filter"), add)
    ),
    update
  };
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

type Tell = (filter: Filter, sliding?: boolean) => void;

function filterField(
  cohort: Cohort,
  variable: Variable,
  filter: Filter,
  tell: Tell,
  settle: () => void,
  remove: (variable: string) => void
): Field {
  const unit = variable.units ? `, ${variable.units}` : "";
  let kept = unturned(filter);
  const changed: Tell = (next, sliding) => {
    kept = next;
    tell(turn.checked ? {...kept, not: true} : kept, sliding);
  };
  const turn = element("input", {
    type: "checkbox",
    name: `not.${variable.id}`,
    checked: filter.not,
    onchange: () => changed(kept)
  });
  const parts = isRange(filter)
    ? rangeParts(cohort, variable, filter, changed, settle)
    : levelParts(cohort, variable, filter.levels, changed);
  return {
    ...parts,
    element: element(
      "fieldset",
      {class: "inner", "data-variable": variable.id},
      element("legend", {}, `${variable.label}${unit}`),
      parts.elements,
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
    )
  };
}

type Parts = Omit<Field, "element"> & {readonly elements: readonly HTMLElement[]};

function levelParts(cohort: Cohort, variable: Variable, chosen: readonly string[], tell: Tell): Parts {
  const kept = new Set(chosen);
  const column = cohort.variable(variable.id);
  const counts = variable.levels!.map(() => element("small", {class: "count"}));
  const elements = variable.levels!.map(({value, label}, l) => {
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
    return element("label", {class: "choice"}, box, label, " ", counts[l]);
  });
  return {
    elements,
    bins: column.type === "categorical" ? levelBins(column.codes) : new Uint8Array(cohort.n).fill(UNKNOWN),
    size: variable.levels!.length,
    // How many there are under all other filters: what ticking the box brings or takes.
    show: ({offered}) => counts.forEach((count, l) => (count.textContent = formatCount(offered[l])))
  };
}

function rangeParts(
  cohort: Cohort,
  variable: Variable,
  filter: {from: number | null; to: number | null},
  tell: Tell,
  settle: () => void
): Parts {
  const column = cohort.variable(variable.id);
  const values = column.type === "numeric" ? column.values : new Float64Array(cohort.n).fill(NaN);
  const scale = brushScale(values);
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
  const slide = ([low, high]: Bounds) => {
    from.value = low === null ? "" : String(low);
    to.value = high === null ? "" : String(high);
    tell({variable: variable.id, from: low, to: high}, true);
  };
  const brush = brushHistogram(variable, scale, slide, settle);
  return {
    elements: [
      brush.element,
      element("label", {class: "choice"}, "from", from),
      element("label", {class: "choice"}, "to", to)
    ],
    bins: valueBins(values, scale.edges),
    size: scale.edges.length - 1,
    show: (counts, now) => isRange(now) && brush.update(counts, [now.from, now.to])
  };
}
