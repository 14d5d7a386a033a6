import type {Endpoint, StudyDescription, Variable} from "../../cohort/description.js";
import {groupRows, groupsFound, presentCode} from "../../cohort/groups.js";
import type {Group} from "../../cohort/groups.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {countRows} from "../../cohort/rowMask.js";
import {endpointOf, isRange} from "../../cohort/selection.js";
import type {Filter, Selection} from "../../cohort/selection.js";
import {nextAbove} from "../../numeric/keptOrder.js";
import {adjust} from "../../numeric/adjust.js";
import type {ChiSquareTest} from "../../survival/coxph.js";
import {effectIn, effectsWithin} from "./effectWithin.js";
import type {Coded, Effect, TwoGroups} from "./effectWithin.js";
import {survOf} from "../survivalAnswer.js";

/** The effect in one level of a factor. */
export interface SubgroupLevel {
  readonly label: string;
  /** What selects these patients. */
  readonly filter: Filter;
  /** The selection holds this filter already. */
  readonly chosen: boolean;
  readonly effect: Effect;
}

export interface SubgroupFactor {
  readonly variable: Variable;
  /** The study names it among its main characteristics, or it is the split; the others are exploratory. */
  readonly planned: boolean;
  /** Median a numeric factor was cut at; null for a categorical one. */
  readonly cut: number | null;
  readonly levels: readonly SubgroupLevel[];
  /** Likelihood-ratio test that the effect is the same in all levels. */
  readonly interaction: ChiSquareTest | null;
  /** By Holm, over all interaction tests made. */
  readonly adjustedP: number;
}

/** Does the difference between two groups hold in every subgroup? */
export interface SubgroupAnswer {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  readonly selected: number;
  /** Null where `refusal` says why nothing can be compared. */
  readonly compared: TwoGroups | null;
  readonly refusal: string | null;
  readonly overall: Effect | null;
  readonly factors: readonly SubgroupFactor[];
  /** Interaction tests made. */
  readonly tests: number;
}

/**
 * Hazard ratio of the two groups of a selection in each level of every factor, with one interaction test a factor.
 *
 * A numeric factor is cut at the median of the selected patients. The split into sets is a factor too.
 *
 * @param rows - mask of the selected patients
 */
export function subgroupAnswer(cohort: Cohort, selection: Selection, rows: Uint8Array): SubgroupAnswer {
  const endpoint = endpointOf(cohort.study, selection);
  const known = {endpoint, selection, selected: countRows(rows)};
  const groups = comparedGroups(cohort, selection, rows);
  if ("refusal" in groups) return {...known, ...groups, compared: null, overall: null, factors: [], tests: 0};
  const patients = {surv: survOf(cohort, selection.endpoint), rows};
  const found = factorsOf(cohort.study, selection).map((variable) => {
    const {coded, cut, filters, labels} = factorLevels(cohort, selection, rows, variable);
    const {effects, interaction} = effectsWithin(patients, groups, coded);
    const levels = labels.map((label, l) => {
      const filter = filters[l];
      return {label, filter, chosen: holds(selection, filter), effect: effects[l]};
    });
    const planned = isPlanned(cohort.study, variable);
    return {variable, planned, cut, interaction, levels: levels.filter(({effect}) => effect.n[0] + effect.n[1] > 0)};
  });
  const adjusted = adjust(
    found.map(({interaction}) => interaction?.p ?? NaN),
    "holm"
  );
  return {
    ...known,
    compared: groups,
    refusal: null,
    overall: effectIn(patients, groups),
    factors: found.map((factor, f) => ({...factor, adjustedP: adjusted[f]})).filter(({levels}) => levels.length > 0),
    tests: found.filter(({interaction}) => interaction).length
  };
}

/** The selection's two groups, the reference first, or why there are not two. */
export function comparedGroups(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array
): TwoGroups | {readonly refusal: string} {
  const {variable, groups, code, reference} = groupRows(cohort, selection, rows);
  if (!rows.includes(1)) return {refusal: "No patient passes all filters; take one away."};
  if (!variable) return {refusal: "All patients are one group; choose a variable that makes two."};
  const found = groupsFound(code, rows, groups.length);
  const present = groups.map((_, g) => g).filter((g) => found[g]);
  if (present.length !== 2)
    return {
      refusal: `${variable.label} makes ${present.length} ${present.length === 1 ? "group" : "groups"} of the selected patients${named(groups, present)}; a hazard ratio compares two. Choose a variable with two levels, or take a filter away.`
    };
  const [first, second] = present.includes(reference)
    ? [reference, present.find((g) => g !== reference)!]
    : [present[0], present[1]];
  return {
    groups: [groups[first], groups[second]],
    code: groups.length === 2 && first === 0 ? code : code.map((c) => (c === first ? 0 : c === second ? 1 : NaN))
  };
}

function named(groups: readonly Group[], present: readonly number[]): string {
  return present.length > 0 ? ` (${present.map((g) => groups[g].label).join(", ")})` : "";
}

/** The split first, then what the study names, then treatments and the rest; not what makes the groups. */
export function factorsOf({variables, split, strata}: StudyDescription, {stratifyBy}: Selection): Variable[] {
  const measured = variables.filter(({id, origin}) => origin === "measured" && id !== stratifyBy);
  const rank = ({id}: Variable) => (id === split?.variable ? 0 : strata.includes(id) ? 1 : 2);
  return measured.sort((a, b) => rank(a) - rank(b));
}

const isPlanned = ({split, strata}: StudyDescription, {id}: Variable) => id === split?.variable || strata.includes(id);

/** Levels of a factor with what selects each; a numeric one in two at the median, or as it is filtered already. */
export function factorLevels(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  variable: Variable
): {coded: Coded; cut: number | null; filters: readonly Filter[]; labels: readonly string[]} {
  const column = cohort.variable(variable.id);
  const grouped = () => groupRows(cohort, {...selection, stratifyBy: variable.id, cut: {rule: "median"}}, rows);
  if (column.type === "categorical")
    return {
      coded: grouped(),
      cut: null,
      filters: column.levels.map(({value}) => ({variable: variable.id, levels: [value]})),
      labels: column.levels.map(({label}) => label)
    };
  const present = selection.filters.find((filter) => filter.variable === variable.id);
  if (present && isRange(present) && (present.from !== null || present.to !== null))
    return {
      coded: {groups: [{label: variable.label, tone: 0}], code: presentCode(column.values)},
      cut: null,
      filters: [present],
      labels: ["as filtered"]
    };
  const by = grouped();
  const cut = by.cut?.[0] ?? null;
  if (cut === null) return {coded: by, cut, filters: [{variable: variable.id, from: null, to: null}], labels: ["all"]};
  const above = nextAbove(column.values, cut);
  return {
    coded: by,
    cut,
    filters: [
      {variable: variable.id, from: null, to: cut},
      {variable: variable.id, from: above, to: null}
    ],
    labels: by.groups.map(({label}) => label.slice(variable.label.length + 1))
  };
}

function holds({filters}: Selection, filter: Filter): boolean {
  const present = filters.find(({variable}) => variable === filter.variable);
  if (!present || !present.not !== !filter.not) return false;
  if (isRange(present)) return isRange(filter) && present.from === filter.from && present.to === filter.to;
  return "levels" in present && "levels" in filter && present.levels.join("\0") === filter.levels.join("\0");
}
