import {adjust} from "../numeric/adjust.js";
import {normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import {completeRows} from "./completeRows.js";
import type {CompleteRows} from "./completeRows.js";
import {coxData} from "./coxData.js";
import {maximise} from "./coxFit.js";
import {rowLikelihood} from "./coxLikelihood.js";
import type {Ties} from "./coxLikelihood.js";
import {designColumns} from "./designColumns.js";
import type {Terms} from "./designColumns.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

/** One Cox model a feature (a gene, a gene set). Columns by feature; NaN where `reason` says why there is none. */
export interface CoxPerFeature {
  /** For one standard deviation of the feature among the patients used. */
  readonly hazardRatio: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly z: Float64Array;
  /** Two-sided Wald. */
  readonly p: Float64Array;
  /** Benjamini–Hochberg over the features that have a p. */
  readonly q: Float64Array;
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  /** By feature: null where there is an estimate. */
  readonly reason: readonly (string | null)[];
}

const who = "coxPerFeature";

/** Fewer patients than this tell nothing of a spread. */
const LEAST = 3;

/**
 * Cox regression of follow-up on each of many features, one at a time, with the same covariates beside it if any are given.
 * A patient without a value of the feature, a covariate or follow-up is left out of that model; `n` says how many are in it.
 *
 * @param features - count × patients, feature by feature; NaN is missing
 * @throws {SurvivalInputError} if lengths differ, weights are given, or nobody has follow-up
 * @see R `coxph(Surv(time, event) ~ scale(feature) + adjust)` 3.5-3, `p.adjust(p, "BH")`
 */
export function coxPerFeature(
  input: SurvInput,
  features: Float64Array,
  {ties = "efron", confidence = 0.95, adjust: adjusting = {}}: {ties?: Ties; confidence?: number; adjust?: Terms} = {}
): CoxPerFeature {
  const size = "surv" in input ? input.surv.size : input.time.length;
  if (size === 0 || features.length % size !== 0)
    throw new SurvivalInputError(`${who}: ${features.length} values are no whole number of rows of ${size} patients.`);
  const count = features.length / size;
  const covariates = Object.keys(adjusting).length > 0 ? designColumns(adjusting, size, who).columns : [];
  const known = Object.fromEntries(covariates.map((column, j) => [`covariate ${j + 1}`, column]));
  const everyone = completeRows(input, known, who, {entry: true});
  const column = () => new Float64Array(count).fill(NaN);
  const [hazardRatio, lower, upper, z, p] = [column(), column(), column(), column(), column()];
  const [n, events] = [new Uint32Array(count), new Uint32Array(count)];
  const quantile = normalQuantile((1 + confidence) / 2);
  const reason = Array.from({length: count}, (_, f): string | null => {
    const values = features.subarray(f * size, (f + 1) * size);
    const rows = withValue(everyone, values);
    n[f] = rows.row.length;
    for (const i of rows.row) events[f] += rows.surv.event[i];
    if (events[f] === 0) return "No patient with a value had an event.";
    const scaled = rows.row.length < LEAST ? null : standardised(values, rows.row);
    if (!scaled) return "It does not vary among the patients.";
    const data = coxData([rows], {names: [], term: [], columns: [scaled, ...covariates]});
    const {beta, variance, redundant, infinite, converged} = maximise(rowLikelihood(data, ties), {maxIterations: 40});
    if (redundant[0]) return "It does not vary among those at risk together, or the covariates say the same.";
    if (!converged)
      return infinite[0]
        ? "It parts those with an event from all others: no finite estimate."
        : "The fit did not converge.";
    const error = Math.sqrt(variance[0]);
    hazardRatio[f] = Math.exp(beta[0]);
    lower[f] = Math.exp(beta[0] - quantile * error);
    upper[f] = Math.exp(beta[0] + quantile * error);
    z[f] = beta[0] / error;
    p[f] = normalTwoSidedP(z[f]);
    return null;
  });
  return {hazardRatio, lower, upper, z, p, q: adjust(p, "BH"), n, events, reason};
}

/** The rows on which a feature is known: usually all of them. */
function withValue(rows: CompleteRows, values: Float64Array): CompleteRows {
  if (rows.row.every((i) => values[i] === values[i])) return rows;
  const known = (i: number) => values[i] === values[i];
  const slot = rows.slot.filter((_, k) => known(rows.row[k]));
  const entered = rows.entryRow;
  return {
    ...rows,
    row: rows.row.filter(known),
    slot,
    entryRow: entered && entered.filter(known),
    entrySlot: entered && rows.entrySlot!.filter((_, k) => known(entered[k]))
  };
}

/** Mean 0 and SD 1 over the rows used; null where all values are the same but for rounding. */
function standardised(values: Float64Array, rows: Uint32Array): Float64Array | null {
  let [mean, squares, largest] = [0, 0, 0];
  for (const i of rows) mean += values[i] / rows.length;
  for (const i of rows) {
    squares += (values[i] - mean) ** 2;
    largest = Math.max(largest, Math.abs(values[i]));
  }
  const sd = Math.sqrt(squares / (rows.length - 1));
  return sd > 1e-12 * largest ? values.map((value) => (value - mean) / sd) : null;
}
