import {chiSquareUpperTail, normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import {countCells, pickCells} from "./cellCounts.js";
import {countPatients} from "./cellTable.js";
import type {PatientCells} from "./patientCells.js";
import type {CellCounts} from "./cellCounts.js";
import {cellMoments} from "./cellMoments.js";
import {pickMoments} from "./momentBlocks.js";
import type {PairedMoments} from "./momentBlocks.js";
import {cellRobust} from "./cellRobust.js";
import {pickWeighted, weighCells} from "./cellWeights.js";
import type {WeighedPatients} from "./cellWeights.js";
import {coxCells, coxMoments, coxWeightedCells} from "./coxCells.js";
import type {CoxMaximum, Search} from "./coxFit.js";
import type {ChiSquareTest} from "./coxph.js";
import type {EffectRatio, Forest, ForestRow} from "./forest.js";
import type {Level} from "./labels.js";
import type {Surv} from "./surv.js";
import {valuesInOrder} from "./sortedEvents.js";
import {fractionalCells} from "./weightTable.js";

/** Counts of cells, and what a Cox model of them or of some of them is. */
interface FittedCells {
  readonly cells: number;
  /** By cell: patients and events. */
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  pick(cells: readonly number[]): FittedCells;
  /** @param design - cells × p; `variance` of the fit is robust where weights are no whole numbers */
  fit(design: readonly number[], search?: Partial<Search>): CoxMaximum;
}

/** More patients than this, and events next to each other are taken together. */
const MANY = 10_000;

/**
 * Lines of a forest from counts of group × level: one pass over the patients, whatever the number of levels.
 *
 * @param patients - in cells group × number of levels + level
 */
export function effectsByCell(
  surv: Surv,
  patients: PatientCells,
  levels: readonly Level[],
  confidence: number
): Omit<Forest, "missing"> & {readonly used: number} {
  const width = levels.length;
  const counts = surv.weight
    ? weighted(surv, surv.weight, patients)
    : surv.size > MANY
      ? many(cellMoments(surv, patients))
      : unweighted(countCells(surv, patients));
  const rows = levels.map((level, l) => ({level, ...effectIn(counts, l, width + l, confidence)}));
  return {rows, ...interactionOf(counts, rows, confidence), used: counts.n.reduce((sum, n) => sum + n, 0)};
}

function unweighted(counts: CellCounts): FittedCells {
  return {
    cells: counts.cells,
    n: counts.n,
    events: counts.events,
    pick: (cells) => unweighted(pickCells(counts, cells)),
    fit: (design, search) => coxCells(counts, design, search)
  };
}

/** @param fitOf - of the cells picked */
function pickable(
  {n, events}: Pick<FittedCells, "n" | "events">,
  fitOf: (picked: readonly number[], own: Pick<FittedCells, "n" | "events">) => FittedCells["fit"]
): FittedCells {
  const some = (picked: readonly number[]): FittedCells => {
    const own = {n: Uint32Array.from(picked, (c) => n[c]), events: Uint32Array.from(picked, (c) => events[c])};
    const pick = (among: readonly number[]) => some(among.map((k) => picked[k]));
    return {cells: picked.length, ...own, pick, fit: fitOf(picked, own)};
  };
  return some(Array.from(n, (_, c) => c));
}

function many({all, pairs, ...counted}: PairedMoments): FittedCells {
  return pickable(counted, (picked, own) => {
    const [first, second] = picked;
    let moments = picked.length === 2 && second === first + all.cells / 2 ? pairs[first] : all;
    return (design, search = {}) => {
      if (moments.cells > picked.length) moments = pickMoments(moments, picked);
      return coxMoments(moments, own, design, search);
    };
  });
}

function weighted(surv: Surv, weight: Float64Array, patients: PatientCells): FittedCells {
  let all: WeighedPatients | null = null;
  const fractional = fractionalCells(valuesInOrder(surv, weight), patients);
  return pickable(countPatients(surv, patients), (picked) => (design, search = {}) => {
    all ??= weighCells(surv, weight, patients);
    const counts = pickWeighted(all, picked);
    const fit = coxWeightedCells(counts, design, search);
    if (search.lastChange !== undefined || !picked.some((c) => fractional[c])) return fit;
    return {...fit, variance: cellRobust(surv, weight, patients, {counts, picked}, design, fit, "efron")};
  });
}

/** Second cell against the first, everyone else left out. */
function effectIn(counts: FittedCells, first: number, second: number, confidence: number): Omit<ForestRow, "level"> {
  const pair = (of: Uint32Array): [number, number] => [of[first], of[second]];
  const [n, events] = [pair(counts.n), pair(counts.events)];
  const none = {hazardRatio: NaN, lower: NaN, upper: NaN, p: NaN, n, events};
  if (n[0] === 0 || n[1] === 0) return {...none, reason: "All patients are in one group."};
  if (events[0] + events[1] === 0) return {...none, reason: "No patient had an event."};
  const fit = counts.pick([first, second]).fit([0, 1]);
  if (!fit.converged) return {...none, reason: notConverged(fit)};
  return {...ratioOf(fit, 0, confidence), n, events, reason: null};
}

function ratioOf({beta, variance}: CoxMaximum, j: number, confidence: number) {
  const half = normalQuantile((1 + confidence) / 2);
  const error = Math.sqrt(variance[j * beta.length + j]);
  return {
    hazardRatio: Math.exp(beta[j]),
    lower: Math.exp(beta[j] - half * error),
    upper: Math.exp(beta[j] + half * error),
    p: normalTwoSidedP(beta[j] / error)
  };
}

function notConverged({infinite, iterations, rank}: CoxMaximum): string {
  if (rank === 0) return "No event fell while patients of both groups were at risk.";
  return infinite.includes(1)
    ? "The coefficient of the group is infinite: it grows without end and does not converge."
    : `The fit did not converge in ${iterations} steps.`;
}

/** A last step of this size leaves an error of its cube in the likelihood, times the number of events. */
const LIKELIHOOD_ONLY = 1e-5;

/** group + level against group × level, on the levels that have patients. */
function interactionOf(
  counts: FittedCells,
  rows: readonly ForestRow[],
  confidence: number
): Pick<Forest, "interaction" | "ratio"> {
  const present = rows.flatMap(({n}, l) => (n[0] + n[1] > 0 ? [l] : []));
  const none = {interaction: null, ratio: null};
  if (present.length < 2 || rows.every(({events}) => events[0] + events[1] === 0)) return none;
  const cells = [...present, ...present.map((l) => rows.length + l)];
  const used = cells.length === counts.cells ? counts : counts.pick(cells);
  const design = (crossed: boolean) =>
    cells.flatMap((_, c) => {
      const [treated, level] = [Number(c >= present.length), c % present.length];
      const dummies = present.slice(1).map((_, l) => Number(level === l + 1));
      return [treated, ...dummies, ...(crossed ? dummies.map((dummy) => dummy * treated) : [])];
    });
  // The test needs the likelihoods alone; with two levels the standard error of their ratio is wanted too.
  const two = rows.length === 2;
  const additive = used.fit(design(false), {lastChange: LIKELIHOOD_ONLY});
  const crossed = used.fit(design(true), two ? {} : {lastChange: LIKELIHOOD_ONLY});
  const df = crossed.rank - additive.rank;
  return {
    interaction: df > 0 ? likelihoodRatio(additive, crossed, df) : null,
    ratio: two ? ratioOfEffects(crossed, confidence) : null
  };
}

function likelihoodRatio(smaller: CoxMaximum, larger: CoxMaximum, df: number): ChiSquareTest {
  // Two maxima found to the last bit may differ by rounding where the terms bring nothing.
  const statistic = Math.max(0, 2 * (larger.logLikelihood[1] - smaller.logLikelihood[1]));
  return {statistic, df, p: chiSquareUpperTail(statistic, df)};
}

/** The coefficient of group × level, of two levels. */
function ratioOfEffects(crossed: CoxMaximum, confidence: number): EffectRatio | null {
  if (!crossed.converged || crossed.redundant[2]) return null;
  const {hazardRatio, ...rest} = ratioOf(crossed, 2, confidence);
  return {ratio: hazardRatio, ...rest};
}
