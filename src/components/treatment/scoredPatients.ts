import {bisectLeft, bisectRight} from "d3";
import {inParts} from "../../numeric/inParts.js";
import {keptAscending, keptOrder, keptQuantiles} from "../../numeric/keptOrder.js";

/** Untreated and treated patients with their scores, by row of the cohort: there may be a million. */
export interface ScoredPatients {
  /** NaN where a patient has none. */
  readonly score: Float64Array;
  /** 0 untreated, 1 treated, `NEITHER` those who are not selected or of neither group. */
  readonly group: Uint8Array;
}

const NEITHER = 2;

/** @param code - by row 0 untreated, 1 treated, NaN neither */
export function scoredPatients(score: Float64Array, rows: Uint8Array, code: Float64Array): ScoredPatients {
  const group = new Uint8Array(rows.length);
  inParts(rows.length, (from, to) => addGroups(group, rows, code, from, to));
  return {score, group};
}

function addGroups(group: Uint8Array, rows: Uint8Array, code: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const own = code[i];
    group[i] = rows[i] === 1 && own >= 0 ? own : NEITHER;
  }
}

/** Quantiles of the scores of both groups together. */
export function scoreQuantiles({score, group}: ScoredPatients, shares: readonly number[]): number[] {
  const either = new Uint8Array(group.length);
  inParts(group.length, (from, to) => addEither(either, group, from, to));
  return keptQuantiles(score, either, shares);
}

function addEither(either: Uint8Array, group: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) either[i] = group[i] === NEITHER ? 0 : 1;
}

/** Rows between two scores, these included, of ascending score. */
function between({score}: ScoredPatients, low: number, high: number) {
  const ascending = keptAscending(score);
  const [from, to] = [bisectLeft(ascending, low), bisectRight(ascending, high)];
  return {order: keptOrder(score).subarray(from, to), score: ascending.subarray(from, to)};
}

/** Patients of a group, lowest score first. */
export interface GroupScores {
  /** In the cohort. */
  readonly row: Uint32Array;
  readonly score: Float64Array;
}

/** Patients of [untreated, treated] between two scores, lowest first: all of them, or at most so many, thinned evenly. */
export function scoresBetween(
  patients: ScoredPatients,
  low: number,
  high: number,
  most = Infinity
): readonly GroupScores[] {
  const {order, score} = between(patients, low, high);
  const counts = new Uint32Array(3);
  inParts(order.length, (from, to) => count(counts, order, patients.group, from, to));
  return [0, 1].map((g) => {
    const step = Math.max(1, Math.ceil(counts[g] / most));
    const n = Math.ceil(counts[g] / step);
    const [row, own] = [new Uint32Array(n), new Float64Array(n)];
    for (let k = 0, seen = 0, into = 0; k < order.length; k++) {
      if (patients.group[order[k]] !== g || seen++ % step > 0) continue;
      row[into] = order[k];
      own[into++] = score[k];
    }
    return {row, score: own};
  });
}

function count(counts: Uint32Array, order: Uint32Array, group: Uint8Array, from: number, to: number): void {
  for (let k = from; k < to; k++) counts[group[order[k]]]++;
}
