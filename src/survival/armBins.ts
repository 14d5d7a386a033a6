import {inParts} from "../numeric/inParts.js";
import {sampleQuantile} from "../numeric/sampleQuantile.js";
import {largestOf} from "./armData.js";
import type {ArmData} from "./armData.js";
import {boundOf, bothArms, gather, logHazard, placesOfTheta, restricted} from "./coxByArm.js";
import {emptyLikelihood} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood} from "./coxLikelihood.js";
import {addRow} from "./weightedProducts.js";

/**
 * Patients of one arm with nearly the same score taken together, and events that follow each other: a likelihood of some
 * hundred bins, quick to evaluate, whose maximum is near enough the patients' own to begin there.
 */
interface ArmBins extends Pick<ArmData, "columns" | "stride" | "events" | "untreated" | "x" | "died"> {
  /** By block of events: how many. */
  readonly deaths: Float64Array;
  /** blocks × bins: patients at risk midway through the block. */
  readonly atRisk: Float64Array;
}

/** Bins of each arm, an eighth of them for each of its tails: more where a look at all patients takes longer than at more bins. */
const binsFor = (patients: number) => (patients < 300_000 ? 64 : 256);
/** A block has at most this part of the events, and no more than this part of those at risk. */
const BLOCKS = 128;
const PART = 64;

/** Where all of the patients' own likelihood is known. Arrays by θ: K columns untreated, treatment, K columns treated. */
export interface KnownMaximum {
  readonly theta: Float64Array;
  readonly information: Float64Array;
}

export interface RoughLikelihood {
  /** The likelihood of θ = Lβ, as `armLikelihood` has it, of bins. */
  of(L: Float64Array): PartialLikelihood;
  /**
   * The same with the patients' own score and information at their maximum: there the two then differ by the third order only, and a
   * restricted model's maximum is not far from it.
   */
  near(known: KnownMaximum): (L: Float64Array) => PartialLikelihood;
}

export function roughLikelihood(data: ArmData): RoughLikelihood {
  const bins = binned(data);
  const passes = binPasses(bins);
  const sizes = largestOf(bins.x, bins.stride);
  const largest = (theta: Float64Array) => boundOf(theta, sizes);
  return {
    of: (L) => restricted(bins, L, passes, largest),
    near(known) {
      const own = corrected(bins, passes, known);
      return (L) => restricted(bins, L, own, largest);
    }
  };
}

type Passes = (theta: Float64Array, into: CoxLikelihood) => void;

function corrected({columns: K, stride}: ArmBins, passes: Passes, {theta: at, information}: KnownMaximum): Passes {
  const full = at.length;
  const own = emptyLikelihood(0, full);
  passes(bothArms(at, K, stride), own);
  // What the patients' information is more than that of the bins.
  const more = information.map((v, q) => v - own.information[q]);
  const places = placesOfTheta(K, stride);
  return (theta, into) => {
    passes(theta, into);
    const away = at.map((value, i) => theta[places[i]] - value);
    for (let i = 0; i < full; i++) {
      let turn = 0;
      for (let j = 0; j < full; j++) turn += more[i * full + j] * away[j];
      into.logLikelihood -= (own.score[i] + turn / 2) * away[i];
      into.score[i] -= own.score[i] + turn;
      for (let j = 0; j < full; j++) into.information[i * full + j] += more[i * full + j];
    }
  };
}

function binned(data: ArmData): ArmBins {
  const {columns, stride, events, x, died} = data;
  const bins = binsFor(data.slot.length);
  const bin = binsOf(data, bins);
  const sums = new Float64Array(2 * bins * stride);
  inParts(bin.length, (from, to) => addToBins(sums, bin, x, stride, from, to));
  // The first of each is the number of patients.
  const mean = sums.map((sum, q) => sum / Math.max(1, sums[q - (q % stride)]));
  return {columns, stride, events, untreated: bins, x: mean, died, ...blocksOf(data, bin, bins)};
}

function addToBins(
  sums: Float64Array,
  bin: Uint16Array,
  x: Float64Array,
  stride: number,
  from: number,
  to: number
): void {
  for (let u = from; u < to; u++) addRow(sums, bin[u] * stride, x, u * stride, stride, 1);
}

