import {levelBins, UNKNOWN, valueBins} from "../cohort/crossfilter.js";
import type {BinCodes, CrossCounts} from "../cohort/crossfilter.js";
import type {StudyDescription, Variable} from "../cohort/description.js";
import type {Cohort} from "../cohort/readCohort.js";
import {isIds, isRange, PATIENT} from "../cohort/selection.js";
import type {Filter} from "../cohort/selection.js";
import {brushHistogram, brushScale} from "./brushHistogram.js";
import type {Bounds} from "./brushHistogram.js";
import {element, setText} from "./element.js";
import {formatCount} from "./formatting.js";
import {idParts} from "./idFilter.js";

/** One filter on the page. */
export interface FilterField {
  readonly element: HTMLElement;
  readonly bins: BinCodes;
  /** Number of levels or bins. */
  readonly size: number;
  show(counts: CrossCounts, filter: Filter): void;
}

/** What stands inside a filter's frame. */
export type FilterParts = Omit<FilterField, "element"> & {readonly elements: readonly HTMLElement[]};

/** Told of every change; `sliding` while the reader drags. */
export type TellFilter = (filter: Filter, sliding?: boolean) => void;

/** The filter that leaves out only patients without a value; by id, everyone until one is named. */
export function openFilter(study: StudyDescription, variable: string): Filter {
  if (variable === PATIENT) return {variable, ids: []};
  const {id, type, levels} = study.variables.find((other) => other.id === variable)!;
  if (type === "numeric") return {variable: id, from: null, to: null};
  return {variable: id, levels: levels!.map(({value}) => value)};
}

/** What a filter is about, in the study's words. */
export const filterLabel = (study: StudyDescription, variable: string): string =>
  variable === PATIENT ? "Patients by id" : study.variables.find(({id}) => id === variable)!.label;

/**
 * A filter's fields in a frame.
 *
 * @param prefix - before the names of the fields, as in a link
 */
export function filterField(
  cohort: Cohort,
  filter: Filter,
  prefix: string,
  tell: TellFilter,
  settle: () => void,
  remove: () => void
): FilterField {
  const label = filterLabel(cohort.study, filter.variable);
  const variable = cohort.study.variables.find(({id}) => id === filter.variable);
  const unit = variable?.units ? `, ${variable.units}` : "";
  let kept = unturned(filter);
  const changed: TellFilter = (next, sliding) => {
    kept = next;
    tell(turn.checked ? {...kept, not: true} : kept, sliding);
  };
  const turn = element("input", {
    type: "checkbox",
    name: `${prefix}not.${filter.variable}`,
    checked: filter.not,
    onchange: () => changed(kept)
  });
  const parts = isIds(filter)
    ? idParts(cohort, filter.ids, prefix, changed)
    : isRange(filter)
      ? rangeParts(cohort, variable!, filter, prefix, changed, settle)
      : levelParts(cohort, variable!, filter.levels, prefix, changed);
  return {
    ...parts,
    element: element(
      "fieldset",
      {class: "inner", "data-variable": filter.variable},
      element("legend", {}, `${label}${unit}`),
      parts.elements,
      element("label", {class: "choice"}, turn, "leave these out"),
      element(
        "button",
        {type: "button", class: "remove", "aria-label": `Remove the filter on ${label}`, onclick: remove},
        "Remove"
      )
    )
  };
}

function unturned(filter: Filter): Filter {
  const {variable} = filter;
  if (isIds(filter)) return {variable: PATIENT, ids: filter.ids};
  return isRange(filter) ? {variable, from: filter.from, to: filter.to} : {variable, levels: filter.levels};
}

function levelParts(
  cohort: Cohort,
  variable: Variable,
  chosen: readonly string[],
  prefix: string,
  tell: TellFilter
): FilterParts {
  const kept = new Set(chosen);
  const column = cohort.variable(variable.id);
  const counts = variable.levels!.map(() => element("small", {class: "count"}));
  const elements = variable.levels!.map(({value, label}, l) => {
    const box = element("input", {
      type: "checkbox",
      name: `${prefix}in.${variable.id}`,
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
    show: ({offered}) => counts.forEach((count, l) => setText(count, formatCount(offered[l])))
  };
}

function rangeParts(
  cohort: Cohort,
  variable: Variable,
  filter: {from: number | null; to: number | null},
  prefix: string,
  tell: TellFilter,
  settle: () => void
): FilterParts {
  const column = cohort.variable(variable.id);
  const values = column.type === "numeric" ? column.values : new Float64Array(cohort.n).fill(NaN);
  const scale = brushScale(values);
  const number = (input: HTMLInputElement) => (Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber);
  const field = (side: "from" | "to") =>
    element("input", {
      type: "number",
      step: "any",
      name: `${prefix}${side}.${variable.id}`,
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
