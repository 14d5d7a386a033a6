import {inParts} from "../numeric/inParts.js";
import {LARGE, SMALL} from "./cellSums.js";
import {emptyLikelihood} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood} from "./coxLikelihood.js";
import type {ArmData} from "./armData.js";
import {countTied, noEvents} from "./tiedEvents.js";
import {addProducts, addRow, addSums} from "./weightedProducts.js";

/**
 * Partial likelihood (Efron) of the model θ = Lβ.
 *
 * @param L - (2K + 1) × p, row by row: what each coefficient does to the untreated arm's columns, the treatment, the treated
 *   arm's columns
 */
export function armLikelihood(data: ArmData, L: Float64Array): PartialLikelihood {
  return restricted(data, L, armPasses(data), (theta) => boundOf(theta, data.largest));
}

/**
 * The likelihood of β from that of θ.
 *
 * @param passes - given θ as both arms have it, 2 × stride
 * @param largest - a log hazard that nobody exceeds with such coefficients
 */
export function restricted(
  {columns: K, stride, events}: Pick<ArmData, "columns" | "stride" | "events">,
  L: Float64Array,
  passes: (theta: Float64Array, into: CoxLikelihood) => void,
  largest: (theta: Float64Array) => number
): PartialLikelihood {
  const full = 2 * K + 1;
  const p = L.length / full;
  const whole = emptyLikelihood(0, full);
  const arms = (beta: Float64Array) => {
    const theta = new Float64Array(full);
    for (let i = 0; i < full; i++) for (let j = 0; j < p; j++) theta[i] += L[i * p + j] * beta[j];
    return bothArms(theta, K, stride);
  };
  return {
    p,
    events,
    constant: new Uint8Array(p),
    largest: new Float64Array(p).fill(1),
    empty: () => emptyLikelihood(0, p),
    evaluate(beta, into) {
      passes(arms(beta), whole);
      restrict(whole, L, into);
    },
    largestChange: (step) => largest(arms(step)),
    follow: () => {}
  };
}

/** θ as each arm has it: the untreated one nothing for its first column, the treated one the treatment. */
export function bothArms(theta: Float64Array, K: number, stride: number): Float64Array {
  const both = new Float64Array(2 * stride);
  both.set(theta.subarray(0, K), 1);
  both.set(theta.subarray(K), stride);
  return both;
}

/** Where `bothArms` has each of θ: of both arms' columns one stands for nothing, the untreated arm's first. */
export const placesOfTheta = (K: number, stride: number) =>
  Array.from({length: 2 * K + 1}, (_, i) => (i < K ? 1 + i : stride + i - K));

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

type Rows = Pick<ArmData, "x" | "stride" | "untreated">;

/** Nobody's |θ'z| is larger, of either arm. @param theta - 2 × stride; `largest` of each column */
export function boundOf(theta: Float64Array, largest: Float64Array): number {
  const stride = largest.length;
  const of = (arm: number) => largest.reduce((sum, size, j) => sum + size * Math.abs(theta[arm + j]), 0);
  return Math.max(of(0), of(stride));
}

/** θ'z of one patient. Loops of a few steps are slow unless several are made at once. */
export function logHazard(x: Float64Array, at: number, theta: Float64Array, from: number, stride: number): number {
  let sum = 0;
  for (let j = 0; j < stride; j += 4)
    sum +=
      theta[from + j] * x[at + j] +
      theta[from + j + 1] * x[at + j + 1] +
      theta[from + j + 2] * x[at + j + 2] +
      theta[from + j + 3] * x[at + j + 3];
  return sum;
}

/** By distinct time: the hazard there, and as the events at it see it; then added up over time. */
interface Hazards {
  readonly all: Float64Array;
  readonly own: Float64Array;
}

/** So many times are gone through together: their sums stay near the processor. */
const TIMES = 2048;

/** Sums of risk, and of risk times x, at some distinct times: times × 2 × stride, of both arms. */
interface RiskSums {
  readonly all: Float64Array;
  /** Of those with the event. */
  readonly dead: Float64Array;
}

/**
 * As `twoPasses` of coxLikelihoodPasses.ts: back in time the sums over those at risk give the likelihood, the score and the
 * squares of the means; then the hazards that each patient lives through give the rest of the information. Each arm is gone
 * through by itself, and what its patients bring is summed by time first.
 */
