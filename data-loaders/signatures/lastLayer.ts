import {embeddingSize} from "./efficientNetLite0.js";

/**
 * What a last layer makes of embeddings (n × 1280), in double precision.
 *
 * @param weights - outputs × 1280
 * @param bias - by output
 * @returns n × outputs
 */
export function lastLayer(
  embedding: Float32Array,
  {weights, bias}: {readonly weights: Float32Array; readonly bias: ArrayLike<number>}
): Float64Array {
  const outputs = bias.length;
  return Float64Array.from({length: (embedding.length / embeddingSize) * outputs}, (_, at) => {
    const [row, output] = [Math.floor(at / outputs), at % outputs];
    let sum = bias[output];
    for (let k = 0; k < embeddingSize; k++)
      sum += weights[output * embeddingSize + k] * embedding[row * embeddingSize + k];
    return sum;
  });
}
