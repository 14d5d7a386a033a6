import {philox} from "../../src/numeric/random.js";
import {concordance} from "../../src/survival/index.js";
import {fitCoxHead} from "../signatures/coxHead.js";
import type {HeadFollowUp} from "../signatures/crossValidatedPenalty.js";
import {embeddingSize} from "../signatures/efficientNetLite0.js";
import {type AugmentOptions, augment} from "./augment.js";
import {epochBatches} from "./batches.js";
import {readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import {deepSurvLoss, riskWeights, type Ties} from "./deepSurvLoss.js";
import type {ForwardPasses, Images} from "./forwardPass.js";
import {layersBeforeStage, type Network, toDevice} from "./network.js";
import type {Jax, JaxArray} from "./runtime.js";
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

/** Patients with images and follow-up, row by row. */
export interface Patients {
  readonly images: Images;
  readonly followUp: HeadFollowUp;
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
  backbone: Network<Float32Array>,
  patients: Patients,
  trained: readonly number[],
  options: SurvivalOptions,
  {until, resumption, onEpoch}: {until: number; resumption: Resumption | null; onEpoch: (epoch: Epoch) => void}
): Promise<SurvivalRun> {
  const followUp = rowsOf(patients.followUp, trained);
  const found = resumption && readCheckpoint<Notes>(resumption.file);
  const taken = found?.notes.recipe === resumption?.recipe ? found : null;
  const epochs: Epoch[] = taken ? [...taken.notes.epochs] : [];
  const start = taken?.state ?? beginning(await withRidgeHead(jax, passes, backbone, patients, trained, options.seed));
  let state = stateToDevice(jax, start);
  const judge = async (loss: number | null) => {
    const risk = await centredRisk(passes, state.network, patients.images, trained);
    const score = Float64Array.from(trained, (row) => risk[row]);
    epochs.push({epoch: epochs.length, loss, concordance: concordanceOf(followUp, score), risk});
    if (resumption) {
      const notes: Notes = {recipe: resumption.recipe, epochs};
      writeCheckpoint(resumption.file, {state: await stateFromDevice(state), notes});
    }
    onEpoch(epochs.at(-1)!);
  };
  if (epochs.length === 0) await judge(null);
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
    await judge(sum);
  }
  const {network} = await stateFromDevice(state);
  const {output} = await passes.run(state.network, patients.images);
  disposeState(jax, state);
  const bias = network.parameters.bias.map((value) => value - mean(output, trained));
  return {network: {...network, parameters: {...network.parameters, bias}}, epochs};
}

/**
 * The backbone under a ridge Cox head. After a pretext stage the head is fitted on what the network reads off the images
 * (mottle, core, …): a handful of readings is what a hundred events can weigh, where 1,280 features drown. A backbone without
 * readings takes its running moments over the images trained on, and its head is fitted on the embedding.
 */
async function withRidgeHead(
  jax: Jax,
  passes: ForwardPasses,
  backbone: Network<Float32Array>,
  {images, followUp}: Patients,
  trained: readonly number[],
  seed: number
): Promise<Network<Float32Array>> {
  const own = imagesOf(images, trained);
  const {weights: readers, bias: offsets} = backbone.parameters;
  const reads = offsets.length > 1;
  const start = reads ? backbone : await passes.adapt(backbone, own);
  const device = toDevice(jax, start);
  const {embedding, output} = await passes.run(device, own);
  jax.tree.dispose(device as never);
  const head = fitCoxHead(reads ? output : embedding, rowsOf(followUp, trained), seed);
  if (!reads) return withHead(start, head.weights, head.bias);
  const weights = Float32Array.from({length: embeddingSize}, (_, feature) =>
    head.weights.reduce((sum, weight, reading) => sum + weight * readers[reading * embeddingSize + feature], 0)
  );
  const bias = head.weights.reduce((sum, weight, reading) => sum + weight * offsets[reading], head.bias);
  return withHead(start, weights, bias);
}

function withHead(
  {parameters, moments}: Network<Float32Array>,
  weights: Float32Array,
  bias: number
): Network<Float32Array> {
  return {parameters: {layers: parameters.layers, weights, bias: Float32Array.of(bias)}, moments};
}

async function centredRisk(
  passes: ForwardPasses,
  network: Network<JaxArray>,
  images: Images,
  trained: readonly number[]
): Promise<number[]> {
  const {output} = await passes.run(network, images);
  const centre = mean(output, trained);
  return Array.from(output, (value) => value - centre);
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
  const {weights, event} = riskWeights(rowsOf(followUp, rows), ties);
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

function imagesOf({pixels, side}: Images, rows: readonly number[]): Images {
  const size = 3 * side * side;
  const picked = new Float32Array(rows.length * size);
  rows.forEach((row, k) => picked.set(pixels.subarray(row * size, (row + 1) * size), k * size));
  return {pixels: picked, n: rows.length, side};
}

function rowsOf({time, event, entry}: HeadFollowUp, rows: readonly number[]): HeadFollowUp {
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  return {time: pick(time), event: Uint8Array.from(rows, (row) => event[row]), entry: entry && pick(entry)};
}

function concordanceOf({time, event, entry}: HeadFollowUp, score: Float64Array): number {
  return concordance({time, event, ...(entry ? {entry} : {}), score}).concordance;
}
