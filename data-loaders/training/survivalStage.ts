import {philox} from "../../src/numeric/random.js";
import {concordance} from "../../src/survival/index.js";
import type {HeadFollowUp} from "../signatures/crossValidatedPenalty.js";
import {embeddingSize} from "../signatures/efficientNetLite0.js";
import {type AugmentOptions, augment} from "./augment.js";
import {type Backbone, followUpOfRows, type Patients, withCoxHead} from "./coxStart.js";
import {epochBatches} from "./batches.js";
import {readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import {deepSurvLoss, riskWeights, type Ties} from "./deepSurvLoss.js";
import type {ForwardPasses} from "./forwardPass.js";
import {layersBeforeStage, type Network} from "./network.js";
import type {Jax} from "./runtime.js";
import {learningRate} from "./schedule.js";
import {type Batch, type Loss, type Stepper, stepper} from "./step.js";
import {beginning, disposeState, stateFromDevice, stateToDevice} from "./trainingState.js";

/** How the network is trained on survival. */
export interface SurvivalOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly weightDecay: number;
  /** The stage (1 to 7) from which layers are trained; those before stay as the pretext stage left them. */
  readonly fromStage: number;
  /** Of the last layer's weights, within the loss. */
  readonly l2: number;
  /** Share of the embedding left out at each step. */
  readonly dropout: number;
  readonly ties: Ties;
  readonly augmentation: AugmentOptions;
  readonly seed: number;
}

/** How an epoch went. Epoch 0 is before the first step: the given backbone under a ridge Cox head. */
export interface Epoch {
  readonly epoch: number;
  /** Mean over batches of the loss before each step; null at epoch 0. */
  readonly loss: number | null;
  /** C-index of the rows trained on, as they are without augmentation. */
  readonly concordance: number;
  /** The network's risk of every patient (trained on or not), centred on the rows trained on. */
  readonly risk: readonly number[];
}

export interface SurvivalRun {
  readonly network: Network<Float32Array>;
  readonly epochs: readonly Epoch[];
}

/** Functions compiled once for all runs of the same options. */
export interface Compiled {
  readonly passes: ForwardPasses;
  readonly step: Stepper;
}

interface Notes {
  readonly recipe: string;
  readonly epochs: readonly Epoch[];
  /** Mean risk over the rows trained on, before centring. */
  readonly centre: number;
}

/** Where a stage is kept between runs, and what must be equal for it to be taken up again. */
export interface Resumption {
  readonly file: string;
  readonly recipe: string;
}

/** DeepSurvLoss of one output a patient; L2 on the last layer's weights. */
export function survivalLoss(jax: Jax, l2: number): Loss {
  return (output, [weights, event], parameters) => {
    const penalised = [parameters.weights.ref];
    jax.tree.dispose(parameters as never);
    return deepSurvLoss(jax, output.reshape([-1]), weights, event, l2, penalised);
  };
}

/** Compiles the training step; one stepper serves every run of the same options. */
export function survivalStepper(jax: Jax, {l2, weightDecay, fromStage}: SurvivalOptions): Stepper {
  const optimiser = {method: "adam", weightDecay, frozen: layersBeforeStage(fromStage)} as const;
  // Moments stay as they came: with 16 patients a batch, its own would be noise that the exported model does not have.
  return stepper(jax, {loss: survivalLoss(jax, l2), optimiser, normalisation: "running", momentum: 1});
}

/**
 * Trains on some patients: a ridge Cox head on what the backbone sees, then epochs of DeepSurvLoss through its later stages. The network returned is centred: its mean risk over the rows trained on is 0.
 *
 * @param trained - rows trained on; all others only get a risk
 * @param until - the epoch to stop after; the schedule is that of all `options.epochs`
 * @param onEpoch - called after every epoch, 0 included
 */
export async function survivalStage(
  jax: Jax,
  {passes, step}: Compiled,
  backbone: Backbone,
  patients: Patients,
  trained: readonly number[],
  options: SurvivalOptions,
  {until, resumption, onEpoch}: {until: number; resumption: Resumption | null; onEpoch: (epoch: Epoch) => void}
): Promise<SurvivalRun> {
  const followUp = followUpOfRows(patients.followUp, trained);
  const found = resumption && readCheckpoint<Notes>(resumption.file);
  const taken = found?.notes.recipe === resumption?.recipe ? found : null;
  const epochs: Epoch[] = taken ? [...taken.notes.epochs] : [];
  const headed = taken ? null : await withCoxHead(jax, passes, backbone, patients, trained, options.seed);
  let state = stateToDevice(jax, taken?.state ?? beginning(headed!.network));
  let centre = taken?.notes.centre ?? NaN;
  const judge = async (loss: number | null, known: Float32Array | null) => {
    const output = known ?? (await passes.run(state.network, patients.images)).output;
    centre = mean(output, trained);
    const risk = Array.from(output, (value) => value - centre);
    const score = Float64Array.from(trained, (row) => risk[row]);
    epochs.push({epoch: epochs.length, loss, concordance: concordanceOf(followUp, score), risk});
    if (resumption) {
      const notes: Notes = {recipe: resumption.recipe, epochs, centre};
      writeCheckpoint(resumption.file, {state: await stateFromDevice(state), notes});
    }
    onEpoch(epochs.at(-1)!);
  };
  if (epochs.length === 0) await judge(null, headed!.risk);
  const perEpoch = Math.ceil(trained.length / options.batch);
  const schedule = {peak: options.rate, warmUp: perEpoch, steps: perEpoch * options.epochs};
  while (epochs.length <= until) {
    let sum = 0;
    for (const batch of epochBatches(followUp.event, options.batch, options.seed, epochs.length)) {
      const rows = batch.map((k) => trained[k]);
      const rate = learningRate(schedule, state.step + 1);
      const result = await step(state, survivalBatch(patients, rows, options, state.step), rate);
      state = result.state;
      sum += result.loss / perEpoch;
    }
    await judge(sum, null);
  }
  const {network} = await stateFromDevice(state);
  disposeState(jax, state);
  const bias = network.parameters.bias.map((value) => value - centre);
  return {network: {...network, parameters: {...network.parameters, bias}}, epochs};
}

function mean(values: Float32Array, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
}

/** The rows of a batch, augmented and with a dropout of their own at every step. */
function survivalBatch(
  {images, followUp}: Patients,
  rows: readonly number[],
  {augmentation, dropout, ties, seed}: SurvivalOptions,
  step: number
): Batch {
  const {side} = images;
  const size = 3 * side * side;
  const n = rows.length;
  const input = new Float32Array(n * size);
  rows.forEach((row, k) => {
    const image = images.pixels.subarray(row * size, (row + 1) * size);
    input.set(augment(image, side, augmentation, philox(seed, (1 + step) * 1024 + k)), k * size);
  });
  const {uniform} = philox(seed, (1 + step) * 1024 + 1023);
  const keep = Float32Array.from({length: n * embeddingSize}, () => (uniform() < dropout ? 0 : 1 / (1 - dropout)));
  const {weights, event} = riskWeights(followUpOfRows(followUp, rows), ties);
  return {
    input,
    n,
    side,
    keep,
    target: [
      {values: weights, shape: [n, n]},
      {values: event, shape: [n]}
    ]
  };
}

function concordanceOf({time, event, entry}: HeadFollowUp, score: Float64Array): number {
  return concordance({time, event, ...(entry ? {entry} : {}), score}).concordance;
}
