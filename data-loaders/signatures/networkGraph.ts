import {type ConvLayer, efficientNetLite0, embeddingSize} from "./efficientNetLite0.js";
import {type OnnxGraph, onnxGraph} from "./onnxGraph.js";

/** A convolution's weights with batch normalisation folded in. */
export interface FoldedConv {
  /** out × in/groups × kernel × kernel. */
  readonly kernel: Float32Array;
  /** By output channel. */
  readonly bias: Float32Array;
}

/** How kernels are stored: "half" is half as large and rounds them to 11 bits. */
export type Precision = "float32" | "half";

/** The last linear layer: risk = embedding · weights + bias. */
export interface Head {
  /** Length 1280. */
  readonly weights: Float32Array;
  readonly bias: number;
}

/**
 * EfficientNet-lite0 as an ONNX model: input `input` [n, 3, pixels, pixels], outputs `risk` [n, 1] and `embedding`
 * [n, 1280].
 *
 * @param convolutions - aligned with `efficientNetLite0()`
 * @param metadata - stored as the model's metadata properties
 * @param precision - of the stored kernels; the arithmetic is float32 in any case, biases and the last layer too
 */
export function networkOnnx(
  convolutions: readonly FoldedConv[],
  head: Head,
  pixels: number,
  metadata: Readonly<Record<string, string>> = {},
  precision: Precision = "float32"
): Uint8Array {
  const graph = onnxGraph();
  const features = layers(graph, convolutions, precision);
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

/** Lays the convolutions one after another with ReLU6 and residual additions; returns the last output. */
function layers(graph: OnnxGraph, convolutions: readonly FoldedConv[], precision: Precision): string {
  const store = precision === "half" ? graph.halfWeights : graph.weights;
  const zero = graph.weights("zero", [], Float32Array.of(0));
  const six = graph.weights("six", [], Float32Array.of(6));
  let value = "input";
  let blockInput = value;
  efficientNetLite0().forEach((layer, index) => {
    if (layer.opensBlock) blockInput = value;
    const kernel = store(`${layer.name}_kernel`, kernelDims(layer), convolutions[index].kernel);
    const bias = graph.weights(`${layer.name}_bias`, [layer.outChannels], convolutions[index].bias);
    value = conv(graph, layer, [value, kernel, bias], `${layer.name}_conv`);
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
