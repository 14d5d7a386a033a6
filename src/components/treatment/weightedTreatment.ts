import type {Endpoint, StudyDescription, Variable} from "../../cohort/description.js";
import {groupsFound} from "../../cohort/groups.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {both, maskOf} from "../../cohort/rowMask.js";
import {endpointOf} from "../../cohort/selection.js";
import type {Selection} from "../../cohort/selection.js";
import type {Terms} from "../../survival/designColumns.js";
import type {EffectRatio} from "../../survival/forest.js";
import {keptIn} from "../../numeric/keptIn.js";
import {inverseProbabilityWeights} from "../../survival/inverseProbabilityWeights.js";
import type {InverseProbabilityWeights} from "../../survival/inverseProbabilityWeights.js";
import {followedRows} from "../../survival/sortedEvents.js";
import {attempt, effectIn, effectsWithin, everyone} from "../subgroups/effectWithin.js";
import type {Effect} from "../subgroups/effectWithin.js";
import {facetedCurves} from "../subgroups/facetedCurves.js";
import type {FacetedCurves} from "../subgroups/facetedCurves.js";
import {survOf} from "../survivalAnswer.js";
import {riskGroups, treatmentGroups} from "./treatmentGroups.js";

/** A covariate, or a level of one, before and after weighting. */
export interface BalanceLine {
  readonly label: string;
  /** Standardised mean differences, treated minus untreated. */
  readonly before: number;
  readonly after: number;
}

/** The effect of a treatment among patients weighted by the inverse probability of the treatment they had. */
export interface WeightedTreatment {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  readonly covariates: readonly Variable[];
  /** Chosen, but the same for all selected patients. */
  readonly constant: readonly Variable[];
  readonly weights: InverseProbabilityWeights;
  readonly balance: readonly BalanceLine[];
  /** Largest and smallest weight. */
  readonly range: readonly [number, number];
  /** One panel, [untreated, treated]: counts at risk are sums of weights, limits robust. */
  readonly curves: FacetedCurves;
  /** On the same patients, unweighted. */
  readonly crude: Effect;
  /** Robust standard errors; `n` and `events` are patients. */
  readonly weighted: Effect;
  /** In [low, high] risk, unweighted and weighted. */
  readonly crudeByRisk: readonly Effect[];
  readonly byRisk: readonly Effect[];
  /** Weighted hazard ratio in high over that in low risk, with its robust Wald p. */
  readonly ratio: EffectRatio | null;
}

/** What a propensity model may be asked to balance: everything known that is neither treatment, split nor risk group. */
export function possibleCovariates({variables, treatments, split}: StudyDescription): Variable[] {
  return variables.filter(
    ({id, origin, type}) =>
      !treatments.includes(id) && id !== split?.variable && !(origin === "risk" && type === "categorical")
  );
}

/** The risk score and what the study names first: what treatment was most likely given by. */
export function usualCovariates(study: StudyDescription): Variable[] {
  const {strata, riskModel} = study;
  const measured = new Set([...(riskModel?.terms.map(({variable}) => variable) ?? []), ...strata]);
  return possibleCovariates(study).filter(
    ({id, origin}) => (origin === "measured" && measured.has(id)) || (origin === "risk" && id === "risk_score")
  );
}

/**
 * Weighted comparison of treated and untreated: propensity by logistic regression on the covariates, stabilised weights.
 *
 * Patients without follow-up or without a covariate are left out and counted in `weights.missing`.
 *
 * @returns the reason in words where no weights can be made
 */
