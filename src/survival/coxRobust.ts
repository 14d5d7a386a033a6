import type {CoxData} from "./coxData.js";
import type {CoxMaximum} from "./coxFit.js";
import type {Ties} from "./coxLikelihood.js";
import {positionResiduals} from "./coxScoreResiduals.js";
import type {LabelCodes} from "./labels.js";

/**
 * Sandwich covariance of the coefficients: D′D, D the weighted dfbetas summed within clusters (each row its own without).
 *
 * @see R `survival::coxph(…, robust = TRUE, cluster)` 3.5-3; Lin and Wei (1989), J Am Stat Assoc 84:1074–1078
 */
export function robustVariance(
  data: CoxData,
  {risk, variance}: CoxMaximum,
  ties: Ties,
  clusters: LabelCodes | null
): Float64Array {
  const {n, p, row, weight} = data;
  const {score} = positionResiduals(data, risk, ties);
  const groups = clusters ? clusters.levels.length : n;
  const sums = new Float64Array(groups * p);
  for (let k = 0; k < n; k++) {
    const g = clusters ? clusters.code[row[k]] : k;
    const w = weight ? weight[k] : 1;
    for (let j = 0; j < p; j++) sums[g * p + j] += w * score[k * p + j];
  }
  const covariance = new Float64Array(p * p);
  const change = new Float64Array(p);
  for (let g = 0; g < groups; g++) {
    for (let i = 0; i < p; i++) {
      change[i] = 0;
      for (let j = 0; j < p; j++) change[i] += variance[i * p + j] * sums[g * p + j];
    }
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) covariance[i * p + j] += change[i] * change[j];
  }
  return covariance;
}
