import {existsSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {efficientNetLite0} from "../signatures/efficientNetLite0.js";
import {type Network, type Parameters, assertLite0} from "./network.js";
import type {OptimiserState} from "./optimiser.js";
import {readSafetensors, type Tensor, writeSafetensors} from "./safetensors.js";
import type {TrainingState} from "./step.js";

/** A training stopped at a step: weights, optimiser, and the JSON that says what it belongs to and how it went so far. */
export interface Checkpoint<Notes> {
  readonly state: TrainingState<Float32Array>;
  readonly notes: Notes;
}

/** Writes a checkpoint beside its place and moves it there, so that a run stopped half-way leaves the last one whole. */
export function writeCheckpoint<Notes>(file: string, {state, notes}: Checkpoint<Notes>): void {
  const tensors = new Map<string, Tensor>();
  const put = (name: string, values: Float32Array) => tensors.set(name, {shape: [values.length], values});
  putParameters(put, "parameters", state.network.parameters);
  putParameters(put, "first", state.optimiser.first);
  putParameters(put, "second", state.optimiser.second);
  efficientNetLite0().forEach(({name}, index) => {
    put(`moments.${name}.mean`, state.network.moments[index].mean);
    put(`moments.${name}.variance`, state.network.moments[index].variance);
  });
  const metadata = {step: String(state.step), notes: JSON.stringify(notes)};
  writeFileSync(`${file}.part`, writeSafetensors({tensors, metadata}));
  renameSync(`${file}.part`, file);
}

/**
 * Reads a checkpoint back.
 *
 * @returns null when there is no such file
 * @throws {RangeError} when it is damaged or of another network
 */
export function readCheckpoint<Notes>(file: string): Checkpoint<Notes> | null {
  if (!existsSync(file)) return null;
  const {tensors, metadata} = readSafetensors(new Uint8Array(readFileSync(file)), file);
  const take = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new RangeError(`${file} lacks "${name}": it is no checkpoint of this version; delete it.`);
    return tensor.values;
  };
  const parameters = takeParameters(take, "parameters");
  assertLite0(parameters);
  const network: Network<Float32Array> = {
    parameters,
    moments: efficientNetLite0().map(({name}) => ({
      mean: take(`moments.${name}.mean`),
      variance: take(`moments.${name}.variance`)
    }))
  };
  const optimiser: OptimiserState<Float32Array> = {
    first: takeParameters(take, "first"),
    second: takeParameters(take, "second")
  };
  const state = {network, optimiser, step: Number(metadata["step"])};
  return {state, notes: JSON.parse(metadata["notes"]) as Notes};
}

function putParameters(
  put: (name: string, values: Float32Array) => void,
  prefix: string,
  {layers, weights, bias}: Parameters<Float32Array>
): void {
  efficientNetLite0().forEach(({name}, index) => {
    for (const [part, values] of Object.entries(layers[index]))
      put(`${prefix}.${name}.${part}`, values as Float32Array);
  });
  put(`${prefix}.weights`, weights);
  put(`${prefix}.bias`, bias);
}

function takeParameters(take: (name: string) => Float32Array, prefix: string): Parameters<Float32Array> {
  return {
    layers: efficientNetLite0().map(({name}) => ({
      kernel: take(`${prefix}.${name}.kernel`),
      scale: take(`${prefix}.${name}.scale`),
      shift: take(`${prefix}.${name}.shift`)
    })),
    weights: take(`${prefix}.weights`),
    bias: take(`${prefix}.bias`)
  };
}
