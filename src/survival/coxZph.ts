import {cholesky, quadratic} from "../numeric/cholesky.js";
import {chiSquareUpperTail} from "../numeric/distributions.js";
import {tiedShare, walkEventTimes} from "./coxLikelihood.js";
import type {ChiSquareTest, CoxModel} from "./coxph.js";
import {SurvivalInputError} from "./surv.js";

/** Time scale on which a coefficient is asked to drift. */
export type ZphTransform = "km" | "identity" | "rank" | "log";

/** Tests of proportional hazards. */
export interface ZphTest {
  readonly transform: ZphTransform;
  /** One a term, in the order of the model. */
  readonly terms: readonly (ChiSquareTest & {readonly term: string})[];
  readonly global: ChiSquareTest;
}

/**
 * Score test that no coefficient drifts with time: covariate × g(time) is added to the model, and its score at 0 tested.
 *
 * @param transform - g: "km" 1 − Kaplan–Meier just before the time, "identity", "rank", or "log". Default "km"
 * @throws {SurvivalInputError} if a coefficient could not be estimated, or "log" meets an event at time 0
 * @see R `survival::cox.zph(fit, transform)` 3.5-3 (the score test of version 3, not the correlation of version 2)
 */
export function coxZph(fit: CoxModel, {transform = "km"}: {readonly transform?: ZphTransform} = {}): ZphTest {
  const {maximum} = fit.internal;
  if (maximum.redundant.includes(1))
    throw new SurvivalInputError("coxZph: a term of the model has no coefficient; refit without it.");
  const g = centredTransform(fit, transform);
  const {score, information} = expandedScore(fit, g);
  return zphTests(transform, fit.term, score, information);
}

/**
 * The tests from the model with covariate × g(time) added.
 *
 * @param term - by coefficient: the term it belongs to
 * @param score - coefficients, then their products with g: length 2p; `information` likewise
 */
export function zphTests(
  transform: ZphTransform,
  term: readonly string[],
  score: Float64Array,
  information: Float64Array
): ZphTest {
  const p = term.length;
  const full = 2 * p;
  const test = (columns: readonly number[]): ChiSquareTest => {
    const used = [...Array(p).keys(), ...columns.map((j) => p + j)];
    const matrix = Float64Array.from({length: used.length ** 2}, (_, q) => {
      const [i, j] = [used[Math.floor(q / used.length)], used[q % used.length]];
      return information[i * full + j];
    });
    const statistic = quadratic(
      cholesky(matrix, used.length),
      used.map((j) => score[j])
    );
    return {statistic, df: columns.length, p: chiSquareUpperTail(statistic, columns.length)};
  };
  const names = [...new Set(term)];
  const columnsOf = (name: string) => term.flatMap((t, j) => (t === name ? [j] : []));
  return {
    transform,
    terms: names.map((name) => ({term: name, ...test(columnsOf(name))})),
    global: test([...Array(p).keys()])
  };
}

/** Score and information, 2p wide, of the model with covariate × g(time) added, at β and 0. */
function expandedScore(fit: CoxModel, g: Float64Array) {
  const {data, maximum} = fit.internal;
  const {p, x, slot, event, weight} = data;
  const full = 2 * p;
  const score = new Float64Array(full);
  const information = new Float64Array(full * full);
  const mean = new Float64Array(p);
  walkEventTimes(data, maximum.risk, ({first, end, deaths, meanWeight, s0, s1, s2, d0, d1, d2}) => {
    const drift = g[slot[first]];
    for (let k = first; k < end; k++)
      if (event[k] === 1) for (let j = 0; j < p; j++) score[p + j] += drift * (weight ? weight[k] : 1) * x[k * p + j];
    for (let l = 0; l < deaths; l++) {
      const share = tiedShare(fit.ties, l, deaths);
      const denominator = s0 - share * d0;
      for (let i = 0; i < p; i++) {
        mean[i] = (s1[i] - share * d1[i]) / denominator;
        score[p + i] -= drift * meanWeight * mean[i];
        for (let j = 0; j <= i; j++) {
          const v = meanWeight * ((s2[i * p + j] - share * d2[i * p + j]) / denominator - mean[i] * mean[j]);
          for (const [a, b] of i === j
            ? [[i, i]]
            : [
                [i, j],
                [j, i]
              ]) {
            information[a * full + b] += v;
            information[(p + a) * full + b] += drift * v;
            information[a * full + p + b] += drift * v;
            information[(p + a) * full + p + b] += drift * drift * v;
          }
        }
      }
    }
  });
  return {score, information};
}

/** g by distinct time, centred over the events. */
function centredTransform(fit: CoxModel, transform: ZphTransform): Float64Array {
  const {data, distinctTime} = fit.internal;
  const {event, slot} = data;
  const g =
    transform === "km" ? kaplanMeierScale(fit) : distinctTime.map((t) => (transform === "log" ? Math.log(t) : t));
  if (transform === "rank") {
    // Of all rows, censored ones too, ties at the mean of their ranks.
    const tied = new Float64Array(distinctTime.length);
    for (const s of slot) tied[s]++;
    for (let s = 0, before = 0; s < tied.length; s++) {
      g[s] = before + (tied[s] + 1) / 2;
      before += tied[s];
    }
  }
  let [sum, events] = [0, 0];
  for (let k = 0; k < slot.length; k++)
    if (event[k] === 1) {
      sum += g[slot[k]];
      events++;
    }
  if (!Number.isFinite(sum))
    throw new SurvivalInputError('coxZph: transform "log" is not defined for an event at time 0.');
  return g.map((v) => v - sum / events);
}

/** 1 − Kaplan–Meier just before each distinct time, all strata together and without case weights, as R has it. */
export function kaplanMeierScale({internal: {data, distinctTime}}: CoxModel): Float64Array {
  const {n, slot, event, entryAt, entrySlot} = data;
  const slots = distinctTime.length;
  const [left, died, came] = [0, 0, 0].map(() => new Float64Array(slots + 1));
  let atRisk = 0;
  for (let k = 0; k < n; k++) {
    left[slot[k]]++;
    died[slot[k]] += event[k];
    if (!entryAt) atRisk++;
  }
  if (entrySlot) for (const s of entrySlot) came[s]++;
  const g = new Float64Array(slots);
  let survival = 1;
  for (let s = 0; s < slots; s++) {
    atRisk += came[s];
    g[s] = 1 - survival;
    if (died[s] > 0) survival *= 1 - died[s] / atRisk;
    atRisk -= left[s];
  }
  return g;
}
