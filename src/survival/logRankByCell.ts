import type {CellCounts} from "./cellCounts.js";
import type {Level} from "./labels.js";
import {testOfSums} from "./logRank.js";
import type {LogRank} from "./logRank.js";
import {SurvivalInputError} from "./surv.js";

/**
 * Log-rank test of groups from counts of cells, stratified where there are strata.
 *
 * @param counts - cell = group × strata + stratum
 * @param missing - rows left out
 * @throws {SurvivalInputError} as `logRank` does
 * @see `logRank`, whose test this is
 */
export function logRankByCell(counts: CellCounts, groups: readonly Level[], strata: number, missing: number): LogRank {
  const k = groups.length;
  if (k < 2) throw new SurvivalInputError(`logRank: all patients are in one group, "${groups[0]}"; a test needs two.`);
  const n = new Float64Array(k);
  const observed = new Float64Array(k);
  for (let c = 0; c < counts.cells; c++) {
    n[Math.floor(c / strata)] += counts.n[c];
    observed[Math.floor(c / strata)] += counts.events[c];
  }
  const {expected, variance} = sumsOf(counts, k, strata);
  return testOfSums({observed, expected, variance}, groups, n, missing, "logRank");
}

function sumsOf({cells, times, atRisk, deadCell, deadStart}: CellCounts, k: number, strata: number) {
  const expected = new Float64Array(k);
  const variance = new Float64Array(k * k);
  const died = new Uint32Array(strata);
  for (let t = 0; t < times; t++) {
    const at = t * cells;
    for (let e = deadStart[t]; e < deadStart[t + 1]; e++) died[deadCell[e] % strata]++;
    for (let e = deadStart[t]; e < deadStart[t + 1]; e++) {
      const s = deadCell[e] % strata;
      const d = died[s];
      if (d === 0) continue; // the stratum is done
      died[s] = 0;
      let n = 0;
      for (let g = 0; g < k; g++) n += atRisk[at + g * strata + s];
      const spread = n > 1 ? (d * (n - d)) / (n - 1) : 0; // one patient left cannot vary
      for (let g = 0; g < k; g++) {
        const share = atRisk[at + g * strata + s] / n;
        expected[g] += d * share;
        if (spread === 0 || share === 0) continue;
        variance[g * k + g] += spread * share;
        for (let h = 0; h < k; h++) variance[g * k + h] -= (spread * share * atRisk[at + h * strata + s]) / n;
      }
    }
  }
  return {expected, variance};
}
