import {freshNetwork, type Network} from "../../data-loaders/training/network.js";
import {pretextBatch, pretextLoss, pretextOutputs} from "../../data-loaders/training/pretext.js";
import {type JaxBackend, loadJax} from "../../data-loaders/training/runtime.js";
import {type Batch, stepper} from "../../data-loaders/training/step.js";
import {beginning, disposeState, stateToDevice} from "../../data-loaders/training/trainingState.js";
import {trainingPreprocessing} from "../../src/imaging/preprocessing.js";

export const [side, batchSize, warm, timed] = [64, 16, 2, 7];
const rate = 1e-4;

export interface Steps {
  /** Before each step, warm ones too. */
  readonly losses: readonly number[];
  /** Of each timed step. */
  readonly seconds: readonly number[];
}

/** Weights and images that every side begins with. */
export function beginnings(): {network: Network<Float32Array>; batch: Batch} {
  const {minimumSideMm} = trainingPreprocessing("ct", side);
  return {
    network: freshNetwork(1, pretextOutputs),
    batch: pretextBatch(1, batchSize, {modality: "ct", side, leastMm: minimumSideMm})
  };
}

/** Times one step of the pretext stage again and again on the same batch. */
export async function onJax(network: Network<Float32Array>, batch: Batch, backend: JaxBackend): Promise<Steps> {
  const jax = await loadJax(1, backend);
  const optimiser = {method: "adam", weightDecay: 1e-3, frozen: 0} as const;
  const take = stepper(jax, {loss: pretextLoss(jax), optimiser, normalisation: "batch", momentum: 0.97});
  let state = stateToDevice(jax, beginning(network));
  const [losses, seconds]: [number[], number[]] = [[], []];
  for (let step = 0; step < warm + timed; step++) {
    const start = performance.now();
    const result = await take(state, batch, rate);
    state = result.state;
    losses.push(result.loss);
    if (step >= warm) seconds.push((performance.now() - start) / 1000);
  }
  disposeState(jax, state);
  return {losses, seconds};
}
