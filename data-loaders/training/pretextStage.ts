import {readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import {freshNetwork, type Network, quietBlocks} from "./network.js";
import {type LesionView, pretextBatch, pretextLoss, pretextOutputs} from "./pretext.js";
import type {Jax} from "./runtime.js";
import {learningRate} from "./schedule.js";
import {solveReaders} from "./solveReaders.js";
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
  /** SHA-256 of the earlier model whose backbone it goes on from; null for fresh weights. */
  readonly from: string | null;
}

/** Where the stage begins and ends. */
export interface PretextStart {
  /** Gives the weights of an earlier model; null begins with fresh ones. */
  readonly begin: (() => Promise<Network<Float32Array>>) | null;
  /** The step to stop at; the schedule is that of all steps. */
  readonly until: number;
  /** Generated anew to solve the readings on. */
  readonly lesions: number;
}

export interface PretextRun {
  readonly network: Network<Float32Array>;
  /** Loss of every tenth step. */
  readonly losses: readonly number[];
  /** Mean squared error of the readings as they are solved for at the end, on lesions left out. */
  readonly error: number;
}

interface Notes {
  readonly recipe: string;
  readonly losses: readonly number[];
}

const noted = 10;
/** The cosine of the learning rate would end after this many times the steps: what is seen last still counts a little. */
const horizon = 1.1;
/** Steps between checkpoints. */
const kept = 25;

/**
 * Trains a fresh network to read off random lesions what they were made from: a backbone that sees texture, without any
 * patient. A run stopped on the way goes on from its last checkpoint. At the end what it reads off is solved for exactly.
 *
 * @param onStep - after each step, with its loss
 */
export async function pretextStage(
  jax: Jax,
  options: PretextOptions,
  {begin, until, lesions}: PretextStart,
  resumption: Resumption | null,
  onStep: (step: number, loss: number) => void
): Promise<PretextRun> {
  const {steps, batch, rate, weightDecay, seed} = options;
  const found = resumption && readCheckpoint<Notes>(resumption.file);
  const taken = found?.notes.recipe === resumption?.recipe ? found : null;
  const losses = taken ? [...taken.notes.losses] : [];
  const first = async () => (begin ? await begin() : quietBlocks(freshNetwork(seed, pretextOutputs)));
  let state = stateToDevice(jax, taken?.state ?? beginning(await first()));
  const optimiser = {method: "adam", weightDecay, frozen: 0} as const;
  const take = stepper(jax, {loss: pretextLoss(jax), optimiser, normalisation: "batch", momentum: 0.97});
  const whole = Math.round(steps * horizon);
  const schedule = {peak: rate, warmUp: Math.min(50, Math.ceil(whole / 10)), steps: whole};
  while (state.step < until) {
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
  return {...(await solveReaders(network, options, lesions)), losses};
}
