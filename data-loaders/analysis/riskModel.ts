import type {RiskModelDescription, Variable} from "../../src/cohort/description.js";
import {coxph} from "../../src/survival/coxph.js";
import type {Terms} from "../../src/survival/designColumns.js";
import {SurvivalInputError} from "../../src/survival/surv.js";
import type {Study} from "../study/study.js";

/** The fitted risk model and what it says of every patient. */
export interface FittedRiskModel {
  readonly description: RiskModelDescription;
  /** "risk_score" (log hazard, higher = earlier event) and "risk_group" ("low", "high"). */
  readonly variables: readonly [Variable, Variable];
  /** Length n; NaN where a term is missing. */
  readonly score: Float64Array;
  /** Length n; null where a term is missing. */
  readonly group: readonly (string | null)[];
}

/** A column of the study or computed from it. */
export type Column = Float64Array | readonly (string | null)[];

/**
 * Fits the study's risk model by Cox regression (Efron) on the training patients only, and cuts its score at their
 * median; both are frozen for everyone else.
 *
 * The score is the linear predictor Σ coef × x without centring: a term whose coefficient cannot be estimated is left
 * out of it, with a warning.
 *
 * @returns null and the reason, in words, if the study names no model or it cannot be fitted
 */
export function fitRiskModel(
  study: Study,
  variables: readonly Variable[],
  columns: Readonly<Record<string, Column>>
): {model: FittedRiskModel} | {model: null; reason: string | null} {
  const {riskModel: spec} = study;
  if (!spec) return {model: null, reason: null};
  const absent = spec.terms.filter((term) => !(term in columns));
  if (absent.length > 0)
    return {
      model: null,
      reason: `The risk model "${spec.label}" needs ${absent.join(" and ")}, which this study lacks; no risk groups were formed.`
    };
  const byId = new Map(variables.map((variable) => [variable.id, variable]));
  const {time, event, entry} = study.followUp[spec.endpoint];
  const training = trainingRows(study, columns);
  const terms = Object.fromEntries(spec.terms.map((term) => [term, termOf(byId.get(term)!, columns[term])])) as Terms;
  const outcome = {
    // Another kind of event ends the follow-up: the model is of the cause-specific hazard.
    time: time.map((t, i) => (training[i] ? t : NaN)),
    event: Array.from(event, (e) => (e < 0 ? NaN : e === 1 ? 1 : 0)),
    ...(entry ? {entry} : {})
  };
  try {
    const fit = coxph({...outcome, terms});
    const design = designOf(byId, spec.terms, columns);
    const score = linearPredictor(design, fit.names, fit.coef, study.patients.length);
    const cut = medianOf(score.filter((s, i) => training[i] && !Number.isNaN(s)));
    const group = Array.from(score, (s) => (Number.isNaN(s) ? null : s > cut ? "high" : "low"));
    const description: RiskModelDescription = {
      label: spec.label,
      endpoint: spec.endpoint,
      fittedOn: {split: study.split?.training ?? null, n: fit.n, events: fit.events},
      terms: fit.names.map((name, j) => ({
        name,
        ...design.find((column) => column.name === name)!.of,
        coef: fit.coef[j],
        standardError: fit.standardError[j],
        p: fit.p[j]
      })),
      cut: {
        rule: "median",
        value: cut,
        learnedOn: study.split ? `training patients (${study.split.training})` : "all patients"
      },
      warnings: fit.warnings
    };
    return {model: {description, variables: riskVariables(spec.label), score, group}};
  } catch (error) {
    if (!(error instanceof SurvivalInputError)) throw error;
    return {model: null, reason: `The risk model "${spec.label}" could not be fitted: ${error.message}`};
  }
}

/** Training patients, or everyone in a study that is not split. */
export function trainingRows(study: Study, columns: Readonly<Record<string, Column>>): Uint8Array {
  const {split} = study;
  if (!split) return new Uint8Array(study.patients.length).fill(1);
  const column = columns[split.variable];
  return Uint8Array.from(study.patients, (_, i) => (column[i] === split.training ? 1 : 0));
}

function termOf(variable: Variable, column: Column): Terms[string] {
  if (variable.type === "numeric") return column as Float64Array;
  return {values: column, levels: levelsOf(variable)};
}

/** The reference first. */
function levelsOf(variable: Variable): string[] {
  const levels = variable.levels!.map(({value}) => value);
  const reference = variable.reference ?? levels[0];
  return [reference, ...levels.filter((level) => level !== reference)];
}

interface DesignColumn {
  name: string;
  of: {variable: string; level: string | null};
  value: (row: number) => number;
}

/** Every coefficient's column, named as R names it. */
function designOf(byId: Map<string, Variable>, terms: readonly string[], columns: Readonly<Record<string, Column>>) {
  return terms.flatMap((term): DesignColumn[] => {
    const variable = byId.get(term)!;
    const column = columns[term];
    if (variable.type === "numeric")
      return [{name: term, of: {variable: term, level: null}, value: (i) => column[i] as number}];
    return levelsOf(variable)
      .slice(1)
      .map((level) => ({
        name: term + level,
        of: {variable: term, level},
        value: (i) => (column[i] === null ? NaN : Number(column[i] === level))
      }));
  });
}

function linearPredictor(design: readonly DesignColumn[], names: readonly string[], coef: Float64Array, n: number) {
  const coefficient = new Map(names.map((name, j) => [name, coef[j]]));
  return Float64Array.from({length: n}, (_, i) =>
    design.reduce((sum, {name, value}) => {
      const b = coefficient.get(name) ?? NaN;
      return Number.isNaN(b) && !Number.isNaN(value(i)) ? sum : sum + b * value(i);
    }, 0)
  );
}

function medianOf(values: Float64Array): number {
  const ascending = Float64Array.from(values).sort();
  const half = ascending.length >> 1;
  return ascending.length % 2 ? ascending[half] : (ascending[half - 1] + ascending[half]) / 2;
}

function riskVariables(label: string): [Variable, Variable] {
  return [
    {
      id: "risk_score",
      label: "Risk score",
      type: "numeric",
      units: "log hazard",
      origin: "risk",
      note: `Linear predictor of the model "${label}"; higher means an earlier event.`
    },
    {
      id: "risk_group",
      label: "Risk group",
      type: "categorical",
      levels: [
        {value: "low", label: "Low risk"},
        {value: "high", label: "High risk"}
      ],
      reference: "low",
      ordered: true,
      origin: "risk",
      note: "High is a risk score above the median of the training patients."
    }
  ];
}
