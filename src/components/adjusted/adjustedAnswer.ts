import type {Endpoint, StudyDescription, Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import type {Selection} from "../../cohort/selection.js";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import {attempt} from "../../survival/attempt.js";
import {compareNested} from "../../survival/compareNested.js";
import {coxph} from "../../survival/coxph.js";
import type {ChiSquareTest, CoxModel} from "../../survival/coxph.js";
import {coxZph} from "../../survival/coxZph.js";
import type {ZphTest} from "../../survival/coxZph.js";
import type {FactorTerm} from "../../survival/designColumns.js";
import {finiteLimits} from "../finiteLimits.js";
import {survOf} from "../survivalAnswer.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";

/** The term of the groups; no variable's id has a space. */
export const GROUPS = "the groups";

/** A coefficient of the model, or the reference level of a factor, as a hazard ratio. */
export interface AdjustedLine {
  readonly label: string;
  /** Patients and events of the level; of all patients where the term is a number. */
  readonly n: number;
  readonly events: number;
  readonly reference: boolean;
  /** NaN for the reference, and where `reason` says why there is none. */
  readonly hazardRatio: number;
  readonly lower: number;
  readonly upper: number;
  readonly p: number;
  readonly reason: string | null;
}

/** A term of the model: the groups first, then the covariates. */
export interface AdjustedTerm {
  readonly title: string;
  /** Of a number: the difference that its ratio is for, in its units. */
  readonly per: number | null;
  readonly units: string | null;
  readonly lines: readonly AdjustedLine[];
  /** Score test that the term's ratio does not change with time. */
  readonly proportional: number | null;
}

/** Groups compared beside other variables, on the selected patients of whom all is known. */
export interface AdjustedAnswer {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  readonly covariates: readonly Variable[];
  /** Mask of the patients in the model. */
  readonly rows: Uint8Array;
  readonly n: number;
  readonly events: number;
  /** Selected patients in a group who lack follow-up or a covariate. */
  readonly missing: number;
  readonly terms: readonly AdjustedTerm[];
  /** Of the groups alone, on the same patients; the reference first. */
  readonly crude: readonly AdjustedLine[];
  /** What the groups tell beyond the covariates: likelihood ratio. */
  readonly added: ChiSquareTest | null;
  readonly proportional: ZphTest | null;
  /** Chosen, but the same for all patients of the model. */
  readonly constant: readonly Variable[];
  readonly coefficients: number;
  readonly refusals: readonly string[];
}

/** What groups can be adjusted for: all but the split and what the groups are made of. */
export function possibleAdjustments({variables, split}: StudyDescription, {grouping}: SurvivalAnswer): Variable[] {
  const own = [grouping.variable?.id, grouping.crossed?.variable.id, split?.variable];
  return variables.filter(({id}) => !own.includes(id));
}

/**
 * A Cox model of the groups and covariates (Efron's ties): a number enters as a line, its ratio being that of its
 * interquartile range, as R's `summary(rms::cph(…))` has it; a factor by its levels.
 *
 * @param rows - mask of the selected patients
 * @returns null where there are fewer than two groups
 */
export function adjustedAnswer(
  cohort: Cohort,
  rows: Uint8Array,
  answer: SurvivalAnswer,
  covariates: readonly Variable[]
): AdjustedAnswer | null {
  const {endpoint, selection, grouping} = answer;
  if (answer.groups.length < 2) return null;
  const refusals: string[] = [];
  const known = knownRows(cohort, rows, answer, covariates);
  const groups: Term = {
    id: GROUPS,
    title: grouping.variable?.label ?? "Groups",
    per: null,
    units: null,
    ...groupLevels(answer, known.rows)
  };
  const found = covariates.map((variable) => ({variable, term: covariateTerm(cohort, variable, known.rows)}));
  const others = found.flatMap(({term}) => (term ? [term] : []));
  const fit = (terms: readonly Term[]) => {
    const columns = Object.fromEntries(terms.map(({id, values}) => [id, values]));
    return attempt(refusals, () => coxph({surv: survOf(cohort, selection.endpoint), rows: known.rows, terms: columns}));
  };
  const crude = fit([groups]);
  const whole = others.length > 0 ? fit([groups, ...others]) : crude;
  const without = others.length > 0 ? fit(others) : null;
  const proportional = whole && estimable(whole) ? attempt(refusals, () => coxZph(whole)) : null;
  const {event} = cohort.followUp(selection.endpoint);
  const lines = (fitted: CoxModel | null, term: Term) => linesOf(fitted, term, known.rows, event);
  return {
    endpoint,
    selection,
    covariates,
    rows: known.rows,
    n: known.n,
    events: known.rows.reduce((sum, row, i) => sum + (row && event[i] === 1 ? 1 : 0), 0),
    missing: known.missing,
    terms: [groups, ...others].map((term) => ({
      title: term.title,
      per: term.per,
      units: term.units,
      lines: lines(whole, term),
      proportional: proportional?.terms.find((test) => test.term === term.id)?.p ?? null
    })),
    crude: lines(crude, groups),
    added: whole && without ? addedBy(without, whole, refusals) : null,
    proportional,
    constant: found.flatMap(({variable, term}) => (term ? [] : [variable])),
    coefficients: whole?.names.length ?? 0,
    refusals: [...new Set(refusals)]
  };
}

/** Where the covariates tell the groups already, there is nothing to test. */
function addedBy(without: CoxModel, whole: CoxModel, refusals: string[]): ChiSquareTest | null {
  if (whole.likelihoodRatio.df > without.likelihoodRatio.df)
    return attempt(refusals, () => compareNested(without, whole));
  refusals.push("The covariates tell the groups already, so what the groups add to them cannot be tested.");
  return null;
}

const estimable = ({converged, internal: {maximum}}: CoxModel) => converged && !maximum.redundant.includes(1);

/** A term as the model takes it: a number over its interquartile range, or a factor whose first level is the reference. */
interface Term extends Pick<AdjustedTerm, "title" | "per" | "units"> {
  readonly id: string;
  readonly values: Float64Array | FactorTerm;
  /** Of a factor's levels. */
  readonly labels: readonly string[];
}

/** The selected patients in a group of whom all is known, as a mask. */
function knownRows(
  cohort: Cohort,
  rows: Uint8Array,
  {grouping, selection}: SurvivalAnswer,
  covariates: readonly Variable[]
) {
  const {time, entry} = cohort.followUp(selection.endpoint);
  const columns = covariates.map(({id}) => cohort.variable(id));
  let [n, missing] = [0, 0];
  const known = rows.map((row, i) => {
    if (row === 0 || Number.isNaN(grouping.code[i])) return 0;
    const all =
      !Number.isNaN(time[i]) &&
      !(entry && Number.isNaN(entry[i])) &&
      columns.every((column) => (column.type === "numeric" ? !Number.isNaN(column.values[i]) : column.codes[i] >= 0));
    if (all) n++;
    else missing++;
    return Number(all);
  });
  return {rows: known, n, missing};
}

/** The groups that have patients, the usual reference first where it has some. */
function groupLevels({grouping}: SurvivalAnswer, rows: Uint8Array): Pick<Term, "values" | "labels"> {
  const {groups, code, reference} = grouping;
  const codes = Int32Array.from(code, (g, i) => (rows[i] === 1 ? g : -1));
  return factorOf(
    codes,
    groups.map(({label}) => label),
    reference
  );
}

/** Null where all patients are alike. */
function covariateTerm(cohort: Cohort, {id, label, levels, reference, units}: Variable, rows: Uint8Array): Term | null {
  const column = cohort.variable(id);
  if (column.type === "numeric") {
    const ascending = ascendingValues(column.values.filter((_, i) => rows[i] === 1));
    if (ascending.length === 0 || ascending[0] === ascending[ascending.length - 1]) return null;
    const range = sampleQuantile(ascending, 0.75) - sampleQuantile(ascending, 0.25);
    const per = range > 0 ? range : 1;
    return {id, title: label, per, units: units ?? null, values: column.values.map((value) => value / per), labels: []};
  }
  const codes = Int32Array.from(column.codes, (c, i) => (rows[i] === 1 ? c : -1));
  const usual = Math.max(
    0,
    (levels ?? []).findIndex(({value}) => value === reference)
  );
  const factor = factorOf(
    codes,
    column.levels.map((level) => level.label),
    usual
  );
  return factor.labels.length > 1 ? {id, title: label, per: null, units: null, ...factor} : null;
}

/** @param codes - indices into the labels, −1 for none; levels that nobody has are left out */
function factorOf(codes: Int32Array, labels: readonly string[], reference: number): Pick<Term, "values" | "labels"> {
  const present = labels.map((_, l) => l).filter((l) => codes.includes(l));
  const order = [...present.filter((l) => l === reference), ...present.filter((l) => l !== reference)];
  const place = new Map(order.map((l, k) => [l, k]));
  return {
    values: {values: codes.map((c) => place.get(c) ?? -1), levels: order.map((_, k) => k), coded: true},
    labels: order.map((l) => labels[l])
  };
}

function linesOf(
  fitted: CoxModel | null,
  {id, title, values, labels}: Term,
  rows: Uint8Array,
  event: ArrayLike<number>
): AdjustedLine[] {
  const count = (holds: (row: number) => boolean) => {
    let [n, events] = [0, 0];
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] === 0 || !holds(i)) continue;
      n++;
      if (event[i] === 1) events++;
    }
    return {n, events};
  };
  const nothing = {hazardRatio: NaN, lower: NaN, upper: NaN, p: NaN};
  const line = (label: string, j: number | null, counts: {n: number; events: number}): AdjustedLine => {
    if (j === null) return {label, ...counts, reference: true, ...nothing, reason: null};
    if (!fitted) return {label, ...counts, reference: false, ...nothing, reason: "The model could not be fitted."};
    const {hazardRatio, lower, upper, p} = fitted;
    const {infinite} = fitted.internal.maximum;
    // One ratio that runs away leaves the others as they are.
    const unsettled = infinite[j] === 1 || (!fitted.converged && !infinite.includes(1));
    if (unsettled || !finiteLimits(lower[j], upper[j]))
      return {label, ...counts, reference: false, ...nothing, reason: "no finite estimate"};
    const ratio = {hazardRatio: hazardRatio[j], lower: lower[j], upper: upper[j], p: p[j]};
    return {label, ...counts, reference: false, ...ratio, reason: null};
  };
  const first = fitted?.term.indexOf(id) ?? -1;
  if (!("levels" in values))
    return [
      line(
        title,
        first,
        count(() => true)
      )
    ];
  const {values: codes} = values;
  return labels.map((label, l) =>
    line(
      label,
      l === 0 ? null : first + l - 1,
      count((i) => codes[i] === l)
    )
  );
}
