import {type HeadFollowUp, outOfFoldPredictor, penaltyScores} from "./crossValidatedPenalty.js";
import {lastLayer} from "./lastLayer.js";
import type {Head} from "./networkGraph.js";
import {riskSets} from "./partialLikelihood.js";
import {ridgeCox} from "./ridgeCox.js";
import {rowSpace} from "./rowSpace.js";

/** A fitted head and what standardises its output. */
export interface CoxHead extends Head {
  /** Raw risk of each row fitted on, by heads fitted without the row (five folds, the same penalty). */
  readonly outOfFold: Float64Array;
  /** Of the out-of-fold risks: on the rows' own risks they would describe a fit to follow-up already seen. */
  readonly mean: number;
  readonly sd: number;
  readonly penalty: number;
  readonly crossValidatedScore: number;
  readonly n: number;
  readonly events: number;
}

/**
 * Penalties tried, as multiples of the number of features: with standardised features the predictor's prior variance is
 * features / penalty, so these run from 0.0003 (no signal) to 10 (far more than any cohort has).
 */
const multiples = Array.from({length: 19}, (_, k) => 10 ** (3.5 - k / 4));

/**
 * Fits the network's last layer by a ridge-penalised Cox model (Breslow's ties) on the embedding, each feature
 * standardised over the rows given. The penalty is the one with the best cross-validated partial likelihood.
 *
 * @param embedding - n × features (1,280, or fewer readings): training patients only
 * @param seed - of the cross-validation folds
 */
export function fitCoxHead(embedding: Float32Array, followUp: HeadFollowUp, seed: number): CoxHead {
  const n = followUp.time.length;
  const features = embedding.length / n;
  const {standardised, means, deviations} = standardise(embedding, n);
  const space = rowSpace(standardised, n);
  const design = {values: space.factor, width: space.rank};
  const penalties = multiples.map((multiple) => multiple * features);
  const scores = penaltyScores(followUp, design, penalties, seed);
  const best = scores.reduce((leader, candidate) => (candidate.score > leader.score ? candidate : leader));
  const sets = riskSets(followUp.time, followUp.event, followUp.entry);
  const fit = ridgeCox(sets, design, best.penalty);
  const perFeature = space.columns(fit.coefficients);
  const weights = Float32Array.from(perFeature, (value, j) => (deviations[j] > 0 ? value / deviations[j] : 0));
  // From the float32 weights, so that the bias centres what the network will really put out.
  const bias = Math.fround(-weights.reduce((sum, weight, j) => sum + weight * means[j], 0));
  const outOfFold = outOfFoldPredictor(followUp, design, best.penalty, seed);
  const mean = outOfFold.reduce((sum, risk) => sum + risk, 0) / n;
  const sd = Math.sqrt(outOfFold.reduce((sum, risk) => sum + (risk - mean) ** 2, 0) / (n - 1));
  return {
    weights,
    bias,
    outOfFold,
    mean,
    sd,
    penalty: best.penalty,
    crossValidatedScore: best.score,
    n,
    events: sets.events
  };
}

/** The head's output for each row of an embedding, in double precision. */
export function rawRisk(embedding: Float32Array, {weights, bias}: Head): Float64Array {
  return lastLayer(embedding, {weights, bias: [bias]});
}

/** Features to mean 0 and SD 1 over the rows; a feature that does not vary becomes 0. */
function standardise(embedding: Float32Array, n: number) {
  const features = embedding.length / n;
  const means = new Float64Array(features);
  const deviations = new Float64Array(features);
  const standardised = new Float64Array(embedding.length);
  for (let j = 0; j < features; j++) {
    for (let i = 0; i < n; i++) means[j] += embedding[i * features + j] / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (embedding[i * features + j] - means[j]) ** 2;
    const deviation = Math.sqrt(squares / (n - 1));
    deviations[j] = deviation > 1e-6 * Math.max(1, Math.abs(means[j])) ? deviation : 0;
    for (let i = 0; i < n && deviations[j] > 0; i++) {
      standardised[i * features + j] = (embedding[i * features + j] - means[j]) / deviation;
    }
  }
  return {standardised, means, deviations};
}
