import {readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import {freshNetwork, type Network, quietBlocks} from "./network.js";
import {type LesionView, pretextBatch, pretextLoss, pretextOutputs} from "./pretext.js";
import type {Jax} from "./runtime.js";
import {learningRate} from "./schedule.js";
import {stepper} from "./step.js";
import type {Resumption} from "./survivalStage.js";
import {beginning, disposeState, stateFromDevice, stateToDevice} from "./trainingState.js";

/** How the backbone is trained on random lesions. */
export interface PretextOptions extends LesionView {
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly weightDecay: number;
  /** Of the first weights. */
  readonly seed: number;
}

export interface PretextRun {
  readonly network: Network<Float32Array>;
  /** Loss of every tenth step. */
  readonly losses: readonly number[];
}

interface Notes {
  readonly recipe: string;
  readonly losses: readonly number[];
}

const noted = 10;
/** The cosine of the learning rate would end after this many times the steps: what is seen last still counts. */
const horizon = 10 / 7;
/** Steps between checkpoints. */
const kept = 100;

/**
 * Trains a fresh network to read off random lesions what they were made from: a backbone that sees texture, without any
 * patient. A run stopped on the way goes on from its last checkpoint.
 *
 * @param onStep - after each step, with its loss
 */
export async function pretextStage(
  jax: Jax,
  options: PretextOptions,
  resumption: Resumption | null,
  onStep: (step: number, loss: number) => void
): Promise<PretextRun> {
  const {steps, batch, rate, weightDecay, seed} = options;
  const found = resumption && readCheckpoint<Notes>(resumption.file);
  const taken = found?.notes.recipe === resumption?.recipe ? found : null;
  const losses = taken ? [...taken.notes.losses] : [];
  let state = stateToDevice(jax, taken?.state ?? beginning(quietBlocks(freshNetwork(seed, pretextOutputs))));
  const optimiser = {method: "adam", weightDecay, frozen: 0} as const;
  const take = stepper(jax, {loss: pretextLoss(jax), optimiser, normalisation: "batch", momentum: 0.97});
  const whole = Math.round(steps * horizon);
  const schedule = {peak: rate, warmUp: Math.min(50, Math.ceil(whole / 10)), steps: whole};
  while (state.step < steps) {
    const images = pretextBatch(state.step + 1, batch, options);
    const result = await take(state, images, learningRate(schedule, state.step + 1));
    state = result.state;
    if (state.step % noted === 0) losses.push(result.loss);
    onStep(state.step, result.loss);
    if (!resumption || (state.step % kept !== 0 && state.step !== steps)) continue;
    const notes: Notes = {recipe: resumption.recipe, losses};
    writeCheckpoint(resumption.file, {state: await stateFromDevice(state), notes});
  }
  const {network} = await stateFromDevice(state);
  disposeState(jax, state);
  return {network, losses};
}
