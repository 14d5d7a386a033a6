import type {StudyDescription, Variable} from "./description.js";
import {defaultSelection, isRange} from "./selection.js";
import type {Cut, Filter, Interval, Selection} from "./selection.js";

/** Of the words a link is written in. A link without a version is of the first. */
const VERSION = "1";

/** A selection read from a link, and what of the link could not be used, one sentence each. */
export interface ReadSelection {
  readonly selection: Selection;
  readonly problems: readonly string[];
}

/**
 * The selection as a query string without the question mark, e.g. `by=age&cut=50,60&in.sex=male&from.age=40&v=1`. What is at
 * its default is left out.
 */
export function writeSelection(selection: Selection, study: StudyDescription): string {
  const usual = defaultSelection(study);
  const query = new URLSearchParams();
  if (selection.endpoint !== usual.endpoint) query.set("endpoint", selection.endpoint);
  if (selection.stratifyBy !== usual.stratifyBy) query.set("by", selection.stratifyBy ?? "");
  if (selection.crossBy !== null) query.set("and", selection.crossBy);
  if (selection.cut.rule !== "median") query.set("cut", cutText(selection.cut));
  if (selection.interval !== usual.interval) query.set("interval", selection.interval);
  if (selection.landmark !== null) query.set("landmark", String(selection.landmark));
  for (const filter of selection.filters) {
    const {variable} = filter;
    if (filter.not) query.append("not", variable);
    if (!isRange(filter)) for (const level of filter.levels) query.append(`in.${variable}`, level);
    else {
      if (filter.from !== null) query.set(`from.${variable}`, String(filter.from));
      if (filter.to !== null) query.set(`to.${variable}`, String(filter.to));
    }
  }
  if ([...query.keys()].length > 0) query.set("v", VERSION);
  return query.toString();
}

const cutText = (cut: Cut) => (cut.rule === "at" ? cut.values.join(",") : cut.rule);

/**
 * Reads a selection from a query string. A link is never an error: what it asks for and the study lacks is left out and
 * named.
 *
 * @param query - with or without the question mark
 */
export function readSelection(query: string, study: StudyDescription): ReadSelection {
  const given = new URLSearchParams(query);
  const problems: string[] = [];
  let selection = defaultSelection(study);
  const filters = new Map<string, Filter>();
  const turned: string[] = [];
  for (const key of new Set(given.keys())) {
    const value = given.get(key)!;
    const dot = key.indexOf(".");
    if (dot > 0 && ["in", "from", "to"].includes(key.slice(0, dot)))
      readFilter(key.slice(0, dot), key.slice(dot + 1), given.getAll(key), study, filters, problems);
    else if (key === "not") turned.push(...given.getAll(key));
    else if (Object.hasOwn(readers, key)) selection = readers[key](selection, value, study, problems);
    else problems.push(`The link says "${key}", which means nothing here; it was left out.`);
  }
  turnFilters(turned, filters, problems);
  return {selection: {...selection, filters: [...filters.values()]}, problems};
}

function turnFilters(turned: readonly string[], filters: Map<string, Filter>, problems: string[]): void {
  for (const variable of turned) {
    const filter = filters.get(variable);
    if (filter) filters.set(variable, {...filter, not: true});
    else problems.push(`The link turns the filter by "${variable}" round, but has no such filter; it was left out.`);
  }
}

type Reader = (selection: Selection, value: string, study: StudyDescription, problems: string[]) => Selection;

const readers: Record<string, Reader> = {
  endpoint: (selection, value, study, problems) => {
    if (study.endpoints.some(({id}) => id === value)) return {...selection, endpoint: value};
    problems.push(`The link asks for the endpoint "${value}", which this study does not have; the first is shown.`);
    return selection;
  },
  by: (selection, value, study, problems) => {
    if (value === "") return {...selection, stratifyBy: null};
    if (variableOf(study, value)) return {...selection, stratifyBy: value};
    problems.push(`The link groups by "${value}", which this study does not have; the usual groups are shown.`);
    return selection;
  },
  and: (selection, value, study, problems) => {
    if (variableOf(study, value)) return {...selection, crossBy: value};
    problems.push(`The link groups by "${value}" too, which this study does not have; it was left out.`);
    return selection;
  },
  v: (selection, value, _, problems) => {
    if (value !== VERSION)
      problems.push(`The link is of version "${value}", but this site reads version ${VERSION}; check what is shown.`);
    return selection;
  },
  cut: (selection, value, _, problems) => {
    const cut = readCut(value);
    if (cut) return {...selection, cut};
    problems.push(
      `The link cuts at "${value}", which is neither median, tertiles, quartiles nor numbers; the median is used.`
    );
    return selection;
  },
  interval: (selection, value, _, problems) => {
    if (["log-log", "log", "plain"].includes(value)) return {...selection, interval: value as Interval};
    problems.push(`The link asks for the interval "${value}"; there are log-log, log and plain, and log-log is used.`);
    return selection;
  },
  landmark: (selection, value, _, problems) => {
    const landmark = readNumber(value);
    if (landmark !== null && landmark >= 0) return {...selection, landmark};
    problems.push(`The link sets the landmark "${value}", which is no time; none is used.`);
    return selection;
  }
};

const variableOf = (study: StudyDescription, id: string) => study.variables.find((variable) => variable.id === id);

/** @returns null if it is neither a rule nor a list of finite numbers */
export function readCut(text: string): Cut | null {
  if (text === "median" || text === "tertiles" || text === "quartiles") return {rule: text};
  const values = text.split(/[,;\s]+/).map(readNumber);
  if (values.some((value) => value === null)) return null;
  return {rule: "at", values: (values as number[]).sort((a, b) => a - b)};
}

function readNumber(text: string): number | null {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
}

function readFilter(
  kind: string,
  id: string,
  values: readonly string[],
  study: StudyDescription,
  filters: Map<string, Filter>,
  problems: string[]
): void {
  const variable = variableOf(study, id);
  if (!variable) problems.push(`The link filters by "${id}", which this study does not have; the filter was left out.`);
  else if ((kind === "in") !== (variable.type === "categorical"))
    problems.push(`The link filters ${variable.label} in a way that does not fit it; the filter was left out.`);
  else if (kind === "in") readLevels(variable, values, filters, problems);
  else readBound(variable, kind as "from" | "to", values[0], filters, problems);
}

function readLevels(
  variable: Variable,
  values: readonly string[],
  filters: Map<string, Filter>,
  problems: string[]
): void {
  const levels = variable.levels!.map(({value}) => value).filter((value) => values.includes(value));
  for (const value of values)
    if (!levels.includes(value))
      problems.push(
        `The link filters ${variable.label} by "${value}", which is not one of its values; it was left out.`
      );
  if (levels.length > 0) filters.set(variable.id, {variable: variable.id, levels});
}

function readBound(
  variable: Variable,
  kind: "from" | "to",
  text: string,
  filters: Map<string, Filter>,
  problems: string[]
): void {
  const bound = readNumber(text);
  if (bound === null) {
    problems.push(`The link bounds ${variable.label} by "${text}", which is no number; the bound was left out.`);
    return;
  }
  const before = filters.get(variable.id) ?? {variable: variable.id, from: null, to: null};
  filters.set(variable.id, {...before, [kind]: bound} as Filter);
}
