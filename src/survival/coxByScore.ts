import {nodeWeights, seriesOf, TERMS} from "../numeric/chebyshev.js";
import {largestOf} from "./armData.js";
import type {ArmData} from "./armData.js";
import {armPasses} from "./armEvents.js";
import type {Hazards, RiskSums} from "./armEvents.js";
import {boundOf, logHazard, restricted} from "./armModel.js";
import type {Passes} from "./armModel.js";
import type {PartialLikelihood} from "./coxLikelihood.js";
import type {ScoreBins} from "./scoreBins.js";
import {addPart, widthOf} from "./scoreTable.js";
import type {ScoreTable} from "./scoreTable.js";
import {addSums} from "./weightedProducts.js";

/** Columns of the spline at the nodes of a table's bins, and what of all patients they give. */
export interface NodeColumns extends Pick<ArmData, "columns" | "stride" | "x" | "mean" | "died"> {
  readonly events: number;
  /** Nodes of one arm. `x` has them twice: an arm after the other. */
  readonly untreated: number;
  readonly largest: Float64Array;
}

/**
 * @param basis - K columns at some scores
 * @param mean - what is subtracted from each column; default: its mean over the patients
 */
export function nodeColumns(
  table: ScoreTable,
  {nodes}: ScoreBins,
  basis: (scores: Float64Array) => readonly Float64Array[],
  mean?: Float64Array
): NodeColumns {
  const columns = basis(nodes);
  const stride = 4 * Math.ceil((columns.length + 1) / 4);
  const [all, dead] = [table.all, table.died].map(weightsOfNodes);
  const n = all.reduce((sum, w) => sum + w, 0);
  const count = nodes.length;
  const means =
    mean ?? Float64Array.from(columns, (column) => all.reduce((sum, w, v) => sum + w * column[v % count], 0) / n);
  const x = new Float64Array(2 * count * stride);
  for (let v = 0; v < 2 * count; v++) {
    x[v * stride] = 1;
    columns.forEach((column, j) => (x[v * stride + 1 + j] = column[v % count] - means[j]));
  }
  const died = new Float64Array(2 * stride);
  for (let v = 0; v < 2 * count; v++)
    for (let j = 0, arm = v < count ? 0 : stride; j < stride; j++) died[arm + j] += dead[v] * x[v * stride + j];
  const events = table.deaths.reduce((sum, d) => sum + d, 0);
  return {
    columns: columns.length,
    stride,
    x,
    mean: means,
    died,
    events,
    untreated: count,
    largest: largestOf(x, stride)
  };
}

function weightsOfNodes(terms: Float64Array): Float64Array {
  const weights = new Float64Array(terms.length);
  for (let at = 0; at < terms.length; at += TERMS) nodeWeights(terms, at, weights);
  return weights;
}

/**
 * Partial likelihood (Efron) of the model θ = Lβ from a table of times and scores, as `armLikelihood` has it from the patients.
 *
 * @param passes - of `scorePasses`, or corrected
 */
export function scoreLikelihood(columns: NodeColumns, L: Float64Array, passes: Passes): PartialLikelihood {
  return restricted(columns, L, passes, (theta) => boundOf(theta, columns.largest));
}

/** The risk is a series in every bin, so that sums of it over patients are sums over the table's numbers. */
export function scorePasses(table: ScoreTable, columns: NodeColumns): Passes {
  const {stride, untreated} = columns;
  const width = widthOf(table);
  const risk = new Float64Array(2 * untreated);
  const series = new Float64Array(2 * untreated * stride);
  return armPasses({
    ...columns,
    deaths: table.deaths,
    addRisks(theta, sums, from, to) {
      if (to === table.times) riskSeries(columns, theta, risk, series);
      for (let t = from; t < to; t++) addTime(table, width, series, stride, sums, t, t - from);
    },
    lived(hazards) {
      const lived = weightsOfNodes(livedThrough(table, width, hazards));
      return lived.map((w, v) => w * risk[v]);
    }
  });
}

/** By node the risk; by term of each bin, those of the risk and of the risk times each column. */
function riskSeries(
  {stride, untreated, x}: NodeColumns,
  theta: Float64Array,
  risk: Float64Array,
  series: Float64Array
): void {
  const values = new Float64Array(TERMS * stride);
  for (let v = 0; v < risk.length; v += TERMS) {
    for (let k = 0; k < TERMS; k++) {
      const at = (v + k) * stride;
      const r = (risk[v + k] = Math.exp(logHazard(x, at, theta, v < untreated ? 0 : stride, stride)));
      for (let j = 0; j < stride; j++) values[k * stride + j] = r * x[at + j];
    }
    for (let j = 0; j < stride; j++) seriesOf(values, j, stride, series, v * stride + j);
  }
}

function addTime(
  {sums: table}: ScoreTable,
  width: number,
  series: Float64Array,
  stride: number,
  {all, dead}: RiskSums,
  t: number,
  line: number
): void {
  const [censored, died, into] = [2 * t * width, (2 * t + 1) * width, 2 * line * stride];
  const half = width / 2;
  for (let arm = 0, first = 0; arm < 2; arm++, first += half) {
    addDots(dead, into + arm * stride, table, died + first, series, first, half, stride);
    addDots(all, into + arm * stride, table, censored + first, series, first, half, stride);
  }
  for (let q = into; q < into + 2 * stride; q++) all[q] += dead[q];
}

/** Adds the table's numbers times each of the series. */
function addDots(
  into: Float64Array,
  at: number,
  table: Float64Array,
  from: number,
  series: Float64Array,
  first: number,
  length: number,
  stride: number
): void {
  for (let j = 0; j < stride; j += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let b = from, d = first * stride + j; b < from + length; b += TERMS, d += TERMS * stride) {
      // Nobody is in the bin at this time.
      if (table[b] === 0) continue;
      for (let q = b, c = d; q < b + TERMS; q++, c += stride) {
        const value = table[q];
        s0 += value * series[c];
        s1 += value * series[c + 1];
        s2 += value * series[c + 2];
        s3 += value * series[c + 3];
      }
    }
    addSums(into, at + j, s0, s1, s2, s3);
  }
}

/** By number of a table's line: Σ over time, each times the hazard until then. */
function livedThrough({times, sums}: ScoreTable, width: number, {all, own}: Hazards): Float64Array {
  const lived = new Float64Array(width);
  for (let t = 0; t < times; t++) {
    addPart(lived, 0, sums, 2 * t * width, width, all[t]);
    addPart(lived, 0, sums, (2 * t + 1) * width, width, own[t]);
  }
  return lived;
}

/** Of the risk summed over the patients this part may be missing. */
const ACCURACY = 1e-10;

/**
 * Whether the series of the risk, and of the risk times a column, have terms enough: their last two are what those left out would at
 * most be like.
 */
export function enoughTerms(table: ScoreTable, columns: NodeColumns, theta: Float64Array): boolean {
  const {stride, untreated, largest} = columns;
  const [risk, series] = [new Float64Array(2 * untreated), new Float64Array(2 * untreated * stride)];
  riskSeries(columns, theta, risk, series);
  const {all} = table;
  const [whole, last] = [new Float64Array(stride), new Float64Array(stride)];
  for (let v = 0; v < 2 * untreated; v += TERMS)
    for (let j = 0; j < stride; j++) {
      const size = (m: number) => Math.abs(series[(v + m) * stride + j]);
      whole[j] += all[v] * size(0);
      last[j] += all[v] * (size(TERMS - 2) + size(TERMS - 1));
    }
  return last.every((sum, j) => sum <= ACCURACY * Math.max(whole[j], whole[0] * Math.min(1, largest[j])));
}
