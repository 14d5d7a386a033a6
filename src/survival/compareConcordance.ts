import {normalQuantile, normalTwoSidedP} from "../numeric/distributions.js";
import {bare, influencedConcordance} from "./concordance.js";
import type {Concordance, ConcordanceOptions} from "./concordance.js";
import {askedRows, completeRows} from "./completeRows.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** Difference of two C-indices on the same patients: `score` minus `reference`. */
export interface ConcordanceComparison {
  readonly difference: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
  readonly score: Concordance;
  readonly reference: Concordance;
}

/**
 * Compares the C-indices of two scores on the patients who have both, with the covariance that sharing them brings.
 *
 * @see R `concordance(fit1, fit2)` and its `vcov` in survival 3.5-3
 */
export function compareConcordance(
  input: SurvInput & {readonly score: NumericColumn; readonly reference: NumericColumn},
  options: ConcordanceOptions = {}
): ConcordanceComparison {
  const who = "compareConcordance";
  const {score, reference} = input;
  const {surv, mask} = askedRows(input, who);
  const prepared = mask ? {surv, rows: mask} : {surv};
  const both = completeRows(prepared, {score, reference}, who, {entry: true, weight: true});
  const rows = new Uint8Array(surv.size);
  for (const i of both.row) rows[i] = 1;
  const [a, b] = [score, reference].map((column) => influencedConcordance({surv, rows, score: column}, options, who));
  const difference = a.concordance - b.concordance;
  let square = 0;
  const [ofScore, ofReference] = [a.influence(), b.influence()];
  for (const i of both.row) square += (ofScore[i] - ofReference[i]) ** 2;
  const standardError = Math.sqrt(square);
  const half = normalQuantile((1 + (options.confidence ?? 0.95)) / 2) * standardError;
  const z = difference === 0 ? 0 : difference / standardError;
  return {
    difference,
    standardError,
    lower: difference - half,
    upper: difference + half,
    z,
    p: normalTwoSidedP(z),
    score: {...bare(a), missing: both.missing},
    reference: {...bare(b), missing: both.missing}
  };
}
