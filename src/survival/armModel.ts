import {inParts} from "../numeric/inParts.js";
import {emptyLikelihood} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood} from "./coxLikelihood.js";
import type {ArmData} from "./armData.js";
import {addProducts} from "./weightedProducts.js";

/** Fills likelihood, score and information of θ, given as both arms have it: 2 × stride. */
export type Passes = (theta: Float64Array, into: CoxLikelihood) => void;

/** What is known of the patients' own likelihood at some θ. Arrays by θ: K columns untreated, treatment, K columns treated. */
export interface KnownPoint {
  readonly theta: Float64Array;
  readonly score: Float64Array;
  readonly information: Float64Array;
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
  passes: Passes,
  largest: (theta: Float64Array) => number
): PartialLikelihood {
  const full = 2 * K + 1;
  const p = L.length / full;
  const whole = emptyLikelihood(0, full);
  const arms = (beta: Float64Array) => {
    const theta = new Float64Array(full);
    for (let i = 0; i < full; i++) for (let j = 0; j < p; j++) theta[i] += L[i * p + j] * beta[j];
    return bothArms(theta, {columns: K, stride});
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
export function bothArms(theta: Float64Array, {columns: K, stride}: Pick<ArmData, "columns" | "stride">): Float64Array {
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

/**
 * A rough likelihood with the patients' own score and information at some θ: about there the two then differ by the third order only, and
 * so do their maxima.
 */
export function corrected(
  {columns: K, stride}: Pick<ArmData, "columns" | "stride">,
  rough: Passes,
  known: KnownPoint
): Passes {
  const {theta: at} = known;
  const full = at.length;
  const own = emptyLikelihood(0, full);
  rough(bothArms(at, {columns: K, stride}), own);
  // What the patients' own are more than those of the rough likelihood.
  const score = known.score.map((v, i) => v - own.score[i]);
  const information = known.information.map((v, q) => v - own.information[q]);
  const places = placesOfTheta(K, stride);
  return (theta, into) => {
    rough(theta, into);
    const away = at.map((value, i) => theta[places[i]] - value);
    for (let i = 0; i < full; i++) {
      let turn = 0;
      for (let j = 0; j < full; j++) turn += information[i * full + j] * away[j];
      into.logLikelihood += (score[i] - turn / 2) * away[i];
      into.score[i] += score[i] - turn;
      for (let j = 0; j < full; j++) into.information[i * full + j] += information[i * full + j];
    }
  };
}

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

/** 2 × stride of both arms: Σ over the events of the means over those at risk, and of products of two. */
export interface SummedMeans {
  readonly width: number;
  readonly sum: Float64Array;
  /** width × width, lower triangle. */
  readonly products: Float64Array;
}

/**
 * Score and information of θ.
 *
 * @param lived - by patient: risk times the hazard lived through
 */
export function gather(
  {columns: K, stride, x, untreated, died}: Pick<ArmData, "columns" | "stride" | "x" | "untreated" | "died">,
  lived: Float64Array,
  {width, sum, products}: SummedMeans,
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
