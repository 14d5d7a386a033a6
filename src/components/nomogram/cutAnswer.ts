import type {Cohort} from "../../cohort/readCohort.js";
import {attempt} from "../../survival/attempt.js";
import {coxph} from "../../survival/coxph.js";
import {kaplanMeierBy} from "../../survival/kaplanMeier.js";
import type {KaplanMeier} from "../../survival/kaplanMeier.js";
import {logRank} from "../../survival/logRank.js";
import {survOf} from "../survivalAnswer.js";
import type {PatientSet} from "./patientSets.js";

/** Low and high risk of one set at one cut. */
export interface CutAnswer {
  readonly set: PatientSet;
  readonly cut: number;
  /** Null where nobody is in the group. */
  readonly low: KaplanMeier | null;
  readonly high: KaplanMeier | null;
  /** High against low; null with its reason in `refusals`. */
  readonly hazardRatio: {readonly estimate: number; readonly lower: number; readonly upper: number} | null;
  readonly logRankP: number | null;
  readonly refusals: readonly string[];
}

/** Compares the patients of a set whose score lies above a cut with the others. */
export function cutAnswer(
  cohort: Cohort,
  endpoint: string,
  score: Float64Array,
  set: PatientSet,
  cut: number
): CutAnswer {
  const refusals: string[] = [];
  const group = score.map((s) => (Number.isNaN(s) ? NaN : Number(s > cut)));
  const input = {surv: survOf(cohort, endpoint), rows: set.rows};
  const curves = attempt(refusals, () => kaplanMeierBy({...input, group, levels: [0, 1]}));
  const [low, high] = [0, 1].map((g) => curves?.groups.find((found) => found.group === g)?.curve ?? null);
  const both = low !== null && high !== null;
  const fit = both ? attempt(refusals, () => coxph({...input, terms: {group}})) : null;
  const usable = fit && fit.warnings.length === 0;
  if (fit && !usable) refusals.push("One group has no events, so there is no hazard ratio.");
  if (!both) refusals.push("All patients lie on one side of the cut.");
  return {
    set,
    cut,
    low,
    high,
    hazardRatio: usable ? {estimate: fit.hazardRatio[0], lower: fit.lower[0], upper: fit.upper[0]} : null,
    logRankP: both ? (attempt(refusals, () => logRank({...input, group, levels: [0, 1]}))?.p ?? null) : null,
    refusals
  };
}

export const eventsIn = (curve: KaplanMeier | null) => curve?.events.reduce((a, b) => a + b, 0) ?? 0;
