import {expect, test} from "vitest";
import {
  assertLite0,
  countParameters,
  forward,
  freshNetwork,
  quietBlocks,
  type Network,
  type Parameters,
  toDevice
} from "../../data-loaders/training/network.js";
import {loadJax, type JaxArray} from "../../data-loaders/training/runtime.js";
import {efficientNetLite0} from "../../data-loaders/signatures/efficientNetLite0.js";
import reference from "../reference/fixtures/efficientNetLite0.json" with {type: "json"};

test("EfficientNet-lite0 has 4,652,008 parameters with 1,000 classes, as PyTorch counts them", () => {
  expect(countParameters(freshNetwork(1, 1000).parameters)).toBe(4_652_008);
  expect(reference.parameters).toBe(4_652_008);
});

test("a network of another shape is named by its layer", () => {
  const {parameters} = freshNetwork(1, 1);
  const layers = parameters.layers.map((layer, k) => (k === 3 ? {...layer, kernel: new Float32Array(7)} : layer));
  expect(() => assertLite0({...parameters, layers})).toThrow(
    `Layer ${efficientNetLite0()[3].name} has 7 weights; EfficientNet-lite0 has`
  );
});

/** The values of `wave` in efficientNetLite0.py. */
function wave(index: number, length: number): Float64Array {
  return Float64Array.from({length}, (_, k) => {
    const product = Math.sin(k * 12.9898 + index) * 43758.5453;
    return (product - Math.floor(product)) * 2 - 1;
  });
}

/** The network of efficientNetLite0.py, tensor by tensor in its order. */
function waveNetwork(): Network<Float32Array> {
  const fresh = freshNetwork(1, 2);
  const moments: {mean: Float32Array; variance: Float32Array}[] = [];
  let index = 0;
  const layers = efficientNetLite0().map((layer, k) => {
    const {kernel} = fresh.parameters.layers[k];
    const size = Math.sqrt(6 / (kernel.length / layer.outChannels));
    const [first, second] = [wave(index + 1, layer.outChannels), wave(index + 2, layer.outChannels)];
    const parameters = {
      kernel: Float32Array.from(wave(index, kernel.length), (value) => value * size),
      scale: Float32Array.from(first, (value) => 1 + 0.2 * value),
      shift: Float32Array.from(second, (value) => 0.2 * value)
    };
    moments.push({
      mean: Float32Array.from(first, (value) => 0.1 * value),
      variance: Float32Array.from(second, (value) => 1 + 0.5 * value)
    });
    index += 3;
    return parameters;
  });
  const weights = Float32Array.from(wave(index, 2 * 1280), (value) => 0.05 * value);
  const bias = Float32Array.from(wave(index + 1, 2), (value) => 0.05 * value);
  return {parameters: {layers, weights, bias}, moments};
}

test("blocks that add their input begin as no more than it", () => {
  const {layers} = quietBlocks(freshNetwork(1, 1)).parameters;
  // 16 blocks, of which 7 change channels or stride.
  expect(layers.filter(({scale}) => scale.every((value) => value === 0))).toHaveLength(9);
});

test.each(["running", "batch"] as const)(
  "forward and backward agree with PyTorch, %s moments",
  async (normalisation) => {
    const jax = await loadJax(1);
    const {numpy: np} = jax;
    const truth = reference[normalisation];
    const network = toDevice(jax, waveNetwork());
    const image = np.array(Float32Array.from(wave(1000, 4 * 3 * 32 * 32))).reshape([4, 3, 32, 32]);
    const objective = (parameters: Parameters<JaxArray>) => {
      const {output, embedding, moments} = forward(jax, {parameters, moments: network.moments}, image, normalisation);
      jax.tree.dispose(moments as never);
      return [np.sum(np.square(output.ref)), [output, embedding]];
    };
    const compiled = jax.jit(jax.valueAndGrad(objective as never, {hasAux: true}) as never) as unknown as (
      parameters: Parameters<JaxArray>
    ) => [[JaxArray, [JaxArray, JaxArray]], Parameters<JaxArray>];
    const [[, [output, embedding]], gradient] = compiled(network.parameters);
    // Batch moments of 4 values a channel at the last layers magnify float32's rounding.
    const tolerance = normalisation === "running" ? 2e-5 : 2e-3;
    close([...((await output.data()) as Float32Array)], truth.output, tolerance);
    const features = ((await embedding.data()) as Float32Array).filter((_, k) => (k % 1280) % 160 === 0);
    close([...features], truth.embedding, tolerance);
    const arrays = [...gradient.layers.flatMap(({kernel, scale, shift}) => [kernel, scale, shift])];
    const norms: number[] = [];
    for (const array of [...arrays, gradient.weights, gradient.bias]) {
      norms.push(Math.sqrt(((await array.data()) as Float32Array).reduce((sum, value) => sum + value ** 2, 0)));
    }
    close(norms, truth.gradientNorms, 20 * tolerance);
  },
  60_000
);

/** Within a share of the truth's root mean square. */
function close(found: readonly number[], truth: readonly number[], tolerance: number): void {
  expect(found.length).toBe(truth.length);
  const size = Math.sqrt(truth.reduce((sum, value) => sum + value ** 2, 0) / truth.length);
  const worst = Math.max(...found.map((value, k) => Math.abs(value - truth[k]) / size));
  expect(worst).toBeLessThan(tolerance);
}
