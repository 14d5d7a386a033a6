import {NO_CELL, countPatients, sortedEvents} from "./cellCounts.js";
import {curveOfCounts} from "./kaplanMeier.js";
import type {KaplanMeier, KaplanMeierOptions} from "./kaplanMeier.js";
import type {Surv} from "./surv.js";

/**
 * Kaplan–Meier curves of all cells in one pass over a sorted cohort, without weights.
 *
 * @param cell - by row: 0 … cells − 1, or `NO_CELL`, as `cellsOf` makes it
 * @returns by cell; null where it has no patient
 * @see `kaplanMeierBy`, whose curves these are
 */
export function kaplanMeierByCell(
  surv: Surv,
  cell: Uint8Array,
  cells: number,
  options: KaplanMeierOptions = {}
): (KaplanMeier | null)[] {
  const {order, slot, distinctTime, entryOrder, entrySlot} = surv;
  const {event} = sortedEvents(surv);
  const {n} = countPatients(surv, cell, cells);
  // Where each cell's distinct times end; at most one a patient, filled from the last.
  const end = new Uint32Array(cells);
  n.forEach((patients, c) => (end[c] = patients + (c > 0 ? end[c - 1] : 0)));
  const at = end.slice();
  const size = cells > 0 ? end[cells - 1] : 0;
  const [time, atRisk, events, censored] = [0, 0, 0, 0].map(() => new Float64Array(size));
  const last = new Int32Array(cells).fill(-1);
  const now = new Uint32Array(256);
  let leaving = entryOrder?.length ?? 0;
  for (let k = order.length - 1; k >= 0; k--) {
    const c = cell[order[k]];
    const s = slot[k];
    while (entryOrder && entrySlot && leaving > 0 && entrySlot[leaving - 1] > s) now[cell[entryOrder[--leaving]]]--;
    if (c === NO_CELL) continue;
    if (last[c] !== s) {
      last[c] = s;
      time[--at[c]] = distinctTime[s];
    }
    const j = at[c];
    atRisk[j] = ++now[c];
    if (event[k] === 1) events[j]++;
    else censored[j]++;
  }
  return Array.from(n, (patients, c) => {
    if (patients === 0) return null;
    const own = (column: Float64Array) => column.subarray(at[c], end[c]);
    const counts = {time: own(time), atRisk: own(atRisk), events: own(events), censored: own(censored)};
    return curveOfCounts(counts, patients, options);
  });
}
