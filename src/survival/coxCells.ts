import {keptIn} from "../numeric/keptIn.js";
import {coarser} from "./momentBlocks.js";
import type {CellMoments} from "./momentBlocks.js";
import {blocksOf, weightedBlocksOf} from "./cellWeights.js";
import type {CellWeights} from "./cellWeights.js";
import type {CellCounts} from "./cellCounts.js";
import {emptySums, sumCells, sumFourCells, sumTwoCells, sumWeightedCells} from "./cellSums.js";
import type {CellSums} from "./cellSums.js";
import {sumMoments} from "./momentSums.js";
import {maximise, maximiseFrom} from "./coxFit.js";
import type {CoxMaximum, Search} from "./coxFit.js";
import {changesByRow, emptyLikelihood} from "./coxLikelihood.js";
import type {CoxLikelihood, PartialLikelihood, Ties} from "./coxLikelihood.js";

/**
 * More event times than this, and a fit to `BLOCKS` blocks of them says where to begin: with all events, and with nothing
 * wrong but who was at risk within a block, it ends so near the maximum that one or two steps of the whole are enough.
 */
const MANY_TIMES = 2000;
const BLOCKS = 400;
/** The same of blocks of moments, of which there are fewer. */
const COARSE = 100;
/** The blocks are off by more than this. */
const ROUGH = 1e-5;

/**
 * Cox regression on covariates that are the same for everyone in a cell, from counts of the cells alone. A step of the fit
 * costs one look at each event time instead of one at each patient, and needs no exponential but one a cell; the maximum is
 * that of `coxph` on the patients.
 *
 * @param design - covariates of each cell, cells × p, row by row
 * @see `coxph`, whose fit this is
 */
export function coxCells(
  counts: CellCounts,
  design: ArrayLike<number>,
  {ties = "efron", ...search}: {readonly ties?: Ties} & Partial<Search> = {}
): CoxMaximum {
  const how = {maxIterations: 40, ...search};
  if (counts.times <= MANY_TIMES) return maximise(cellLikelihood(counts, design, ties), how);
  const rough = weightedCellLikelihood(blocksOf(counts, BLOCKS), design, ties);
  return maximiseFrom(rough, ROUGH, cellLikelihood(counts, design, ties), how);
}

function cellLikelihood(counts: CellCounts, design: ArrayLike<number>, ties: Ties): PartialLikelihood {
  const {cells, events} = counts;
  const sum = cells === 2 ? sumTwoCells : cells === 4 ? sumFourCells : sumCells;
  const fill = (risk: Float64Array, sums: CellSums) => sum(counts, risk, ties, sums);
  return likelihoodOf({...counts, events: counts.deadCell.length}, design, events, fill);
}

/** The same of weighted counts. @see `coxCells` */
export function coxWeightedCells(counts: CellWeights, design: ArrayLike<number>, search: Partial<Search>): CoxMaximum {
  const how = {maxIterations: 40, ...search};
  const likelihood = (of: CellWeights) => weightedCellLikelihood(of, design, "efron");
  if (counts.times <= MANY_TIMES) return maximise(likelihood(counts), how);
  return maximiseFrom(likelihood(weightedBlocksOf(counts, BLOCKS)), ROUGH, likelihood(counts), how);
}

function weightedCellLikelihood(counts: CellWeights, design: ArrayLike<number>, ties: Ties): PartialLikelihood {
  const fill = (risk: Float64Array, sums: CellSums) => sumWeightedCells(counts, risk, ties, sums);
  return likelihoodOf(counts, design, counts.deadWeight, fill);
}

/**
 * The same from moments of many events.
 *
 * @param n - by cell: patients
 * @param dead - by cell: events
 */
export function coxMoments(
  moments: CellMoments,
  {n, events: dead}: Pick<CellCounts, "n" | "events">,
  design: ArrayLike<number>,
  search: Partial<Search> = {}
): CoxMaximum {
  const how = {maxIterations: 40, ...search};
  const likelihood = (of: CellMoments) => {
    const {cells, blocks, deaths, mean} = of;
    const events = deaths.reduce((sum, d) => sum + d, 0);
    const fill = (risk: Float64Array, sums: CellSums) => sumMoments(of, risk, sums);
    return likelihoodOf({cells, events, times: blocks, n, atRisk: mean}, design, dead, fill);
  };
  if (moments.blocks <= COARSE) return maximise(likelihood(moments), how);
  const few = keptIn(coarse, moments, () => coarser(moments, COARSE));
  return maximiseFrom(likelihood(few), ROUGH, likelihood(moments), how);
}

