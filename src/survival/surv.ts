import {radixOrder} from "../numeric/radixOrder.js";

/**
 * The one gate through which follow-up enters the statistics.
 *
 * `surv()` validates the columns, drops and counts rows with a missing value, sorts once and groups tied times. Every
 * statistic accepts either raw columns (it then calls `surv()` itself) or a prepared `Surv` with an optional row mask:
 * re-stratifying or filtering a cohort never sorts again.
 */

/** A numeric column, one value a row. NaN marks a missing value. */
export type NumericColumn = Float64Array | readonly number[];

/** An event indicator, one value a row: 1 the event happened, 0 censored, NaN (number[] only) missing. */
export type EventColumn = Uint8Array | readonly number[];

/** Follow-up of n patients as aligned columns. */
export interface FollowUp {
  /** Length n. Time at the event or at censoring, ≥ 0, in any one unit. */
  readonly time: NumericColumn;
  /** Length n. 1 if the event happened at `time`, 0 if follow-up was censored there. */
  readonly event: EventColumn;
  /** Length n. Left truncation: a patient is at risk on (entry, time]. Default: everyone enters before time 0. */
  readonly entry?: NumericColumn;
  /** Length n. Case weights ≥ 0. Default: 1. */
  readonly weight?: NumericColumn;
}

/** Validated follow-up with its sort order. Make one with `surv()`; share it between statistics and subsets. */
export interface Surv {
  /** Number of rows given, missing ones included: the length of every by-row column below. */
  readonly size: number;
  /** Number of rows left out because time, event, entry or weight is missing. */
  readonly missing: number;
  /** By row, as given. */
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly entry: Float64Array | null;
  readonly weight: Float64Array | null;
  /** Rows without missing values in ascending order of time (after `timefix`); length size − missing. */
  readonly order: Uint32Array;
  /** Aligned with `order`: index into `distinctTime`. Ascending. */
  readonly slot: Uint32Array;
  /** Distinct times, ascending, nearly equal ones merged as R's `timefix` does. */
  readonly distinctTime: Float64Array;
  /** The same rows in ascending order of entry, or null without left truncation. */
  readonly entryOrder: Uint32Array | null;
  /** Aligned with `entryOrder`: number of distinct times ≤ entry, i.e. the first slot at which the row is at risk. */
  readonly entrySlot: Uint32Array | null;
}

/** A prepared cohort, or part of it: `rows[i] = 1` keeps row i. A statistic sees only rows kept. */
export interface SurvSubset {
  readonly surv: Surv;
  /** Length `surv.size`. Default: every row. Not changed from now on: what follows from it is kept with it. */
  readonly rows?: Uint8Array;
}

/** What every statistic takes: raw columns, or a prepared cohort with an optional row mask. */
export type SurvInput = FollowUp | SurvSubset;

/** Input that no statistic can be computed from. The message names the argument, the row (from 0) and the value. */
export class SurvivalInputError extends RangeError {
  override name = "SurvivalInputError";
  constructor(
    message: string,
    /** Row of the offending value, from 0, where one row is to blame. */
    readonly row?: number
  ) {
    super(message);
  }
}

/** Nearly equal times are one time: R's `timefix` tolerance, √(machine epsilon). */
const TIME_TOLERANCE = Math.sqrt(Number.EPSILON);

/**
 * Validates follow-up, counts rows with a missing value, sorts once and merges nearly equal times.
 *
 * @param followUp - n rows in any order; NaN marks a missing value
 * @throws {SurvivalInputError} if lengths differ, a time is negative or infinite, an event is neither 0 nor 1, an entry
 *   is not before its time, or a weight is negative
 * @see R `survival::Surv` and `aeqSurv` 3.5-3. Unlike R, negative times are refused.
 */
export function surv(followUp: FollowUp): Surv {
  const size = followUp.time.length;
  for (const name of ["event", "entry", "weight"] as const) {
    const column = followUp[name];
    if (column && column.length !== size)
      throw new SurvivalInputError(`surv: ${name} has ${column.length} values, time has ${size}; give one a row.`);
  }
  const time = numberColumn(followUp.time);
  const entry = followUp.entry ? numberColumn(followUp.entry) : null;
  const weight = followUp.weight ? numberColumn(followUp.weight) : null;
  const complete = completeFollowUp(time, followUp.event, entry, weight);
  const event = followUp.event instanceof Uint8Array ? followUp.event : Uint8Array.from(followUp.event);
  const order = radixOrder(time, complete);
  const entryOrder = entry ? radixOrder(entry, complete) : null;
  const slots = entry && entryOrder ? slotsWithEntry(time, order, entry, entryOrder) : slotsOf(time, order);
  return {size, missing: size - order.length, time, event, entry, weight, order, entryOrder, ...slots};
}

