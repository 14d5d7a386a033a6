import {fitCoxHead} from "../signatures/coxHead.js";
import type {HeadFollowUp} from "../signatures/crossValidatedPenalty.js";
import {embeddingSize} from "../signatures/efficientNetLite0.js";
import {lastLayer} from "../signatures/lastLayer.js";
import {onnxEmbedding} from "./exportOnnx.js";
import type {ForwardPasses, Images} from "./forwardPass.js";
import {type Network, toDevice} from "./network.js";
import type {Jax} from "./runtime.js";

/** Patients with images and follow-up, row by row. */
export interface Patients {
  readonly images: Images;
  readonly followUp: HeadFollowUp;
}

/** A network before it has seen survival, and what it reads off every patient. */
export interface Backbone {
  readonly network: Network<Float32Array>;
  /** Patients × outputs of the pretext stage; null for weights from a file, which read nothing off. */
  readonly readings: Float32Array | null;
}

/** What a network after the pretext stage reads off the patients' images (SD, core, …), by onnxruntime, many times faster. */
export async function withReadings(network: Network<Float32Array>, images: Images): Promise<Backbone> {
  const {weights, bias} = network.parameters;
  if (bias.length === 1) return {network, readings: null};
  const embedding = await onnxEmbedding(network, images);
  return {network, readings: Float32Array.from(lastLayer(embedding, {weights, bias}))};
}

/**
 * The backbone under a ridge Cox head. After a pretext stage the head is fitted on what the network reads off the images: a
 * handful of readings is what a hundred events can weigh, where 1,280 features drown. A backbone without readings takes its
 * running moments over the images trained on, and its head is fitted on the embedding.
 *
 * @param trained - rows the head is fitted on
 * @param seed - of the folds that choose the ridge penalty
 * @returns the network, and its risk of every patient where the readings tell it without another pass
 */
export async function withCoxHead(
  jax: Jax,
  passes: ForwardPasses,
  {network, readings}: Backbone,
  {images, followUp}: Patients,
  trained: readonly number[],
  seed: number
): Promise<{network: Network<Float32Array>; risk: Float32Array | null}> {
  const survival = followUpOfRows(followUp, trained);
  if (!readings) {
    const own = imagesOfRows(images, trained);
    const start = await passes.adapt(network, own);
    const device = toDevice(jax, start);
    const {embedding} = await passes.run(device, own);
    jax.tree.dispose(device as never);
    const {weights, bias} = fitCoxHead(embedding, survival, seed);
    return {network: withHead(start, weights, bias), risk: null};
  }
  const {weights: readers, bias: offsets} = network.parameters;
  const head = fitCoxHead(valuesOfRows(readings, offsets.length, trained), survival, seed);
  const weights = Float32Array.from({length: embeddingSize}, (_, feature) =>
    head.weights.reduce((sum, weight, reading) => sum + weight * readers[reading * embeddingSize + feature], 0)
  );
  const bias = head.weights.reduce((sum, weight, reading) => sum + weight * offsets[reading], head.bias);
  const width = offsets.length;
  const risk = Float32Array.from({length: readings.length / width}, (_, row) =>
    head.weights.reduce((sum, weight, reading) => sum + weight * readings[row * width + reading], head.bias)
  );
  return {network: withHead(network, weights, bias), risk};
}

function withHead(
  {parameters, moments}: Network<Float32Array>,
  weights: Float32Array,
  bias: number
): Network<Float32Array> {
  return {parameters: {layers: parameters.layers, weights, bias: Float32Array.of(bias)}, moments};
}

function imagesOfRows({pixels, side}: Images, rows: readonly number[]): Images {
  return {pixels: valuesOfRows(pixels, 3 * side * side, rows), n: rows.length, side};
}

function valuesOfRows(values: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, k) => picked.set(values.subarray(row * width, (row + 1) * width), k * width));
  return picked;
}

/** Follow-up of some rows, in their order. */
export function followUpOfRows({time, event, entry}: HeadFollowUp, rows: readonly number[]): HeadFollowUp {
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  return {time: pick(time), event: Uint8Array.from(rows, (row) => event[row]), entry: entry && pick(entry)};
}