/** Several models are made of the same moments. */
const coarse = new WeakMap<CellMoments, CellMoments>();

/** @param dead - by cell: events, or their weight */
function likelihoodOf(
  counts: Cells,
  design: ArrayLike<number>,
  dead: ArrayLike<number>,
  fill: (risk: Float64Array, sums: CellSums) => void
): PartialLikelihood {
  const {cells, events} = counts;
  const p = design.length / cells;
  const x = centred(design, everAtRisk(counts), p);
  const largest = new Float64Array(p);
  x.forEach((value, at) => (largest[at % p] = Math.max(largest[at % p], Math.abs(value))));
  const constant = Uint8Array.from(largest, (size) => (size > 1e-12 ? 0 : 1));
  const sums = emptySums(cells);
  return {
    p,
    events,
    constant,
    largest,
    empty: () => emptyLikelihood(cells, p),
    evaluate(beta, into) {
      for (let c = 0; c < cells; c++) into.risk[c] = Math.exp(logHazard(x, beta, c));
      fill(into.risk, sums);
      collect(cells, dead, x, beta, sums, into);
    },
    ...changesByRow(x, cells)
  };
}

/** What a likelihood needs of counts beyond its sums. */
interface Cells {
  readonly cells: number;
  readonly events: number;
  readonly times: number;
  readonly n: ArrayLike<number>;
  readonly atRisk: Uint32Array | Float64Array;
}

/** Patients of each cell, 0 where none is at risk at any event: these say nothing of the coefficients. */
function everAtRisk({cells, n, times, atRisk}: Cells): Float64Array {
  return Float64Array.from(n, (count, c) => {
    for (let t = 0, at = c; t < times; t++, at += cells) if (atRisk[at] > 0) return count;
    return 0;
  });
}

/** Columns minus their mean over the patients present, which changes no coefficient; 0 in cells without patients. */
function centred(design: ArrayLike<number>, present: Float64Array, p: number): Float64Array {
  const x = new Float64Array(design.length);
  const total = present.reduce((sum, count) => sum + count, 0);
  for (let j = 0; j < p; j++) {
    let mean = 0;
    for (let c = 0; c < present.length; c++) mean += (present[c] * design[c * p + j]) / total;
    for (let c = 0; c < present.length; c++) if (present[c] > 0) x[c * p + j] = design[c * p + j] - mean;
  }
  return x;
}

function logHazard(x: Float64Array, beta: Float64Array, cell: number): number {
  const p = beta.length;
  let eta = 0;
  for (let j = 0; j < p; j++) eta += beta[j] * x[cell * p + j];
  return eta;
}

/** Likelihood, score and information of the coefficients from the sums over cells. */
function collect(
  cells: number,
  events: ArrayLike<number>,
  x: Float64Array,
  beta: Float64Array,
  {share, product, logDenominators, third}: CellSums,
  into: CoxLikelihood
): void {
  const p = beta.length;
  const {score, information} = into;
  score.fill(0);
  information.fill(0);
  let logLikelihood = -logDenominators;
  for (let c = 0; c < cells; c++) {
    if (events[c] > 0) logLikelihood += events[c] * logHazard(x, beta, c);
    const beyond = events[c] - share[c];
    for (let j = 0; j < p; j++) score[j] += beyond * x[c * p + j];
    for (let e = 0; e < cells; e++) {
      const between = (c === e ? share[c] : 0) - product[Math.max(c, e) * cells + Math.min(c, e)];
      for (let i = 0; i < p; i++)
        for (let j = 0; j <= i; j++) information[i * p + j] += between * x[c * p + i] * x[e * p + j];
    }
  }
  for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) information[i * p + j] = information[j * p + i];
  into.logLikelihood = logLikelihood;
  into.skewness = p === 1 && third !== null ? third * (x[1] - x[0]) ** 3 : null;
}