/** By patient: the arm's bin of the first column, which rises with the score; tails have wider bins of their own. */
function binsOf({slot, stride, x, untreated}: ArmData, bins: number): Uint16Array {
  const tail = bins / 8;
  const n = slot.length;
  const step = Math.ceil(n / 1000);
  const sample = Float64Array.from({length: Math.ceil(n / step)}, (_, k) => x[k * step * stride + 1]).sort();
  const [low, high] = [sampleQuantile(sample, 0.02), sampleQuantile(sample, 0.98)];
  const [least, most] = rangeOf(x, stride);
  const perUnit = (count: number, from: number, to: number) => (to > from ? count / (to - from) : 0);
  const below = perUnit(tail, least, low);
  const middle = perUnit(bins - 2 * tail, low, high);
  const above = perUnit(tail, high, most);
  const place = (value: number) => {
    if (value < low) return Math.floor((value - least) * below);
    if (value > high) return Math.min(bins - 1, bins - tail + Math.floor((value - high) * above));
    return Math.min(bins - tail - 1, tail + Math.floor((value - low) * middle));
  };
  const bin = new Uint16Array(n);
  inParts(n, (from, to) => {
    for (let u = from; u < to; u++) bin[u] = place(x[u * stride + 1]) + (u < untreated ? 0 : bins);
  });
  return bin;
}

function rangeOf(x: Float64Array, stride: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let at = 1; at < x.length; at += stride) {
    if (x[at] < least) least = x[at];
    if (x[at] > most) most = x[at];
  }
  return [least, most];
}

function blocksOf({slot, event, untreated, deaths, events}: ArmData, bin: Uint16Array, bins: number) {
  const blocks: number[] = [];
  const atRisk: number[] = [];
  const now = new Float64Array(2 * bins);
  const most = Math.ceil(events / BLOCKS);
  let [u, v] = [untreated - 1, slot.length - 1];
  for (let t = deaths.length - 1, passed = 0, taken = 0; t >= 0; t--) {
    for (; u >= 0 && slot[u] === t; u--) now[bin[u]]++;
    for (; v >= untreated && slot[v] === t; v--) now[bin[v]]++;
    passed += deaths[t];
    const all = slot.length - 2 - u - (v - untreated);
    const whole = Math.min(most, Math.max(1, Math.floor(all / PART)));
    // Those at risk are looked at in the middle of a block, whose other half then follows.
    if (passed === taken || passed < Math.min(taken + whole / 2, events)) continue;
    const block = Math.max(passed - taken, Math.min(whole, events - taken));
    blocks.push(block);
    taken += block;
    const seen = now.slice();
    // Tied events are out of the risk by half on average, after Efron.
    for (let w = u + 1; w < untreated && slot[w] === t; w++) seen[bin[w]] -= event[w] / 2;
    for (let w = v + 1; w < slot.length && slot[w] === t; w++) seen[bin[w]] -= event[w] / 2;
    atRisk.push(...seen);
  }
  return {deaths: Float64Array.from(blocks), atRisk: Float64Array.from(atRisk)};
}

function binPasses({columns, stride, untreated, x, died, deaths, atRisk}: ArmBins) {
  const [bins, width] = [x.length / stride, 2 * stride];
  const risk = new Float64Array(bins);
  return (theta: Float64Array, into: CoxLikelihood) => {
    for (let c = 0; c < bins; c++)
      risk[c] = Math.exp(logHazard(x, c * stride, theta, c < untreated ? 0 : stride, stride));
    const [hazards, s, sum] = [bins, width, width].map((length) => new Float64Array(length));
    const products = new Float64Array(width * width);
    let logLikelihood = 0;
    for (let b = 0, at = 0; b < deaths.length; b++, at += bins) {
      s.fill(0);
      for (let c = 0; c < bins; c++)
        addRow(s, c < untreated ? 0 : stride, x, c * stride, stride, atRisk[at + c] * risk[c]);
      const denominator = s[0] + s[stride];
      logLikelihood -= deaths[b] * Math.log(denominator);
      const hazard = deaths[b] / denominator;
      for (let c = 0; c < bins; c++) hazards[c] += hazard * atRisk[at + c];
      for (let q = 0; q < width; q++) {
        sum[q] += hazard * s[q];
        for (let r = 0; r <= q; r++) products[q * width + r] += (hazard * s[q] * s[r]) / denominator;
      }
    }
    for (let q = 0; q < width; q++) logLikelihood += theta[q] * died[q];
    into.logLikelihood = logLikelihood;
    const lived = hazards.map((hazard, c) => hazard * risk[c]);
    gather({columns, stride, x, untreated, died}, lived, {width, sum, products}, into);
  };
}
