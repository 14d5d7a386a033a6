import {inParts} from "../numeric/inParts.js";
import type {Cohort} from "./readCohort.js";
import {filterMask} from "./rowMask.js";
import type {Filter} from "./selection.js";

/** A filtered variable's patients by level or bin. */
export interface CrossCounts {
  /** Who passes all other filters: what a change of this one could choose from. */
  readonly offered: Uint32Array;
  /** Who passes this one as well. */
  readonly kept: Uint32Array;
}

/** By row: index of a level or bin, `UNKNOWN` where the value is missing. */
export type BinCodes = Uint8Array;
export const UNKNOWN = 255;

/**
 * Counts of every filtered variable under all other filters, as crossfilters have it, in one pass over the patients however
 * many filters there are.
 *
 * @param filters - of one list: all of them must hold
 * @param bins - of each filtered variable, in the order of the filters
 * @param sizes - number of levels or bins of each
 * @param among - mask of the patients who meet what else the selection asks for; nobody else is counted
 */
export function crossfilter(
  cohort: Cohort,
  filters: readonly Filter[],
  bins: readonly BinCodes[],
  sizes: readonly number[],
  among: Uint8Array
): CrossCounts[] {
  const {n} = cohort;
  const failing = new Uint8Array(n);
  inParts(n, (from, to) => begin(failing, among, from, to));
  filters.forEach((filter, f) => {
    const passes = filterMask(cohort, filter);
    // What becomes of a patient who fails this one, and of one who passes.
    const next = Uint8Array.from({length: 512}, (_, k) => (k >= 256 ? k - 256 : k === ALL_PASSED ? f : MORE));
    inParts(n, (from, to) => follow(failing, passes, next, from, to));
  });
  return filters.map((_, f) => {
    const sums = new Uint32Array(3 * 256);
    const place = Uint8Array.from({length: 256}, (_, k) => (k === ALL_PASSED ? KEPT : k === f ? OFFERED : LEFT_OUT));
    inParts(n, (from, to) => count(sums, bins[f], failing, place, from, to));
    const kept = sums.slice(KEPT * 256, KEPT * 256 + sizes[f]);
    return {kept, offered: kept.map((k, bin) => k + sums[OFFERED * 256 + bin])};
  });
}

// By patient: the one filter that fails, or one of these.
const ALL_PASSED = 254;
const MORE = 255;

// Which count a patient is in.
const [KEPT, OFFERED, LEFT_OUT] = [0, 1, 2];

function begin(failing: Uint8Array, among: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) failing[i] = among[i] === 0 ? MORE : ALL_PASSED;
}

function follow(failing: Uint8Array, passes: Uint8Array, next: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) failing[i] = next[256 * passes[i] + failing[i]];
}

function count(
  sums: Uint32Array,
  bins: BinCodes,
  failing: Uint8Array,
  place: Uint8Array,
  from: number,
  to: number
): void {
  for (let i = from; i < to; i++) sums[256 * place[failing[i]] + bins[i]]++;
}

/** Levels of a categorical variable as bins. */
export function levelBins(codes: Int32Array): BinCodes {
  return Uint8Array.from(codes, (code) => (code < 0 ? UNKNOWN : code));
}

/** Values between edges as bins: bin k holds [edge k, edge k + 1), the last its upper edge too. */
export function valueBins(values: Float64Array, edges: readonly number[]): BinCodes {
  const last = edges.length - 2;
  return Uint8Array.from(values, (value) => {
    if (!(value >= edges[0] && value <= edges[last + 1])) return UNKNOWN;
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (value >= edges[middle]) low = middle;
      else high = middle - 1;
    }
    return low;
  });
}
