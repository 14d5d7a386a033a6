import {type Network, type Parameters, fromDevice, toDevice} from "./network.js";
import {freshState} from "./optimiser.js";
import type {Jax, JaxArray} from "./runtime.js";
import type {TrainingState} from "./step.js";

/** A network before its first step. */
export function beginning(network: Network<Float32Array>): TrainingState<Float32Array> {
  return {network, optimiser: freshState(network.parameters), step: 0};
}

/** Puts a training state on the library's device. */
export function stateToDevice(
  jax: Jax,
  {network, optimiser, step}: TrainingState<Float32Array>
): TrainingState<JaxArray> {
  const put = (parameters: Parameters<Float32Array>) => toDevice(jax, {parameters, moments: []}).parameters;
  const {first, second} = optimiser;
  return {network: toDevice(jax, network), optimiser: {first: put(first), second: put(second)}, step};
}

/** Reads a training state back; the arrays stay. */
export async function stateFromDevice({
  network,
  optimiser,
  step
}: TrainingState<JaxArray>): Promise<TrainingState<Float32Array>> {
  const read = async (parameters: Parameters<JaxArray>) => (await fromDevice({parameters, moments: []})).parameters;
  const [first, second] = [await read(optimiser.first), await read(optimiser.second)];
  return {network: await fromDevice(network), optimiser: {first, second}, step};
}

/** Frees a training state's arrays. */
export function disposeState({tree}: Jax, {network, optimiser}: TrainingState<JaxArray>): void {
  tree.dispose(network as never);
  tree.dispose(optimiser as never);
}
