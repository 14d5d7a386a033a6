import {expect, test} from "vitest";
import type {Parameters} from "../../data-loaders/training/network.js";
import {corrections, type OptimiserState, update} from "../../data-loaders/training/optimiser.js";
import {type JaxArray, loadJax} from "../../data-loaders/training/runtime.js";

const rates = [0.1, 0.05, 0.02];
const weightDecay = 0.3;

/** Two layers of one weight each, and a last layer. */
function tree(make: (value: number) => JaxArray, values: readonly number[]): Parameters<JaxArray> {
  const [a, b, c, d, e, f, weights, bias] = values.map(make);
  return {
    layers: [
      {kernel: a, scale: b, shift: c},
      {kernel: d, scale: e, shift: f}
    ],
    weights,
    bias
  };
}

/** Which of the eight values weight decay shrinks: kernels and the last layer's weights. */
const decays = [true, false, false, true, false, false, true, false];
const start = [1, -2, 3, 0.5, 0.1, -0.7, 2, 1];
const slopes = [0.3, -0.1, 0.02, 4, -3, 0.5, 1, -1];

/** Three steps in plain arithmetic, as the papers have them. */
function plain(method: "adam" | "sgd", frozen: number): number[] {
  return start.map((from, k) => {
    if (k < 3 * frozen) return from;
    let [value, first, second] = [from, 0, 0];
    rates.forEach((rate, t) => {
      const slope = slopes[k] * (t + 1);
      const decay = decays[k] ? weightDecay * value : 0;
      if (method === "sgd") {
        first = 0.9 * first + slope;
        value -= rate * (first + decay);
        return;
      }
      first = 0.9 * first + 0.1 * slope;
      second = 0.999 * second + 0.001 * slope ** 2;
      const [mean, square] = [first / (1 - 0.9 ** (t + 1)), second / (1 - 0.999 ** (t + 1))];
      value -= rate * (mean / (Math.sqrt(square) + 1e-8) + decay);
    });
    return value;
  });
}

test.each([
  ["adam", 0],
  ["adam", 1],
  ["sgd", 0]
] as const)("%s with %i layers frozen takes the steps of the papers", async (method, frozen) => {
  const {numpy: np, tree: trees} = await loadJax(1);
  const scalar = (value: number) => np.array(Float32Array.of(value)).reshape([]);
  const make = (value: number) => np.array(Float32Array.of(value));
  const zeros = () => tree(make, start.map(() => 0)); // prettier-ignore
  let parameters = tree(make, start);
  let state: OptimiserState<JaxArray> = {first: zeros(), second: zeros()};
  const jax = await loadJax(1);
  for (const [t, rate] of rates.entries()) {
    const gradient = tree(
      make,
      slopes.map((slope) => slope * (t + 1))
    );
    const [first, second] = corrections(t + 1);
    const options = {method, weightDecay, frozen} as const;
    ({parameters, state} = update(jax, options, parameters, gradient, state, scalar(rate), [
      scalar(first),
      scalar(second)
    ]));
  }
  const {layers, weights, bias} = parameters;
  const found: number[] = [];
  for (const array of [...layers.flatMap(({kernel, scale, shift}) => [kernel, scale, shift]), weights, bias]) {
    found.push((await array.data())[0]);
  }
  plain(method, frozen).forEach((value, k) => expect(found[k]).toBeCloseTo(value, 5));
  trees.dispose(state as never);
});
