import {InferenceSession, Tensor} from "onnxruntime-node";
import {philox} from "../../src/numeric/random.js";
import {calibrationTextures} from "./calibrationTextures.js";
import {type ConvLayer, efficientNetLite0, kernelSize} from "./efficientNetLite0.js";
import {calibrationOnnx, type FoldedConv} from "./networkGraph.js";

/** Under the square root of batch normalisation, as EfficientNet has it. */
const epsilon = 1e-3;
const calibrationImages = 48;

/**
 * EfficientNet-lite0's convolutions with seeded random kernels: normal with He's variance 2 / fan-in, each layer from its
 * own stream. Batch normalisation keeps the signal from vanishing or blowing up through 49 layers: its mean and variance
 * are those of seeded random textures, not of patients, so that the backbone is the same for every study and an
 * unchanged patient never has to be run again because another one changed.
 *
 * @param seed - of kernels and textures
 * @param pixels - side of the input; the statistics depend on it
 * @returns aligned with `efficientNetLite0()`, normalisation folded into kernel and bias
 * @see He, Zhang, Ren, Sun (2015), Delving deep into rectifiers
 */
export async function randomBackbone(seed: number, pixels: number): Promise<readonly FoldedConv[]> {
  const layers = efficientNetLite0();
  const kernels = layers.map((layer, index) => randomKernel(layer, seed, index));
  const model = calibrationOnnx(kernels, epsilon, pixels);
  // One thread: sums in one order, so that the weights do not depend on how many cores there are.
  const session = await InferenceSession.create(model, {executionProviders: ["cpu"], intraOpNumThreads: 1});
  const textures = calibrationTextures(seed, calibrationImages, pixels);
  const statistics = await session.run({
    input: new Tensor("float32", textures, [calibrationImages, 3, pixels, pixels])
  });
  const folded = layers.map((layer, index) => {
    const mean = statistics[`${layer.name}_mean`].data as Float32Array;
    const variance = statistics[`${layer.name}_variance`].data as Float32Array;
    return fold(kernels[index], mean, variance);
  });
  await session.release();
  return folded;
}

function randomKernel(layer: ConvLayer, seed: number, stream: number): Float32Array {
  const random = philox(seed, stream);
  const fanIn = (layer.inChannels / layer.groups) * layer.kernel ** 2;
  const deviation = Math.sqrt(2 / fanIn);
  return Float32Array.from({length: kernelSize(layer)}, () => deviation * random.normal());
}

/** (kernel ∗ x − mean) / √(variance + ε) as one convolution with a bias. */
function fold(kernel: Float32Array, mean: Float32Array, variance: Float32Array): FoldedConv {
  const size = kernel.length / mean.length;
  const scale = Float64Array.from(variance, (value) => 1 / Math.sqrt(value + epsilon));
  return {
    kernel: kernel.map((weight, k) => weight * scale[Math.floor(k / size)]),
    bias: mean.map((value, channel) => -value * scale[channel])
  };
}
