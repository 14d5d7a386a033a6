import {assignFolds, type HeadFollowUp} from "../signatures/crossValidatedPenalty.js";
import {partialLikelihood, riskSets} from "../signatures/partialLikelihood.js";
import type {Backbone, Patients} from "./coxStart.js";
import type {Jax} from "./runtime.js";
import {type Compiled, type Epoch, type SurvivalOptions, survivalStage} from "./survivalStage.js";

/** How training went in inner folds, and the epoch it should stop after. */
export interface CrossValidation {
  /** By fold: its epochs. */
  readonly folds: readonly (readonly Epoch[])[];
  /** By epoch: what the left-out patients add to the log partial likelihood, summed over folds. */
  readonly scores: readonly number[];
  /** The epoch with the highest score: early stopping. 0 leaves the backbone as it came. */
  readonly best: number;
  /** By patient: the risk at the best epoch from the network trained without this patient. */
  readonly outOfFold: Float64Array;
}

/**
 * Trains once for each fold, with equal shares of events, on the patients outside it.
 *
 * @param checkpoint - where each fold is kept; null for nowhere
 * @see Verweij & Van Houwelingen (1993), Stat Med 12:2305–2314, for the score
 */
export async function crossValidate(
  jax: Jax,
  compiled: Compiled,
  backbone: Backbone,
  patients: Patients,
  options: SurvivalOptions,
  {
    count,
    recipe,
    checkpoint,
    onEpoch
  }: {
    count: number;
    recipe: string;
    checkpoint: ((fold: number) => string) | null;
    onEpoch: (fold: number, epoch: Epoch) => void;
  }
): Promise<CrossValidation> {
  const foldOf = assignFolds(patients.followUp.event, options.seed, count);
  const rows = [...foldOf.keys()];
  const folds: (readonly Epoch[])[] = [];
  for (let fold = 0; fold < count; fold++) {
    const kept = rows.filter((row) => foldOf[row] !== fold);
    const {epochs} = await survivalStage(jax, compiled, backbone, patients, kept, options, {
      until: options.epochs,
      resumption: checkpoint && {file: checkpoint(fold), recipe: `${recipe} fold ${fold}`},
      onEpoch: (epoch) => onEpoch(fold, epoch)
    });
    folds.push(epochs);
  }
  const scores = folds[0].map((_, epoch) =>
    folds.reduce((sum, epochs, fold) => {
      const kept = rows.filter((row) => foldOf[row] !== fold);
      return sum + addedLikelihood(patients.followUp, Float64Array.from(epochs[epoch].risk), kept);
    }, 0)
  );
  const best = scores.reduce((leader, score, epoch) => (score > scores[leader] ? epoch : leader), 0);
  const outOfFold = Float64Array.from(foldOf, (fold, row) => folds[fold][best].risk[row]);
  return {folds, scores, best, outOfFold};
}

/** ℓ(all) − ℓ(kept) at one predictor. */
function addedLikelihood({time, event, entry}: HeadFollowUp, risk: Float64Array, kept: readonly number[]): number {
  const pick = (column: ArrayLike<number>) => Float64Array.from(kept, (row) => column[row]);
  const sets = riskSets(pick(time), Uint8Array.from(pick(event)), entry && pick(entry));
  const all = partialLikelihood(riskSets(time, event, entry), risk).value;
  return all - partialLikelihood(sets, pick(risk)).value;
}
