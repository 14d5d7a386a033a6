import {inParts} from "../numeric/inParts.js";
import type {CompleteRows} from "./completeRows.js";
import type {CoxDesign} from "./coxDesign.js";

/**
 * A Cox model's rows, laid out for the passes of the fit: stratum by stratum, each in ascending order of time. Covariates
 * are centred, which changes no coefficient and keeps exp(x′β) in range.
 */
export interface CoxData {
  readonly n: number;
  readonly p: number;
  /** Row of the cohort; length n. */
  readonly row: Uint32Array;
  /** Index of the distinct time; ascending within a stratum. */
  readonly slot: Uint32Array;
  readonly event: Uint8Array;
  /** Case weights, or null if all are 1. */
  readonly weight: Float64Array | null;
  /** n × p, row by row, centred. */
  readonly x: Float64Array;
  /** What was subtracted from each column. */
  readonly mean: Float64Array;
  /** By column: largest distance from the mean. */
  readonly largest: Float64Array;
  /** By column: 1 if it does not vary. */
  readonly constant: Uint8Array;
  /** Where each stratum begins; one more than the number of strata, the last is n. */
  readonly start: Uint32Array;
  /** With left truncation, per stratum (same bounds): positions by ascending entry, and the first slot at risk. */
  readonly entryAt: Uint32Array | null;
  readonly entrySlot: Uint32Array | null;
}

/** @param parts - the rows of each stratum */
export function coxData(parts: readonly CompleteRows[], design: CoxDesign): CoxData {
  const {surv} = parts[0];
  const n = parts.reduce((sum, part) => sum + part.row.length, 0);
  const p = design.columns.length;
  const start = new Uint32Array(parts.length + 1);
  const [row, slot] = [new Uint32Array(n), new Uint32Array(n)];
  parts.forEach((part, s) => {
    row.set(part.row, start[s]);
    slot.set(part.slot, start[s]);
    start[s + 1] = start[s] + part.row.length;
  });
  const event = new Uint8Array(n);
  for (let k = 0; k < n; k++) event[k] = surv.event[row[k]];
  const weight = surv.weight ? new Float64Array(n) : null;
  if (weight && surv.weight) for (let k = 0; k < n; k++) weight[k] = surv.weight[row[k]];
  return {
    n,
    p,
    row,
    slot,
    event,
    weight,
    start,
    ...centred(design, row, weight),
    ...entries(parts, start, surv.size, row)
  };
}

/** A column whose spread is below this share of its size does not vary: it is rounding. */
const CONSTANT = 1e-12;

function centred({columns}: CoxDesign, row: Uint32Array, weight: Float64Array | null) {
  const [n, p] = [row.length, columns.length];
  const x = new Float64Array(n * p);
  const [mean, size, largest] = [0, 0, 0].map(() => new Float64Array(p));
  const total = weight ? weight.reduce((sum, w) => sum + w, 0) : n;
  columns.forEach((column, j) => {
    const found = {sum: 0, size: 0};
    inParts(n, (from, to) => fillColumn(found, x, j, p, column, row, weight, from, to));
    mean[j] = found.sum / total;
    size[j] = found.size;
    inParts(n, (from, to) => (largest[j] = Math.max(largest[j], centreColumn(x, j, p, mean[j], from, to))));
  });
  const constant = Uint8Array.from(largest, (far, j) => (far > CONSTANT * size[j] ? 0 : 1));
  return {x, mean, largest, constant};
}

/** Puts a column's values into the rows of x, and adds up what they weigh and how large they are. */
function fillColumn(
  found: {sum: number; size: number},
  x: Float64Array,
  j: number,
  p: number,
  column: Float64Array,
  row: Uint32Array,
  weight: Float64Array | null,
  from: number,
  to: number
): void {
  let {sum, size} = found;
  for (let k = from, at = from * p + j; k < to; k++, at += p) {
    const value = column[row[k]];
    x[at] = value;
    sum += weight ? weight[k] * value : value;
    const far = Math.abs(value);
    if (far > size) size = far;
  }
  found.sum = sum;
  found.size = size;
}

/** @returns the largest distance from the mean */
function centreColumn(x: Float64Array, j: number, p: number, mean: number, from: number, to: number): number {
  let largest = 0;
  for (let k = from, at = from * p + j; k < to; k++, at += p) {
    const apart = x[at] - mean;
    x[at] = apart;
    const far = Math.abs(apart);
    if (far > largest) largest = far;
  }
  return largest;
}

/** Left truncation: positions of the rows by ascending entry, stratum by stratum. */
function entries(parts: readonly CompleteRows[], start: Uint32Array, size: number, row: Uint32Array) {
  if (!parts[0].entryRow) return {entryAt: null, entrySlot: null};
  const position = new Uint32Array(size);
  row.forEach((i, k) => (position[i] = k));
  const entryAt = new Uint32Array(row.length);
  const entrySlot = new Uint32Array(row.length);
  parts.forEach((part, s) => {
    part.entryRow!.forEach((i, k) => (entryAt[start[s] + k] = position[i]));
    entrySlot.set(part.entrySlot!, start[s]);
  });
  return {entryAt, entrySlot};
}
