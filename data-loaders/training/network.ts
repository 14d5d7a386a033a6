import {type ConvLayer, efficientNetLite0, embeddingSize, kernelSize} from "../signatures/efficientNetLite0.js";
import {randomBackbone} from "../signatures/randomBackbone.js";
import type {Jax, JaxArray} from "./runtime.js";

/** What is trained of one convolution: its kernel, and scale and shift of its batch normalisation. */
export interface ConvParameters<T> {
  /** out × in/groups × kernel × kernel. */
  readonly kernel: T;
  /** By output channel. */
  readonly scale: T;
  readonly shift: T;
}

/** All that is trained; a tree for jax-js. */
export interface Parameters<T> {
  /** Aligned with `efficientNetLite0()`. */
  readonly layers: readonly ConvParameters<T>[];
  /** The last linear layer: outputs × 1280, and outputs. */
  readonly weights: T;
  readonly bias: T;
}

/** Mean and variance by channel that a batch normalisation subtracts and divides by. */
export interface Moments<T> {
  readonly mean: T;
  readonly variance: T;
}

/** Parameters and running moments: what a checkpoint holds. */
export interface Network<T> {
  readonly parameters: Parameters<T>;
  /** Aligned with the layers. */
  readonly moments: readonly Moments<T>[];
}

/** As TensorFlow's EfficientNet, and timm's port of it. */
export const batchNormEpsilon = 1e-3;

/** Fresh weights: He's random kernels, identity batch normalisation, a last layer of zeros. */
export function freshNetwork(seed: number, outputs: number): Network<Float32Array> {
  const backbone = randomBackbone(seed);
  const layers = efficientNetLite0();
  return {
    parameters: {
      layers: layers.map(({outChannels}, index) => ({
        kernel: backbone[index].kernel,
        scale: new Float32Array(outChannels).fill(1),
        shift: new Float32Array(outChannels)
      })),
      weights: new Float32Array(outputs * embeddingSize),
      bias: new Float32Array(outputs)
    },
    moments: layers.map(({outChannels}) => ({
      mean: new Float32Array(outChannels),
      variance: new Float32Array(outChannels).fill(1)
    }))
  };
}

/**
 * The same network with every block that adds its input beginning as no more than that input: the last scale of the block is
 * 0. Shallow at first, it learns several times faster from nothing.
 *
 * @see Goyal et al. (2017), arXiv:1706.02677, section 5.1
 */
export function quietBlocks({parameters, moments}: Network<Float32Array>): Network<Float32Array> {
  const layers = efficientNetLite0().map(({addsBlockInput}, index) => {
    const layer = parameters.layers[index];
    return addsBlockInput ? {...layer, scale: new Float32Array(layer.scale.length)} : layer;
  });
  return {parameters: {...parameters, layers}, moments};
}

/** Number of trained values. 4,652,008 with 1,000 outputs. */
export function countParameters({layers, weights, bias}: Parameters<{readonly length: number}>): number {
  const convolutions = layers.reduce(
    (sum, {kernel, scale, shift}) => sum + kernel.length + scale.length + shift.length,
    0
  );
  return convolutions + weights.length + bias.length;
}

/**
 * How batch normalisation gets its moments: from the batch as in training, or those that ran along; "observed" uses the
 * latter and tells the former.
 */
export type Normalisation = "batch" | "running" | "observed";

/** The network's outputs for a batch, and the moments of the batch at every layer (none when they ran along). */
export interface Forward {
  /** n × outputs. */
  readonly output: JaxArray;
  /** n × 1280, before dropout. */
  readonly embedding: JaxArray;
  readonly moments: Moments<JaxArray>[];
}

/**
 * EfficientNet-lite0 on jax-js. Consumes its arguments, as jax-js's own functions do.
 *
 * @param input - n × 3 × side × side, side a multiple of 32
 * @param keep - n × 1280, what the embedding is multiplied by under dropout; null for none
 * @param frozen - so many layers at the start let no gradient through
 */
