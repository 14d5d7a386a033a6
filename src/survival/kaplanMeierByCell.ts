import {cellTables, countPatients, takeLater} from "./cellTable.js";
import type {CellTable} from "./cellTable.js";
import {curveOfCounts} from "./kaplanMeier.js";
import type {KaplanMeier, KaplanMeierOptions} from "./kaplanMeier.js";
import type {PatientCells} from "./patientCells.js";
import type {Surv} from "./surv.js";

/**
 * Kaplan–Meier curves of all cells in one pass over a sorted cohort, without weights.
 *
 * @returns by cell; null where it has no patient
 * @see `kaplanMeierBy`, whose curves these are
 */
export function kaplanMeierByCell(
  surv: Surv,
  inCells: PatientCells,
  options: KaplanMeierOptions = {}
): (KaplanMeier | null)[] {
  const {cells} = inCells;
  const {n} = countPatients(surv, inCells);
  const end = new Uint32Array(cells);
  n.forEach((patients, c) => (end[c] = Math.min(patients, surv.distinctTime.length) + (c > 0 ? end[c - 1] : 0)));
  const size = cells > 0 ? end[cells - 1] : 0;
  const [time, atRisk, events, censored] = [0, 0, 0, 0].map(() => new Float64Array(size));
  const into = {now: new Int32Array(cells), first: end.slice(), time, atRisk, events, censored};
  let entering = surv.entryOrder?.length ?? 0;
  for (const table of cellTables(surv, inCells)) entering = addSteps(into, table, surv, inCells, entering);
  return Array.from(n, (patients, c) => {
    if (patients === 0) return null;
    const own = (column: Float64Array) => column.subarray(into.first[c], end[c]);
    const counts = {time: own(time), atRisk: own(atRisk), events: own(events), censored: own(censored)};
    return curveOfCounts(counts, patients, options);
  });
}

/** Columns of all cells, one cell after the other, each filled from its last time. */
interface Steps {
  /** By cell: at risk at the time reached, and the place of its step filled last. */
  readonly now: Int32Array;
  readonly first: Uint32Array;
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly censored: Float64Array;
}

/** @returns how many of those who came under observation later remain to be taken out */
function addSteps(
  {now, first, time, atRisk, events, censored}: Steps,
  {from, to, left, stride}: CellTable,
  surv: Surv,
  inCells: PatientCells,
  entering: number
): number {
  const {distinctTime} = surv;
  const cells = now.length;
  for (let s = to - 1; s >= from; s--) {
    if (entering > 0) entering = takeLater(surv, inCells, s, entering, now);
    for (let c = 0, at = 2 * (s - from) * stride; c < cells; c++, at++) {
      const both = left[at] + left[at + stride];
      if (both === 0) continue;
      now[c] += both;
      const j = --first[c];
      time[j] = distinctTime[s];
      atRisk[j] = now[c];
      censored[j] = left[at];
      events[j] = left[at + stride];
    }
  }
  return entering;
}
