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
  // How many conditions a patient fails, and which one last: who fails one alone is offered by that one.
  const failed = new Uint8Array(n);
  const failing = new Uint8Array(n);
  filters.forEach((filter, f) => {
    const passes = filterMask(cohort, filter);
    for (let i = 0; i < n; i++)
      if (passes[i] === 0) {
        if (failed[i] < 2) failed[i]++;
        failing[i] = f;
      }
  });
  for (let i = 0; i < n; i++) if (among[i] === 0) failed[i] = 2;
  return filters.map((_, f) => {
    const [offered, kept] = [new Uint32Array(sizes[f]), new Uint32Array(sizes[f])];
    const own = bins[f];
    for (let i = 0; i < n; i++) {
      const bin = own[i];
      if (bin === UNKNOWN || failed[i] > 1 || (failed[i] === 1 && failing[i] !== f)) continue;
      offered[bin]++;
      kept[bin] += 1 - failed[i];
    }
    return {offered, kept};
  });
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
