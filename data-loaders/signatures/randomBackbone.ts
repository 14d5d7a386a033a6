import {philox} from "../../src/numeric/random.js";
import {type ConvLayer, efficientNetLite0, kernelSize} from "./efficientNetLite0.js";
import type {FoldedConv} from "./networkGraph.js";

/**
 * EfficientNet-lite0's convolutions with seeded random kernels and no bias, each layer from its own stream: normal with
 * variance 2 / fan-in before a ReLU6, which halves the signal's power, and 1 / fan-in where none follows. So a signal
 * neither vanishes nor blows up through 49 layers.
 *
 * Batch normalisation starts as the identity, as in training. Statistics of a batch taken in here would subtract, layer by
 * layer, what images have in common, and blow up what little is left: chaotic features, from which a ridge model read
 * neither PET nor CT heterogeneity (r = 0.1 with the truth of the embedded cohort, against 0.5 to 0.7 without).
 *
 * @returns aligned with `efficientNetLite0()`
 * @see He, Zhang, Ren, Sun (2015), Delving deep into rectifiers
 */
export function randomBackbone(seed: number): readonly FoldedConv[] {
  return efficientNetLite0().map((layer, index) => ({
    kernel: randomKernel(layer, seed, index),
    bias: new Float32Array(layer.outChannels)
  }));
}

function randomKernel(layer: ConvLayer, seed: number, stream: number): Float32Array {
  const random = philox(seed, stream);
  const fanIn = (layer.inChannels / layer.groups) * layer.kernel ** 2;
  const deviation = Math.sqrt((layer.activation ? 2 : 1) / fanIn);
  return Float32Array.from({length: kernelSize(layer)}, () => deviation * random.normal());
}