export function weightedTreatment(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  {treatment, risk, covariates: asked}: {treatment: Variable; risk: Variable; covariates: readonly Variable[]}
): {readonly value: WeightedTreatment} | {readonly reason: string} {
  const sorted = survOf(cohort, selection.endpoint);
  const treated = treatmentGroups(cohort, treatment);
  const byRisk = riskGroups(cohort, risk);
  const followed = both(rows, followedRows(sorted));
  if (asked.length === 0) return {reason: "No covariate is chosen, so there is nothing to weight by."};
  if (!followed.includes(1)) return {reason: "No selected patient has follow-up."};
  const covariates = asked.filter((variable) => varies(cohort, variable, followed));
  if (covariates.length === 0) return {reason: "No chosen covariate varies among the selected patients."};
  return attempt(() => {
    const weights = inverseProbabilityWeights(treated.code, termsOf(cohort, covariates, followed), {rows: followed});
    const kept = weights.missing === 0 ? followed : maskOf(weights.model.design.row, cohort.n);
    // With nobody left out for want of a covariate, effects on these patients are known already.
    const unweighted = {surv: sorted, rows: weights.missing === 0 ? rows : kept};
    // Whoever has no weight is masked out, so the order of the cohort serves the weighted patients too.
    const patients = {surv: {...sorted, weight: weights.weight}, rows: kept};
    const all = {...everyone(sorted), groups: [{label: "All selected patients, weighted", tone: 0}]};
    const within = effectsWithin(patients, treated, byRisk);
    const curves = facetedCurves(patients, endpointOf(cohort.study, selection), selection, treated, all);
    return {
      endpoint: endpointOf(cohort.study, selection),
      selection,
      covariates,
      constant: asked.filter((variable) => !covariates.includes(variable)),
      weights,
      balance: weights.balance.map(({term, level, differenceBefore, differenceAfter}) => ({
        label: balanceLabel(covariates, term, level),
        before: differenceBefore,
        after: differenceAfter
      })),
      range: rangeOf(weights.weight),
      curves,
      crude: effectIn(unweighted, treated),
      crudeByRisk: effectsWithin(unweighted, treated, byRisk).effects,
      weighted: curves.facets[0].effect!,
      byRisk: within.effects,
      ratio: within.ratio
    };
  });
}

/** Smallest and largest, those left out apart. */
function rangeOf(weights: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const w of weights) {
    if (w < low) low = w;
    if (w > high) high = w;
  }
  return [low, high];
}

/** Columns of the propensity model: the reference level of a factor first, levels nobody has left out. */
function termsOf(cohort: Cohort, covariates: readonly Variable[], rows: Uint8Array): Terms {
  return Object.fromEntries(
    covariates.map(({id, reference}) => {
      const column = cohort.variable(id);
      if (column.type === "numeric") return [id, column.values];
      const present = groupsFound(column.codes, rows, column.levels.length);
      const levels = column.levels.filter((_, c) => present[c]).map(({value}) => value);
      const first = reference !== undefined && levels.includes(reference) ? reference : levels[0];
      const ordered = [first, ...levels.filter((level) => level !== first)];
      const place = Int32Array.from(column.levels, ({value}) => ordered.indexOf(value));
      return [id, {values: recoded(column.codes, place), levels: ordered, coded: true}];
    })
  );
}

const recodings = new WeakMap<Int32Array, Map<string, Int32Array>>();

/** Made once for each order of the levels. */
function recoded(codes: Int32Array, place: Int32Array): Int32Array {
  return keptIn(
    keptIn(recodings, codes, () => new Map()),
    place.join(),
    () => {
      const values = new Int32Array(codes.length);
      for (let i = 0; i < codes.length; i++) values[i] = codes[i] < 0 ? -1 : place[codes[i]];
      return values;
    }
  );
}

/** A covariate that is the same for everyone balances nothing. */
function varies(cohort: Cohort, {id}: Variable, rows: Uint8Array): boolean {
  const column = cohort.variable(id);
  const values = column.type === "numeric" ? column.values : column.codes;
  let first = NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!rows[i] || value !== value || (column.type === "categorical" && value < 0)) continue;
    if (first !== first) first = value;
    else if (value !== first) return true;
  }
  return false;
}

function balanceLabel(covariates: readonly Variable[], term: string, level: string | null): string {
  const {label, levels} = covariates.find(({id}) => id === term)!;
  return level === null ? label : `${label}: ${levels?.find(({value}) => value === level)?.label ?? level}`;
}
