import {inParts} from "../numeric/inParts.js";
import {NO_ARM} from "./scoreTable.js";
import type {ArmsAndScores} from "./scoreTable.js";
import {addRow} from "./weightedProducts.js";

/**
 * Patients of two arms, each arm in order of time, the untreated one first, with K columns that say how the hazard changes
 * within each. Log hazards are θ'z, z being the K columns in the untreated arm and, in the treated one, 1 and the K columns:
 * 2K + 1 in all, of which a patient has half.
 */
export interface ArmData {
  readonly columns: number;
  /** Values a patient has in `x`: 1, the K columns, and zeros up to a multiple of four. */
  readonly stride: number;
  /** By patient: index into the cohort's distinct times, ascending within each arm. */
  readonly slot: Uint32Array;
  readonly event: Uint8Array;
  /** Patients of the untreated arm. */
  readonly untreated: number;
  /** By distinct time: number of events. */
  readonly deaths: Uint32Array;
  readonly events: number;
  /** n × stride, columns centred. */
  readonly x: Float64Array;
  /** What was subtracted from each column; by value of `x` the largest size. */
  readonly mean: Float64Array;
  readonly largest: Float64Array;
  /** 2 × stride: Σ x of the events, [untreated, treated]. */
  readonly died: Float64Array;
}

/** @param basis - K columns at some scores */
export function armData(
  {surv, arm, score}: ArmsAndScores,
  basis: (scores: Float64Array) => readonly Float64Array[]
): ArmData {
  const {order, slot, event, distinctTime} = surv;
  const sizes = new Uint32Array(NO_ARM + 1);
  for (let k = 0; k < order.length; k++) sizes[arm[order[k]]]++;
  const [untreated, treated] = sizes;
  const n = untreated + treated;
  const scores = new Float64Array(n);
  const followUp = {slot: new Uint32Array(n), event: new Uint8Array(n), deaths: new Uint32Array(distinctTime.length)};
  const next = Int32Array.of(0, untreated);
  inParts(order.length, (from, to) => {
    for (let k = from; k < to; k++) {
      const i = order[k];
      if (arm[i] === NO_ARM) continue;
      const u = next[arm[i]]++;
      scores[u] = score[i];
      followUp.slot[u] = slot[k];
      followUp.event[u] = event[i];
      followUp.deaths[slot[k]] += event[i];
    }
  });
  const {event: own} = followUp;
  const events = own.reduce((sum, e) => sum + e, 0);
  const columns = basis(scores);
  const mean = Float64Array.from(columns, meanOf);
  const stride = 4 * Math.ceil((columns.length + 1) / 4);
  const x = new Float64Array(n * stride);
  for (let u = 0; u < n; u++) x[u * stride] = 1;
  columns.forEach((column, j) => inParts(n, (from, to) => addColumn(x, column, mean[j], stride, 1 + j, from, to)));
  const died = new Float64Array(2 * stride);
  for (let u = 0; u < n; u++) if (own[u] === 1) addRow(died, u < untreated ? 0 : stride, x, u * stride, stride, 1);
  return {
    columns: columns.length,
    stride,
    ...followUp,
    untreated,
    events,
    x,
    mean,
    largest: largestOf(x, stride),
    died
  };
}

function addColumn(
  x: Float64Array,
  column: Float64Array,
  mean: number,
  stride: number,
  j: number,
  from: number,
  to: number
): void {
  for (let u = from; u < to; u++) x[u * stride + j] = column[u] - mean;
}

function meanOf(column: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < column.length; k++) sum += column[k];
  return sum / column.length;
}

/** Of each column of `x` the largest size. */
export function largestOf(x: Float64Array, stride: number): Float64Array {
  const largest = new Float64Array(stride);
  inParts(x.length / stride, (from, to) => addLargest(largest, x, from * stride, to * stride));
  return largest;
}

function addLargest(largest: Float64Array, x: Float64Array, from: number, to: number): void {
  const stride = largest.length;
  for (let at = from; at < to; at += stride)
    for (let j = 0; j < stride; j++) {
      const size = Math.abs(x[at + j]);
      if (size > largest[j]) largest[j] = size;
    }
}
