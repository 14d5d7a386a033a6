import {efficientNetLite0, embeddingSize} from "../signatures/efficientNetLite0.js";
import {type Moments, type Network, forward, toDevice} from "./network.js";
import type {Jax, JaxArray} from "./runtime.js";

/** Images one after another, n × 3 × side × side. */
export interface Images {
  readonly pixels: Float32Array;
  readonly n: number;
  readonly side: number;
}

/** The trained network's outputs for n images. */
export interface Outputs {
  /** n × 1280. */
  readonly embedding: Float32Array;
  /** n × outputs. */
  readonly output: Float32Array;
}

/** Images a pass; the last pass is filled up with blank ones, so that one compiled function does all. */
const passSize = 16;

/** Functions that run a network forward without training it. */
export interface ForwardPasses {
  /** With running moments, as the exported model does. The network stays on the device. */
  readonly run: (network: Network<JaxArray>, images: Images) => Promise<Outputs>;
  /**
   * The network with running moments taken anew over images, layer by layer as they come in passes of 16: textures of one
   * source do not have the moments of another. Images that fill no pass are left out of the moments.
   */
  readonly adapt: (network: Network<Float32Array>, images: Images) => Promise<Network<Float32Array>>;
  /** Moments of every convolution's output over images, the network running with the moments it has; passes as in `adapt`. */
  readonly observe: (network: Network<Float32Array>, images: Images) => Promise<Moments<Float32Array>[]>;
}

/** Compiles the passes at their first use. */
export function forwardPasses(jax: Jax): ForwardPasses {
  const {numpy: np, tree} = jax;
  const compiled = jax.jit(((network: Network<JaxArray>, input: JaxArray) => {
    const {output, embedding} = forward(jax, network, input, "running");
    return {output, embedding};
  }) as never) as unknown as (network: Network<JaxArray>, input: JaxArray) => {output: JaxArray; embedding: JaxArray};
  const momentsOf = (normalisation: "batch" | "observed") =>
    jax.jit(((network: Network<JaxArray>, input: JaxArray) => {
      const {output, embedding, moments} = forward(jax, network, input, normalisation);
      output.dispose();
      embedding.dispose();
      return moments;
    }) as never) as unknown as (network: Network<JaxArray>, input: JaxArray) => Moments<JaxArray>[];
  const [seen, observed] = [momentsOf("batch"), momentsOf("observed")];
  const pass = ({pixels, n, side}: Images, first: number): JaxArray => {
    const size = 3 * side * side;
    const input = new Float32Array(passSize * size);
    input.set(pixels.subarray(first * size, Math.min(n, first + passSize) * size));
    return np.array(input).reshape([passSize, 3, side, side]);
  };
  const meanMoments = async (of: typeof seen, network: Network<Float32Array>, images: Images) => {
    const device = toDevice(jax, network);
    const sums = efficientNetLite0().map(({outChannels}) => ({
      mean: new Float64Array(outChannels),
      variance: new Float64Array(outChannels)
    }));
    const passes = Math.floor(images.n / passSize);
    for (let p = 0; p < passes; p++) {
      const moments = of(tree.ref(device as never) as Network<JaxArray>, pass(images, p * passSize));
      for (const [k, {mean, variance}] of moments.entries()) {
        const [means, variances] = [(await mean.data()) as Float32Array, (await variance.data()) as Float32Array];
        means.forEach((value, c) => (sums[k].mean[c] += value / passes));
        variances.forEach((value, c) => (sums[k].variance[c] += value / passes));
      }
    }
    tree.dispose(device as never);
    return sums.map(({mean, variance}) => ({mean: Float32Array.from(mean), variance: Float32Array.from(variance)}));
  };
  return {
    async run(network, images) {
      const outputs = network.parameters.bias.shape[0];
      const embedding = new Float32Array(images.n * embeddingSize);
      const output = new Float32Array(images.n * outputs);
      for (let first = 0; first < images.n; first += passSize) {
        const result = compiled(tree.ref(network as never) as Network<JaxArray>, pass(images, first));
        const rows = Math.min(passSize, images.n - first);
        const features = (await result.embedding.data()) as Float32Array;
        embedding.set(features.subarray(0, rows * embeddingSize), first * embeddingSize);
        output.set(((await result.output.data()) as Float32Array).subarray(0, rows * outputs), first * outputs);
      }
      return {embedding, output};
    },
    async adapt(network, images) {
      return images.n < passSize ? network : {...network, moments: await meanMoments(seen, network, images)};
    },
    observe: (network, images) => meanMoments(observed, network, images)
  };
}
