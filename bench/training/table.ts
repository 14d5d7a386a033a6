import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {trainingPreprocessing} from "../../src/imaging/preprocessing.js";
import {freshNetwork, type Network} from "../../data-loaders/training/network.js";
import {pretextBatch, pretextLoss, pretextOutputs} from "../../data-loaders/training/pretext.js";
import {loadJax} from "../../data-loaders/training/runtime.js";
import {type Batch, stepper} from "../../data-loaders/training/step.js";
import {beginning, disposeState, stateToDevice} from "../../data-loaders/training/trainingState.js";

const [side, batchSize, warm, timed] = [64, 16, 2, 7];
const rate = 1e-4;
/** How many times as long as PyTorch a step may take. */
const target = 8;
/** Largest relative difference of the losses: single precision in another order, over a few steps. */
const tolerance = 0.01;

interface Steps {
  readonly losses: readonly number[];
  readonly seconds: readonly number[];
}

/**
 * Times one step of the pretext stage (forward, backward, Adam; every layer trained) on jax-js and on PyTorch, one thread
 * each, from the same weights on the same batch. Debian's interpreter is asked unless the environment's PYTHON names another.
 *
 * @returns the table as Markdown; without torch, our side alone
 * @throws {Error} when the two come to different losses, or PyTorch fails
 */
export async function trainingTable(): Promise<string> {
  const network = freshNetwork(1, pretextOutputs);
  const batch = pretextBatch(1, batchSize, {
    modality: "ct",
    side,
    leastMm: trainingPreprocessing("ct", side).minimumSideMm
  });
  const theirs = onTorch(network, batch);
  const ours = await onJax(network, batch);
  const own = median(ours.seconds) * 1000;
  const head = `${cpus()[0].model}, one thread; Node ${process.version}`;
  if (!theirs) return `${head}. A training step takes ${own.toFixed(0)} ms; torch is not installed to compare with.`;
  agree(ours, theirs);
  const other = median(theirs.seconds) * 1000;
  return [
    `${head}; PyTorch ${theirs.torch}.`,
    "",
    "| what | PyTorch, ms | Stratum, ms | Stratum ÷ PyTorch | target |",
    "|---|---:|---:|---:|---:|",
    `| training step, EfficientNet-lite0, ${side} px, batch ${batchSize} | ${other.toFixed(0)} | ${own.toFixed(0)} | ${(own / other).toFixed(1)} | ${target} |`
  ].join("\n");
}

async function onJax(network: Network<Float32Array>, batch: Batch): Promise<Steps> {
  const jax = await loadJax(1);
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

/** Null where Python has no torch. */
function onTorch({parameters}: Network<Float32Array>, batch: Batch): (Steps & {readonly torch: string}) | null {
  const python = process.env["PYTHON"] ?? "/usr/bin/python3";
  if (spawnSync(python, ["-c", "import torch"]).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "stratum-bench-"));
  try {
    const file = join(folder, "step.f32");
    const layers = parameters.layers.flatMap(({kernel, scale, shift}) => [kernel, scale, shift]);
    const values = [...layers, parameters.weights, parameters.bias, batch.input, batch.target[0].values];
    writeFileSync(
      file,
      Buffer.concat(values.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)))
    );
    const script = fileURLToPath(new URL("step.py", import.meta.url));
    const sizes = [side, batchSize, pretextOutputs, warm, timed].map(String);
    const run = spawnSync(python, [script, file, ...sizes], {encoding: "utf8"});
    if (run.status !== 0) throw new Error(`PyTorch could not take a step: ${run.stderr.trim()}`);
    return JSON.parse(run.stdout) as Steps & {torch: string};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** A fast wrong answer is worth nothing. */
function agree(ours: Steps, theirs: Steps): void {
  ours.losses.forEach((loss, step) => {
    const other = theirs.losses[step];
    if (!(Math.abs(loss - other) <= tolerance * other)) {
      throw new Error(`At step ${step + 1} the loss is ${loss} here and ${other} in PyTorch.`);
    }
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
