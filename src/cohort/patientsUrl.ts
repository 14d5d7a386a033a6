import type {StudyDescription, Variable} from "./description.js";
import {alternatives, isIds, isRange, MOST_NAMED, PATIENT} from "./selection.js";
import type {Filter, NamedPatients, Patients} from "./selection.js";

/**
 * Filters in a link. A key is `in`, `from` or `to`, a dot and the variable; `id` a patient's id; `not` the variable of a filter
 * turned round. `any1.`, `any2.` … before it put it into an alternative, `set1.`, `set2.` … into a named selection, whose name
 * is `set1.name`. Nothing after `in` is no level at all, after `from` no bound. Example:
 * `in.sex=male&any1.from.age=60&any2.in.ebv=high`.
 */
const KEY = /^(?:set(\d+)\.)?(?:any(\d+)\.)?(?:(in|from|to)\.(.+)|(id|not|name))$/s;

/** Adds who is meant to a query. */
export function writePatients(query: URLSearchParams, patients: Patients, prefix = ""): void {
  for (const filter of patients.filters) writeFilter(query, filter, prefix);
  alternatives(patients).forEach((filters, a) => {
    for (const filter of filters) writeFilter(query, filter, `${prefix}any${a + 1}.`);
  });
}

/** Adds the named selections to a query. */
export function writeNamed(query: URLSearchParams, named: readonly NamedPatients[]): void {
  named.forEach((patients, s) => {
    query.set(`set${s + 1}.name`, patients.name);
    writePatients(query, patients, `set${s + 1}.`);
  });
}

function writeFilter(query: URLSearchParams, filter: Filter, prefix: string): void {
  const {variable} = filter;
  if (filter.not) query.append(`${prefix}not`, variable);
  if (isIds(filter)) for (const id of filter.ids) query.append(`${prefix}id`, id);
  else if (!isRange(filter))
    for (const level of filter.levels.length > 0 ? filter.levels : [""]) query.append(`${prefix}in.${variable}`, level);
  else if (filter.from === null && filter.to === null) query.set(`${prefix}from.${variable}`, "");
  else {
    if (filter.from !== null) query.set(`${prefix}from.${variable}`, String(filter.from));
    if (filter.to !== null) query.set(`${prefix}to.${variable}`, String(filter.to));
  }
}

/** Whether a key of a link says who is meant. */
export const isPatientsKey = (key: string): boolean => KEY.test(key) && key !== "name" && !/^any\d+\.name$/.test(key);

/** What of a link says who is meant. */
export interface ReadPatients extends Patients {
  readonly named: readonly NamedPatients[];
}

/** Filters of one list while they are read. */
interface Block {
  readonly filters: Map<string, Filter>;
  readonly turned: string[];
}

/** One list of filters and its alternatives while they are read. */
interface Draft {
  name: string | null;
  readonly all: Block;
  readonly any: Map<string, Block>;
}

const emptyBlock = (): Block => ({filters: new Map(), turned: []});
const emptyDraft = (): Draft => ({name: null, all: emptyBlock(), any: new Map()});

/**
 * Reads who is meant from those keys of a link that `isPatientsKey` knows.
 *
 * @param problems - gets a sentence for each thing that the study lacks
 */
export function readPatients(given: URLSearchParams, study: StudyDescription, problems: string[]): ReadPatients {
  const main = emptyDraft();
  const sets = new Map<string, Draft>();
  for (const key of new Set(given.keys())) {
    if (!isPatientsKey(key)) continue;
    const [, set, any, kind, id, word] = KEY.exec(key)!;
    const draft = set === undefined ? main : entry(sets, set, emptyDraft);
    const block = any === undefined ? draft.all : entry(draft.any, any, emptyBlock);
    const values = given.getAll(key);
    if (word === "name") draft.name = values[0];
    else if (word === "not") block.turned.push(...values);
    else if (word === "id") block.filters.set(PATIENT, {variable: PATIENT, ids: [...new Set(values)]});
    else readFilter(kind, id, values, study, block.filters, problems);
  }
  return {...patientsOf(main, problems), named: namedOf(sets, problems)};
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  if (!map.has(key)) map.set(key, make());
  return map.get(key)!;
}

function patientsOf({all, any}: Draft, problems: string[]): Patients {
  const blocks = [...any].sort(([a], [b]) => Number(a) - Number(b));
  return {
    filters: turnFilters(all, problems),
    anyOf: blocks.map(([, block]) => turnFilters(block, problems)).filter((filters) => filters.length > 0)
  };
}

function namedOf(sets: ReadonlyMap<string, Draft>, problems: string[]): NamedPatients[] {
  const named: NamedPatients[] = [];
  for (const [number, draft] of [...sets].sort(([a], [b]) => Number(a) - Number(b))) {
    const name = draft.name?.trim();
    if (!name) problems.push(`The link's named selection ${number} has no name; it was left out.`);
    else if (named.some((other) => other.name === name))
      problems.push(`The link names two selections "${name}"; the second was left out.`);
    else if (named.length === MOST_NAMED)
      problems.push(`The link names more than ${MOST_NAMED} selections; "${name}" was left out.`);
    else named.push({name, ...patientsOf(draft, problems)});
  }
  return named;
}

function turnFilters({filters, turned}: Block, problems: string[]): Filter[] {
  for (const variable of turned) {
    const filter = filters.get(variable);
    if (filter) filters.set(variable, {...filter, not: true});
    else problems.push(`The link turns the filter by "${variable}" round, but has no such filter; it was left out.`);
  }
  return [...filters.values()];
}

function readFilter(
  kind: string,
  id: string,
  values: readonly string[],
  study: StudyDescription,
  filters: Map<string, Filter>,
  problems: string[]
): void {
  const variable = study.variables.find((other) => other.id === id);
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
    if (value !== "" && !levels.includes(value))
      problems.push(
        `The link filters ${variable.label} by "${value}", which is not one of its values; it was left out.`
      );
  if (levels.length > 0 || values.includes("")) filters.set(variable.id, {variable: variable.id, levels});
}

function readBound(
  variable: Variable,
  kind: "from" | "to",
  text: string,
  filters: Map<string, Filter>,
  problems: string[]
): void {
  const bound = readNumber(text);
  if (bound === null && text !== "") {
    problems.push(`The link bounds ${variable.label} by "${text}", which is no number; the bound was left out.`);
    return;
  }
  const before = filters.get(variable.id) ?? {variable: variable.id, from: null, to: null};
  filters.set(variable.id, {...before, [kind]: bound} as Filter);
}

/** @returns null if it is no finite number */
export function readNumber(text: string): number | null {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
}
