import {surv, SurvivalInputError} from "./surv.js";
import type {NumericColumn, Surv, SurvInput} from "./surv.js";
import type {LabelCodes} from "./labels.js";

/** The rows a statistic can use: kept by the mask, follow-up and every named column present. */
export interface CompleteRows {
  readonly surv: Surv;
  /** Usable rows in ascending order of time; length n. */
  readonly row: Uint32Array;
  /** Aligned with `row`: index into `surv.distinctTime`. */
  readonly slot: Uint32Array;
  /** With left truncation, the same rows in ascending order of entry; else null. */
  readonly entryRow: Uint32Array | null;
  /** Aligned with `entryRow`: first slot at which the row is at risk. */
  readonly entrySlot: Uint32Array | null;
  /** Rows asked for (the mask's, or all) but left out because a value is missing. */
  readonly missing: number;
}

/** What a statistic can take besides time and event; the rest is refused with a sentence. */
export interface Accepts {
  readonly entry?: boolean;
  readonly weight?: boolean;
}

/**
 * Rows on which time, event and all `columns` are present, in time order; the sort of a prepared cohort is reused.
 *
 * @param input - raw follow-up, or a prepared cohort with an optional row mask
 * @param columns - name → one value a row; NaN is missing
 * @param who - name of the statistic, for messages
 * @param labels - coded labels; −1 is missing
 * @throws {SurvivalInputError} if a column's length differs, a value is infinite, no row is left, or the follow-up has
 *   left truncation or weights that the statistic does not accept
 */
export function completeRows(
  input: SurvInput,
  columns: Record<string, NumericColumn>,
  who: string,
  accepts: Accepts = {},
  labels: readonly LabelCodes[] = []
): CompleteRows {
  const {surv: cohort, mask, asked} = askedRows(input, who);
  refuseEntryAndWeight(cohort, accepts, who);
  for (const [name, column] of Object.entries(columns)) checkColumn(column, name, cohort.size, who);
  const keep = keptRows(cohort.size, mask, Object.values(columns), labels);
  const [row, slot] = keep ? filtered(cohort.order, cohort.slot, keep) : [cohort.order, cohort.slot];
  if (row.length === 0)
    throw new SurvivalInputError(`${who}: no patient has follow-up and all values; nothing to compute from.`);
  const {entryOrder, entrySlot} = cohort;
  const entered =
    keep && entryOrder && entrySlot ? filtered(entryOrder, entrySlot, keep) : ([entryOrder, entrySlot] as const);
  return {surv: cohort, row, slot, entryRow: entered[0], entrySlot: entered[1], missing: asked - row.length};
}

/** The prepared cohort behind an input, its mask, and how many rows were asked for. */
export function askedRows(input: SurvInput, who: string): {surv: Surv; mask: Uint8Array | null; asked: number} {
  if (!("surv" in input)) return {surv: surv(input), mask: null, asked: input.time.length};
  const mask = input.rows ?? null;
  if (mask && mask.length !== input.surv.size)
    throw new SurvivalInputError(`${who}: rows has ${mask.length} values, the cohort has ${input.surv.size} rows.`);
  let asked = input.surv.size;
  if (mask) {
    asked = 0;
    for (let i = 0; i < mask.length; i++) if (mask[i]) asked++;
  }
  return {surv: input.surv, mask, asked};
}

/** By row 1 or 0, or null if every row is kept: the usual case, which needs no copy of the order. */
function keptRows(
  size: number,
  mask: Uint8Array | null,
  columns: readonly NumericColumn[],
  labels: readonly LabelCodes[]
): Uint8Array | null {
  let keep = mask && mask.slice(); // a copy: what is missing is struck out in it
  for (const column of columns)
    for (let i = 0; i < size; i++) if (column[i] !== column[i]) (keep ??= new Uint8Array(size).fill(1))[i] = 0;
  for (const {code} of labels)
    for (let i = 0; i < size; i++) if (code[i] < 0) (keep ??= new Uint8Array(size).fill(1))[i] = 0;
  return keep;
}

function filtered(order: Uint32Array, slot: Uint32Array, keep: Uint8Array): [Uint32Array, Uint32Array] {
  const row = new Uint32Array(order.length);
  const at = new Uint32Array(order.length);
  let n = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    if (keep[i] === 0) continue;
    row[n] = i;
    at[n++] = slot[k];
  }
  return [row.subarray(0, n), at.subarray(0, n)];
}

/** The rows of each group, each still in time order. */
export function rowsByGroup(rows: CompleteRows, {code, levels}: LabelCodes): CompleteRows[] {
  const times = split(rows.row, rows.slot, code, levels.length);
  const entries = rows.entryRow && rows.entrySlot ? split(rows.entryRow, rows.entrySlot, code, levels.length) : null;
  return times.map(([row, slot], g) => ({
    ...rows,
    row,
    slot,
    entryRow: entries?.[g][0] ?? null,
    entrySlot: entries?.[g][1] ?? null
  }));
}

function split(row: Uint32Array, slot: Uint32Array, code: Int32Array, groups: number): [Uint32Array, Uint32Array][] {
  const size = new Uint32Array(groups);
  for (let k = 0; k < row.length; k++) size[code[row[k]]]++;
  const parts = Array.from(size, (n): [Uint32Array, Uint32Array] => [new Uint32Array(n), new Uint32Array(n)]);
  size.fill(0);
  for (let k = 0; k < row.length; k++) {
    const g = code[row[k]];
    const at = size[g]++;
    parts[g][0][at] = row[k];
    parts[g][1][at] = slot[k];
  }
  return parts;
}

function refuseEntryAndWeight(cohort: Surv, {entry = false, weight = false}: Accepts, who: string): void {
  if (cohort.entry && !entry)
    throw new SurvivalInputError(`${who}: left truncation (entry) is not defined for this statistic; leave entry out.`);
  if (cohort.weight && !weight)
    throw new SurvivalInputError(`${who}: case weights are not defined for this statistic; leave weight out.`);
}

/** Refuses a column of another length, or with an infinite value. */
export function checkColumn(column: NumericColumn, name: string, size: number, who: string): void {
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
export function pick(column: NumericColumn | Uint8Array, row: Uint32Array): Float64Array {
  const out = new Float64Array(row.length);
  for (let k = 0; k < row.length; k++) out[k] = column[row[k]];
  return out;
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
