import {keptIn} from "../numeric/keptIn.js";
import {deadRisk} from "./cellSums.js";
import type {GroupModel} from "./coxGroups.js";
import {zphTests} from "./coxZph.js";
import type {ZphTest} from "./coxZph.js";
import {smoothResiduals} from "./smoothedCoefficient.js";
import type {SmoothedCurve} from "./smoothedCoefficient.js";
import {SurvivalInputError} from "./surv.js";
import {countTied, noEvents} from "./tiedEvents.js";

/**
 * Score test that no hazard ratio of the groups drifts with time, on the scale of 1 − Kaplan–Meier.
 *
 * @returns a test a coefficient, in their order
 * @throws {SurvivalInputError} as `coxZph` does
 * @see `coxZph`, whose test this is
 */
export function groupZph(model: GroupModel): ZphTest {
  const {counts, maximum} = model;
  const {cells, times, deadCell, deadStart} = counts;
  const p = cells - 1;
  if (maximum.redundant.includes(1))
    throw new SurvivalInputError("coxZph: a term of the model has no coefficient; refit without it.");
  const g = sharesBefore(model);
  let centre = 0;
  for (let t = 0; t < times; t++) centre += (g[t] * (deadStart[t + 1] - deadStart[t])) / deadCell.length;
  const full = 2 * p;
  const score = new Float64Array(full);
  const information = new Float64Array(full * full);
  const [v0, v1, v2] = [0, 0, 0].map(() => new Float64Array(p * p));
  const {mean, products} = sharesAtTimes(model);
  for (let t = 0, at = 1, pair = 0; t < times; t++, at += cells, pair += p * p) {
    const drift = g[t] - centre;
    const deaths = deadStart[t + 1] - deadStart[t];
    for (let e = deadStart[t]; e < deadStart[t + 1]; e++) if (deadCell[e] > 0) score[p + deadCell[e] - 1] += drift;
    for (let i = 0; i < p; i++) {
      score[p + i] -= drift * deaths * mean[at + i];
      for (let j = 0; j <= i; j++) {
        const v = (i === j ? deaths * mean[at + i] : 0) - products[pair + i * p + j];
        v0[i * p + j] += v;
        v1[i * p + j] += drift * v;
        v2[i * p + j] += drift * drift * v;
      }
    }
  }
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++) {
      const at = Math.max(i, j) * p + Math.min(i, j);
      information[i * full + j] = v0[at];
      information[(p + i) * full + j] = information[i * full + p + j] = v1[at];
      information[(p + i) * full + p + j] = v2[at];
    }
  const terms = Array.from({length: p}, (_, j) => String(j));
  return zphTests("km", terms, score, information);
}

/** 1 − Kaplan–Meier of all groups together just before each event time. */
function sharesBefore({counts: {cells, times, atRisk, deadStart}}: GroupModel): Float64Array {
  const g = new Float64Array(times);
  let survival = 1;
  for (let t = times - 1; t >= 0; t--) {
    let n = 0;
    for (let c = 0; c < cells; c++) n += atRisk[t * cells + c];
    g[t] = 1 - survival;
    survival *= 1 - (deadStart[t + 1] - deadStart[t]) / n;
  }
  return g;
}

/** Each group's share of the risk at the event times, the last first, over the events at each; after Efron. */
interface SharesAtTimes {
  /** times × cells. */
  readonly mean: Float64Array;
  /** times × p × p, lower triangle: Σ of products, the reference apart. */
  readonly products: Float64Array;
}

/** Made once a model: the test and the curve need it. */
const sharesKnown = new WeakMap<GroupModel, SharesAtTimes>();

const sharesAtTimes = (model: GroupModel) => keptIn(sharesKnown, model, () => computeShares(model));

function computeShares(model: GroupModel): SharesAtTimes {
  const {counts, maximum} = model;
  const {risk} = maximum;
  const {cells, times, atRisk, deadStart} = counts;
  const p = cells - 1;
  const mean = new Float64Array(times * cells);
  const products = new Float64Array(times * p * p);
  const [dead, share] = [new Float64Array(cells), new Float64Array(cells)];
  const tied = noEvents();
  for (let t = 0, at = 0, pair = 0; t < times; t++, at += cells, pair += p * p) {
    const deaths = deadStart[t + 1] - deadStart[t];
    let all = 0;
    for (let c = 0; c < cells; c++) all += atRisk[at + c] * risk[c];
    countTied(tied, "efron", deaths, deadRisk(counts, t, risk, dead), all);
    for (let l = 0; l < tied.count; l++) {
      const [out, weight] = [tied.share[l], tied.weight[l]];
      let sum = 0;
      for (let c = 0; c < cells; c++) sum += share[c] = atRisk[at + c] * risk[c] - out * dead[c];
      for (let c = 0; c < cells; c++) mean[at + c] += (weight / deaths) * (share[c] /= sum);
      for (let i = 0; i < p; i++)
        for (let j = 0; j <= i; j++) products[pair + i * p + j] += weight * share[i + 1] * share[j + 1];
    }
  }
  const found = {mean, products};
  sharesKnown.set(model, found);
  return found;
}

/**
 * Natural cubic spline with four degrees of freedom through the scaled Schoenfeld residuals of two groups.
 *
 * @param distinctTime - of the cohort
 * @throws {SurvivalInputError} if there are too few event times for the spline
 * @see `smoothedCoefficient`, whose curve this is
 */
export function groupDrift(model: GroupModel, distinctTime: Float64Array): SmoothedCurve {
  const {counts, maximum} = model;
  const {cells, times, deadCell, deadStart, slot} = counts;
  const before = sharesBefore(model);
  const events = deadCell.length;
  const {mean} = sharesAtTimes(model);
  const [x, time, scaled, weight] = [0, 0, 0, 0].map(() => new Float64Array(times));
  for (let t = times - 1, e = 0; t >= 0; t--, e++) {
    // Residuals at one time lie at one place of the curve: their mean stands for them.
    let second = 0;
    for (let d = deadStart[t]; d < deadStart[t + 1]; d++) second += deadCell[d] === 1 ? 1 : 0;
    weight[e] = deadStart[t + 1] - deadStart[t];
    x[e] = before[t];
    time[e] = distinctTime[slot[t]];
    scaled[e] = maximum.beta[0] + events * maximum.variance[0] * (second / weight[e] - mean[t * cells + 1]);
  }
  return smoothResiduals({x, time, scaled, weight}, maximum.variance[0]);
}
