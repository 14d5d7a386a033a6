import {type Moments, type Network, type Normalisation, type Parameters, forward} from "./network.js";
import {type OptimiserOptions, type OptimiserState, corrections, update} from "./optimiser.js";
import type {Jax, JaxArray} from "./runtime.js";

/** Everything that changes from step to step. */
export interface TrainingState<T> {
  readonly network: Network<T>;
  readonly optimiser: OptimiserState<T>;
  /** Steps made. */
  readonly step: number;
}

/** A loss of the network's output (n × outputs) and whatever else the batch holds; consumes both. */
export type Loss = (output: JaxArray, target: JaxArray[], parameters: Parameters<JaxArray>) => JaxArray;

export interface StepOptions {
  readonly loss: Loss;
  readonly optimiser: OptimiserOptions;
  readonly normalisation: Normalisation;
  /** Share of the old value that running moments keep a step. */
  readonly momentum: number;
}

/** A batch on the host. */
export interface Batch {
  /** n × 3 × side × side. */
  readonly input: Float32Array;
  readonly n: number;
  readonly side: number;
  /** Dropout: n × 1280 factors; null for none. */
  readonly keep: Float32Array | null;
  /** Arrays for the loss, with their shapes. */
  readonly target: readonly {readonly values: Float32Array; readonly shape: readonly number[]}[];
}

/** Takes a step; consumes the state given and returns the next, with the loss before the step. */
export type Stepper = (
  state: TrainingState<JaxArray>,
  batch: Batch,
  rate: number
) => Promise<{state: TrainingState<JaxArray>; loss: number}>;

interface Trained {
  readonly parameters: Parameters<JaxArray>;
  readonly moments: Moments<JaxArray>[];
  readonly optimiser: OptimiserState<JaxArray>;
  readonly loss: JaxArray;
}

/** Forward, backward and update, compiled together at the first call and again for every other shape. */
export function stepper(jax: Jax, {loss, optimiser, normalisation, momentum}: StepOptions): Stepper {
  const {numpy: np, tree} = jax;
  const whole = (
    parameters: Parameters<JaxArray>,
    moments: Moments<JaxArray>[],
    optimiserState: OptimiserState<JaxArray>,
    input: JaxArray,
    keep: JaxArray[],
    target: JaxArray[],
    rate: JaxArray,
    correction: [JaxArray, JaxArray]
  ): Trained => {
    const objective = (trained: Parameters<JaxArray>) => {
      const forLoss = tree.ref(trained as never) as Parameters<JaxArray>;
      const kept = tree.ref(moments as never) as Moments<JaxArray>[];
      const out = forward(
        jax,
        {parameters: trained, moments: kept},
        input,
        normalisation,
        keep[0] ?? null,
        optimiser.frozen
      );
      out.embedding.dispose();
      return [loss(out.output, target, forLoss), out.moments];
    };
    const gradientOf = jax.valueAndGrad(objective as never, {hasAux: true}) as unknown as (
      trained: Parameters<JaxArray>
    ) => [[JaxArray, Moments<JaxArray>[]], Parameters<JaxArray>];
    const [[value, seen], gradient] = gradientOf(tree.ref(parameters as never) as Parameters<JaxArray>);
    const next = update(jax, optimiser, parameters, gradient, optimiserState, rate, correction);
    const blend = (old: JaxArray, now: JaxArray) => old.mul(momentum).add(now.mul(1 - momentum));
    const running =
      normalisation === "running"
        ? moments
        : moments.map(({mean, variance}, k) => ({
            mean: blend(mean, seen[k].mean),
            variance: blend(variance, seen[k].variance)
          }));
    return {parameters: next.parameters, moments: running, optimiser: next.state, loss: value};
  };
  const compiled = jax.jit(whole as never) as unknown as typeof whole;
  return async (state, batch, rate) => {
    const step = state.step + 1;
    const scalar = (value: number) => np.array(Float32Array.of(value)).reshape([]);
    const [first, second] = corrections(step);
    const trained = compiled(
      state.network.parameters,
      state.network.moments as Moments<JaxArray>[],
      state.optimiser,
      np.array(batch.input).reshape([batch.n, 3, batch.side, batch.side]),
      batch.keep ? [np.array(batch.keep).reshape([batch.n, batch.keep.length / batch.n])] : [],
      batch.target.map(({values, shape}) => np.array(values).reshape([...shape])),
      scalar(rate),
      [scalar(first), scalar(second)]
    );
    // The loss alone: it waits for every kernel of the step, and each array asked would go through all of them again.
    const [value] = await trained.loss.data();
    return {
      state: {
        network: {parameters: trained.parameters, moments: trained.moments},
        optimiser: trained.optimiser,
        step
      },
      loss: value
    };
  };
}
