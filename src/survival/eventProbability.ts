import {countUpTo} from "../numeric/countUpTo.js";

/** Where a horizon lies among distinct times. */
export interface Horizon {
  /** Number of distinct times < horizon: a patient at this slot or later is followed up to the horizon. */
  readonly before: number;
  /** Number of distinct times ≤ horizon. */
  readonly by: number;
}

/** Where a horizon lies among ascending distinct times. */
export function locateHorizon(distinctTime: Float64Array, horizon: number): Horizon {
  const by = countUpTo(distinctTime, horizon);
  return {by, before: by > 0 && distinctTime[by - 1] === horizon ? by - 1 : by};
}

/**
 * 1 − Kaplan–Meier at a horizon of a presorted cohort: no array is made.
 *
 * @param event - length n, by ascending time; 1 event
 * @param slot - length n, ascending; equal for tied times
 * @returns the probability; NaN if there is nobody, or if follow-up ends before the horizon with patients event-free
 */
export function eventProbability(event: Uint8Array, slot: Uint32Array, horizon: Horizon): number {
  let atRisk = event.length;
  if (atRisk === 0) return NaN;
  const reached = slot[atRisk - 1] >= horizon.before;
  let survival = 1;
  for (let k = 0; k < event.length && slot[k] < horizon.by;) {
    const s = slot[k];
    let [deaths, left] = [0, 0];
    for (; k < event.length && slot[k] === s; k++) {
      deaths += event[k];
      left++;
    }
    if (deaths > 0) survival *= 1 - deaths / atRisk;
    atRisk -= left;
  }
  return reached || survival === 0 ? 1 - survival : NaN;
}
