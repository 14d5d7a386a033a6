import {LARGE, SMALL} from "./cellSums.js";
import {emptyLikelihood, tiedShare} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood} from "./coxLikelihood.js";
import type {Surv} from "./surv.js";

/**
 * Patients of two arms in order of time, with K columns that say how the hazard changes within each. Log hazards are θ'z,
 * z being the K columns in the untreated arm and, in the treated one, 1 and the K columns: 2K + 1 in all, of which a patient
 * has half. The untreated arm comes first, each arm in order of time.
 */
export interface ArmData {
  readonly columns: number;
  /** Values a patient has in `x`: 1, the K columns, and zeros up to a multiple of four. */
  readonly stride: number;
  /** By patient, ascending in time: its place in `x`. */
  readonly place: Uint32Array;
  readonly slot: Uint32Array;
  readonly event: Uint8Array;
  readonly events: number;
  /** Patients of the untreated arm. */
  readonly untreated: number;
  /** n × stride, columns centred. */
  readonly x: Float64Array;
  /** What was subtracted from each column. */
  readonly mean: Float64Array;
  /** 2 × stride: Σ x of the events, [untreated, treated]. */
  readonly died: Float64Array;
}

/**
 * @param row - patients in order of time, `slot` aligned as `completeRows` has it
 * @param treatment - by row of the cohort 0 or 1
 * @param basis - K columns at some rows of the cohort
 */
export function armData(
  {event}: Surv,
  row: Uint32Array,
  slot: Uint32Array,
  treatment: ArrayLike<number>,
  basis: (row: Uint32Array) => readonly Float64Array[]
): ArmData {
  const n = row.length;
  const arm = new Uint8Array(n);
  const own = new Uint8Array(n);
  let [untreated, events] = [0, 0];
  for (let k = 0; k < n; k++) {
    arm[k] = treatment[row[k]];
    own[k] = event[row[k]];
    untreated += 1 - arm[k];
    events += own[k];
  }
  const columns = basis(row);
  const mean = Float64Array.from(columns, meanOf);
  const stride = 4 * Math.ceil((columns.length + 1) / 4);
  const place = new Uint32Array(n);
  const x = new Float64Array(n * stride);
  const next = [0, untreated];
  for (let k = 0; k < n; k++) x[(place[k] = next[arm[k]]++) * stride] = 1;
  columns.forEach((column, j) => {
    for (let k = 0; k < n; k++) x[place[k] * stride + 1 + j] = column[k] - mean[j];
  });
  const died = new Float64Array(2 * stride);
  for (let k = 0; k < n; k++) if (own[k] === 1) addFour(died, arm[k] * stride, x, place[k] * stride, stride);
  return {columns: columns.length, stride, place, slot, event: own, events, untreated, x, mean, died};
}

function meanOf(column: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < column.length; k++) sum += column[k];
  return sum / column.length;
}

/**
 * Partial likelihood (Efron) of the model θ = Lβ.
 *
 * @param L - (2K + 1) × p, row by row: what each coefficient does to the untreated arm's columns, the treatment, the treated
 *   arm's columns
 */
export function armLikelihood(data: ArmData, L: Float64Array): PartialLikelihood {
  return restricted(data, L, armPasses(data), (theta) => largestOf(logHazards(data, theta)));
}

/**
 * The likelihood of β from that of θ.
 *
 * @param passes - given θ as both arms have it, 2 × stride
 * @param largest - the largest log hazard of anybody with such coefficients
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
    const both = new Float64Array(2 * stride);
    both.set(theta.subarray(0, K), 1);
    both.set(theta.subarray(K), stride);
    return both;
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

/** By place. @param theta - 2 × stride */
export function logHazards({x, stride, untreated}: Rows, theta: Float64Array): Float64Array {
  const eta = new Float64Array(x.length / stride);
  for (let u = 0, at = 0; u < eta.length; u++) {
    const from = u < untreated ? 0 : stride;
    let sum = 0;
    for (let j = 0; j < stride; j += 4, at += 4)
      sum +=
        theta[from + j] * x[at] +
        theta[from + j + 1] * x[at + 1] +
        theta[from + j + 2] * x[at + 2] +
        theta[from + j + 3] * x[at + 3];
    eta[u] = sum;
  }
  return eta;
}

