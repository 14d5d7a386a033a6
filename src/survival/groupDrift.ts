import {deadRisk} from "./cellSums.js";
import type {GroupModel} from "./coxGroups.js";
import {tiedShare} from "./coxLikelihood.js";
import {zphTests} from "./coxZph.js";
import type {ZphTest} from "./coxZph.js";
import {smoothResiduals} from "./smoothedCoefficient.js";
import type {SmoothedCurve} from "./smoothedCoefficient.js";
import {SurvivalInputError} from "./surv.js";

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
  const share = sharesAtEvents(model);
  for (let t = 0; t < times; t++) {
    const drift = g[t] - centre;
    for (let e = deadStart[t], at = e * cells + 1; e < deadStart[t + 1]; e++, at += cells) {
      if (deadCell[e] > 0) score[p + deadCell[e] - 1] += drift;
      for (let i = 0; i < p; i++) {
        score[p + i] -= drift * share[at + i];
        for (let j = 0; j <= i; j++) {
          const v = (i === j ? share[at + i] : 0) - share[at + i] * share[at + j];
          v0[i * p + j] += v;
          v1[i * p + j] += drift * v;
          v2[i * p + j] += drift * drift * v;
        }
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

/** events × cells, the last time first: each group's share of the risk; tied events are out of it in part, after Efron. */
function sharesAtEvents({counts, maximum: {risk}}: GroupModel): Float64Array {
  const {cells, times, atRisk, deadStart} = counts;
  const shares = new Float64Array(counts.deadCell.length * cells);
  const dead = new Float64Array(cells);
  for (let t = 0, at = 0, into = 0; t < times; t++, at += cells) {
    const deaths = deadStart[t + 1] - deadStart[t];
    if (deaths > 1) deadRisk(counts, t, risk, dead);
    for (let l = 0; l < deaths; l++, into += cells) {
      const out = deaths > 1 ? tiedShare("efron", l, deaths) : 0;
      let sum = 0;
      for (let c = 0; c < cells; c++) sum += shares[into + c] = atRisk[at + c] * risk[c] - out * dead[c];
      for (let c = 0; c < cells; c++) shares[into + c] /= sum;
    }
  }
  return shares;
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
  const shares = sharesAtEvents(model);
  const [x, time, scaled] = [0, 0, 0].map(() => new Float64Array(events));
  for (let t = times - 1, e = 0; t >= 0; t--) {
    const [from, to] = [deadStart[t], deadStart[t + 1]];
    let mean = 0; // share of the second group in the risk, over the tied events
    for (let d = from; d < to; d++) mean += shares[d * cells + 1] / (to - from);
    for (let d = from; d < to; d++, e++) {
      x[e] = before[t];
      time[e] = distinctTime[slot[t]];
      scaled[e] = maximum.beta[0] + events * maximum.variance[0] * ((deadCell[d] === 1 ? 1 : 0) - mean);
    }
  }
  return smoothResiduals(x, time, scaled, maximum.variance[0]);
}
