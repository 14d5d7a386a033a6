import type {StudyDescription} from "./description.js";
import {isDefined, readDefinition, writeDefinition} from "./endpointDefinition.js";
import {isPatientsKey, readNumber, readPatients, writeNamed, writePatients} from "./patientsUrl.js";
import {defaultSelection, NAMED} from "./selection.js";
import type {Band, Cut, Interval, Selection} from "./selection.js";
import {TIME_UNITS} from "./timeUnit.js";

/**
 * Of the words a link is written in. The second has alternatives, patients by id, named selections, the unit of time, the
 * horizon and the reference beside all words of the first; the third has the band and endpoints
 * defined from dated events. A link without a version is of the first.
 */
const VERSION = "3";
const READ = ["1", "2", VERSION];

/** A selection read from a link, and what of the link could not be used, one sentence each. */
export interface ReadSelection {
  readonly selection: Selection;
  readonly problems: readonly string[];
}

/**
 * The selection as a query string without the question mark, e.g. `by=age&cut=50,60&in.sex=male&from.age=40&v=3`. What is at
 * its default is left out.
 */
export function writeSelection(selection: Selection, study: StudyDescription): string {
  const usual = defaultSelection(study);
  const query = new URLSearchParams();
  if (selection.endpoint !== usual.endpoint) query.set("endpoint", selection.endpoint);
  if (selection.stratifyBy !== usual.stratifyBy) query.set("by", selection.stratifyBy ?? "");
  if (selection.crossBy !== null) query.set("and", selection.crossBy);
  if (selection.cut.rule !== "median") query.set("cut", cutText(selection.cut));
  if (selection.reference !== null) query.set("ref", selection.reference);
  if (selection.interval !== usual.interval) query.set("interval", selection.interval);
  if (selection.band !== usual.band) query.set("band", selection.band);
  if (selection.landmark !== null) query.set("landmark", String(selection.landmark));
  if (selection.horizon !== null) query.set("horizon", String(selection.horizon));
  if (selection.unit !== null) query.set("unit", selection.unit);
  writePatients(query, selection);
  writeNamed(query, selection.named);
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
  for (const key of new Set(given.keys())) {
    if (isPatientsKey(key)) continue;
    if (Object.hasOwn(readers, key)) selection = readers[key](selection, given.get(key)!, study, problems);
    else problems.push(`The link says "${key}", which means nothing here; it was left out.`);
  }
  selection = {...selection, ...readPatients(given, study, problems)};
  if (selection.stratifyBy === NAMED && selection.named.length < 2) {
    problems.push("The link compares named selections, but names fewer than two; the usual groups are shown.");
    selection = {...selection, stratifyBy: defaultSelection(study).stratifyBy};
  }
  return {selection, problems};
}

type Reader = (selection: Selection, value: string, study: StudyDescription, problems: string[]) => Selection;

const readers: Record<string, Reader> = {
  endpoint: (selection, value, study, problems) => {
    if (isDefined(value)) {
      const read = readDefinition(value, study);
      problems.push(...read.problems);
      return read.definition ? {...selection, endpoint: writeDefinition(read.definition, study)} : selection;
    }
    if (study.endpoints.some(({id}) => id === value)) return {...selection, endpoint: value};
    problems.push(`The link asks for the endpoint "${value}", which this study does not have; the first is shown.`);
    return selection;
  },
  by: (selection, value, study, problems) => {
    if (value === "") return {...selection, stratifyBy: null};
    if (value === NAMED || variableOf(study, value)) return {...selection, stratifyBy: value};
    problems.push(`The link groups by "${value}", which this study does not have; the usual groups are shown.`);
    return selection;
  },
  and: (selection, value, study, problems) => {
    if (variableOf(study, value)) return {...selection, crossBy: value};
    problems.push(`The link groups by "${value}" too, which this study does not have; it was left out.`);
    return selection;
  },
  v: (selection, value, _, problems) => {
    if (!READ.includes(value))
      problems.push(
        `The link is of version "${value}", but this site reads versions ${READ.join(", ")}; check what is shown.`
      );
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
  // Whether there is such a group depends on the patients: the page says so where it draws them.
  ref: (selection, value) => ({...selection, reference: value}),
  interval: (selection, value, _, problems) => {
    if (["log-log", "log", "plain"].includes(value)) return {...selection, interval: value as Interval};
    problems.push(`The link asks for the interval "${value}"; there are log-log, log and plain, and log-log is used.`);
    return selection;
  },
  band: (selection, value, _, problems) => {
    if (["pointwise", "hall-wellner", "equal-precision"].includes(value)) return {...selection, band: value as Band};
    problems.push(
      `The link asks for the band "${value}"; there are pointwise, hall-wellner and equal-precision, and the pointwise one is drawn.`
    );
    return selection;
  },
  landmark: (selection, value, _, problems) => {
    const landmark = readNumber(value);
    if (landmark !== null && landmark >= 0) return {...selection, landmark};
    problems.push(`The link sets the landmark "${value}", which is no time; none is used.`);
    return selection;
  },
  horizon: (selection, value, _, problems) => {
    const horizon = readNumber(value);
    if (horizon !== null && horizon > 0) return {...selection, horizon};
    problems.push(`The link compares the groups at "${value}", which is no time above 0; the usual times are used.`);
    return selection;
  },
  unit: (selection, value, _, problems) => {
    const unit = TIME_UNITS.find((known) => known === value);
    if (unit) return {...selection, unit};
    problems.push(
      `The link asks for times in "${value}"; there are ${TIME_UNITS.join(", ")}, and the usual unit is used.`
    );
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
