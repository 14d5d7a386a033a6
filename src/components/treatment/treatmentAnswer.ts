import type {Endpoint, Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {countRows} from "../../cohort/rowMask.js";
import {endpointOf} from "../../cohort/selection.js";
import type {Selection} from "../../cohort/selection.js";
import {adjust} from "../../numeric/adjust.js";
import type {ChiSquareTest} from "../../survival/coxph.js";
import type {EffectRatio} from "../../survival/forest.js";
import {treatmentEffectCurve} from "../../survival/treatmentEffectCurve.js";
import type {TreatmentEffectCurve} from "../../survival/treatmentEffectCurve.js";
import {attempt, effectIn, effectsWithin} from "../subgroups/effectWithin.js";
import type {Effect, Patients, TwoGroups} from "../subgroups/effectWithin.js";
import {facetedCurves} from "../subgroups/facetedCurves.js";
import type {FacetedCurves} from "../subgroups/facetedCurves.js";
import {survOf} from "../survivalAnswer.js";
import {riskGroups, treatmentGroups} from "./treatmentGroups.js";

/** Does the effect of one treatment differ between low and high risk? */
export interface TreatmentInteraction {
  readonly variable: Variable;
  /** Untreated, treated. */
  readonly groups: TwoGroups["groups"];
  /** Treated against untreated, everyone. */
  readonly overall: Effect;
  /** Treated against untreated in [low, high] risk. */
  readonly byRisk: readonly Effect[];
  /** Likelihood-ratio test of treatment × risk group. */
  readonly interaction: ChiSquareTest | null;
  /** By Holm, over the treatments. */
  readonly adjustedP: number;
  /** Hazard ratio of treatment in high over that in low risk. */
  readonly ratio: EffectRatio | null;
  /** High against low risk in [untreated, treated]. */
  readonly riskByTreatment: readonly Effect[];
  readonly missing: number;
}

export interface TreatmentAnswer {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  readonly selected: number;
  /** Low and high risk. */
  readonly risk: TwoGroups["groups"];
  /** All treatments of the study. */
  readonly interactions: readonly TreatmentInteraction[];
  /** Interaction tests made. */
  readonly tests: number;
}

/** The study's treatments and the variable of its risk groups. */
export interface TreatmentsAndRisk {
  readonly treatments: readonly Variable[];
  readonly risk: Variable;
}

/**
 * For every treatment: its hazard ratio in low and in high risk, and the test that the two are the same.
 *
 * Nobody selected, or nobody treated, gives effects with a reason instead of a number.
 *
 * @param rows - mask of the selected patients
 */
export function treatmentAnswer(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  {treatments, risk}: TreatmentsAndRisk
): TreatmentAnswer {
  const patients = {surv: survOf(cohort, selection.endpoint), rows};
  const byRisk = riskGroups(cohort, risk);
  const found = treatments.map((variable) =>
    interactionOf(patients, variable, treatmentGroups(cohort, variable), byRisk)
  );
  const adjusted = adjust(
    found.map(({interaction}) => interaction?.p ?? NaN),
    "holm"
  );
  return {
    endpoint: endpointOf(cohort.study, selection),
    selection,
    selected: countRows(rows),
    risk: byRisk.groups,
    interactions: found.map((one, t) => ({...one, adjustedP: adjusted[t]})),
    tests: found.filter(({interaction}) => interaction).length
  };
}

function interactionOf(
  patients: Patients,
  variable: Variable,
  treated: TwoGroups,
  risk: TwoGroups
): Omit<TreatmentInteraction, "adjustedP"> {
  const {effects, interaction, ratio, missing} = effectsWithin(patients, treated, risk);
  const both = effects.every(({n}) => n[0] > 0 && n[1] > 0);
  return {
    variable,
    groups: treated.groups,
    overall: effectIn(patients, treated),
    byRisk: effects,
    // A cell without patients leaves no interaction to test.
    interaction: both ? interaction : null,
    ratio: both ? ratio : null,
    riskByTreatment: effectsWithin(patients, risk, treated).effects,
    missing
  };
}

/** Curves of one treatment's four groups, shown both ways. */
export interface TreatmentCurves {
  /** Treated and untreated, a panel a risk group. */
  readonly byRisk: FacetedCurves;
  /** High and low risk, a panel untreated and a panel treated. */
  readonly byTreatment: FacetedCurves;
}

export function treatmentCurves(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  treatment: Variable,
  risk: Variable
): TreatmentCurves {
  const patients = {surv: survOf(cohort, selection.endpoint), rows};
  const endpoint = endpointOf(cohort.study, selection);
  const [treated, high] = [treatmentGroups(cohort, treatment), riskGroups(cohort, risk)];
  return {
    byRisk: facetedCurves(patients, endpoint, selection, treated, high),
    byTreatment: facetedCurves(patients, endpoint, selection, high, treated)
  };
}

/** The treatment's hazard ratio along the risk score, or why it cannot be drawn. */
export function effectAlongRisk(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  treatment: Variable
): {readonly value: TreatmentEffectCurve; readonly score: Variable} | {readonly reason: string} {
  const score = cohort.study.variables.find(({origin, type}) => origin === "risk" && type === "numeric");
  const column = score && cohort.variable(score.id);
  if (!score || column?.type !== "numeric") return {reason: "The study has no risk score."};
  const {code} = treatmentGroups(cohort, treatment);
  const input = {surv: survOf(cohort, selection.endpoint), rows, treatment: code, score: column.values};
  const curve = attempt(() => treatmentEffectCurve(input));
  if ("reason" in curve) return curve;
  const {converged, lower, upper} = curve.value;
  if (!converged || upper.some((limit, k) => !(limit < Infinity && lower[k] > 0)))
    return {reason: "It has no finite estimate: at some scores no treated or no untreated patient has the event."};
  return {...curve, score};
}
