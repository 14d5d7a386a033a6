import {philox} from "../../src/numeric/random.js";
import {partialLikelihood, riskSets, type RiskSets} from "./partialLikelihood.js";
import {type Design, ridgeCox, times} from "./ridgeCox.js";

/** Follow-up of the rows a head is fitted on. */
export interface HeadFollowUp {
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly entry: Float64Array | null;
}

/** A penalty and how well models with it predict rows they have not seen. */
export interface PenaltyScore {
  readonly penalty: number;
  /** Cross-validated log partial likelihood, summed over folds; 0 penalty-free predictions score less when they overfit. */
  readonly score: number;
}

const folds = 5;

/**
 * Cross-validated partial likelihood of each penalty: what the left-out rows add, ℓ(all rows) − ℓ(fitted rows), at the
 * coefficients fitted without them, summed over five seeded folds with equal shares of events.
 *
 * @param penalties - descending, so that each fit begins at its stronger neighbour
 * @see Verweij & Van Houwelingen (1993), Stat Med 12:2305–2314
 */
export function penaltyScores(
  followUp: HeadFollowUp,
  design: Design,
  penalties: readonly number[],
  seed: number
): readonly PenaltyScore[] {
  const all = riskSets(followUp.time, followUp.event, followUp.entry);
  const scores = penalties.map(() => 0);
  const foldOf = assignFolds(followUp.event, seed);
  for (let fold = 0; fold < folds; fold++) {
    const kept = [...foldOf.keys()].filter((row) => foldOf[row] !== fold);
    const part = {sets: subset(followUp, kept), design: rowsOf(design, kept)};
    let coefficients: Float64Array | undefined;
    penalties.forEach((penalty, k) => {
      const fit = ridgeCox(part.sets, part.design, penalty, coefficients);
      coefficients = fit.coefficients;
      scores[k] += partialLikelihood(all, times(design, coefficients)).value - fit.logLikelihood;
    });
  }
  return penalties.map((penalty, k) => ({penalty, score: scores[k]}));
}

/**
 * Each row's predictor from a model fitted without it, on the folds of `penaltyScores`: what the model says of patients it
 * has not seen.
 *
 * @returns length n
 */
export function outOfFoldPredictor(
  followUp: HeadFollowUp,
  design: Design,
  penalty: number,
  seed: number
): Float64Array {
  const foldOf = assignFolds(followUp.event, seed);
  const predictor = new Float64Array(foldOf.length);
  for (let fold = 0; fold < folds; fold++) {
    const kept = [...foldOf.keys()].filter((row) => foldOf[row] !== fold);
    const {coefficients} = ridgeCox(subset(followUp, kept), rowsOf(design, kept), penalty);
    times(design, coefficients).forEach((value, row) => {
      if (foldOf[row] === fold) predictor[row] = value;
    });
  }
  return predictor;
}

/** Fold by row: events and censored rows are dealt out one by one, each shuffled. */
export function assignFolds(event: Uint8Array, seed: number, count: number = folds): Int32Array {
  const random = philox(seed);
  const fold = new Int32Array(event.length);
  let dealt = 0;
  for (const kind of [1, 0]) {
    const rows = [...event.keys()].filter((row) => event[row] === kind);
    for (const row of random.shuffle(rows)) fold[row] = dealt++ % count;
  }
  return fold;
}

function subset(followUp: HeadFollowUp, rows: readonly number[]): RiskSets {
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  const event = Uint8Array.from(rows, (row) => followUp.event[row]);
  return riskSets(pick(followUp.time), event, followUp.entry && pick(followUp.entry));
}

function rowsOf({values, width}: Design, rows: readonly number[]): Design {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, k) => picked.set(values.subarray(row * width, (row + 1) * width), k * width));
  return {values: picked, width};
}
