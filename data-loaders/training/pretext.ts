import {philox} from "../../src/numeric/random.js";
import {lesionTargetNames, randomLesion} from "./randomLesion.js";
import type {Jax} from "./runtime.js";
import type {Batch, Loss} from "./step.js";

/** Outputs of the network in the pretext stage. */
export const pretextOutputs = lesionTargetNames.length;

/** All backbones see the same lesions in the same order. */
const lesionSeed = 7;

/** Mean squared error of the standardised parameters: 1 is as good as knowing nothing, 0 perfect. */
export function pretextLoss({numpy: np, tree}: Jax): Loss {
  return (output, [target], parameters) => {
    tree.dispose(parameters as never);
    return np.mean(np.square(output.sub(target)));
  };
}

/** The field of view that lesions are shown in, as the crops of the patients have it. */
export interface LesionView {
  readonly modality: "pet" | "ct";
  /** Of the image in pixels. */
  readonly side: number;
  /** Least width in mm. */
  readonly leastMm: number;
}

/** The batch of a step: random lesions, each from a stream of its own, so that a resumed run draws the same. */
export function pretextBatch(step: number, n: number, {modality, side, leastMm}: LesionView): Batch {
  const input = new Float32Array(n * 3 * side * side);
  const values = new Float32Array(n * pretextOutputs);
  for (let k = 0; k < n; k++) {
    const {image, targets} = randomLesion(philox(lesionSeed, step * n + k), modality, side, leastMm);
    values.set(targets, k * pretextOutputs);
    input.set(image, k * 3 * side * side);
  }
  return {input, n, side, keep: null, target: [{values, shape: [n, pretextOutputs]}]};
}
