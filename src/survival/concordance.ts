import {normalQuantile} from "../numeric/distributions.js";
import {askedRows, completeRows, rowsByGroup} from "./completeRows.js";
import type {CompleteRows} from "./completeRows.js";
import {concordancePairs, uncensoredWeights} from "./concordancePairs.js";
import {codeLabels} from "./labels.js";
import type {Labels} from "./labels.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

export type ConcordanceInput = SurvInput & {
  /** One value a row; higher means an earlier event. NaN is missing. */
  readonly score: NumericColumn;
  /** Pairs are made within strata only. */
  readonly strata?: Labels;
};

export interface ConcordanceOptions {
  /** "n": Harrell's C; "n/G2": Uno's, pairs weighted by the inverse probability of censoring squared. Default "n". */
  readonly weight?: "n" | "n/G2";
  /** Default 0.95. */
  readonly confidence?: number;
}

/** C-index and its pairs. Counts are weighted if the cohort or the option is. */
export interface Concordance {
  /** Probability that of two patients the one with the higher score has the event first; ties of the score count half. */
  readonly concordance: number;
  /** Infinitesimal jackknife. */
  readonly standardError: number;
  /** Wald limits, held within [0, 1]. */
  readonly lower: number;
  readonly upper: number;
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedScore: number;
  readonly tiedTime: number;
  readonly tiedBoth: number;
  readonly n: number;
  readonly events: number;
  readonly missing: number;
}

/** C-index with each row's influence on it. */
export interface InfluencedConcordance extends Concordance {
  /** By row of the cohort; NaN where the row is not used. As long as the cohort, so made only when asked for. */
  readonly influence: () => Float64Array;
}

/**
 * Harrell's or Uno's C-index.
 *
 * @throws {SurvivalInputError} if no pair of patients can be compared, or "n/G2" is asked of left-truncated follow-up
 * A row of weight 0 is as if it were not there; R's "n/G2" lets it move the weights of others. Two weighted models are
 * compared with the variance of a single one, which R's `vcov` of two fits multiplies by the weights once more.
 *
 * @see R `survival::concordance(Surv(time, event) ~ score, reverse = TRUE, timewt)` 3.5-3
 * @see Harrell et al. (1982), JAMA 247:2543–2546; Uno et al. (2011), Stat Med 30:1105–1117
 */
export function concordance(input: ConcordanceInput, options: ConcordanceOptions = {}): Concordance {
  return bare(influencedConcordance(input, options, "concordance"));
}

/** Without the influences. */
export function bare({influence: _influence, ...result}: InfluencedConcordance): Concordance {
  return result;
}

export function influencedConcordance(
  input: ConcordanceInput,
  {weight = "n", confidence = 0.95}: ConcordanceOptions,
  who: string
): InfluencedConcordance {
  const {surv, mask} = askedRows(input, who);
  const labels = input.strata ? codeLabels(input.strata, surv.size, who, "strata") : null;
  const prepared = mask ? {surv, rows: mask} : {surv};
  const score = input.score instanceof Float64Array ? input.score : Float64Array.from(input.score);
  const rows = completeRows(prepared, {score}, who, {entry: true, weight: true}, labels ? [labels] : []);
  if (weight === "n/G2" && surv.entry)
    throw new SurvivalInputError(`${who}: weight "n/G2" is not defined for left-truncated follow-up; use "n".`);
  const parts = labels ? rowsByGroup(rows, labels).filter((part) => part.row.length > 0) : [rows];
  const counted = parts.map((part) => concordancePairs(part, score, timeWeights(part, weight)));
  const total = (of: (c: (typeof counted)[number]) => number) => counted.reduce((sum, c) => sum + of(c), 0);
  const [concordant, discordant, tiedScore] = [
    total((c) => c.concordant),
    total((c) => c.discordant),
    total((c) => c.tiedScore)
  ];
  const pairs = concordant + discordant + tiedScore;
  if (!(pairs > 0))
    throw new SurvivalInputError(
      `${who}: no two of ${rows.row.length} patients can be compared: nobody was followed beyond an event.`
    );
  const somers = (concordant - discordant) / pairs;
  /** Change of C by a row's weight, times the weight. */
  const change = (s: number, k: number) => {
    const w = surv.weight ? surv.weight[parts[s].row[k]] : 1;
    return (w * (counted[s].sign[k] - somers * counted[s].pairs[k])) / (2 * pairs);
  };
  let square = 0;
  parts.forEach(({row}, s) => {
    for (let k = 0; k < row.length; k++) square += change(s, k) ** 2;
  });
  const influence = () => {
    const byRow = new Float64Array(surv.size).fill(NaN);
    parts.forEach(({row}, s) => row.forEach((i, k) => (byRow[i] = change(s, k))));
    return byRow;
  };
  const value = (somers + 1) / 2;
  const standardError = Math.sqrt(square);
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  return {
    concordance: value,
    standardError,
    lower: Math.max(0, value - half),
    upper: Math.min(1, value + half),
    concordant,
    discordant,
    tiedScore,
    tiedTime: total((c) => c.tiedTime),
    tiedBoth: total((c) => c.tiedBoth),
    n: rows.row.length,
    events: rows.row.reduce((sum, i) => sum + surv.event[i], 0),
    missing: rows.missing,
    influence
  };
}

/** With fewer than two events R falls back to equal weights. */
function timeWeights(rows: CompleteRows, weight: "n" | "n/G2"): Float64Array | null {
  if (weight === "n") return null;
  const events = rows.row.reduce((sum, i) => sum + rows.surv.event[i], 0);
  return events < 2 ? null : uncensoredWeights(rows);
}