export function largestOf(values: Float64Array): number {
  let most = 0;
  for (let u = 0; u < values.length; u++) most = Math.max(most, Math.abs(values[u]));
  return most;
}

/** What the passes over the patients leave behind: by the first position of a time, the hazard there. */
interface Hazards {
  readonly all: Float64Array;
  /** As the events at the time see it. */
  readonly own: Float64Array;
}

/**
 * As `twoPasses` of coxLikelihoodPasses.ts: back in time the sums over those at risk give the likelihood, the score and the
 * squares of the means; forward in time the hazards that each patient lives through give the rest of the information.
 */
function armPasses(data: ArmData) {
  const {stride, x, place, died} = data;
  const n = place.length;
  const risks = new Float64Array(x.length);
  const lived = new Float64Array(n);
  const hazards = {all: new Float64Array(n), own: new Float64Array(n)};
  return (theta: Float64Array, into: CoxLikelihood) => {
    riskTable(data, theta, risks);
    const means = meansBuffer(2 * stride);
    into.logLikelihood = -backward(data, risks, hazards, means);
    for (let q = 0; q < died.length; q++) into.logLikelihood += theta[q] * died[q];
    liveThrough(data, hazards, lived);
    scaleRows(risks, lived, stride);
    gather(data, risks, means, into);
  };
}

/**
 * Score and information of θ.
 *
 * @param risks - n × stride: risk times the hazard lived through, times x
 * @param means - Σ over the events of the means over those at risk, and of their products
 */
export function gather(
  {columns: K, stride, x, untreated, died}: Rows & Pick<ArmData, "columns" | "died">,
  risks: Float64Array,
  {width, sum, products}: Pick<Means, "width" | "sum" | "products">,
  into: CoxLikelihood
): void {
  const full = 2 * K + 1;
  const within = [
    [0, untreated],
    [untreated, x.length / stride]
  ].map(([from, to]) => crossProducts(x, risks, stride, from, to));
  // Of both arms' columns one stands for nothing: the untreated arm's first.
  const kept = Array.from({length: full}, (_, i) => (i < K ? 1 + i : stride + i - K));
  kept.forEach((q, i) => {
    into.score[i] = died[q] - sum[q];
    kept.slice(0, i + 1).forEach((r, j) => {
      const arm = Number(q >= stride);
      const own = arm === Number(r >= stride) ? within[arm][(q % stride) * stride + (r % stride)] : 0;
      into.information[i * full + j] = into.information[j * full + i] = own - products[q * width + r];
    });
  });
}

/** exp(θ'z) of each patient times its x: what it adds to the sums over those at risk. */
export function riskTable(data: Rows, theta: Float64Array, risks: Float64Array): void {
  const {x, stride} = data;
  const eta = logHazards(data, theta);
  for (let u = 0, at = 0; u < eta.length; u++) {
    const r = Math.exp(eta[u]);
    for (let j = 0; j < stride; j += 4, at += 4) {
      risks[at] = r * x[at];
      risks[at + 1] = r * x[at + 1];
      risks[at + 2] = r * x[at + 2];
      risks[at + 3] = r * x[at + 3];
    }
  }
}

/** Means over those at risk, an event after the other; multiplied with each other when the buffer is full. */
interface Means {
  readonly width: number;
  readonly values: Float64Array;
  used: number;
  readonly sum: Float64Array;
  /** width × width, lower triangle. */
  readonly products: Float64Array;
}

/** As many events as a core's nearest cache holds. */
const BUFFERED = 256;

function meansBuffer(width: number): Means {
  const [values, sum, products] = [BUFFERED * width, width, width * width].map((length) => new Float64Array(length));
  return {width, values, used: 0, sum, products};
}

function emptyBuffer(means: Means): void {
  const {width, values, used, sum, products} = means;
  const found = crossProducts(values, values, width, 0, used);
  for (let q = 0; q < found.length; q++) products[q] += found[q];
  for (let e = 0; e < used; e++) for (let q = 0; q < width; q++) sum[q] += values[e * width + q];
  means.used = 0;
}

