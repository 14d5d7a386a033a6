import {chiSquareUpperTail} from "../numeric/distributions.js";
import {cellsOf, NO_CELL} from "./patientCells.js";
import {countCells} from "./cellCounts.js";
import type {CellCounts, CountedGroups} from "./cellCounts.js";
import {askedRows, completeRows, rowsByGroup} from "./completeRows.js";
import type {CompleteRows} from "./completeRows.js";
import {codeLabels} from "./labels.js";
import type {LabelCodes, Labels, Level} from "./labels.js";
import {logRankByCell} from "./logRankByCell.js";
import {logRankSums} from "./logRankSums.js";
import type {LogRankSums, LogRankWeight} from "./logRankSums.js";
import {quadraticForm} from "../numeric/quadraticForm.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

export interface LogRankOptions {
  /** Fleming–Harrington: weight S(t−)^rho (1 − S(t−))^gamma, S over all groups. 0 is the log-rank test, 1 is Peto–Peto. */
  readonly rho?: number;
  readonly gamma?: number;
  /** Another family of weights instead: "gehan" n, "tarone-ware" √n, "modified-peto" the product of 1 − d/(n + 1). */
  readonly weight?: "gehan" | "tarone-ware" | "modified-peto";
}

/** Groups of a test: a label a row, and optionally strata within which the groups are compared. */
export interface GroupedInput {
  readonly group: Labels;
  /** Order of the groups; default ascending. */
  readonly levels?: readonly Level[];
  readonly strata?: Labels;
  /** Of `group`, whose codes are indices into `levels`, within each of its strata, if it has been counted. */
  readonly counted?: CountedGroups;
}

/** Columns by group are aligned with `groups`. */
export interface LogRank {
  readonly groups: readonly Level[];
  readonly chiSquare: number;
  /** Groups that were ever at risk at an event time, less 1. */
  readonly df: number;
  readonly p: number;
  /** Weighted sums where the test is weighted. */
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** Patients. */
  readonly n: Float64Array;
  /** Rows left out because follow-up, group or stratum is missing. */
  readonly missing: number;
  /** Covariance of observed − expected, row by row. */
  readonly variance: Float64Array;
}

/**
 * Log-rank test that all groups share one hazard, or a weighted relative of it.
 *
 * The variance is hypergeometric. Left truncation is allowed (R's survdiff refuses it): only patients already under
 * observation count as at risk.
 *
 * @param input - follow-up (time, event, entry) and `group`, a label a row
 * @throws {SurvivalInputError} if fewer than two groups have patients, or no event time has two groups at risk
 * @see R `survival::survdiff(Surv(time, event) ~ group + strata(strata), rho)` 3.5-3; Mantel (1966), Cancer Chemother Rep
 *   50:163–170; Fleming and Harrington (1991), Counting Processes and Survival Analysis
 */
export function logRank(input: SurvInput & GroupedInput, options: LogRankOptions = {}): LogRank {
  const {surv, mask, asked} = askedRows(input, "logRank");
  const counted = isPlain(options) ? input.counted : undefined;
  if (counted && input.levels)
    return testOfCounts(counted.counts, input.levels, counted.counts.cells / input.levels.length, asked);
  const {levels, code} = codeLabels(input.group, surv.size, "logRank", "group", input.levels, mask);
  const strata = input.strata ? codeLabels(input.strata, surv.size, "logRank", "strata") : undefined;
  const cells = levels.length * (strata?.levels.length ?? 1);
  if (!surv.weight && cells < NO_CELL && isPlain(options)) {
    const [groups, parts] = [{code, size: levels.length}, strata && {code: strata.code, size: strata.levels.length}];
    const counts = countCells(surv, cellsOf(surv, mask, groups, parts));
    return testOfCounts(counts, levels, strata?.levels.length ?? 1, asked);
  }
  const {rows, labels, sums} = compared(input, options, "logRank");
  const n = new Float64Array(labels.levels.length);
  for (const i of rows.row) n[labels.code[i]]++;
  return testOfSums(sums, labels.levels, n, rows.missing, "logRank");
}

/** @param asked - patients asked for, whether they can be used or not; default: all of them are counted */
export function testOfCounts(counts: CellCounts, levels: readonly Level[], strata: number, asked?: number): LogRank {
  const n = counts.n.reduce((sum, patients) => sum + patients, 0);
  if (n === 0)
    throw new SurvivalInputError("logRank: no patient has follow-up and all values; nothing to compute from.");
  return logRankByCell(counts, levels, strata, (asked ?? n) - n);
}

