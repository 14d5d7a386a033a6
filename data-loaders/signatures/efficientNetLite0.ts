/**
 * The architecture of EfficientNet-lite0 as a flat list of convolutions: no squeeze-and-excite, ReLU6, stem and head of
 * fixed width. @see Tan & Le (2019), EfficientNet; TensorFlow "EfficientNet-lite" (2020)
 */

/** One convolution with its batch normalisation. Padding is (kernel − 1) / 2 on every side. */
export interface ConvLayer {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  /** 1, or the number of channels for a depthwise convolution. */
  readonly groups: number;
  /** Followed by ReLU6. */
  readonly activation: boolean;
  /** The first convolution of an inverted-residual block. */
  readonly opensBlock: boolean;
  /** The block's input is added to this layer's output. */
  readonly addsBlockInput: boolean;
}

/** Width of the embedding: the channels of the head convolution, averaged over the image. */
export const embeddingSize = 1280;

/** Stages as published: expansion, kernel, first stride, channels, blocks. */
const stages = [
  {expansion: 1, kernel: 3, stride: 1, channels: 16, blocks: 1},
  {expansion: 6, kernel: 3, stride: 2, channels: 24, blocks: 2},
  {expansion: 6, kernel: 5, stride: 2, channels: 40, blocks: 2},
  {expansion: 6, kernel: 3, stride: 2, channels: 80, blocks: 3},
  {expansion: 6, kernel: 5, stride: 1, channels: 112, blocks: 3},
  {expansion: 6, kernel: 5, stride: 2, channels: 192, blocks: 4},
  {expansion: 6, kernel: 3, stride: 1, channels: 320, blocks: 1}
] as const;

const plain = {groups: 1, stride: 1, kernel: 1, activation: true, opensBlock: false, addsBlockInput: false};

/** The 49 convolutions in the order of the data. */
export function efficientNetLite0(): readonly ConvLayer[] {
  const layers: ConvLayer[] = [{...plain, name: "stem", inChannels: 3, outChannels: 32, kernel: 3, stride: 2}];
  let channels = 32;
  stages.forEach((stage, s) => {
    for (let b = 0; b < stage.blocks; b++) {
      const stride = b === 0 ? stage.stride : 1;
      layers.push(...invertedResidual(`stage${s + 1}_block${b + 1}`, channels, {...stage, stride}));
      channels = stage.channels;
    }
  });
  layers.push({...plain, name: "head", inChannels: channels, outChannels: embeddingSize});
  return layers;
}

/** Expand, filter each channel, project; the input is added where shapes allow. */
function invertedResidual(
  name: string,
  input: number,
  {expansion, kernel, stride, channels}: {expansion: number; kernel: number; stride: number; channels: number}
): ConvLayer[] {
  const wide = input * expansion;
  const expand = {...plain, name: `${name}_expand`, inChannels: input, outChannels: wide, opensBlock: true};
  return [
    ...(expansion === 1 ? [] : [expand]),
    {
      ...plain,
      name: `${name}_depthwise`,
      inChannels: wide,
      outChannels: wide,
      kernel,
      stride,
      groups: wide,
      opensBlock: expansion === 1
    },
    {
      ...plain,
      name: `${name}_project`,
      inChannels: wide,
      outChannels: channels,
      activation: false,
      addsBlockInput: stride === 1 && input === channels
    }
  ];
}

/** Number of weights in a layer's kernel, laid out out × in/groups × kernel × kernel. */
export function kernelSize(layer: ConvLayer): number {
  return (layer.outChannels * layer.inChannels * layer.kernel ** 2) / layer.groups;
}

/**
 * Trainable parameters with so many outputs, counted as the field does: kernels, scale and shift of each batch
 * normalisation, and the last linear layer. 4,652,008 with 1,000 classes; 3,372,289 with one output.
 */
export function parameterCount(outputs: number): number {
  const convolutions = efficientNetLite0().reduce((sum, layer) => sum + kernelSize(layer) + 2 * layer.outChannels, 0);
  return convolutions + (embeddingSize + 1) * outputs;
}
