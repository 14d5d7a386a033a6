import {coxIncrements} from "./coxIncrements.js";
import type {CoxModel} from "./coxph.js";
import type {Level} from "./labels.js";

/** Cumulative baseline hazard: a row a distinct time of a stratum, events and censorings alike, strata one after another. */
export interface BaselineHazard {
  readonly time: Float64Array;
  /** Of a patient whose covariates are all 0 (every factor at its reference). */
  readonly hazard: Float64Array;
  /** By row: the stratum; null if the model has none. */
  readonly stratum: readonly Level[] | null;
}

/**
 * Cumulative baseline hazard of a Cox model, uncentred: times exp(Σ coef × x) it is a patient's.
 *
 * Tied events share their risk set as in the fit (Efron's or Breslow's estimate).
 *
 * @see R `survival::basehaz(fit, centered = FALSE)` 3.5-3
 */
export function baselineHazard(fit: CoxModel): BaselineHazard {
  const {data, maximum, distinctTime} = fit.internal;
  const steps = coxIncrements(data, maximum.risk, fit.ties);
  const scale = Math.exp(-centre(fit));
  const time: number[] = [];
  const hazard: number[] = [];
  const stratum: Level[] = [];
  for (let s = 0; s + 1 < data.start.length; s++) {
    let cumulated = 0;
    for (let k = data.start[s], e = steps.start[s]; k < data.start[s + 1]; k++) {
      if (k > data.start[s] && data.slot[k] === data.slot[k - 1]) continue;
      if (e < steps.start[s + 1] && steps.slot[e] === data.slot[k]) cumulated += steps.hazard[e++];
      time.push(distinctTime[data.slot[k]]);
      hazard.push(cumulated * scale);
      if (fit.strata) stratum.push(fit.strata[s]);
    }
  }
  return {time: Float64Array.from(time), hazard: Float64Array.from(hazard), stratum: fit.strata ? stratum : null};
}

/** Linear predictor of the mean covariates, which the fit subtracted. */
export function centre({internal: {data, maximum}}: CoxModel): number {
  return maximum.beta.reduce((sum, b, j) => sum + (maximum.redundant[j] ? 0 : b * data.mean[j]), 0);
}