export function forward(
  jax: Jax,
  {parameters, moments}: Network<JaxArray>,
  input: JaxArray,
  normalisation: Normalisation,
  keep: JaxArray | null = null,
  frozen = 0
): Forward {
  const {numpy: np, nn, lax, tree} = jax;
  const seen: Moments<JaxArray>[] = [];
  const layers = efficientNetLite0();
  let value = input;
  let blockInput: JaxArray | null = null;
  layers.forEach((layer, index) => {
    if (index === frozen && frozen > 0) value = lax.stopGradient(value);
    if (layer.opensBlock) blockInput = addsItsInput(layers, index) ? value.ref : null;
    const {kernel, scale, shift} = parameters.layers[index];
    const filtered = convolution(jax, value, kernel, layer);
    const {mean, variance} = normalisation === "batch" ? batchMoments(jax, filtered.ref) : moments[index];
    if (normalisation === "batch") {
      tree.dispose(moments[index] as never);
      seen.push({mean: mean.ref, variance: variance.ref});
    } else if (normalisation === "observed") seen.push(batchMoments(jax, filtered.ref));
    const perChannel = [1, layer.outChannels, 1, 1];
    const factor = scale.div(np.sqrt(variance.add(batchNormEpsilon)));
    const offset = shift.sub(mean.mul(factor.ref));
    value = filtered.mul(factor.reshape(perChannel)).add(offset.reshape(perChannel));
    if (layer.activation) value = nn.relu6(value);
    if (layer.addsBlockInput) value = value.add(blockInput!);
  });
  const embedding = np.mean(value, [2, 3]);
  const kept = keep ? embedding.ref.mul(keep) : embedding.ref;
  const output = np.matmul(kept, np.transpose(parameters.weights)).add(parameters.bias);
  return {output, embedding, moments: seen};
}

/** Layers before a stage, counted from 1 as published: what to freeze to train from this stage on. */
export function layersBeforeStage(stage: number): number {
  return efficientNetLite0().findIndex(({name}) => name.startsWith(`stage${stage}_`));
}

/** Whether the block that opens at a layer ends by adding its input. */
function addsItsInput(layers: readonly ConvLayer[], opens: number): boolean {
  return layers.slice(opens).find((layer) => !layer.activation)!.addsBlockInput;
}

function batchMoments({numpy: np}: Jax, value: JaxArray): Moments<JaxArray> {
  const mean = np.mean(value.ref, [0, 2, 3], {keepdims: true});
  const variance = np.mean(np.square(value.sub(mean.ref)), [0, 2, 3]);
  return {mean: mean.reshape([-1]), variance};
}

/** Matrix products and, depthwise, shifted slices: several times faster on wasm than jax-js's convolution. */
function convolution(jax: Jax, input: JaxArray, kernel: JaxArray, layer: ConvLayer): JaxArray {
  if (layer.groups > 1) return depthwise(jax, input, kernel, layer);
  const {numpy: np} = jax;
  const {outChannels, inChannels, kernel: size, stride} = layer;
  const n = input.shape[0];
  if (size === 1) {
    const [, , height, width] = input.shape;
    const flat = input.reshape([n, inChannels, height * width]);
    return np.matmul(kernel.reshape([1, outChannels, inChannels]), flat).reshape([n, outChannels, height, width]);
  }
  // Every channel of the input becomes size × size rows of a matrix, in the order of the kernel's weights.
  const copies = shifted(jax, input, size, stride);
  const [, , height, width] = copies[0].shape;
  const rows = inChannels * size * size;
  const matrix = np.stack(copies, 2).reshape([n, rows, height * width]);
  return np.matmul(kernel.reshape([1, outChannels, rows]), matrix).reshape([n, outChannels, height, width]);
}

