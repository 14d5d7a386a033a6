import {efficientNetLite0} from "../signatures/efficientNetLite0.js";
import type {FoldedConv} from "../signatures/networkGraph.js";
import {batchNormEpsilon, type Network} from "./network.js";

/**
 * Each convolution with its batch normalisation folded in: kernel · s and shift − mean · s, s = scale / √(variance + ε).
 * In double precision until the last rounding.
 *
 * @returns aligned with `efficientNetLite0()`
 */
export function foldBatchNorm({parameters, moments}: Network<Float32Array>): readonly FoldedConv[] {
  return efficientNetLite0().map(({outChannels}, index) => {
    const {kernel, scale, shift} = parameters.layers[index];
    const {mean, variance} = moments[index];
    const factor = Float64Array.from(scale, (value, c) => value / Math.sqrt(variance[c] + batchNormEpsilon));
    const perChannel = kernel.length / outChannels;
    return {
      kernel: kernel.map((value, k) => value * factor[Math.floor(k / perChannel)]),
      bias: shift.map((value, c) => value - mean[c] * factor[c])
    };
  });
}
