import type {Endpoint, StudyDescription, Variable} from "./description.js";

/** Patients whose value is one of some levels. */
export interface LevelFilter {
  readonly variable: string;
  readonly levels: readonly string[];
}

/** Patients whose value lies between two bounds, both included; null is no bound. */
export interface RangeFilter {
  readonly variable: string;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * `not` turns a filter round: it keeps those who would not pass. A patient whose value is missing passes no filter on that
 * variable, turned round or not.
 */
export type Filter = (LevelFilter | RangeFilter) & {readonly not?: boolean};

/** How a numeric variable becomes groups: at quantiles of the selected patients, or at values the reader gives. */
export type Cut =
  | {readonly rule: "median"}
  | {readonly rule: "tertiles"}
  | {readonly rule: "quartiles"}
  /** Ascending; a value equal to a cut belongs below it. */
  | {readonly rule: "at"; readonly values: readonly number[]};

export type Interval = "log-log" | "log" | "plain";

/** What the reader looks at: the one state all figures of a page share. It is written in the URL. */
export interface Selection {
  /** Id of the endpoint. */
  readonly endpoint: string;
  /** Id of the variable that makes the groups; null: all patients together. */
  readonly stratifyBy: string | null;
  /** Id of a second variable, whose groups are crossed with those of the first; null: none. A numeric one is cut at its median. */
  readonly crossBy: string | null;
  /** Used when the stratifying variable is numeric. */
  readonly cut: Cut;
  /** At most one a variable. */
  readonly filters: readonly Filter[];
  /** Scale of the confidence interval. */
  readonly interval: Interval;
  /** Only patients still followed without the event after this time count; null: everyone from time zero. */
  readonly landmark: number | null;
}

export const isRange = (filter: Filter): filter is RangeFilter & {readonly not?: boolean} => !("levels" in filter);

/** A range without a bound asks for a value only: turned round, there would be nobody to leave out. */
export const isUnbounded = (filter: Filter): boolean => isRange(filter) && filter.from === null && filter.to === null;

/** What a page shows before the reader has chosen: the first endpoint by risk group, or by the first stratum. */
export function defaultSelection(study: StudyDescription): Selection {
  const risk = study.variables.find(isRiskGroup);
  return {
    endpoint: study.riskModel?.endpoint ?? study.endpoints[0].id,
    stratifyBy: risk?.id ?? study.strata[0] ?? null,
    crossBy: null,
    cut: {rule: "median"},
    filters: [],
    interval: "log-log",
    landmark: null
  };
}

export const isRiskGroup = (variable: Variable): boolean =>
  variable.origin === "risk" && variable.type === "categorical";

export function endpointOf(study: StudyDescription, selection: Selection): Endpoint {
  return study.endpoints.find(({id}) => id === selection.endpoint)!;
}

export function stratifier(study: StudyDescription, selection: Selection): Variable | null {
  return study.variables.find(({id}) => id === selection.stratifyBy) ?? null;
}

/** The selection with a variable's filter replaced, or taken away by null. */
export function withFilter(selection: Selection, variable: string, filter: Filter | null): Selection {
  const at = selection.filters.findIndex((f) => f.variable === variable);
  if (filter && at >= 0) return {...selection, filters: selection.filters.with(at, filter)};
  const others = selection.filters.filter((f) => f.variable !== variable);
  return {...selection, filters: filter ? [...others, filter] : others};
}
