import {LARGE, SMALL} from "./cellSums.js";
import type {ArmData} from "./armData.js";
import {gather} from "./armModel.js";
import type {Passes, SummedMeans} from "./armModel.js";
import {countTied, noEvents} from "./tiedEvents.js";
import {addProducts} from "./weightedProducts.js";

/** By distinct time: the hazard there, and as the events at it see it; then added up over time. */
export interface Hazards {
  readonly all: Float64Array;
  readonly own: Float64Array;
}

/** So many times are gone through together: their sums stay near the processor. */
const TIMES = 2048;

/** Sums of risk, and of risk times x, at some distinct times: times × 2 × stride, of both arms. */
export interface RiskSums {
  readonly all: Float64Array;
  /** Of those with the event. */
  readonly dead: Float64Array;
}

/** Patients of two arms, or what stands for them. */
export interface Arms extends Pick<ArmData, "columns" | "stride" | "x" | "untreated" | "died"> {
  /** By time: number of events. */
  readonly deaths: ArrayLike<number>;
  /** Adds the sums of the times [from, to), which are 0. Called for the last times first. */
  addRisks(theta: Float64Array, sums: RiskSums, from: number, to: number): void;
  /** Aligned with `x`: risk times the hazard lived through, with the coefficients that were last asked for. */
  lived(hazards: Hazards): Float64Array;
}

/**
 * As `twoPasses` of coxLikelihoodPasses.ts: back in time the sums over those at risk give the likelihood, the score and the
 * squares of the means; then the hazards that each patient lives through give the rest of the information. Each arm is gone
 * through by itself, and what its patients bring is summed by time first.
 */
export function armPasses(arms: Arms): Passes {
  const {stride, deaths, died} = arms;
  const times = deaths.length;
  const hazards = {all: new Float64Array(times), own: new Float64Array(times)};
  const size = Math.min(times, TIMES) * 2 * stride;
  const sums = {all: new Float64Array(size), dead: new Float64Array(size)};
  return (theta, into) => {
    const means = meansBuffer(2 * stride);
    for (let to = times; to > 0; to -= TIMES) {
      const from = Math.max(0, to - TIMES);
      sums.all.fill(0);
      sums.dead.fill(0);
      arms.addRisks(theta, sums, from, to);
      backward(arms, sums, from, to, hazards, means);
    }
    emptyBuffer(means);
    into.logLikelihood = -(means.logs + Math.log(means.factor));
    for (let q = 0; q < died.length; q++) into.logLikelihood += theta[q] * died[q];
    cumulate(hazards);
    gather(arms, arms.lived(hazards), means, into);
  };
}

/** Means over those at risk, an event after the other; multiplied with each other when the buffer is full. */
interface Means extends SummedMeans {
  readonly values: Float64Array;
  /** How often each counts. */
  readonly weight: Float64Array;
  used: number;
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
  {stride, deaths}: Arms,
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
