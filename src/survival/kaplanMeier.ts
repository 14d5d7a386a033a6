import {normalQuantile} from "../numeric/distributions.js";
import {cellsOf, NO_CELL} from "./patientCells.js";
import type {PatientCells} from "./patientCells.js";
import {askedRows, completeRows, rowsByGroup} from "./completeRows.js";
import type {CompleteRows} from "./completeRows.js";
import {codeLabels} from "./labels.js";
import type {Level} from "./labels.js";
import type {GroupedInput} from "./logRank.js";
import {kaplanMeierByCell} from "./kaplanMeierByCell.js";
import {robustVariance} from "./kaplanMeierRobust.js";
import {SurvivalInputError} from "./surv.js";
import type {Surv, SurvInput} from "./surv.js";
import {survivalLimits} from "./survivalLimits.js";
import type {SurvivalInterval} from "./survivalLimits.js";

export type {SurvivalInterval};

export interface KaplanMeierOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default "log-log", as survminer's readers expect; R's own default is "log". */
  readonly interval?: SurvivalInterval;
}

/** A survival curve: columns of equal length, one row a distinct time, events and censorings alike, ascending. */
export interface KaplanMeier {
  readonly time: Float64Array;
  /** Patients (or their weight) at risk just before `time`. */
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly censored: Float64Array;
  readonly survival: Float64Array;
  /** Variance of log S: Greenwood's, with fractional weights the infinitesimal jackknife's. */
  readonly logVariance: Float64Array;
  /** Greenwood's SE of S (not of log S), NaN where S = 0; with fractional weights the infinitesimal jackknife's. */
  readonly standardError: Float64Array;
  /** NaN where S = 0, and on the log-log scale also where S = 1. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Nelson–Aalen. */
  readonly cumulativeHazard: Float64Array;
  /** Rows used, and rows left out because a value is missing. */
  readonly n: number;
  readonly missing: number;
  readonly confidence: number;
  readonly interval: SurvivalInterval;
  /** Whether some weight is no whole number, so that errors are the infinitesimal jackknife's. */
  readonly jackknife: boolean;
}

const who = "kaplanMeier";

/**
 * Kaplan–Meier estimate of survival.
 *
 * A censoring at the time of an event is still at risk; entry at the time of an event is not.
 *
 * @param input - follow-up, with left truncation and case weights where given
 * @throws {SurvivalInputError} if no row is complete or an option is out of range
 * @see R `survival::survfit(Surv(time, event) ~ 1, conf.type)` 3.5-3
 */
export function kaplanMeier(input: SurvInput, options: KaplanMeierOptions = {}): KaplanMeier {
  checkOptions(options);
  return curveOf(completeRows(input, {}, who, {entry: true, weight: true}), options);
}

/** One curve of a grouped estimate. */
export interface KaplanMeierGroup {
  readonly group: Level;
  readonly curve: KaplanMeier;
}

/** Curves by group; rows without a group are counted, not guessed. */
export interface GroupedKaplanMeier {
  readonly groups: readonly KaplanMeierGroup[];
  /** Levels asked for in which no patient is left. */
  readonly empty: readonly Level[];
  readonly n: number;
  readonly missing: number;
}

/**
 * Kaplan–Meier estimate in each group.
 *
 * @param input - follow-up and `group`, a label a row; `levels` sets the order of the groups
 * @see R `survival::survfit(Surv(time, event) ~ group)` 3.5-3
 */
export function kaplanMeierBy(
  input: SurvInput & Pick<GroupedInput, "group" | "levels" | "counted">,
  options: KaplanMeierOptions = {}
): GroupedKaplanMeier {
  checkOptions(options);
  if (input.counted && input.levels) {
    const {surv, asked} = askedRows(input, "kaplanMeierBy");
    return byCell(surv, input.counted.patients, asked, input.levels, options);
  }
  const size = "surv" in input ? input.surv.size : input.time.length;
  const {surv, mask, asked} = askedRows(input, "kaplanMeierBy");
  const labels = codeLabels(input.group, size, "kaplanMeierBy", "group", input.levels, mask);
  if (!surv.weight && labels.levels.length < NO_CELL) {
    const {code, levels} = labels;
    return byCell(surv, cellsOf(surv, mask, {code, size: levels.length}), asked, levels, options);
  }
  const rows = completeRows(mask ? {surv, rows: mask} : {surv}, {}, "kaplanMeierBy", {entry: true, weight: true}, [
    labels
  ]);
  const parts = rowsByGroup(rows, labels);
  const found = labels.levels.map((group, g) => ({group, part: parts[g]}));
  return {
    groups: found
      .filter(({part}) => part.row.length > 0)
      .map(({group, part}) => ({group, curve: curveOf({...part, missing: 0}, options)})),
    empty: found.filter(({part}) => part.row.length === 0).map(({group}) => group),
    n: rows.row.length,
    missing: rows.missing
  };
}

function byCell(
  surv: Surv,
  patients: PatientCells,
  asked: number,
  levels: readonly Level[],
  options: KaplanMeierOptions
): GroupedKaplanMeier {
  const curves = kaplanMeierByCell(surv, patients, options);
  const n = curves.reduce((sum, curve) => sum + (curve?.n ?? 0), 0);
  if (n === 0)
    throw new SurvivalInputError("kaplanMeierBy: no patient has follow-up and all values; nothing to compute from.");
  return {
    groups: levels.flatMap((group, g) => (curves[g] ? [{group, curve: curves[g]}] : [])),
    empty: levels.filter((_, g) => curves[g] === null),
    n,
    missing: asked - n
  };
}