function armPasses(data: ArmData) {
  const {stride, slot, event, untreated, deaths, died} = data;
  const n = slot.length;
  const times = deaths.length;
  const risk = new Float64Array(n);
  const hazards = {all: new Float64Array(times), own: new Float64Array(times)};
  const size = Math.min(times, TIMES) * 2 * stride;
  const sums = {all: new Float64Array(size), dead: new Float64Array(size)};
  return (theta: Float64Array, into: CoxLikelihood) => {
    const means = meansBuffer(2 * stride);
    const ends = [untreated, n];
    for (let to = times; to > 0; to -= TIMES) {
      const from = Math.max(0, to - TIMES);
      sums.all.fill(0);
      sums.dead.fill(0);
      ends.forEach((end, arm) => {
        const begin = firstFrom(slot, arm * untreated, end, from);
        inParts(end - begin, (a, b) => addRisks(data, theta, risk, sums, arm * stride, from, begin + a, begin + b));
        ends[arm] = begin;
      });
      backward(data, sums, from, to, hazards, means);
    }
    emptyBuffer(means);
    into.logLikelihood = -(means.logs + Math.log(means.factor));
    for (let q = 0; q < died.length; q++) into.logLikelihood += theta[q] * died[q];
    cumulate(hazards);
    inParts(n, (a, b) => liveThrough(risk, slot, event, hazards, a, b));
    gather(data, risk, means, into);
  };
}

