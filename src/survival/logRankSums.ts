import type {CompleteRows} from "./completeRows.js";
import type {LabelCodes} from "./labels.js";

/** Weight of an event time. */
export type LogRankWeight =
  | {readonly family: "log-rank" | "gehan" | "tarone-ware" | "modified-peto"}
  | {readonly family: "fleming-harrington"; readonly rho: number; readonly gamma: number};

/** Weighted sums over event times: by group, and the k × k covariance of observed − expected. */
export interface LogRankSums {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly variance: Float64Array;
}

/**
 * One pass over the rows in time order.
 *
 * At a time with d events among n at risk, n_g of them in group g: expected d n_g / n, covariance
 * d (n − d) / (n − 1) · (n_g / n) (δ_gh − n_h / n).
 */
export function logRankSums(
  {surv, row, slot, entryRow, entrySlot}: CompleteRows,
  {code, levels}: LabelCodes,
  weight: LogRankWeight
): LogRankSums {
  const k = levels.length;
  const {event} = surv;
  const [observed, expected, atRisk, died] = [0, 0, 0, 0].map(() => new Float64Array(k));
  const variance = new Float64Array(k * k);
  let [n, entered] = [0, 0];
  const pooled = {survival: 1, modified: 1};
  if (!entryRow) for (let j = 0; j < row.length; j++, n++) atRisk[code[row[j]]]++;
  let end: number;
  for (let first = 0; first < row.length; first = end) {
    const s = slot[first];
    for (; entryRow && entrySlot && entered < entryRow.length && entrySlot[entered] <= s; entered++, n++)
      atRisk[code[entryRow[entered]]]++;
    let d = 0;
    for (end = first; end < row.length && slot[end] === s; end++) {
      if (event[row[end]] === 0) continue;
      died[code[row[end]]]++;
      d++;
    }
    if (d > 0) {
      pooled.modified *= 1 - d / (n + 1);
      const w = weightAt(weight, n, pooled.survival, pooled.modified);
      const spread = n > 1 ? (w * w * d * (n - d)) / (n - 1) : 0; // one patient left cannot vary
      for (let g = 0; g < k; g++) {
        const share = atRisk[g] / n;
        observed[g] += w * died[g];
        expected[g] += w * d * share;
        died[g] = 0;
        if (spread === 0 || share === 0) continue;
        variance[g * k + g] += spread * share;
        for (let h = 0; h < k; h++) variance[g * k + h] -= (spread * share * atRisk[h]) / n;
      }
      pooled.survival *= 1 - d / n;
    }
    for (let j = first; j < end; j++) atRisk[code[row[j]]]--;
    n -= end - first;
  }
  return {observed, expected, variance};
}

/** @param survival - pooled Kaplan–Meier just before the time */
function weightAt(weight: LogRankWeight, n: number, survival: number, modified: number): number {
  switch (weight.family) {
    case "log-rank":
      return 1;
    case "gehan":
      return n;
    case "tarone-ware":
      return Math.sqrt(n);
    case "modified-peto":
      return modified;
    case "fleming-harrington":
      return survival ** weight.rho * (1 - survival) ** weight.gamma;
  }
}
