import {LARGE, SMALL} from "./cellSums.js";
import type {CovariatePatterns} from "./covariatePatterns.js";
import {emptyLikelihood, tiedShare} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood} from "./coxLikelihood.js";
import type {Surv} from "./surv.js";

/**
 * Patients of two arms in order of time, with K columns that say how the hazard changes within each. Log hazards are θ'z,
 * z being the K columns in the untreated arm and, in the treated one, 1 and the K columns: 2K + 1 in all, of which a patient
 * has half. Patients with equal z share a unit, whose risk is computed once.
 */
export interface ArmData {
  readonly columns: number;
  /** By patient, ascending in time. */
  readonly unit: Uint32Array;
  readonly slot: Uint32Array;
  readonly event: Uint8Array;
  readonly events: number;
  /** By unit. */
  readonly arm: Uint8Array;
  /** units × K, centred. */
  readonly f: Float64Array;
  /** What was subtracted from each column. */
  readonly mean: Float64Array;
  /** By unit: events. */
  readonly died: Float64Array;
}

/**
 * @param row - patients in order of time, `slot` and `basis` (K columns by row of the cohort) aligned as `completeRows` has it
 * @param treatment - by row of the cohort 0 or 1
 * @param patterns - of the score that the basis is made of
 */
export function armData(
  {event}: Surv,
  row: Uint32Array,
  slot: Uint32Array,
  treatment: ArrayLike<number>,
  patterns: CovariatePatterns | null,
  basis: (row: Uint32Array) => readonly Float64Array[]
): ArmData {
  const n = row.length;
  const unit = new Uint32Array(n);
  const place = new Int32Array(patterns ? 2 * patterns.size : 0).fill(-1);
  const first = new Uint32Array(n);
  const patients = new Float64Array(n);
  const died = new Float64Array(n);
  const own = new Uint8Array(n);
  let [units, events] = [0, 0];
  for (let k = 0; k < n; k++) {
    const i = row[k];
    const key = patterns ? 2 * patterns.of[i] + treatment[i] : -1;
    let u = patterns ? place[key] : -1;
    if (u < 0) {
      u = units++;
      first[u] = i;
      if (patterns) place[key] = u;
    }
    unit[k] = u;
    patients[u]++;
    own[k] = event[i];
    died[u] += event[i];
    events += event[i];
  }
  const rows = first.slice(0, units);
  const arm = Uint8Array.from(rows, (i) => treatment[i]);
  const {f, mean} = centred(basis(rows), patients, n);
  return {columns: mean.length, unit, slot, event: own, events, arm, f, mean, died};
}

/** units × K, each column less its mean over the patients: squares of what is far from 0 would cost digits. */
function centred(columns: readonly Float64Array[], patients: Float64Array, n: number) {
  const K = columns.length;
  const f = new Float64Array(columns[0].length * K);
  const mean = new Float64Array(K);
  columns.forEach((column, j) => {
    for (let u = 0; u < column.length; u++) mean[j] += (patients[u] * column[u]) / n;
    for (let u = 0; u < column.length; u++) f[u * K + j] = column[u] - mean[j];
  });
  return {f, mean};
}

/** Every `step`-th patient. */
export function thinned(data: ArmData, step: number): ArmData {
  const take = <T extends Uint32Array | Uint8Array>(column: T) => column.filter((_, k) => k % step === 0) as T;
  const [unit, slot, event] = [take(data.unit), take(data.slot), take(data.event)];
  const died = new Float64Array(data.died.length);
  let events = 0;
  unit.forEach((u, k) => {
    died[u] += event[k];
    events += event[k];
  });
  return {...data, unit, slot, event, died, events};
}

/**
 * Partial likelihood (Efron) of the model θ = Lβ.
 *
 * @param L - (2K + 1) × p, row by row: what each coefficient does to the untreated arm's columns, the treatment, the treated
 *   arm's columns
 */
export function armLikelihood(data: ArmData, L: Float64Array): PartialLikelihood {
  const {columns: K, arm, f} = data;
  const full = 2 * K + 1;
  const p = L.length / full;
  const whole = emptyLikelihood(arm.length, full);
  const passes = armPasses(data);
  const theta = new Float64Array(full);
  const largest = new Float64Array(p).fill(1);
  const spread = (beta: Float64Array) => {
    for (let i = 0; i < full; i++) {
      theta[i] = 0;
      for (let j = 0; j < p; j++) theta[i] += L[i * p + j] * beta[j];
    }
  };
  return {
    p,
    events: data.events,
    constant: new Uint8Array(p),
    largest,
    empty: () => emptyLikelihood(arm.length, p),
    evaluate(beta, into) {
      spread(beta);
      passes(theta, whole);
      restrict(whole, L, into);
    },
    largestChange(step) {
      spread(step);
      let most = 0;
      for (let u = 0; u < arm.length; u++) most = Math.max(most, Math.abs(logHazard(theta, f, arm[u], u, K)));
      return most;
    },
    follow: () => {}
  };
}

function logHazard(theta: Float64Array, f: Float64Array, arm: number, unit: number, K: number): number {
  let eta = arm === 0 ? 0 : theta[K];
  const from = arm === 0 ? 0 : K + 1;
  for (let j = 0, at = unit * K; j < K; j++, at++) eta += theta[from + j] * f[at];
  return eta;
}

