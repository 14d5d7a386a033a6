/**
 * Two-group log-rank χ² at every cut of a marker, in O(n log n) for all cuts together.
 *
 * Patients move from the high to the low group in ascending order of the marker. Observed minus expected is a running
 * sum of martingale residuals. The hypergeometric variance is Σ c(t) n₁(t) (n(t) − n₁(t)) over event times with
 * c = d (n − d) / (n² (n − 1)); one patient more changes it by a sum over the times up to theirs, which a Fenwick tree
 * over the times keeps.
 *
 * @param event - length n, by ascending time; 1 event
 * @param slot - length n, ascending; equal for tied times, < slots
 * @param slots - number of distinct times
 * @param moving - length n: positions (into event and slot) by ascending marker
 * @param cutAfter - ascending; a cut is made after that many patients have moved (1 … n − 1)
 * @returns χ² on 1 df for each cut; NaN where no event time has both groups at risk
 * @see R `survival::survdiff(Surv(time, event) ~ (marker > cut))$chisq`
 */
export function logRankScan(
  event: Uint8Array,
  slot: Uint32Array,
  slots: number,
  moving: Uint32Array,
  cutAfter: Uint32Array
): Float64Array {
  const {hazard, spread, alone} = cumulate(event, slot, slots);
  const count = new Float64Array(slots + 1); // patients moved, by slot
  const weight = new Float64Array(slots + 1); // Σ spread of patients moved, by slot
  const chiSquare = new Float64Array(cutAfter.length);
  let excess = 0;
  let variance = 0;
  let moved = 0;
  for (let c = 0; c < cutAfter.length; c++) {
    for (; moved < cutAfter[c]; moved++) {
      const k = moving[moved];
      const s = slot[k];
      const earlierOrEqual = prefix(count, s);
      const shared = prefix(weight, s) + spread[s] * (moved - earlierOrEqual);
      variance += alone[s] - 2 * shared;
      excess += event[k] - hazard[s];
      add(count, s, 1);
      add(weight, s, spread[s]);
    }
    chiSquare[c] = variance > 1e-12 * alone[slots - 1] ? (excess * excess) / variance : NaN;
  }
  return chiSquare;
}

/** Running sums over distinct times: hazard d/n, spread c(t), and alone c(t)(n − 1), the variance one patient brings. */
function cumulate(event: Uint8Array, slot: Uint32Array, slots: number) {
  const hazard = new Float64Array(slots);
  const spread = new Float64Array(slots);
  const alone = new Float64Array(slots);
  let [h, c, a] = [0, 0, 0];
  for (let s = 0, k = 0; s < slots; s++) {
    const atRisk = event.length - k;
    let deaths = 0;
    while (k < event.length && slot[k] === s) deaths += event[k++];
    if (atRisk > 0) h += deaths / atRisk;
    const at = atRisk > 1 ? (deaths * (atRisk - deaths)) / (atRisk * atRisk * (atRisk - 1)) : 0;
    c += at;
    a += at * (atRisk - 1);
    [hazard[s], spread[s], alone[s]] = [h, c, a];
  }
  return {hazard, spread, alone};
}

function add(tree: Float64Array, slot: number, value: number): void {
  for (let i = slot + 1; i < tree.length; i += i & -i) tree[i] += value;
}

function prefix(tree: Float64Array, slot: number): number {
  let sum = 0;
  for (let i = slot + 1; i > 0; i -= i & -i) sum += tree[i];
  return sum;
}