/** The first place of an arm from `begin` to `end` whose time is not before a given one. */
function firstFrom(slot: Uint32Array, begin: number, end: number, time: number): number {
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slot[middle] >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addRisks(
  data: ArmData,
  theta: Float64Array,
  risk: Float64Array,
  sums: RiskSums,
  arm: number,
  first: number,
  from: number,
  to: number
): void {
  if (data.stride === 4) return addFourColumns(data, theta, risk, sums, arm, first, from, to);
  const {x, stride, slot, event} = data;
  for (let u = from; u < to; u++) {
    const at = u * stride;
    const r = Math.exp(logHazard(x, at, theta, arm, stride));
    risk[u] = r;
    const row = 2 * (slot[u] - first) * stride + arm;
    addRow(sums.all, row, x, at, stride, r);
    if (event[u] === 1) addRow(sums.dead, row, x, at, stride, r);
  }
}

/** The same for up to three columns, as four knots have: sums at one time kept where no array holds them. */
function addFourColumns(
  {x, slot, event}: ArmData,
  theta: Float64Array,
  risk: Float64Array,
  sums: RiskSums,
  arm: number,
  first: number,
  from: number,
  to: number
): void {
  const t0 = theta[arm];
  const t1 = theta[arm + 1];
  const t2 = theta[arm + 2];
  const t3 = theta[arm + 3];
  let [s0, s1, s2, s3, d0, d1, d2, d3] = [0, 0, 0, 0, 0, 0, 0, 0];
  let time = slot[from];
  for (let u = from, at = 4 * from; u < to; u++, at += 4) {
    if (slot[u] !== time) {
      addSums(sums.all, 8 * (time - first) + arm, s0, s1, s2, s3);
      addSums(sums.dead, 8 * (time - first) + arm, d0, d1, d2, d3);
      time = slot[u];
      s0 = s1 = s2 = s3 = d0 = d1 = d2 = d3 = 0;
    }
    const x1 = x[at + 1];
    const x2 = x[at + 2];
    const x3 = x[at + 3];
    const r = Math.exp(t0 + t1 * x1 + t2 * x2 + t3 * x3);
    risk[u] = r;
    s0 += r;
    s1 += r * x1;
    s2 += r * x2;
    s3 += r * x3;
    if (event[u] === 0) continue;
    d0 += r;
    d1 += r * x1;
    d2 += r * x2;
    d3 += r * x3;
  }
  addSums(sums.all, 8 * (time - first) + arm, s0, s1, s2, s3);
  addSums(sums.dead, 8 * (time - first) + arm, d0, d1, d2, d3);
}

/** Means over those at risk, an event after the other; multiplied with each other when the buffer is full. */
export interface Means {
  readonly width: number;
  readonly values: Float64Array;
  /** How often each counts. */
  readonly weight: Float64Array;
  used: number;
  readonly sum: Float64Array;
  /** width × width, lower triangle. */
  readonly products: Float64Array;
  /** Sums over those at risk at the time reached. */
  readonly atRisk: Float64Array;
  /** Σ log of the sums of risk that events share; what is left of it is a product. */
  logs: number;
  factor: number;
}

/** As many events as a core's nearest cache holds. */
const BUFFERED = 256;

function meansBuffer(width: number): Means {
  const [values, weight, sum, products, atRisk] = [BUFFERED * width, BUFFERED, width, width * width, width].map(
    (length) => new Float64Array(length)
  );
  return {width, values, weight, used: 0, sum, products, atRisk, logs: 0, factor: 1};
}

function emptyBuffer(means: Means): void {
  const {width, values, weight, used, products} = means;
  addProducts(values, weight, {width, from: 0, to: used}, products);
  means.used = 0;
}

const tied = noEvents();

function backward(
  {stride, deaths}: ArmData,
  {all, dead}: RiskSums,
  from: number,
  to: number,
  hazards: Hazards,
  means: Means
): void {
  const {width, values, sum, atRisk: s} = means;
  for (let t = to - 1; t >= from; t--) {
    const row = (t - from) * width;
    for (let q = 0; q < width; q++) s[q] += all[row + q];
    hazards.all[t] = hazards.own[t] = 0;
    if (deaths[t] === 0) continue;
    const risk = s[0] + s[stride];
    const dying = dead[row] + dead[row + stride];
    countTied(tied, "efron", deaths[t], dying, risk);
    for (let l = 0; l < tied.count; l++) {
      const [share, weight] = [tied.share[l], tied.weight[l]];
      const denominator = risk - share * dying;
      if (weight === 1) means.factor *= denominator;
      else means.logs += weight * Math.log(denominator);
      if (means.factor > LARGE || means.factor < SMALL) {
        means.logs += Math.log(means.factor);
        means.factor = 1;
      }
      const inverse = 1 / denominator;
      hazards.all[t] += weight * inverse;
      hazards.own[t] += weight * inverse * (1 - share);
      means.weight[means.used] = weight;
      const at = means.used * width;
      for (let q = 0; q < width; q++) {
        const mean = (s[q] - share * dead[row + q]) * inverse;
        sum[q] += weight * mean;
        values[at + q] = mean;
      }
      if (++means.used === BUFFERED) emptyBuffer(means);
    }
  }
}

/** From the hazards at each time those up to it. */
function cumulate({all, own}: Hazards): void {
  let before = 0;
  for (let t = 0; t < all.length; t++) {
    own[t] += before;
    before = all[t] += before;
  }
}

/** Risks times the hazard that the patients live through. */
function liveThrough(
  risk: Float64Array,
  slot: Uint32Array,
  event: Uint8Array,
  {all, own}: Hazards,
  from: number,
  to: number
): void {
  for (let u = from; u < to; u++) risk[u] *= event[u] === 1 ? own[slot[u]] : all[slot[u]];
}

/**
 * Score and information of θ.
 *
 * @param lived - by patient: risk times the hazard lived through
 * @param means - Σ over the events of the means over those at risk, and of their products
 */
export function gather(
  {columns: K, stride, x, untreated, died}: Rows & Pick<ArmData, "columns" | "died">,
  lived: Float64Array,
  {width, sum, products}: Pick<Means, "width" | "sum" | "products">,
  into: CoxLikelihood
): void {
  const full = 2 * K + 1;
  const within = [
    [0, untreated],
    [untreated, lived.length]
  ].map(([from, to]) => {
    const own = new Float64Array(stride * stride);
    inParts(to - from, (a, b) => addProducts(x, lived, {width: stride, from: from + a, to: from + b}, own));
    return own;
  });
  const kept = placesOfTheta(K, stride);
  kept.forEach((q, i) => {
    into.score[i] = died[q] - sum[q];
    kept.slice(0, i + 1).forEach((r, j) => {
      const arm = Number(q >= stride);
      const own = arm === Number(r >= stride) ? within[arm][(q % stride) * stride + (r % stride)] : 0;
      into.information[i * full + j] = into.information[j * full + i] = own - products[q * width + r];
    });
  });
}
