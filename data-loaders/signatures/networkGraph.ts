import {type ConvLayer, efficientNetLite0, embeddingSize} from "./efficientNetLite0.js";
import {type OnnxGraph, onnxGraph} from "./onnxGraph.js";

/** A convolution's weights with batch normalisation folded in. */
export interface FoldedConv {
  /** out × in/groups × kernel × kernel. */
  readonly kernel: Float32Array;
  /** By output channel. */
  readonly bias: Float32Array;
}

/** The last linear layer: risk = embedding · weights + bias. */
export interface Head {
  /** Length 1280. */
  readonly weights: Float32Array;
  readonly bias: number;
}

/** Adds one convolution's output from its input; what stands between kernel and activation differs by use. */
type Convolve = (graph: OnnxGraph, layer: ConvLayer, index: number, input: string) => string;

/**
 * EfficientNet-lite0 as an ONNX model: input `input` [n, 3, pixels, pixels], outputs `risk` [n, 1] and `embedding`
 * [n, 1280].
 *
 * @param convolutions - aligned with `efficientNetLite0()`
 * @param metadata - stored as the model's metadata properties
 */
export function networkOnnx(
  convolutions: readonly FoldedConv[],
  head: Head,
  pixels: number,
  metadata: Readonly<Record<string, string>> = {}
): Uint8Array {
  const graph = onnxGraph();
  const features = layers(graph, (to, layer, index, input) => {
    const kernel = to.weights(`${layer.name}_kernel`, kernelDims(layer), convolutions[index].kernel);
    const bias = to.weights(`${layer.name}_bias`, [layer.outChannels], convolutions[index].bias);
    return conv(to, layer, [input, kernel, bias], `${layer.name}_conv`);
  });
  graph.node("GlobalAveragePool", [features], "pooled");
  const embedding = graph.node("Flatten", ["pooled"], "embedding", {int: {axis: 1}});
  const weights = graph.weights("risk_weights", [1, embeddingSize], head.weights);
  const bias = graph.weights("risk_bias", [1], Float32Array.of(head.bias));
  graph.node("Gemm", [embedding, weights, bias], "risk", {int: {transB: 1}});
  return graph.write({
    name: "efficientnet_lite0",
    inputs: {input: ["n", 3, pixels, pixels]},
    outputs: {risk: ["n", 1], embedding: ["n", embeddingSize]},
    metadata
  });
}

/**
 * The same network with batch normalisation by the batch's own mean and variance: run once, its outputs `${name}_mean`
 * and `${name}_variance` [1, channels, 1, 1] are what is folded into the kernels.
 */
export function calibrationOnnx(kernels: readonly Float32Array[], epsilon: number, pixels: number): Uint8Array {
  const graph = onnxGraph();
  const small = graph.weights("epsilon", [], Float32Array.of(epsilon));
  const outputs: Record<string, readonly number[]> = {};
  layers(graph, (to, layer, index, input) => {
    const {name} = layer;
    const kernel = to.weights(`${name}_kernel`, kernelDims(layer), kernels[index]);
    const raw = conv(to, layer, [input, kernel], `${name}_conv`);
    const overImages = {ints: {axes: [0, 2, 3]}, int: {keepdims: 1}};
    const mean = to.node("ReduceMean", [raw], `${name}_mean`, overImages);
    const centred = to.node("Sub", [raw, mean], `${name}_centred`);
    const square = to.node("Mul", [centred, centred], `${name}_square`);
    const variance = to.node("ReduceMean", [square], `${name}_variance`, overImages);
    const lifted = to.node("Add", [variance, small], `${name}_lifted`);
    const deviation = to.node("Sqrt", [lifted], `${name}_deviation`);
    for (const output of [mean, variance]) outputs[output] = [1, layer.outChannels, 1, 1];
    return to.node("Div", [centred, deviation], `${name}_normalised`);
  });
  return graph.write({name: "calibration", inputs: {input: ["n", 3, pixels, pixels]}, outputs});
}

/** Lays the convolutions one after another with ReLU6 and residual additions; returns the last output. */
function layers(graph: OnnxGraph, convolve: Convolve): string {
  const zero = graph.weights("zero", [], Float32Array.of(0));
  const six = graph.weights("six", [], Float32Array.of(6));
  let value = "input";
  let blockInput = value;
  efficientNetLite0().forEach((layer, index) => {
    if (layer.opensBlock) blockInput = value;
    value = convolve(graph, layer, index, value);
    if (layer.activation) value = graph.node("Clip", [value, zero, six], `${layer.name}_relu6`);
    if (layer.addsBlockInput) value = graph.node("Add", [value, blockInput], `${layer.name}_sum`);
  });
  return value;
}

function conv(graph: OnnxGraph, layer: ConvLayer, inputs: readonly string[], output: string): string {
  const padding = (layer.kernel - 1) / 2;
  return graph.node("Conv", inputs, output, {
    ints: {
      kernel_shape: [layer.kernel, layer.kernel],
      strides: [layer.stride, layer.stride],
      pads: [padding, padding, padding, padding]
    },
    int: {group: layer.groups}
  });
}

function kernelDims(layer: ConvLayer): number[] {
  return [layer.outChannels, layer.inChannels / layer.groups, layer.kernel, layer.kernel];
}
