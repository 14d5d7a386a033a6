import type {Parameters} from "./network.js";
import type {Jax, JaxArray} from "./runtime.js";

export interface OptimiserOptions {
  readonly method: "adam" | "sgd";
  /** Share of a weight taken away a step, times the learning rate; kernels and the last layer's weights only. */
  readonly weightDecay: number;
  /** So many layers at the start stay as they are. */
  readonly frozen: number;
}

/** What an optimiser remembers of each parameter: the running gradient, and for Adam its running square. */
export interface OptimiserState<T> {
  readonly first: Parameters<T>;
  readonly second: Parameters<T>;
}

/** As published for Adam, and the usual momentum of SGD. */
const decay = {first: 0.9, second: 0.999} as const;
const epsilon = 1e-8;

/** Nothing remembered yet. */
export function freshState({layers, weights, bias}: Parameters<Float32Array>): OptimiserState<Float32Array> {
  const zeros = (values: Float32Array) => new Float32Array(values.length);
  const empty = (): Parameters<Float32Array> => ({
    layers: layers.map(({kernel, scale, shift}) => ({kernel: zeros(kernel), scale: zeros(scale), shift: zeros(shift)})),
    weights: zeros(weights),
    bias: zeros(bias)
  });
  return {first: empty(), second: empty()};
}

/** One parameter's values after a step, and what is remembered. */
interface Updated {
  readonly value: JaxArray;
  readonly first: JaxArray;
  readonly second: JaxArray;
}

/**
 * One step. Consumes its arguments; meant to be called within `jit`.
 *
 * @param rate - learning rate, a scalar
 * @param correction - scalars 1 − 0.9ᵗ and 1 − 0.999ᵗ at step t ≥ 1, which undo the start at zero
 * @see Kingma & Ba (2015), Adam; Loshchilov & Hutter (2019), Decoupled weight decay
 */
export function update(
  jax: Jax,
  {method, weightDecay, frozen}: OptimiserOptions,
  parameters: Parameters<JaxArray>,
  gradient: Parameters<JaxArray>,
  state: OptimiserState<JaxArray>,
  rate: JaxArray,
  correction: readonly [JaxArray, JaxArray]
): {parameters: Parameters<JaxArray>; state: OptimiserState<JaxArray>} {
  const {numpy: np} = jax;
  const one = (value: JaxArray, slope: JaxArray, first: JaxArray, second: JaxArray, decays: boolean): Updated => {
    const moving = method === "adam" ? 1 - decay.first : 1;
    const nextFirst = first.mul(decay.first).add(slope.ref.mul(moving));
    const nextSecond = second.mul(decay.second).add(np.square(slope).mul(1 - decay.second));
    const direction =
      method === "adam"
        ? nextFirst.ref.div(correction[0].ref).div(np.sqrt(nextSecond.ref.div(correction[1].ref)).add(epsilon))
        : nextFirst.ref;
    const shrunk = decays ? direction.add(value.ref.mul(weightDecay)) : direction;
    return {value: value.sub(shrunk.mul(rate.ref)), first: nextFirst, second: nextSecond};
  };
  const each = <K extends string>(
    names: readonly K[],
    decays: readonly K[],
    at: (of: unknown) => Record<K, JaxArray>,
    still = false
  ) =>
    names.map((name) => {
      const [value, slope, first, second] = [parameters, gradient, state.first, state.second].map((of) => at(of)[name]);
      if (still) slope.dispose();
      return [name, still ? {value, first, second} : one(value, slope, first, second, decays.includes(name))] as const;
    });
  const layers = parameters.layers.map((_, index) =>
    each(["kernel", "scale", "shift"], ["kernel"], (of) => (of as Parameters<JaxArray>).layers[index], index < frozen)
  );
  const last = each(["weights", "bias"], ["weights"], (of) => of as Parameters<JaxArray>);
  for (const scalar of [rate, ...correction]) scalar.dispose();
  const collect = (part: keyof Updated): Parameters<JaxArray> => {
    const record = (entries: readonly (readonly [string, Updated])[]) =>
      Object.fromEntries(entries.map(([name, updated]) => [name, updated[part]]));
    return {layers: layers.map(record), ...record(last)} as unknown as Parameters<JaxArray>;
  };
  return {parameters: collect("value"), state: {first: collect("first"), second: collect("second")}};
}

/** The two scalars of `update` at step t, counted from 1. */
export function corrections(step: number): [number, number] {
  return [1 - decay.first ** step, 1 - decay.second ** step];
}
