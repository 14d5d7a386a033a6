import type {Endpoint, StudyDescription, TimeUnit, Variable} from "./description.js";
import {definedEndpoint} from "./endpointDefinition.js";

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

/** Column of the patients' ids in the published table. */
export const PATIENT = "patient";

/** Patients named by their ids. */
export interface IdFilter {
  readonly variable: typeof PATIENT;
  readonly ids: readonly string[];
}

/**
 * `not` turns a filter round: it keeps those who would not pass. A patient whose value is missing passes no filter on that
 * variable, turned round or not.
 */
export type Filter = (LevelFilter | RangeFilter | IdFilter) & {readonly not?: boolean};

/** Who is meant: patients who pass all of `filters` and, where there are alternatives, all filters of at least one of them. */
export interface Patients {
  /** At most one a variable. */
  readonly filters: readonly Filter[];
  /** An alternative without filters names nobody yet, and counts for nothing. */
  readonly anyOf: readonly (readonly Filter[])[];
}

/** Patients the reader gave a name. */
export interface NamedPatients extends Patients {
  readonly name: string;
}

/** As many named selections as can be told apart as groups of one figure. */
export const MOST_NAMED = 8;

/** `stratifyBy` of who compares the named selections: no id that a study may give a variable. */
export const NAMED = "*named";

/** How a numeric variable becomes groups: at quantiles of the selected patients, or at values the reader gives. */
export type Cut =
  | {readonly rule: "median"}
  | {readonly rule: "tertiles"}
  | {readonly rule: "quartiles"}
  /** Ascending; a value equal to a cut belongs below it. */
  | {readonly rule: "at"; readonly values: readonly number[]};

export type Interval = "log-log" | "log" | "plain";

/** What the band around a curve holds with 95% confidence: each of its points, or the whole of it, in one of two shapes. */
export type Band = "pointwise" | "hall-wellner" | "equal-precision";

/** What the reader looks at: the one state all figures of a page share. It is written in the URL. */
export interface Selection extends Patients {
  /** Id of the endpoint, or one defined from dated events, see endpointDefinition.ts. */
  readonly endpoint: string;
  /** Id of the variable that makes the groups, or `NAMED`; null: all patients together. */
  readonly stratifyBy: string | null;
  /** Id of a second variable, whose groups are crossed with those of the first; null: none. A numeric one is cut at its median. */
  readonly crossBy: string | null;
  /** Used when the stratifying variable is numeric. */
  readonly cut: Cut;
  /** Key of the group the others are compared with, see `Grouping.keys`; null, or no group's key: the usual one. */
  readonly reference: string | null;
  /** In the reader's order, at most `MOST_NAMED`, names all different: groups by `NAMED`. */
  readonly named: readonly NamedPatients[];
  /** Scale of the confidence interval, and of the band. */
  readonly interval: Interval;
  readonly band: Band;
  /** Only patients still followed without the event after this time, in the endpoint's own unit, count; null: everyone. */
  readonly landmark: number | null;
  /**
   * Up to when means are taken, and when survival is compared, in the endpoint's own unit; null: the last time that all groups
   * reach, and 1, 3 and 5 years.
   */
  readonly horizon: number | null;
  /** In which times are shown; null: the endpoint's own unit. */
  readonly unit: TimeUnit | null;
}

export const isRange = (filter: Filter): filter is RangeFilter & {readonly not?: boolean} => "from" in filter;

export const isIds = (filter: Filter): filter is IdFilter & {readonly not?: boolean} => "ids" in filter;

/** Alternatives that name somebody. */
export const alternatives = ({anyOf}: Patients): readonly (readonly Filter[])[] =>
  anyOf.filter((filters) => filters.length > 0);

/**
 * A range without a bound asks for a value only, and a list without an id for nothing: turned round, there would be nobody
 * to leave out.
 */
export const isUnbounded = (filter: Filter): boolean =>
  isRange(filter) ? filter.from === null && filter.to === null : isIds(filter) && filter.ids.length === 0;

/** What a page shows before the reader has chosen: the first endpoint by risk group, or by the first stratum. */
export function defaultSelection(study: StudyDescription): Selection {
  const risk = study.variables.find(isRiskGroup);
  return {
    endpoint: study.riskModel?.endpoint ?? study.endpoints[0].id,
    stratifyBy: risk?.id ?? study.strata[0] ?? null,
    crossBy: null,
    cut: {rule: "median"},
    reference: null,
    filters: [],
    anyOf: [],
    named: [],
    interval: "log-log",
    band: "pointwise",
    landmark: null,
    horizon: null,
    unit: null
  };
}

export const isRiskGroup = (variable: Variable): boolean =>
  variable.origin === "risk" && variable.type === "categorical";

export function endpointOf(study: StudyDescription, {endpoint}: Pick<Selection, "endpoint">): Endpoint {
  return study.endpoints.find(({id}) => id === endpoint) ?? definedEndpoint(study, endpoint);
}

/** The variable that makes the groups; of named selections, a categorical one with a level a name. */
export function stratifier(study: StudyDescription, {stratifyBy, named}: Selection): Variable | null {
  if (stratifyBy !== NAMED) return study.variables.find(({id}) => id === stratifyBy) ?? null;
  const levels = named.map(({name}) => ({value: name, label: name}));
  return {id: NAMED, label: "Named selection", type: "categorical", origin: "measured", levels};
}

/** The filters with a variable's replaced, or taken away by null. */
export function replaceFilter(filters: readonly Filter[], variable: string, filter: Filter | null): readonly Filter[] {
  const at = filters.findIndex((f) => f.variable === variable);
  if (filter && at >= 0) return filters.with(at, filter);
  const others = filters.filter((f) => f.variable !== variable);
  return filter ? [...others, filter] : others;
}

/** The selection with a variable's filter replaced, or taken away by null. */
export function withFilter(selection: Selection, variable: string, filter: Filter | null): Selection {
  return {...selection, filters: replaceFilter(selection.filters, variable, filter)};
}

/** The selection with some patients named; a name there is already now means these. Beyond `MOST_NAMED`, it is unchanged. */
export function withNamed(selection: Selection, patients: NamedPatients): Selection {
  const {name, filters, anyOf} = patients;
  const given = {name, filters, anyOf: anyOf.filter((block) => block.length > 0)};
  const at = selection.named.findIndex((other) => other.name === name);
  if (at >= 0) return {...selection, named: selection.named.with(at, given)};
  return selection.named.length < MOST_NAMED ? {...selection, named: [...selection.named, given]} : selection;
}

/** The selection without a name. Who compared fewer than two selections then compares the usual groups. */
export function withoutNamed(study: StudyDescription, selection: Selection, name: string): Selection {
  const named = selection.named.filter((other) => other.name !== name);
  const compared = selection.stratifyBy === NAMED && named.length < 2;
  return {...selection, named, stratifyBy: compared ? defaultSelection(study).stratifyBy : selection.stratifyBy};
}
