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
  /** Length `surv.size`. Default: every row. */
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
