import {chiSquareUpperTail, normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import {countCells, NO_CELL, pickCells} from "./cellCounts.js";
import type {CellCounts} from "./cellCounts.js";
import type {CompleteRows} from "./completeRows.js";
import {coxCells} from "./coxCells.js";
import type {CoxMaximum} from "./coxFit.js";
import type {ChiSquareTest} from "./coxph.js";
import type {EffectRatio, Forest, ForestRow} from "./forest.js";
import type {LabelCodes} from "./labels.js";

/** Lines of a forest from counts of group × level: one pass over the patients, whatever the number of levels. */
export function effectsByCell(
  {surv, row}: CompleteRows,
  group: LabelCodes,
  subgroup: LabelCodes,
  confidence: number
): Omit<Forest, "missing"> {
  const width = subgroup.levels.length;
  const cell = new Uint8Array(surv.size).fill(NO_CELL);
  for (let k = 0; k < row.length; k++) cell[row[k]] = group.code[row[k]] * width + subgroup.code[row[k]];
  const counts = countCells(surv, cell, 2 * width);
  const rows = subgroup.levels.map((level, l) => ({level, ...effectIn(counts, l, width + l, confidence)}));
  return {rows, ...interactionOf(counts, rows, confidence)};
}

/** Second cell against the first, everyone else left out. */
function effectIn(counts: CellCounts, first: number, second: number, confidence: number): Omit<ForestRow, "level"> {
  const pair = (of: Uint32Array): [number, number] => [of[first], of[second]];
  const [n, events] = [pair(counts.n), pair(counts.events)];
  const none = {hazardRatio: NaN, lower: NaN, upper: NaN, p: NaN, n, events};
  if (n[0] === 0 || n[1] === 0) return {...none, reason: "All patients are in one group."};
  if (events[0] + events[1] === 0) return {...none, reason: "No patient had an event."};
  const fit = coxCells(pickCells(counts, [first, second]), [0, 1]);
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

/** A last step of this size leaves an error of its square in the likelihood, times the number of events. */
const LIKELIHOOD_ONLY = 1e-6;

/** group + level against group × level, on the levels that have patients. */
function interactionOf(
  counts: CellCounts,
  rows: readonly ForestRow[],
  confidence: number
): Pick<Forest, "interaction" | "ratio"> {
  const present = rows.flatMap(({n}, l) => (n[0] + n[1] > 0 ? [l] : []));
  const none = {interaction: null, ratio: null};
  if (present.length < 2 || rows.every(({events}) => events[0] + events[1] === 0)) return none;
  const cells = [...present, ...present.map((l) => rows.length + l)];
  const used = cells.length === counts.cells ? counts : pickCells(counts, cells);
  const design = (crossed: boolean) =>
    cells.flatMap((_, c) => {
      const [treated, level] = [Number(c >= present.length), c % present.length];
      const dummies = present.slice(1).map((_, l) => Number(level === l + 1));
      return [treated, ...dummies, ...(crossed ? dummies.map((dummy) => dummy * treated) : [])];
    });
  // The test needs the likelihoods alone; with two levels the standard error of their ratio is wanted too.
  const two = rows.length === 2;
  const additive = coxCells(used, design(false), {lastChange: LIKELIHOOD_ONLY});
  const crossed = coxCells(used, design(true), two ? {} : {lastChange: LIKELIHOOD_ONLY});
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
