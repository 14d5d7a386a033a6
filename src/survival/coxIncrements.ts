import type {CoxData} from "./coxData.js";
import {tiedShare, walkEventTimes} from "./coxLikelihood.js";
import type {Ties} from "./coxLikelihood.js";

/**
 * What happens at each event time at the fitted coefficients, ascending within a stratum, strata in order. Covariates
 * are centred. Rows with an event at the time count in part (Efron): sums ending in `Own` are theirs.
 */
export interface CoxIncrements {
  /** Number of event times. */
  readonly size: number;
  readonly stratum: Uint32Array;
  readonly slot: Uint32Array;
  readonly deaths: Uint32Array;
  /** Increment of the baseline hazard, and of it as the events at the time see it. */
  readonly hazard: Float64Array;
  readonly hazardOwn: Float64Array;
  /** Σ over tied events of meanWeight / denominator². */
  readonly variance: Float64Array;
  /** size × p: hazard-weighted mean covariates of the risk set. */
  readonly hazardMean: Float64Array;
  readonly hazardMeanOwn: Float64Array;
  /** size × p: mean covariates of the risk set, averaged over the tied events. */
  readonly mean: Float64Array;
  /** Where each stratum's event times begin; one more than the strata. */
  readonly start: Uint32Array;
}

export function coxIncrements(data: CoxData, risk: Float64Array, ties: Ties): CoxIncrements {
  const {p, slot: slots} = data;
  const strata = data.start.length - 1;
  const count = countEventTimes(data);
  const size = count.reduce((a, b) => a + b, 0);
  const start = new Uint32Array(strata + 1);
  for (let s = 0; s < strata; s++) start[s + 1] = start[s] + count[s];
  const [stratum, slot, deaths] = [0, 0, 0].map(() => new Uint32Array(size));
  const [hazard, hazardOwn, variance] = [0, 0, 0].map(() => new Float64Array(size));
  const [hazardMean, hazardMeanOwn, mean] = [0, 0, 0].map(() => new Float64Array(size * p));
  const left = Uint32Array.from(start.subarray(1));
  walkEventTimes(data, risk, (at) => {
    const e = --left[at.stratum]; // the walk goes back in time
    stratum[e] = at.stratum;
    slot[e] = slots[at.first];
    deaths[e] = at.deaths;
    for (let l = 0; l < at.deaths; l++) {
      const share = tiedShare(ties, l, at.deaths);
      const denominator = at.s0 - share * at.d0;
      const h = at.meanWeight / denominator;
      hazard[e] += h;
      hazardOwn[e] += h * (1 - share);
      variance[e] += h / denominator;
      for (let j = 0; j < p; j++) {
        const m = (at.s1[j] - share * at.d1[j]) / denominator;
        hazardMean[e * p + j] += h * m;
        hazardMeanOwn[e * p + j] += h * (1 - share) * m;
        mean[e * p + j] += m / at.deaths;
      }
    }
  });
  return {size, stratum, slot, deaths, hazard, hazardOwn, variance, hazardMean, hazardMeanOwn, mean, start};
}

function countEventTimes({event, slot, start}: CoxData): Uint32Array {
  const count = new Uint32Array(start.length - 1);
  for (let s = 0; s < count.length; s++) {
    let last = -1;
    for (let k = start[s]; k < start[s + 1]; k++) {
      if (event[k] === 0 || slot[k] === last) continue;
      last = slot[k];
      count[s]++;
    }
  }
  return count;
}