/** A sum over the kernel's positions: the padded input, shifted, times one weight a channel. */
function depthwise(jax: Jax, input: JaxArray, kernel: JaxArray, {kernel: size, stride}: ConvLayer): JaxArray {
  const channels = input.shape[1];
  let sum: JaxArray | null = null;
  shifted(jax, input, size, stride).forEach((copy, position) => {
    const weight = kernel.ref.slice([], 0, Math.floor(position / size), position % size);
    const weighted = copy.mul(weight.reshape([1, channels, 1, 1]));
    sum = sum ? sum.add(weighted) : weighted;
  });
  kernel.dispose();
  return sum!;
}

/** What each of the kernel's size × size positions sees of the padded input, row by row. */
function shifted({numpy: np}: Jax, input: JaxArray, size: number, stride: number): JaxArray[] {
  const pad = (size - 1) / 2;
  const [n, channels, height, width] = input.shape;
  const outHeight = Math.floor((height + 2 * pad - size) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - size) / stride) + 1;
  const padded = np.pad(input, [[0, 0], [0, 0], [pad, pad + stride], [pad, pad + stride]]); // prettier-ignore
  const copies = Array.from({length: size * size}, (_, position) => {
    const [i, j] = [Math.floor(position / size), position % size];
    const copy = padded.ref.slice([], [], [i, i + outHeight * stride], [j, j + outWidth * stride]);
    if (stride === 1) return copy;
    const cells = copy.reshape([n, channels, outHeight, stride, outWidth, stride]);
    return cells.slice([], [], [], 0, [], 0);
  });
  padded.dispose();
  return copies;
}

/** Puts a network's weights on the library's device. */
export function toDevice({numpy: np}: Jax, {parameters, moments}: Network<Float32Array>): Network<JaxArray> {
  const layers = efficientNetLite0();
  const array = (values: Float32Array, shape: number[]) => np.array(values.slice()).reshape(shape);
  const outputs = parameters.bias.length;
  return {
    parameters: {
      layers: layers.map((layer, index) => {
        const {kernel, scale, shift} = parameters.layers[index];
        const shape = [layer.outChannels, layer.inChannels / layer.groups, layer.kernel, layer.kernel];
        return {
          kernel: array(kernel, shape),
          scale: array(scale, [layer.outChannels]),
          shift: array(shift, [layer.outChannels])
        };
      }),
      weights: array(parameters.weights, [outputs, embeddingSize]),
      bias: array(parameters.bias, [outputs])
    },
    moments: moments.map(({mean, variance}) => ({
      mean: array(mean, [mean.length]),
      variance: array(variance, [variance.length])
    }))
  };
}

/** Reads a network's weights back; the arrays stay. */
export async function fromDevice({parameters, moments}: Network<JaxArray>): Promise<Network<Float32Array>> {
  const read = async (array: JaxArray) => Float32Array.from((await array.ref.data()) as Float32Array);
  const layers: ConvParameters<Float32Array>[] = [];
  for (const {kernel, scale, shift} of parameters.layers) {
    layers.push({kernel: await read(kernel), scale: await read(scale), shift: await read(shift)});
  }
  const readMoments: Moments<Float32Array>[] = [];
  for (const {mean, variance} of moments) readMoments.push({mean: await read(mean), variance: await read(variance)});
  return {
    parameters: {layers, weights: await read(parameters.weights), bias: await read(parameters.bias)},
    moments: readMoments
  };
}

/** @throws {RangeError} when a layer's kernel has another size than EfficientNet-lite0's */
export function assertLite0({layers}: Parameters<{readonly length: number}>): void {
  efficientNetLite0().forEach((layer, index) => {
    const found = layers[index]?.kernel.length ?? 0;
    if (found === kernelSize(layer)) return;
    throw new RangeError(
      `Layer ${layer.name} has ${found} weights; EfficientNet-lite0 has ${kernelSize(layer)} there.`
    );
  });
}