function checkOptions({confidence = 0.95, interval = "log-log"}: KaplanMeierOptions): void {
  if (!(confidence > 0 && confidence < 1))
    throw new SurvivalInputError(`${who}: confidence must lie between 0 and 1, got ${confidence}; the usual is 0.95.`);
  if (!["log-log", "log", "plain"].includes(interval))
    throw new SurvivalInputError(`${who}: interval must be "log-log", "log" or "plain", got "${interval}".`);
}

function curveOf(rows: CompleteRows, options: KaplanMeierOptions): KaplanMeier {
  const counts = countByTime(rows);
  const {weight} = rows.surv;
  const fractional = weight !== null && rows.row.some((i) => weight[i] !== Math.floor(weight[i]));
  const robust = fractional ? robustVariance(rows, weight, counts) : null;
  return curveOfCounts(counts, rows.row.length, options, {robust, missing: rows.missing});
}

/**
 * The curve of counts. What only few readers need of every step is computed when first asked for.
 *
 * @param robust - variance of log S where weights are no whole numbers; null: Greenwood's
 */
export function curveOfCounts(
  counts: TimeCounts,
  n: number,
  {confidence = 0.95, interval = "log-log"}: KaplanMeierOptions,
  {robust = null, missing = 0}: {readonly robust?: Float64Array | null; readonly missing?: number} = {}
): KaplanMeier {
  const {atRisk, events} = counts;
  const jackknife = robust !== null;
  const survival = new Float64Array(atRisk.length);
  const logVariance = robust ?? new Float64Array(atRisk.length);
  let [s, v] = [1, 0];
  for (let j = 0; j < survival.length; j++) {
    const d = events[j];
    if (d > 0) {
      const n = atRisk[j];
      s *= 1 - d / n;
      v += d / (n * (n - d));
    }
    survival[j] = s;
    if (!jackknife) logVariance[j] = v;
  }
  let [standardError, cumulativeHazard, limits] = [null, null, null] as [
    Float64Array | null,
    Float64Array | null,
    {lower: Float64Array; upper: Float64Array} | null
  ];
  return {
    ...counts,
    survival,
    logVariance,
    get standardError() {
      return (standardError ??= survival.map((_, j) => standardErrorAt(this, j)));
    },
    get cumulativeHazard() {
      let h = 0;
      return (cumulativeHazard ??= events.map((d, j) => (d > 0 ? (h += d / atRisk[j]) : h)));
    },
    get lower() {
      return (limits ??= limitColumns(this)).lower;
    },
    get upper() {
      return (limits ??= limitColumns(this)).upper;
    },
    n,
    missing,
    confidence,
    interval,
    jackknife
  };
}

/** Of S at a step. */
export function standardErrorAt(
  {survival, logVariance, jackknife}: Pick<KaplanMeier, "survival" | "logVariance" | "jackknife">,
  step: number
): number {
  const s = survival[step];
  // R has no value for Greenwood's at S = 0, but 0 for the jackknife.
  if (s === 0) return jackknife ? 0 : NaN;
  return s * Math.sqrt(logVariance[step]);
}

/** Half the width of the pointwise interval of log S at a step. */
export function halfWidthsOf({logVariance, confidence}: KaplanMeier): (step: number) => number {
  const z = normalQuantile((1 + confidence) / 2);
  return (j) => z * Math.sqrt(logVariance[j]);
}

/** Pointwise limits of a step, as the curve's columns have them, without filling these. */
export function limitsOf(curve: KaplanMeier): (step: number) => [number, number] {
  const {survival, interval} = curve;
  const half = halfWidthsOf(curve);
  return (j) => survivalLimits(survival[j], half(j), interval);
}

function limitColumns(curve: KaplanMeier): {lower: Float64Array; upper: Float64Array} {
  const {survival, logVariance} = curve;
  const limits = limitsOf(curve);
  const [lower, upper] = [0, 0].map(() => new Float64Array(survival.length));
  for (let j = 0; j < survival.length; j++) {
    // Where nothing happened, nothing changed.
    const same = j > 0 && survival[j] === survival[j - 1] && logVariance[j] === logVariance[j - 1];
    [lower[j], upper[j]] = same ? [lower[j - 1], upper[j - 1]] : limits(j);
  }
  return {lower, upper};
}

/** Distinct times of the rows, with the weight at risk, of events and of censorings at each. */
export interface TimeCounts {
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly censored: Float64Array;
}

function countByTime({surv, row, slot, entryRow, entrySlot}: CompleteRows): TimeCounts {
  const {distinctTime, event, weight} = surv;
  let m = 0;
  for (let k = 0; k < slot.length; k++) if (k === 0 || slot[k] !== slot[k - 1]) m++;
  const [time, atRisk, events, censored] = [0, 0, 0, 0].map(() => new Float64Array(m));
  // From the last time back, so that the weight at risk is a sum of those still there and never a difference.
  let risk = 0;
  let entered = entryRow ? entryRow.length : 0;
  for (let k = row.length - 1, j = m - 1; j >= 0; j--) {
    const s = slot[k];
    time[j] = distinctTime[s];
    for (; k >= 0 && slot[k] === s; k--) {
      const w = weight ? weight[row[k]] : 1;
      risk += w;
      if (event[row[k]] === 1) events[j] += w;
      else censored[j] += w;
    }
    if (entryRow && entrySlot)
      for (; entered > 0 && entrySlot[entered - 1] > s; entered--) risk -= weight ? weight[entryRow[entered - 1]] : 1;
    atRisk[j] = risk;
  }
  return {time, atRisk, events, censored};
}
