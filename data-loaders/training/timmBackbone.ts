import {efficientNetLite0} from "../signatures/efficientNetLite0.js";
import {freshNetwork, type Network} from "./network.js";
import {readSafetensors, type Tensor} from "./safetensors.js";

/** Names of a convolution and its batch normalisation in timm's `tf_efficientnet_lite0`. */
interface TimmNames {
  readonly convolution: string;
  readonly normalisation: string;
}

/**
 * In timm the first stage's block has no expansion, so that its filters are `conv_dw`, `bn1` and `conv_pw`, `bn2`; in the
 * others `conv_pw`, `bn1`, `conv_dw`, `bn2` and `conv_pwl`, `bn3`.
 */
export function timmNames(): readonly TimmNames[] {
  return efficientNetLite0().map(({name}) => {
    if (name === "stem") return {convolution: "conv_stem", normalisation: "bn1"};
    if (name === "head") return {convolution: "conv_head", normalisation: "bn2"};
    const [, stage, block, part] = /^stage(\d)_block(\d)_(\w+)$/.exec(name)!;
    const parts: Readonly<Record<string, readonly [string, string]>> =
      stage === "1"
        ? {depthwise: ["conv_dw", "bn1"], project: ["conv_pw", "bn2"]}
        : {expand: ["conv_pw", "bn1"], depthwise: ["conv_dw", "bn2"], project: ["conv_pwl", "bn3"]};
    const [convolution, normalisation] = parts[part].map((own) => `blocks.${+stage - 1}.${+block - 1}.${own}`);
    return {convolution, normalisation};
  });
}

/**
 * Reads a backbone in timm's layout; the classifier is left where it is.
 *
 * @param name - how messages call the file
 * @throws {RangeError} when a tensor is missing or has another shape
 */
export function timmBackbone(bytes: Uint8Array, name: string): Network<Float32Array> {
  const {tensors} = readSafetensors(bytes, name);
  const take = (tensor: string, shape: readonly number[]): Float32Array => {
    const found: Tensor | undefined = tensors.get(tensor);
    const wanted = shape.join(" × ");
    const mend = 'use the weights of timm\'s "tf_efficientnet_lite0".';
    if (!found) throw new RangeError(`${name} has no tensor "${tensor}" (${wanted}); ${mend}`);
    if (found.shape.join(" × ") === wanted) return found.values;
    throw new RangeError(`${name}: tensor "${tensor}" is ${found.shape.join(" × ")}, not ${wanted}; ${mend}`);
  };
  const names = timmNames();
  const fresh = freshNetwork(0, 1);
  const layers = efficientNetLite0().map(({inChannels, outChannels, kernel, groups}, index) => ({
    kernel: take(`${names[index].convolution}.weight`, [outChannels, inChannels / groups, kernel, kernel]),
    scale: take(`${names[index].normalisation}.weight`, [outChannels]),
    shift: take(`${names[index].normalisation}.bias`, [outChannels])
  }));
  const moments = efficientNetLite0().map(({outChannels}, index) => ({
    mean: take(`${names[index].normalisation}.running_mean`, [outChannels]),
    variance: take(`${names[index].normalisation}.running_var`, [outChannels])
  }));
  return {parameters: {...fresh.parameters, layers}, moments};
}
