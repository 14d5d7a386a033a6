import type {StudyDescription} from "./description.js";
import {endpointOf, isRange, isUnbounded} from "./selection.js";
import type {Filter, Selection} from "./selection.js";

/** Who is looked at, in words, e.g. "Sex: female; Age 40 to 60 years". */
export function selectionWords(study: StudyDescription, selection: Selection): string {
  const parts = selection.filters.map((filter) => filterWords(study, filter));
  if (selection.landmark !== null) {
    const {unit} = endpointOf(study, selection);
    parts.push(`still followed without the event after ${selection.landmark} ${unit}`);
  }
  return parts.length > 0 ? parts.join("; ") : "all patients";
}

function filterWords(study: StudyDescription, filter: Filter): string {
  return filter.not && !isUnbounded(filter) ? `not (${keptWords(study, filter)})` : keptWords(study, filter);
}

function keptWords(study: StudyDescription, filter: Filter): string {
  const {label, units, levels} = study.variables.find(({id}) => id === filter.variable)!;
  if (!isRange(filter)) {
    const names = filter.levels.map((value) => levels?.find((level) => level.value === value)?.label ?? value);
    return `${label}: ${names.length ? names.join(" or ") : "none"}`;
  }
  const unit = units ? ` ${units}` : "";
  if (filter.from !== null && filter.to !== null) return `${label} ${filter.from} to ${filter.to}${unit}`;
  if (filter.from !== null) return `${label} ≥ ${filter.from}${unit}`;
  if (filter.to !== null) return `${label} ≤ ${filter.to}${unit}`;
  return `${label} known`;
}
