import type {CoxData} from "./coxData.js";
import {coxIncrements} from "./coxIncrements.js";
import type {Ties} from "./coxLikelihood.js";

/** By position of the fit's data, not by row. */
export interface PositionResiduals {
  /** Length n: event − expected. */
  readonly martingale: Float64Array;
  /** n × p, unweighted. */
  readonly score: Float64Array;
}

/**
 * Martingale and score residuals in O(n p): cumulated sums of the hazard, and of the hazard times the mean covariates,
 * from a row's entry to its time.
 */
export function positionResiduals(data: CoxData, risk: Float64Array, ties: Ties): PositionResiduals {
  const {n, p, x, event, slot, start} = data;
  const steps = coxIncrements(data, risk, ties);
  const martingale = new Float64Array(n);
  const score = new Float64Array(n * p);
  const first = entrySlots(data);
  // Cumulated over the event times of a stratum, an element more than there are event times.
  for (let s = 0; s + 1 < start.length; s++) {
    const [from, to] = [steps.start[s], steps.start[s + 1]];
    const hazard = new Float64Array(to - from + 1);
    const means = new Float64Array((to - from + 1) * p);
    for (let e = from; e < to; e++) {
      const c = e - from;
      hazard[c + 1] = hazard[c] + steps.hazard[e];
      for (let j = 0; j < p; j++) means[(c + 1) * p + j] = means[c * p + j] + steps.hazardMean[e * p + j];
    }
    const before = (time: number) => stepsBefore(steps.slot, from, to, time) - from;
    for (let k = start[s], c = 0; k < start[s + 1]; k++) {
      while (from + c < to && steps.slot[from + c] <= slot[k]) c++;
      const entered = first ? before(first[k]) : 0;
      // A row with an event sees the last increment as one of the tied events does.
      const own = event[k] === 1;
      const e = from + c - 1;
      let expected = hazard[c] - hazard[entered];
      if (own) expected += steps.hazardOwn[e] - steps.hazard[e];
      martingale[k] = event[k] - risk[k] * expected;
      for (let j = 0; j < p; j++) {
        const value = x[k * p + j];
        let mean = means[c * p + j] - means[entered * p + j];
        if (own) mean += steps.hazardMeanOwn[e * p + j] - steps.hazardMean[e * p + j];
        score[k * p + j] = (own ? value - steps.mean[e * p + j] : 0) - risk[k] * (value * expected - mean);
      }
    }
  }
  return {martingale, score};
}

/** By position: first slot at risk, or null without left truncation. */
function entrySlots({n, entryAt, entrySlot}: CoxData): Uint32Array | null {
  if (!entryAt || !entrySlot) return null;
  const first = new Uint32Array(n);
  entryAt.forEach((k, q) => (first[k] = entrySlot[q]));
  return first;
}

/** Index of the first event time at or after a slot. */
function stepsBefore(slots: Uint32Array, from: number, to: number, slot: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slots[middle] < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}