/** @returns Σ log of the sums of risk that events share */
function backward(
  {stride, place, slot, event, untreated}: ArmData,
  risks: Float64Array,
  hazards: Hazards,
  means: Means
): number {
  const {width, values} = means;
  const [s, d] = [new Float64Array(width), new Float64Array(width)];
  let [logs, factor] = [0, 1];
  for (let k = place.length - 1; k >= 0;) {
    const time = slot[k];
    let deaths = 0;
    for (; k >= 0 && slot[k] === time; k--) {
      const into = place[k] < untreated ? 0 : stride;
      const at = place[k] * stride;
      addFour(s, into, risks, at, stride);
      if (event[k] === 0) continue;
      if (deaths++ === 0) d.fill(0);
      addFour(d, into, risks, at, stride);
    }
    hazards.all[k + 1] = hazards.own[k + 1] = 0;
    for (let l = 0; l < deaths; l++) {
      const share = deaths > 1 ? tiedShare("efron", l, deaths) : 0;
      const denominator = s[0] + s[stride] - share * (d[0] + d[stride]);
      factor *= denominator;
      if (factor > LARGE || factor < SMALL) {
        logs += Math.log(factor);
        factor = 1;
      }
      const inverse = 1 / denominator;
      hazards.all[k + 1] += inverse;
      hazards.own[k + 1] += inverse * (1 - share);
      const at = means.used * width;
      for (let q = 0; q < width; q += 4) {
        values[at + q] = (s[q] - share * d[q]) * inverse;
        values[at + q + 1] = (s[q + 1] - share * d[q + 1]) * inverse;
        values[at + q + 2] = (s[q + 2] - share * d[q + 2]) * inverse;
        values[at + q + 3] = (s[q + 3] - share * d[q + 3]) * inverse;
      }
      if (++means.used === BUFFERED) emptyBuffer(means);
    }
  }
  emptyBuffer(means);
  return logs + Math.log(factor);
}

/** Adds `stride` values. Loops of a few steps are slow unless several are made at once. */
export function addFour(sums: Float64Array, into: number, values: Float64Array, at: number, stride: number): void {
  for (let j = 0; j < stride; j += 4) {
    sums[into + j] += values[at + j];
    sums[into + j + 1] += values[at + j + 1];
    sums[into + j + 2] += values[at + j + 2];
    sums[into + j + 3] += values[at + j + 3];
  }
}

/** By place: the hazard that a patient lives through, added up. */
function liveThrough({place, slot, event}: ArmData, hazards: Hazards, lived: Float64Array): void {
  let cumulated = 0;
  for (let first = 0, end = 0; first < place.length; first = end) {
    const own = cumulated + hazards.own[first];
    cumulated += hazards.all[first];
    for (; end < place.length && slot[end] === slot[first]; end++)
      lived[place[end]] = event[end] === 1 ? own : cumulated;
  }
}

export function scaleRows(rows: Float64Array, by: Float64Array, stride: number): void {
  for (let u = 0, at = 0; u < by.length; u++) for (let j = 0; j < stride; j++, at++) rows[at] *= by[u];
}

/** Σ a′b over rows `from` … `to` − 1: width × width, lower triangle in blocks of four by four. */
function crossProducts(a: Float64Array, b: Float64Array, width: number, from: number, to: number): Float64Array {
  const products = new Float64Array(width * width);
  for (let i = 0; i < width; i += 4) for (let j = 0; j <= i; j += 4) addBlock(a, b, {width, from, to}, i, j, products);
  return products;
}

/** Sixteen sums kept at once, which no array holds meanwhile. */
function addBlock(
  a: Float64Array,
  b: Float64Array,
  {width, from, to}: {readonly width: number; readonly from: number; readonly to: number},
  i: number,
  j: number,
  products: Float64Array
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let e = from, p = from * width + i, q = from * width + j; e < to; e++, p += width, q += width) {
    const [b0, b1, b2, b3] = [b[q], b[q + 1], b[q + 2], b[q + 3]];
    const a0 = a[p];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = a[p + 1];
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = a[p + 2];
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = a[p + 3];
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  products.set([s00, s01, s02, s03], i * width + j);
  products.set([s10, s11, s12, s13], (i + 1) * width + j);
  products.set([s20, s21, s22, s23], (i + 2) * width + j);
  products.set([s30, s31, s32, s33], (i + 3) * width + j);
}
