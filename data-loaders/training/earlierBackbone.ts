import {fromBinary} from "@bufbuild/protobuf";
import {ModelProtoSchema, type TensorProto, TensorProto_DataType as DataType} from "onnx-buf";
import {efficientNetLite0, kernelSize} from "../signatures/efficientNetLite0.js";
import type {ForwardPasses, Images} from "./forwardPass.js";
import {batchNormEpsilon, freshNetwork, type Network} from "./network.js";

/**
 * The backbone of an earlier model, batch normalisation unfolded again, for training to go on from: moments and scales are
 * set so that the network computes what the file does, each convolution's own output of variance 1.
 *
 * @param outputs - of the new last layer, which is zero
 * @param images - over which the moments are taken; at least 16
 * @throws {RangeError} when the file is no EfficientNet-lite0 of ours with kernels in single precision
 */
export async function earlierBackbone(
  passes: ForwardPasses,
  {bytes, name}: {readonly bytes: Uint8Array; readonly name: string},
  outputs: number,
  images: Images
): Promise<Network<Float32Array>> {
  const take = weightsOf(bytes, name);
  const {parameters, moments} = freshNetwork(0, outputs);
  const layers = efficientNetLite0().map((layer) => ({
    kernel: take(`${layer.name}_kernel`, kernelSize(layer)),
    scale: new Float32Array(layer.outChannels).fill(1),
    shift: take(`${layer.name}_bias`, layer.outChannels)
  }));
  const plain = moments.map(({mean, variance}) => ({mean, variance: variance.map((one) => one - batchNormEpsilon)}));
  const observed = await passes.observe({parameters: {...parameters, layers}, moments: plain}, images);
  return {
    parameters: {
      ...parameters,
      layers: layers.map(({kernel, shift}, index) => {
        const {mean, variance} = observed[index];
        const perChannel = kernel.length / shift.length;
        const deviation = variance.map((value) => Math.sqrt(value + batchNormEpsilon));
        return {
          kernel: kernel.map((weight, k) => weight / deviation[Math.floor(k / perChannel)]),
          // The variance of the new output is a little below 1, by which the normalisation divides.
          scale: deviation.map((value, c) => value * Math.sqrt(variance[c] / value ** 2 + batchNormEpsilon)),
          shift: shift.map((value, c) => value + mean[c])
        };
      })
    },
    moments: observed.map(({mean, variance}) => ({
      mean: mean.map((value, c) => value / Math.sqrt(variance[c] + batchNormEpsilon)),
      variance: variance.map((value) => value / (value + batchNormEpsilon))
    }))
  };
}

function weightsOf(bytes: Uint8Array, name: string): (tensor: string, length: number) => Float32Array {
  let tensors: ReadonlyMap<string, TensorProto>;
  try {
    tensors = new Map(fromBinary(ModelProtoSchema, bytes).graph!.initializer.map((tensor) => [tensor.name, tensor]));
  } catch {
    throw new RangeError(`${name} is no ONNX file, or it is cut short.`);
  }
  return (tensor, length) => {
    const found = tensors.get(tensor);
    if (found?.dataType !== DataType.FLOAT || found.rawData.length !== 4 * length) {
      throw new RangeError(
        `${name} has no "${tensor}" of ${length} single-precision weights; take a model that \`npm run train\` wrote.`
      );
    }
    const {rawData} = found;
    return new Float32Array(rawData.slice().buffer, 0, length);
  };
}
