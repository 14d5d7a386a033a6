import {locateHorizon} from "./eventProbability.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** Net benefit at each threshold, in the order given; NaN where follow-up of those treated ends before the horizon. */
export interface NetBenefit {
  readonly netBenefit: Float64Array;
  /** Patients with risk ≥ threshold. */
  readonly treated: Float64Array;
}

/** Computes net benefit again and again for resamples of one cohort, which is sorted only once. */
export interface NetBenefitScan {
  /** @param copies - length n: how often each patient counts. Default: once */
  readonly at: (copies?: Uint32Array) => NetBenefit;
}

/**
 * Prepares the net benefit of a predicted risk for a survival outcome.
 *
 * Thresholds are walked from the highest: the patients at or above each only grow, so each enters the sums once.
 *
 * @param event - length n, by ascending time
 * @param slot - length n, ascending; equal for tied times
 * @param risk - length n
 * @see Vickers et al. (2008), BMC Med Inform Decis Mak 8:53
 */
export function netBenefitScan(
  event: Uint8Array,
  slot: Uint32Array,
  risk: NumericColumn,
  {before, by}: ReturnType<typeof locateHorizon>,
  thresholds: NumericColumn,
  who: string
): NetBenefitScan {
  const n = event.length;
  const descending = Uint32Array.from({length: thresholds.length}, (_, j) => j).sort(
    (a, b) => thresholds[b] - thresholds[a]
  );
  for (let j = 0; j < thresholds.length; j++)
    if (!(thresholds[j] > 0 && thresholds[j] < 1))
      throw new SurvivalInputError(`${who}: thresholds[${j}] = ${thresholds[j]} must lie between 0 and 1.`, j);
  const byRisk = Uint32Array.from({length: n}, (_, k) => k).sort((a, b) => risk[b] - risk[a]);
  const {step, steps} = eventSteps(event, slot, by);
  const deaths = new Float64Array(steps);
  const left = new Float64Array(steps + 1);
  return {
    at(copies) {
      const netBenefit = new Float64Array(thresholds.length);
      const treated = new Float64Array(thresholds.length);
      deaths.fill(0);
      left.fill(0);
      let [next, count, reached] = [0, 0, 0];
      let size = 0;
      for (let k = 0; k < n; k++) size += copies ? copies[k] : 1;
      for (const j of descending) {
        for (; next < n && risk[byRisk[next]] >= thresholds[j]; next++) {
          const k = byRisk[next];
          const times = copies ? copies[k] : 1;
          count += times;
          left[step[k]] += times;
          if (event[k] === 1 && slot[k] < by) deaths[step[k] - 1] += times;
          if (slot[k] >= before) reached += times;
        }
        treated[j] = count;
        if (count === 0) continue;
        const survival = survivalAfter(deaths, left, count);
        if (reached === 0 && survival > 0) {
          netBenefit[j] = NaN;
          continue;
        }
        const odds = thresholds[j] / (1 - thresholds[j]);
        netBenefit[j] = (count / size) * (1 - survival - odds * survival);
      }
      return {netBenefit, treated};
    }
  };
}

/** By patient: at how many event times by the horizon it is at risk. */
function eventSteps(event: Uint8Array, slot: Uint32Array, by: number): {step: Uint32Array; steps: number} {
  const step = new Uint32Array(event.length);
  let steps = 0;
  for (let k = 0; k < event.length;) {
    const first = k;
    let deaths = 0;
    for (; k < event.length && slot[k] === slot[first]; k++) deaths += event[k];
    if (deaths > 0 && slot[first] < by) steps++;
    step.fill(steps, first, k);
  }
  return {step, steps};
}

/** Kaplan–Meier after the last event time; `left[s]` patients are at risk at the first s event times only. */
function survivalAfter(deaths: Float64Array, left: Float64Array, count: number): number {
  let survival = 1;
  let atRisk = count - left[0];
  for (let s = 0; s < deaths.length; s++) {
    if (deaths[s] > 0) survival *= 1 - deaths[s] / atRisk;
    atRisk -= left[s + 1];
  }
  return survival;
}
