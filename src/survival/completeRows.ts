import {surv, SurvivalInputError} from "./surv.js";
import type {NumericColumn, Surv, SurvInput} from "./surv.js";

/** The rows a statistic can use: kept by the mask, follow-up and every named column present. */
export interface CompleteRows {
  readonly surv: Surv;
  /** Usable rows in ascending order of time; length n. */
  readonly row: Uint32Array;
  /** Aligned with `row`: index into `surv.distinctTime`. */
  readonly slot: Uint32Array;
  /** Rows asked for (the mask's, or all) but left out because a value is missing. */
  readonly missing: number;
}

/**
 * Rows on which time, event and all `columns` are present, in time order; the sort of a prepared cohort is reused.
 *
 * @param input - raw follow-up, or a prepared cohort with an optional row mask
 * @param columns - name → one value a row; NaN is missing
 * @param who - name of the statistic, for messages
 * @throws {SurvivalInputError} if a column's length differs, a value is infinite, no row is left, or the follow-up has
 *   left truncation or weights, which these statistics do not define
 */
export function completeRows(input: SurvInput, columns: Record<string, NumericColumn>, who: string): CompleteRows {
  const cohort = "surv" in input ? input.surv : surv(input);
  const mask = "surv" in input ? input.rows : undefined;
  refuseEntryAndWeight(cohort, who);
  if (mask && mask.length !== cohort.size)
    throw new SurvivalInputError(`${who}: rows has ${mask.length} values, the cohort has ${cohort.size} rows.`);
  for (const [name, column] of Object.entries(columns)) checkColumn(column, name, cohort.size, who);
  const row = new Uint32Array(cohort.order.length);
  const slot = new Uint32Array(cohort.order.length);
  const values = Object.values(columns);
  let n = 0;
  for (let k = 0; k < cohort.order.length; k++) {
    const i = cohort.order[k];
    if ((mask && !mask[i]) || values.some((column) => Number.isNaN(column[i]))) continue;
    row[n] = i;
    slot[n++] = cohort.slot[k];
  }
  if (n === 0)
    throw new SurvivalInputError(`${who}: no patient has follow-up and all values; nothing to compute from.`);
  const asked = mask ? mask.reduce((sum, keep) => sum + (keep ? 1 : 0), 0) : cohort.size;
  return {surv: cohort, row: row.slice(0, n), slot: slot.slice(0, n), missing: asked - n};
}

function refuseEntryAndWeight(cohort: Surv, who: string): void {
  if (cohort.entry)
    throw new SurvivalInputError(`${who}: left truncation (entry) is not defined for this statistic; leave entry out.`);
  if (cohort.weight)
    throw new SurvivalInputError(`${who}: case weights are not defined for this statistic; leave weight out.`);
}

function checkColumn(column: NumericColumn, name: string, size: number, who: string): void {
  if (column.length !== size)
    throw new SurvivalInputError(`${who}: ${name} has ${column.length} values, the follow-up has ${size} rows.`);
  for (let i = 0; i < size; i++)
    if (column[i] === Infinity || column[i] === -Infinity)
      throw new SurvivalInputError(
        `${who}: ${name}[${i}] is ${column[i]}; give a finite number, or NaN if missing.`,
        i
      );
}

/** Values of a column at the given rows, in their order. */
export function pick(column: NumericColumn, row: Uint32Array): Float64Array {
  const out = new Float64Array(row.length);
  for (let k = 0; k < row.length; k++) out[k] = column[row[k]];
  return out;
}

/** Number of distinct times ≤ t: with `slot`, row k is an event or censoring by t if `slot[k] < slotsUpTo(…)`. */
export function slotsUpTo(distinctTime: Float64Array, t: number): number {
  let low = 0;
  let high = distinctTime.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (distinctTime[mid] <= t) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Refuses predicted probabilities outside [0, 1], naming the row. */
export function checkProbability(risk: Float64Array, row: Uint32Array, name: string, who: string): void {
  const k = risk.findIndex((r) => r < 0 || r > 1);
  if (k >= 0)
    throw new SurvivalInputError(
      `${who}: ${name}[${row[k]}] is ${risk[k]}; a predicted probability of the event must lie between 0 and 1.`,
      row[k]
    );
}
