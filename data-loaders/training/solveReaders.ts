import {cholesky, solve} from "../../src/numeric/cholesky.js";
import {embeddingSize} from "../signatures/efficientNetLite0.js";
import {lastLayer} from "../signatures/lastLayer.js";
import {onnxEmbedding} from "./exportOnnx.js";
import type {Network} from "./network.js";
import {type LesionView, pretextBatch, pretextOutputs} from "./pretext.js";

const part = 512;
/** Parts counted from here, far beyond any training's steps. */
const firstBatch = 1_000_000;
/** Ridge penalty a lesion, on standardised features: the features are many and alike. */
const penaltyShare = 0.25;

/**
 * The network with its last layer solved exactly: ridge regression of the lesions' targets on the embedding, as the network
 * runs outside training. The steps of the pretext stage leave it noisy and fitted to the moments of their batches.
 *
 * @param lesions - solved on; none that a step has seen
 * @returns the network and the mean squared error of the targets on a fifth of the lesions, left out of a first solution
 */
export async function solveReaders(
  network: Network<Float32Array>,
  view: LesionView,
  lesions: number
): Promise<{network: Network<Float32Array>; error: number}> {
  const {embedding, targets} = await embeddedLesions(network, view, lesions);
  const kept = Math.round(0.8 * lesions);
  const read = lastLayer(embedding.subarray(kept * embeddingSize), ridge(embedding, targets, kept));
  const known = targets.subarray(kept * pretextOutputs);
  const error = read.reduce((sum, value, k) => sum + (value - known[k]) ** 2, 0) / read.length;
  const {weights, bias} = ridge(embedding, targets, lesions);
  return {network: {...network, parameters: {...network.parameters, weights, bias}}, error};
}

async function embeddedLesions(network: Network<Float32Array>, view: LesionView, lesions: number) {
  const embedding = new Float32Array(lesions * embeddingSize);
  const targets = new Float32Array(lesions * pretextOutputs);
  // In parts: the images of thousands of lesions together are gigabytes.
  for (let first = 0; first < lesions; first += part) {
    const n = Math.min(part, lesions - first);
    const {input, side, target} = pretextBatch(firstBatch + first / part, n, view);
    embedding.set(await onnxEmbedding(network, {pixels: input, n, side}), first * embeddingSize);
    targets.set(target[0].values, first * pretextOutputs);
  }
  return {embedding, targets};
}

/** Weights (outputs × features) and biases of the first n rows, features standardised under the penalty. */
function ridge(embedding: Float32Array, targets: Float32Array, n: number) {
  const {columns, means, deviations} = standardisedColumns(embedding, n);
  const gram = new Float64Array(embeddingSize * embeddingSize);
  for (let j = 0; j < embeddingSize; j++) {
    // Four products side by side: each value of column j is read once for all.
    for (let k = 0; k <= j; k += 4) addFourDots(gram, j * embeddingSize + k, columns[j], columns, k);
    gram[j * embeddingSize + j] += penaltyShare * n;
  }
  for (let j = 0; j < embeddingSize; j++)
    for (let k = 0; k < j; k++) gram[k * embeddingSize + j] = gram[j * embeddingSize + k];
  const factor = cholesky(gram, embeddingSize);
  const weights = new Float32Array(pretextOutputs * embeddingSize);
  const bias = new Float32Array(pretextOutputs);
  for (let output = 0; output < pretextOutputs; output++) {
    const target = Float64Array.from({length: n}, (_, row) => targets[row * pretextOutputs + output]);
    const mean = target.reduce((sum, value) => sum + value, 0) / n;
    const standardised = solve(
      factor,
      columns.map((column) => dot(column, target))
    );
    standardised.forEach((value, k) => (weights[output * embeddingSize + k] = value / deviations[k]));
    bias[output] = mean;
    for (let k = 0; k < embeddingSize; k++) bias[output] -= weights[output * embeddingSize + k] * means[k];
  }
  return {weights, bias};
}

/** By feature: mean 0, SD 1 over the first n rows. */
function standardisedColumns(embedding: Float32Array, n: number) {
  const means = new Float64Array(embeddingSize);
  const deviations = new Float64Array(embeddingSize);
  const columns = Array.from({length: embeddingSize}, (_, k) => {
    const column = Float64Array.from({length: n}, (__, row) => embedding[row * embeddingSize + k]);
    means[k] = column.reduce((sum, value) => sum + value, 0) / n;
    deviations[k] = Math.sqrt(column.reduce((sum, value) => sum + (value - means[k]) ** 2, 0) / n) + 1e-6;
    return column.map((value) => (value - means[k]) / deviations[k]);
  });
  return {columns, means, deviations};
}

/** The products of a column with four others that follow each other; the number of columns is a multiple of four. */
function addFourDots(
  into: Float64Array,
  at: number,
  own: Float64Array,
  columns: readonly Float64Array[],
  first: number
): void {
  const a = columns[first];
  const b = columns[first + 1];
  const c = columns[first + 2];
  const d = columns[first + 3];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = 0; k < own.length; k++) {
    const value = own[k];
    s0 += value * a[k];
    s1 += value * b[k];
    s2 += value * c[k];
    s3 += value * d[k];
  }
  into[at] += s0;
  into[at + 1] += s1;
  into[at + 2] += s2;
  into[at + 3] += s3;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