/** Likelihood, score and information of β from those of θ. */
function restrict(whole: CoxLikelihood, L: Float64Array, into: CoxLikelihood): void {
  const full = whole.score.length;
  const p = into.score.length;
  into.logLikelihood = whole.logLikelihood;
  into.score.fill(0);
  into.information.fill(0);
  for (let i = 0; i < full; i++)
    for (let a = 0; a < p; a++) {
      const l = L[i * p + a];
      if (l === 0) continue;
      into.score[a] += l * whole.score[i];
      for (let h = 0; h < full; h++) {
        const v = l * whole.information[i * full + h];
        for (let b = 0; b < p; b++) into.information[a * p + b] += v * L[h * p + b];
      }
    }
}

/** What the passes over the patients leave behind: by the first position of a time, the hazard there. */
interface Hazards {
  readonly all: Float64Array;
  /** As the events at the time see it. */
  readonly own: Float64Array;
}

/**
 * As `twoPasses` of coxLikelihoodPasses.ts: back in time the sums over those at risk give the likelihood, the score and the
 * squares of the means; forward in time the hazards that each unit lives through give the rest of the information.
 */
function armPasses(data: ArmData) {
  const {columns: K, unit, arm} = data;
  const [full, n] = [2 * K + 1, unit.length];
  const width = 2 * K + 2;
  const table = new Float64Array(arm.length * width);
  const lived = new Float64Array(arm.length);
  const hazards = {all: new Float64Array(n), own: new Float64Array(n)};
  return (theta: Float64Array, into: CoxLikelihood) => {
    const {score, information} = into;
    score.fill(0);
    information.fill(0);
    const events = fillTable(data, theta, table, score);
    into.logLikelihood = events - backward(data, table, hazards, score, information);
    liveThrough(data, hazards, lived);
    addLived(data, table, lived, information);
    for (let i = 0; i < full; i++)
      for (let j = i + 1; j < full; j++) information[i * full + j] = information[j * full + i];
  };
}

/**
 * By unit [r, r f] of the untreated arm and the same of the treated one, one of them 0: adding both up needs no look at the
 * arm. Adds the events' columns to the score.
 *
 * @returns Σ log hazards of the events
 */
function fillTable({columns: K, arm, f, died}: ArmData, theta: Float64Array, table: Float64Array, score: Float64Array) {
  const width = 2 * K + 2;
  let sum = 0;
  for (let u = 0; u < arm.length; u++) {
    const treated = arm[u];
    const eta = logHazard(theta, f, treated, u, K);
    const r = Math.exp(eta);
    const at = u * width + treated * (K + 1);
    table[at] = r;
    for (let j = 0; j < K; j++) table[at + 1 + j] = r * f[u * K + j];
    if (died[u] === 0) continue;
    sum += died[u] * eta;
    const from = treated * (K + 1);
    if (treated === 1) score[K] += died[u];
    for (let j = 0; j < K; j++) score[from + j] += died[u] * f[u * K + j];
  }
  return sum;
}

/** @returns Σ log of the sums of risk that events share */
function backward(
  {columns: K, unit, slot, event}: ArmData,
  table: Float64Array,
  hazards: Hazards,
  score: Float64Array,
  information: Float64Array
): number {
  const [full, width] = [2 * K + 1, 2 * K + 2];
  const [s, d, mean] = [new Float64Array(width), new Float64Array(width), new Float64Array(full)];
  let [logs, factor] = [0, 1];
  for (let k = unit.length - 1; k >= 0;) {
    const time = slot[k];
    let deaths = 0;
    for (; k >= 0 && slot[k] === time; k--) {
      const at = unit[k] * width;
      for (let j = 0; j < width; j++) s[j] += table[at + j];
      if (event[k] === 0) continue;
      if (deaths++ === 0) d.fill(0);
      for (let j = 0; j < width; j++) d[j] += table[at + j];
    }
    hazards.all[k + 1] = hazards.own[k + 1] = 0;
    for (let l = 0; l < deaths; l++) {
      const share = tiedShare("efron", l, deaths);
      const denominator = s[0] + s[K + 1] - share * (d[0] + d[K + 1]);
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      hazards.all[k + 1] += inverse;
      hazards.own[k + 1] += inverse * (1 - share);
      for (let i = 0; i < full; i++) {
        const m = (s[i + 1] - share * d[i + 1]) * inverse;
        mean[i] = m;
        score[i] -= m;
        for (let j = 0, at = i * full; j <= i; j++, at++) information[at] -= m * mean[j];
      }
    }
  }
  return logs + Math.log(factor);
}

/** By unit: the hazard that its patients live through, added up. */
function liveThrough({unit, slot, event}: ArmData, hazards: Hazards, lived: Float64Array): void {
  lived.fill(0);
  let cumulated = 0;
  for (let first = 0, end = 0; first < unit.length; first = end) {
    const own = cumulated + hazards.own[first];
    cumulated += hazards.all[first];
    for (; end < unit.length && slot[end] === slot[first]; end++)
      lived[unit[end]] += event[end] === 1 ? own : cumulated;
  }
}

/** Adds Σ z z′ r times the hazard lived through to the information. */
function addLived({columns: K, arm, f}: ArmData, table: Float64Array, lived: Float64Array, information: Float64Array) {
  const full = 2 * K + 1;
  for (let u = 0; u < arm.length; u++) {
    const from = arm[u] * (K + 1);
    const at = u * (2 * K + 2) + from;
    if (from > 0) information[K * full + K] += table[at] * lived[u];
    for (let i = 0; i < K; i++) {
      const v = table[at + 1 + i] * lived[u];
      if (from > 0) information[(from + i) * full + K] += v;
      for (let j = 0; j <= i; j++) information[(from + i) * full + from + j] += v * f[u * K + j];
    }
  }
}
