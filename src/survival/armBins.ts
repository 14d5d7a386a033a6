import {inParts} from "../numeric/inParts.js";
import {sampleQuantile} from "../numeric/sampleQuantile.js";
import type {ArmData} from "./armData.js";
import {gather, largestLogHazard, logHazard, restricted} from "./coxByArm.js";
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

/** Of each arm. */
const BINS = 64;
const BLOCKS = 128;

/** @returns the likelihood of θ = Lβ, as `armLikelihood` has it, of bins */
export function roughLikelihood(data: ArmData): (L: Float64Array) => PartialLikelihood {
  const bins = binned(data);
  const passes = binPasses(bins);
  return (L) => restricted(bins, L, passes, (theta) => largestLogHazard(bins, theta));
}

function binned(data: ArmData): ArmBins {
  const {columns, stride, events, x, died} = data;
  const bin = binsOf(data);
  const size = 2 * BINS;
  const sums = new Float64Array(size * stride);
  inParts(bin.length, (from, to) => addToBins(sums, bin, x, stride, from, to));
  // The first of each is the number of patients.
  const mean = sums.map((sum, q) => sum / Math.max(1, sums[q - (q % stride)]));
  return {columns, stride, events, untreated: BINS, x: mean, died, ...blocksOf(data, bin)};
}

function addToBins(
  sums: Float64Array,
  bin: Uint8Array,
  x: Float64Array,
  stride: number,
  from: number,
  to: number
): void {
  for (let u = from; u < to; u++) addRow(sums, bin[u] * stride, x, u * stride, stride, 1);
}

/** By patient: the arm's bin of the first column, which rises with the score; the outer ones hold its tails. */
function binsOf({slot, stride, x, untreated}: ArmData): Uint8Array {
  const n = slot.length;
  const step = Math.ceil(n / 1000);
  const sample = Float64Array.from({length: Math.ceil(n / step)}, (_, k) => x[k * step * stride + 1]).sort();
  const [low, high] = [sampleQuantile(sample, 0.01), sampleQuantile(sample, 0.99)];
  const scale = high > low ? (BINS - 2) / (high - low) : 0;
  const bin = new Uint8Array(n);
  inParts(n, (from, to) => {
    for (let u = from; u < to; u++) {
      const along = 1 + Math.floor((x[u * stride + 1] - low) * scale);
      bin[u] = Math.max(0, Math.min(BINS - 1, along)) + (u < untreated ? 0 : BINS);
    }
  });
  return bin;
}

function blocksOf({slot, untreated, deaths, events}: ArmData, bin: Uint8Array) {
  const blocks: number[] = [];
  const atRisk: number[] = [];
  const now = new Float64Array(2 * BINS);
  const whole = Math.ceil(events / BLOCKS);
  let [u, v] = [untreated - 1, slot.length - 1];
  for (let t = deaths.length - 1, passed = 0, taken = 0; t >= 0; t--) {
    for (; u >= 0 && slot[u] === t; u--) now[bin[u]]++;
    for (; v >= untreated && slot[v] === t; v--) now[bin[v]]++;
    passed += deaths[t];
    // Those at risk are looked at in the middle of a block, whose other half then follows.
    if (passed === taken || passed < Math.min(taken + whole / 2, events)) continue;
    const block = Math.max(passed - taken, Math.min(whole, events - taken));
    blocks.push(block);
    taken += block;
    atRisk.push(...now);
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
