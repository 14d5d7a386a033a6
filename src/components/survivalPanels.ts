import type {Variable} from "../cohort/description.js";
import {groupsFound} from "../cohort/groups.js";
import type {Cohort} from "../cohort/readCohort.js";
import type {Figure} from "./figureFrame.js";
import {formatInterval, formatP} from "./formatting.js";
import {facetsScript} from "./rScript/facetsScript.js";
import {facetedCurves} from "./subgroups/facetedCurves.js";
import type {FacetedCurves} from "./subgroups/facetedCurves.js";
import {attempt} from "./subgroups/effectWithin.js";
import type {Coded} from "./subgroups/effectWithin.js";
import {multiplesFigure} from "./subgroups/multiplesFigure.js";
import {factorLevels} from "./subgroups/subgroupAnswer.js";
import {stratifiedHazardRatios, survOf} from "./survivalAnswer.js";
import type {HazardRatio, SurvivalAnswer} from "./survivalAnswer.js";

/** An answer's groups in every level of a factor. */
export interface SurvivalPanels {
  readonly factor: Variable;
  readonly curves: FacetedCurves;
  /** The answer's groups that have patients, the reference first. */
  readonly compared: Coded;
  readonly levels: Coded;
  /** Of a Cox model stratified by the factor: each group against the reference. */
  readonly ratios: readonly HazardRatio[];
}

/** Variables that may make panels: all but those that make the groups. */
export function panelFactors({study}: Cohort, {grouping}: SurvivalAnswer): Variable[] {
  const taken = [grouping.variable?.id, grouping.crossed?.variable.id];
  return study.variables.filter(({id}) => !taken.includes(id));
}

/**
 * The groups of an answer within each level of a factor; a numeric factor is cut at the median of the selected patients.
 *
 * @param rows - mask of the selected patients
 */
export function survivalPanels(
  cohort: Cohort,
  rows: Uint8Array,
  answer: SurvivalAnswer,
  factor: Variable
): SurvivalPanels {
  const {selection, endpoint} = answer;
  const patients = {surv: survOf(cohort, selection.endpoint), rows};
  const {coded: levels} = factorLevels(cohort, selection, rows, factor);
  const compared = presentGroups(answer, rows);
  const curves = facetedCurves(patients, endpoint, selection, compared, levels, {testEach: true});
  const found = compared.groups.map((_, g) => g);
  const ratios =
    found.length > 1
      ? attempt(() => stratifiedHazardRatios({...patients, strata: levels.code}, {...compared, reference: 0}, found))
      : {value: []};
  return {factor, curves, compared, levels, ratios: "value" in ratios ? ratios.value : []};
}

/** Groups with patients, the reference first. */
function presentGroups({grouping}: SurvivalAnswer, rows: Uint8Array): Coded {
  const {reference, groups, code} = grouping;
  const present = groupsFound(code, rows, groups.length);
  const order = groups.map((_, g) => g).filter((g) => present[g]);
  if (order.includes(reference)) order.unshift(...order.splice(order.indexOf(reference), 1));
  // As they are, what is known of the codes serves again.
  if (order.length === groups.length && order.every((g, k) => g === k)) return {groups, code};
  const place = groups.map((_, g) => (order.includes(g) ? order.indexOf(g) : NaN));
  return {
    groups: order.map((g) => groups[g]),
    code: code.map((g) => (g === g ? place[g] : NaN))
  };
}

/** What a frame shows of the panels. */
export function panelsFigure(cohort: Cohort, rows: Uint8Array, panels: SurvivalPanels): Figure {
  const {curves, compared, levels, ratios, factor} = panels;
  const figure = multiplesFigure(cohort, curves, factor.label, (data) =>
    facetsScript(cohort, curves, rows, {compared, levels, ratios}, data)
  );
  const said = ratios
    .filter(({estimable}) => estimable)
    .map(
      (r) => `${r.group} against ${r.versus} HR ${formatInterval(r.hazardRatio, r.lower, r.upper)}, ${formatP(r.p)}`
    );
  return {
    ...figure,
    note: `${figure.note}${said.length > 0 ? ` Cox model stratified by ${factor.label}: ${said.join("; ")}.` : ""}`
  };
}