/** The test from sums over event times. @param n - patients of each group */
export function testOfSums(
  {observed, expected, variance}: LogRankSums,
  groups: readonly Level[],
  n: Float64Array,
  missing: number,
  who: string
): LogRank {
  const k = groups.length;
  // A group never at risk at an event time says nothing; of the others one is redundant.
  const informative = groups.map((_, g) => g).filter((g) => expected[g] > 0);
  const free = informative.slice(1);
  const excess = free.map((g) => observed[g] - expected[g]);
  const covariance = free.flatMap((g) => free.map((h) => variance[g * k + h]));
  const chiSquare = free.length > 0 ? quadraticForm(excess, covariance) : NaN;
  if (!Number.isFinite(chiSquare)) throw unseparated(who);
  const df = free.length;
  return {groups, chiSquare, df, p: chiSquareUpperTail(chiSquare, df), observed, expected, n, missing, variance};
}

/** Test of a trend of the hazard over ordered groups. */
export interface LogRankTrend {
  readonly chiSquare: number;
  readonly df: 1;
  readonly p: number;
  /** Σ score × (observed − expected): positive if the hazard rises with the score. */
  readonly statistic: number;
  readonly scores: readonly number[];
  readonly missing: number;
}

/**
 * Log-rank test for trend: one degree of freedom along the scores of the groups.
 *
 * @param scores - one a group, in their order; default 1, 2, 3, …
 * @see Tarone (1975), Biometrika 62:679–682; Collett, Modelling Survival Data in Medical Research, section 2.7. Without
 *   ties it is the score test of R `coxph(Surv(time, event) ~ score)`.
 */
export function logRankTrend(
  input: SurvInput & GroupedInput & {readonly scores?: readonly number[]},
  options: LogRankOptions = {}
): LogRankTrend {
  const {rows, labels, sums} = compared(input, options, "logRankTrend");
  const k = labels.levels.length;
  const scores = input.scores ?? labels.levels.map((_, g) => g + 1);
  if (scores.length !== k)
    throw new SurvivalInputError(`logRankTrend: ${scores.length} scores for ${k} groups; give one a group.`);
  let [statistic, variance] = [0, 0];
  for (let g = 0; g < k; g++) {
    statistic += scores[g] * (sums.observed[g] - sums.expected[g]);
    for (let h = 0; h < k; h++) variance += scores[g] * scores[h] * sums.variance[g * k + h];
  }
  if (!(variance > 0)) throw unseparated("logRankTrend");
  const chiSquare = statistic ** 2 / variance;
  return {chiSquare, df: 1, p: chiSquareUpperTail(chiSquare, 1), statistic, scores, missing: rows.missing};
}

/** Rows, coded groups and the sums over event times, strata added up. */
function compared(input: SurvInput & GroupedInput, options: LogRankOptions, who: string) {
  const size = "surv" in input ? input.surv.size : input.time.length;
  const labels = codeLabels(input.group, size, who, "group", input.levels, "surv" in input ? input.rows : null);
  const strata = input.strata ? codeLabels(input.strata, size, who, "strata") : null;
  const rows = completeRows(input, {}, who, {entry: true}, strata ? [labels, strata] : [labels]);
  if (labels.levels.length < 2)
    throw new SurvivalInputError(`${who}: all patients are in one group, "${labels.levels[0]}"; a test needs two.`);
  const weight = weightOf(options, who);
  return {rows, labels, sums: strata ? overStrata(rows, labels, strata, weight) : logRankSums(rows, labels, weight)};
}

function overStrata(rows: CompleteRows, labels: LabelCodes, strata: LabelCodes, weight: LogRankWeight): LogRankSums {
  const parts = rowsByGroup(rows, strata).map((part) => logRankSums(part, labels, weight));
  const total = (column: keyof LogRankSums) =>
    parts[0][column].map((_, g) => parts.reduce((sum, part) => sum + part[column][g], 0));
  return {observed: total("observed"), expected: total("expected"), variance: total("variance")};
}

/** The log-rank test itself, without weights. */
export const isPlain = (options: LogRankOptions) => weightOf(options, "logRank").family === "log-rank";

function weightOf({rho = 0, gamma = 0, weight}: LogRankOptions, who: string): LogRankWeight {
  if (weight !== undefined) return {family: weight};
  if (!(rho >= 0 && gamma >= 0 && rho + gamma < Infinity))
    throw new SurvivalInputError(`${who}: rho and gamma must be ≥ 0, got ${rho} and ${gamma}.`);
  return rho === 0 && gamma === 0 ? {family: "log-rank"} : {family: "fleming-harrington", rho, gamma};
}

function unseparated(who: string): SurvivalInputError {
  return new SurvivalInputError(
    `${who}: no event happened while patients of two groups were at risk, so the groups cannot be compared.`
  );
}