function numberColumn(column: NumericColumn): Float64Array {
  return column instanceof Float64Array ? column : Float64Array.from(column);
}

/** Rows without a missing value, in the order given, each checked. */
function completeFollowUp(
  time: Float64Array,
  event: EventColumn,
  entry: Float64Array | null,
  weight: Float64Array | null
): Uint32Array {
  const rows = new Uint32Array(time.length);
  let n = 0;
  for (let i = 0; i < time.length; i++) {
    const t = time[i];
    const e = event[i];
    if (t < 0 || t === Infinity)
      throw new SurvivalInputError(`surv: time[${i}] is ${t}; follow-up must be a finite number ≥ 0.`, i);
    if (e !== 0 && e !== 1 && !Number.isNaN(e))
      throw new SurvivalInputError(
        `surv: event[${i}] is ${e}; use 1 for the event, 0 for censored, NaN if missing.`,
        i
      );
    if (entry) checkEntry(entry[i], t, i);
    if (weight && (weight[i] < 0 || weight[i] === Infinity))
      throw new SurvivalInputError(`surv: weight[${i}] is ${weight[i]}; weights must be finite and ≥ 0.`, i);
    const missing = t !== t || e !== e || (entry && entry[i] !== entry[i]) || (weight && weight[i] !== weight[i]);
    if (!missing) rows[n++] = i;
  }
  return rows.slice(0, n);
}

function checkEntry(entry: number, time: number, row: number): void {
  if (entry === Infinity || entry < 0)
    throw new SurvivalInputError(`surv: entry[${row}] is ${entry}; entry must be a finite number ≥ 0.`, row);
  if (entry >= time)
    throw new SurvivalInputError(`surv: entry[${row}] is ${entry}, not before time[${row}] = ${time}.`, row);
}

type Slots = Pick<Surv, "slot" | "distinctTime" | "entrySlot">;

/** Index of each sorted row's distinct time; a gap within the tolerance does not start a new one. */
function slotsOf(time: Float64Array, order: Uint32Array): Slots {
  const n = order.length;
  const slot = new Uint32Array(n);
  const distinct = new Float64Array(n);
  const scale = meanDistinct(time, order);
  let slots = 0;
  for (let k = 0; k < n; k++) {
    const t = time[order[k]];
    const gap = k === 0 ? Infinity : t - time[order[k - 1]];
    if (gap > TIME_TOLERANCE && gap > TIME_TOLERANCE * scale) distinct[slots++] = t;
    slot[k] = slots - 1;
  }
  return {slot, distinctTime: distinct.slice(0, slots), entrySlot: null};
}

function meanDistinct(time: Float64Array, order: Uint32Array): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < order.length; k++) {
    const t = time[order[k]];
    if (k > 0 && t === time[order[k - 1]]) continue;
    sum += t;
    count++;
  }
  return sum / count;
}

/** As `slotsOf`, with entries and times merged on one axis, as R does for start–stop data. */
function slotsWithEntry(time: Float64Array, order: Uint32Array, entry: Float64Array, entryOrder: Uint32Array): Slots {
  const n = order.length;
  const all = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    all[k] = time[order[k]];
    all[n + k] = entry[order[k]];
  }
  all.sort();
  const cut = mergedTimes(all);
  const slot = new Uint32Array(n);
  const distinct = new Float64Array(n);
  const entrySlot = new Uint32Array(n);
  let slots = 0;
  let entered = 0;
  for (let c = 0, k = 0; c < cut.length; c++) {
    const next = c + 1 < cut.length ? cut[c + 1] : Infinity;
    if (k < n && time[order[k]] < next) distinct[slots++] = cut[c];
    for (; k < n && time[order[k]] < next; k++) slot[k] = slots - 1;
    // Entry at a time is after what happens at that time: at risk from the next slot on.
    for (; entered < n && entry[entryOrder[entered]] < next; entered++) {
      const i = entryOrder[entered];
      entrySlot[entered] = slots;
      if (time[i] < next) throw emptyInterval(i, entry, time);
    }
  }
  return {slot, distinctTime: distinct.slice(0, slots), entrySlot};
}

function mergedTimes(ascending: Float64Array): Float64Array {
  const distinct = ascending.filter((t, k) => k === 0 || t !== ascending[k - 1]);
  const scale = distinct.reduce((sum, t) => sum + t, 0) / distinct.length;
  return distinct.filter((t, k) => {
    const gap = k === 0 ? Infinity : t - distinct[k - 1];
    return gap > TIME_TOLERANCE && gap > TIME_TOLERANCE * scale;
  });
}

function emptyInterval(row: number, entry: Float64Array, time: Float64Array): SurvivalInputError {
  return new SurvivalInputError(
    `surv: entry[${row}] = ${entry[row]} and time[${row}] = ${time[row]} are equal within the tolerance of nearly equal times; leave the row out.`,
    row
  );
}
