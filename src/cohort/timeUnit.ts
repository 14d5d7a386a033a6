import {keptIn} from "../numeric/keptIn.js";
import type {Endpoint, TimeUnit} from "./description.js";
import type {Cohort, FollowUpColumns} from "./readCohort.js";
import {endpointOf} from "./selection.js";
import type {Selection} from "./selection.js";

/** A year in each unit: 365.25 days, 12 months. A week has 7 days. */
export const perYear: Readonly<Record<TimeUnit, number>> = {days: 365.25, weeks: 365.25 / 7, months: 12, years: 1};

export const TIME_UNITS = Object.keys(perYear) as TimeUnit[];

/** A time of an endpoint in the unit the reader chose. */
export function toUnit(time: number, from: TimeUnit, to: TimeUnit | null): number {
  return to === null || to === from ? time : (time * perYear[to]) / perYear[from];
}

/** A time in words; one converted from another unit has more digits than anybody wants to read. */
export function timeWords(time: number, unit: TimeUnit): string {
  return `${time < 1000 ? Number(time.toPrecision(4)) : Math.round(time)} ${unit}`;
}

/**
 * Cohort and selection with the selected endpoint's times in the unit that the selection asks for. Rows are selected in the
 * study's own unit, which is what links and DuckDB have; only what is shown is converted.
 */
export function inTimeUnit(cohort: Cohort, selection: Selection): {cohort: Cohort; selection: Selection} {
  const endpoint = endpointOf(cohort.study, selection);
  const {unit, landmark, horizon} = selection;
  if (unit === null || unit === endpoint.unit) return {cohort, selection};
  return {
    cohort: converted(cohort, endpoint, unit),
    selection: {
      ...selection,
      landmark: landmark === null ? null : toUnit(landmark, endpoint.unit, unit),
      horizon: horizon === null ? null : toUnit(horizon, endpoint.unit, unit)
    }
  };
}

/** One converted cohort an endpoint and unit: columns are large, and what is computed of them is kept by their identity. */
const kept = new WeakMap<Cohort, Map<string, Cohort>>();

function converted(cohort: Cohort, endpoint: Endpoint, unit: TimeUnit): Cohort {
  return keptIn(
    keptIn(kept, cohort, () => new Map()),
    `${endpoint.id} ${unit}`,
    () => convert(cohort, endpoint, unit)
  );
}

function convert(cohort: Cohort, endpoint: Endpoint, unit: TimeUnit): Cohort {
  const times = (column: Float64Array) => column.map((time) => toUnit(time, endpoint.unit, unit));
  const {time, entry, ...rest} = cohort.followUp(endpoint.id);
  const followUp: FollowUpColumns = {...rest, time: times(time), entry: entry && times(entry)};
  const own = cohort.study.endpoints;
  // A defined endpoint becomes one of the study's own.
  const all = own.some(({id}) => id === endpoint.id) ? own : [...own, endpoint];
  const endpoints = all.map((other) => (other.id === endpoint.id ? {...other, unit} : other));
  return {
    ...cohort,
    study: {...cohort.study, endpoints},
    followUp: (id) => (id === endpoint.id ? followUp : cohort.followUp(id))
  };
}
