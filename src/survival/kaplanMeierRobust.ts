import type {CompleteRows} from "./completeRows.js";
import type {TimeCounts} from "./kaplanMeier.js";

/**
 * Infinitesimal-jackknife variance of log S: Σᵢ wᵢ² Uᵢ(t)², Uᵢ the derivative of log S(t) by the weight of patient i.
 *
 * With A(t) = Σ d/(n (n − d)) up to t, a patient under observation from e to T has Uᵢ(t) = A(min(t, T)) − A(e), less
 * 1/(n − d) at T if T ≤ t is an event. Sums of w², w² A(e) and w² A(e)² over those still at risk make it O(n).
 *
 * @see R `survival::survfit(…, weights)` 3.5-3, which uses it when a weight is not a whole number
 */
export function robustVariance(
  {row, slot, entryRow, entrySlot, surv}: CompleteRows,
  weight: Float64Array,
  {atRisk, events}: TimeCounts
): Float64Array {
  const variance = new Float64Array(atRisk.length);
  const {event} = surv;
  const start = new Float64Array(surv.size); // A at entry, by row
  let [square, squareStart, squareStart2] = [0, 0, 0]; // over patients at risk
  if (!entryRow) for (const i of row) square += weight[i] ** 2;
  let left = 0; // Σ w² U² of patients no longer at risk
  let a = 0;
  for (let j = 0, k = 0, entered = 0; j < atRisk.length; j++) {
    const s = slot[k];
    while (entryRow && entrySlot && entered < entryRow.length && entrySlot[entered] <= s) {
      const i = entryRow[entered++];
      const w2 = weight[i] ** 2;
      start[i] = a;
      square += w2;
      squareStart += w2 * a;
      squareStart2 += w2 * a * a;
    }
    const [n, d] = [atRisk[j], events[j]];
    const rest = n - d;
    if (d > 0) a += d / (n * rest);
    for (; k < row.length && slot[k] === s; k++) {
      const i = row[k];
      const w2 = weight[i] ** 2;
      const from = start[i];
      const influence = a - from - (event[i] === 1 ? 1 / rest : 0);
      left += w2 * influence * influence;
      square -= w2;
      squareStart -= w2 * from;
      squareStart2 -= w2 * from * from;
    }
    variance[j] = left + Math.max(0, a * a * square - 2 * a * squareStart + squareStart2);
  }
  return variance;
}

/**
 * The same without left truncation, from sums of squared weights by time.
 *
 * @param dead - of those with the event; `censored` likewise
 */
export function varianceOfSums(
  {atRisk, events}: Pick<TimeCounts, "atRisk" | "events">,
  dead: Float64Array,
  censored: Float64Array
): Float64Array {
  const variance = new Float64Array(atRisk.length);
  let square = 0; // over patients at risk
  for (let j = 0; j < variance.length; j++) square += dead[j] + censored[j];
  let left = 0; // Σ w² U² of patients no longer at risk
  let a = 0;
  for (let j = 0; j < variance.length; j++) {
    const [n, d] = [atRisk[j], events[j]];
    const rest = n - d;
    if (d > 0) a += d / (n * rest);
    left += censored[j] * a * a;
    if (dead[j] > 0) left += dead[j] * (a - 1 / rest) ** 2;
    square -= dead[j] + censored[j];
    variance[j] = left + a * a * Math.max(0, square);
  }
  return variance;
}
