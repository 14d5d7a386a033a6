import {inParts} from "../numeric/inParts.js";
import type {Cohort} from "./readCohort.js";
import {both, filterMask} from "./rowMask.js";
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
 * Counts of every filtered variable under all other filters, as crossfilters have it: a pass over the patients a filter.
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
  const passes = filters.map((filter) => filterMask(cohort, filter));
  return filters.map((_, f) => {
    const others = passes.reduce((mask, other, o) => (o === f ? mask : both(mask, other)), among);
    // By bin those who fail another filter, those who fail this one only, and those who pass.
    const sums = new Uint32Array(3 * 256);
    inParts(cohort.n, (from, to) => count(sums, bins[f], others, passes[f], from, to));
    const [offered, kept] = [sums.slice(256, 256 + sizes[f]), sums.slice(512, 512 + sizes[f])];
    return {kept, offered: offered.map((failing, bin) => failing + kept[bin])};
  });
}

/** By a look-up and no branch, which a processor cannot guess. */
function count(sums: Uint32Array, bins: BinCodes, others: Uint8Array, own: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) sums[(others[i] << (8 + own[i])) + bins[i]]++;
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
