import type {Cohort} from "../cohort/readCohort.js";
import {normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import {attempt} from "../survival/attempt.js";
import {groupDrift, groupZph} from "../survival/groupDrift.js";
import {logRankPairwise} from "../survival/logRankPairwise.js";
import {maximallySelectedLogRank} from "../survival/maximallySelectedLogRank.js";
import {restrictedMean} from "../survival/restrictedMean.js";
import type {RestrictedMean} from "../survival/restrictedMean.js";
import type {SmoothedCurve} from "../survival/smoothedCoefficient.js";
import {survivalAt} from "../survival/survivalAt.js";
import type {SurvivalAt} from "../survival/survivalAt.js";
import {formatTime} from "./formatting.js";
import {survOf} from "./survivalAnswer.js";
import type {GroupAnswer, SurvivalAnswer} from "./survivalAnswer.js";

/** An estimate with its 95% interval and, of a difference, its two-sided p. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly p: number | null;
}

/** One group beside the reference. Differences are group minus reference, null in the reference's own line. */
export interface GroupLine {
  readonly group: GroupAnswer;
  /** Restricted mean up to `GroupComparison.tau`. */
  readonly mean: Estimate | null;
  readonly meanDifference: Estimate | null;
  /** Survival at `GroupComparison.tau` where the reader chose it, else null; and its difference. */
  readonly survivalAtTau: Estimate | null;
  readonly survivalAtTauDifference: Estimate | null;
  /** Differences of survival at each of the answer's years. */
  readonly survivalDifference: readonly (Estimate | null)[];
}

/** What groups differ in beyond the log-rank test and the hazard ratio. */
export interface GroupComparison {
  /** None where the endpoint has a competing event: see `competingComparison`. */
  readonly lines: readonly GroupLine[];
  readonly reference: string;
  /** The reader's horizon, or the last time that the follow-up of every group reaches. */
  readonly tau: number;
  readonly tauChosen: boolean;
  /** With three groups or more; p adjusted by Benjamini and Hochberg. */
  readonly pairs: readonly {
    readonly first: string;
    readonly second: string;
    readonly p: number;
    readonly adjusted: number;
    readonly reason: string | null;
  }[];
  /** Tests of proportional hazards (km scale): a ratio each, and all together. */
  readonly proportional: {
    readonly terms: readonly {readonly group: string; readonly p: number}[];
    readonly p: number;
  } | null;
  /** With two groups: the log hazard ratio over time. */
  readonly smooth: SmoothedCurve | null;
  /** Where a numeric variable would part the selected patients best, with Lausen and Schumacher's p of 1994 for the search. */
  readonly bestCut: {readonly cut: number; readonly p: number} | null;
  readonly refusals: readonly string[];
}

/**
 * Compares the groups of an answer.
 *
 * @param rows - mask of the selected patients
 */
export function groupComparison(cohort: Cohort, rows: Uint8Array, answer: SurvivalAnswer): GroupComparison | null {
  const {groups, hazardRatios, cox, grouping, selection, endpoint, start} = answer;
  if (groups.length < 2) return null;
  const refusals: string[] = [];
  const versus = hazardRatios[0]?.versus;
  const reference = groups.find(({label}) => label === versus) ?? groups[0];
  const longest = Math.min(...groups.map(({curve}) => curve.time.at(-1)!));
  const {horizon} = selection;
  const tauChosen = horizon !== null && horizon > start && horizon <= longest;
  if (horizon !== null && !tauChosen)
    refusals.push(
      `The groups cannot be compared at ${formatTime(horizon)} ${endpoint.unit}: all of them are followed from ${formatTime(start)} to ${formatTime(longest)} ${endpoint.unit}; what is shown is up to then.`
    );
  const tau = tauChosen ? horizon : longest;
  const levels = grouping.groups
    .map((_, g) => g)
    .filter((g) => groups.some(({label}) => label === grouping.groups[g].label));
  const input = {surv: survOf(cohort, selection.endpoint), rows};
  const pairs =
    groups.length > 2 ? attempt(refusals, () => logRankPairwise({...input, group: grouping.code, levels})) : null;
  const named = (level: unknown) => grouping.groups[level as number].label;
  const estimable = cox !== null && hazardRatios.every((ratio) => ratio.estimable);
  const zph = estimable ? attempt(refusals, () => groupZph(cox)) : null;
  const meanOf = ({curve}: GroupAnswer) => attempt(refusals, () => restrictedMean(curve, tau));
  // With a competing event they would take it for censoring.
  const compared = endpoint.competing ? [] : groups.map((group) => ({group, mean: meanOf(group)}));
  const base = compared.find(({group}) => group === reference);
  return {
    lines: compared.map((line) => lineOf(line, base!, {tau, tauChosen}, answer)),
    reference: reference.label,
    tau,
    tauChosen,
    pairs: (pairs ?? []).map(({first, second, ...test}) => ({...test, first: named(first), second: named(second)})),
    proportional: zph && {
      terms: zph.terms.map(({p}, j) => ({group: hazardRatios[j].group, p})),
      p: zph.global.p
    },
    smooth: zph && groups.length === 2 ? attempt(refusals, () => groupDrift(cox!, input.surv.distinctTime)) : null,
    bestCut: bestCut(cohort, rows, answer, refusals),
    refusals
  };
}

/** A group, and its restricted mean where there is one. */
interface Compared {
  readonly group: GroupAnswer;
  readonly mean: RestrictedMean | null;
}

function lineOf(
  {group, mean}: Compared,
  reference: Compared,
  {tau, tauChosen}: Pick<GroupComparison, "tau" | "tauChosen">,
  {years}: SurvivalAnswer
): GroupLine {
  const own = group === reference.group;
  const at = tauChosen ? [group, reference.group].map(({curve}) => survivalAt(curve, [tau])) : null;
  const measured = (m: RestrictedMean) => ({value: m.restrictedMean, error: m.standardError});
  return {
    group,
    mean: mean && {value: mean.restrictedMean, lower: mean.lower, upper: mean.upper, p: null},
    meanDifference:
      !own && mean && reference.mean ? independentDifference(measured(mean), measured(reference.mean)) : null,
    survivalAtTau: at && {value: at[0].survival[0], lower: at[0].lower[0], upper: at[0].upper[0], p: null},
    survivalAtTauDifference: at && !own ? survivalDifference(at[0], at[1], 0) : null,
    survivalDifference: years.map((_, y) => (own ? null : survivalDifference(group.at, reference.group.at, y)))
  };
}

/** Difference of two survival probabilities with Greenwood's variances; null where one of them is not known. */
function survivalDifference(group: SurvivalAt, reference: SurvivalAt, k: number): Estimate | null {
  const of = ({survival, standardError}: SurvivalAt) => ({value: survival[k], error: standardError[k]});
  return independentDifference(of(group), of(reference));
}

interface Measured {
  readonly value: number;
  readonly error: number;
}

/** Of two groups of different patients, whose variances add; null where a value or both errors are not known. */
export function independentDifference(group: Measured, reference: Measured): Estimate | null {
  const value = group.value - reference.value;
  const error = Math.hypot(group.error, reference.error);
  if (Number.isNaN(value) || !(error > 0)) return null;
  const half = normalQuantile(0.975) * error;
  return {value, lower: value - half, upper: value + half, p: normalTwoSidedP(value / error)};
}

/** Where the answer's numeric variable would part the selected patients best; null where it is none. */
export function bestCut(cohort: Cohort, rows: Uint8Array, answer: SurvivalAnswer, refusals: string[]) {
  const {grouping, selection, endpoint} = answer;
  if (!grouping.variable || !grouping.cut || grouping.crossed) return null;
  const column = cohort.variable(grouping.variable.id);
  if (column.type !== "numeric") return null;
  if (endpoint.leftTruncated) {
    refusals.push(
      "With late entry the best cut is not sought: the search is defined for patients followed from time zero."
    );
    return null;
  }
  const input = {surv: survOf(cohort, selection.endpoint), rows, score: column.values};
  const found = attempt(refusals, () => maximallySelectedLogRank(input));
  return found && {cut: found.cut, p: found.p!};
}
