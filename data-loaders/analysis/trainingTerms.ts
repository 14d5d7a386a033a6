import type {Variable} from "../../src/cohort/description.js";
import type {Terms} from "../../src/survival/designColumns.js";
import type {PublishedTerm} from "../../src/survival/publishedModel.js";
import type {Study} from "../study/study.js";

/** A column of the study or computed from it. */
export type Column = Float64Array | readonly (string | null)[];

/** The study with what was computed from it: all that models may be fitted on. */
export interface Analysed {
  readonly study: Study;
  readonly variables: readonly Variable[];
  readonly columns: Readonly<Record<string, Column>>;
}

/** Follow-up of one endpoint: NaN for everyone who is no training patient, so that no fit can see them. */
export interface TrainingFollowUp {
  readonly time: Float64Array;
  readonly event: readonly number[];
  readonly entry?: Float64Array;
}

/** Terms of a model as its training patients have them. */
export interface TrainingTerms {
  readonly terms: Terms;
  readonly published: readonly PublishedTerm[];
  /** Training patients with follow-up and every term. */
  readonly usable: Uint8Array;
  readonly warnings: readonly string[];
}

/** Training patients, or everyone in a study that is not split. */
export function trainingRows(study: Study, columns: Readonly<Record<string, Column>>): Uint8Array {
  const {split} = study;
  if (!split) return new Uint8Array(study.patients.length).fill(1);
  const column = columns[split.variable];
  return Uint8Array.from(study.patients, (_, i) => (column[i] === split.training ? 1 : 0));
}

/** Another kind of event ends the follow-up: models are of the cause-specific hazard. */
export function trainingFollowUp({study, columns}: Analysed, endpoint: string): TrainingFollowUp {
  const training = trainingRows(study, columns);
  const {time, event, entry} = study.followUp[endpoint];
  return {
    time: time.map((t, i) => (training[i] ? t : NaN)),
    event: Array.from(event, (e) => (e < 0 ? NaN : Number(e === 1))),
    ...(entry ? {entry} : {})
  };
}

/**
 * Design terms of some variables. A variable that does not vary in training is left out with a warning; so is a level
 * that no training patient has, and whoever has it will have no score.
 *
 * @throws {ModelRefusal} if a variable is unknown or missing for every training patient, or nothing is left
 */
export function trainingTerms(analysed: Analysed, ids: readonly string[], followUp: TrainingFollowUp): TrainingTerms {
  const {study, variables, columns} = analysed;
  const byId = new Map(variables.map((variable) => [variable.id, variable]));
  const absent = ids.filter((id) => !byId.has(id));
  if (absent.length > 0) throw new ModelRefusal(`it needs ${absent.join(" and ")}, which this study lacks`);
  const usable = Uint8Array.from(followUp.time, (t, i) => Number(!Number.isNaN(t + followUp.event[i])));
  for (const id of ids) {
    let left = 0;
    study.patients.forEach((_, i) => {
      if (usable[i] && isMissing(columns[id][i])) usable[i] = 0;
      left += usable[i];
    });
    if (left === 0)
      throw new ModelRefusal(
        `no training patient has follow-up and ${byId.get(id)!.label} with the terms before it; leave the term out`
      );
  }
  const warnings: string[] = [];
  const terms: Record<string, Terms[string]> = {};
  const published: PublishedTerm[] = [];
  for (const id of ids) {
    const variable = byId.get(id)!;
    const term = publishedTerm(variable, columns[id], usable);
    if (term.kind === "linear" ? term.range[0] === term.range[1] : term.levels.length < 2) {
      warnings.push(`${variable.label} is the same for all training patients; it is left out of the model.`);
      continue;
    }
    warnings.push(...unseenLevels(variable, columns[id], term));
    published.push(term);
    terms[id] =
      term.kind === "linear"
        ? (columns[id] as Float64Array)
        : {values: inLevels(columns[id] as readonly (string | null)[], term.levels), levels: term.levels};
  }
  if (published.length === 0) throw new ModelRefusal("none of its terms varies among the training patients");
  return {terms, published, usable, warnings};
}

/** Why a model was not fitted: the end of a sentence that names it. */
export class ModelRefusal extends Error {
  override name = "ModelRefusal";
}

const isMissing = (value: number | string | null) => value === null || Number.isNaN(value);

function publishedTerm(variable: Variable, column: Column, usable: Uint8Array): PublishedTerm {
  if (variable.type === "numeric") {
    const distinct = [...new Set((column as Float64Array).filter((_, i) => usable[i] === 1))].sort((a, b) => a - b);
    const range = [distinct[0], distinct[distinct.length - 1]] as const;
    return {variable: variable.id, kind: "linear", range, distinct: distinct.length <= 10 ? distinct : null};
  }
  const all = variable.levels!.map(({value}) => value);
  const reference = variable.reference ?? all[0];
  const seen = new Set((column as readonly (string | null)[]).filter((_, i) => usable[i] === 1));
  const levels = [reference, ...all.filter((level) => level !== reference)].filter((level) => seen.has(level));
  return {variable: variable.id, kind: "factor", levels};
}

function unseenLevels({label}: Variable, column: Column, term: PublishedTerm): string[] {
  if (term.kind === "linear") return [];
  const others = new Map<string, number>();
  for (const value of column as readonly (string | null)[])
    if (value !== null && !term.levels.includes(value)) others.set(value, (others.get(value) ?? 0) + 1);
  return [...others].map(
    ([level, n]) =>
      `No training patient usable for the model has ${label} "${level}", so the ${n} ${n === 1 ? "patient" : "patients"} who have it get no score.`
  );
}

function inLevels(column: readonly (string | null)[], levels: readonly string[]): (string | null)[] {
  return column.map((value) => (value !== null && levels.includes(value) ? value : null));
}
