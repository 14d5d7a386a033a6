import type {StudyDescription} from "./description.js";
import {alternatives, endpointOf, isIds, isRange, isUnbounded} from "./selection.js";
import type {Filter, Patients, Selection} from "./selection.js";
import {timeWords} from "./timeUnit.js";

/** Who is looked at, in words, e.g. "Sex: female; Age 40 to 60 years", and up to what, where the reader defined it. */
export function selectionWords(study: StudyDescription, selection: Selection): string {
  const parts = patientParts(study, selection);
  const {unit, definition} = endpointOf(study, selection);
  if (selection.landmark !== null)
    parts.push(`still followed without the event after ${timeWords(selection.landmark, unit)}`);
  const who = parts.length > 0 ? parts.join("; ") : "all patients";
  return definition ? `${who}; endpoint defined ${definition}` : who;
}

/** The same of named patients, who have no landmark of their own. */
export function patientsWords(study: StudyDescription, patients: Patients): string {
  const parts = patientParts(study, patients);
  return parts.length > 0 ? parts.join("; ") : "all patients";
}

function patientParts(study: StudyDescription, patients: Patients): string[] {
  const parts = patients.filters.map((filter) => filterWords(study, filter));
  const any = alternatives(patients).map((filters) => filters.map((filter) => filterWords(study, filter)).join(", "));
  if (any.length > 1) parts.push(any.map((words) => `(${words})`).join(" or "));
  else parts.push(...any);
  return parts;
}

function filterWords(study: StudyDescription, filter: Filter): string {
  return filter.not && !isUnbounded(filter) ? `not (${keptWords(study, filter)})` : keptWords(study, filter);
}

function keptWords(study: StudyDescription, filter: Filter): string {
  if (isIds(filter)) return idWords(filter.ids);
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

/** More ids than these are counted. */
const IDS_NAMED = 5;

function idWords(ids: readonly string[]): string {
  if (ids.length === 0) return "patients by id: any";
  if (ids.length === 1) return `patient ${ids[0]}`;
  const named = ids.slice(0, IDS_NAMED).join(", ");
  return ids.length > IDS_NAMED ? `patients ${named} and ${ids.length - IDS_NAMED} more` : `patients ${named}`;
}
