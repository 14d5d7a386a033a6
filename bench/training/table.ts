import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {findAdapter} from "../../data-loaders/signatures/webgpuSession.js";
import type {Network} from "../../data-loaders/training/network.js";
import {pretextOutputs} from "../../data-loaders/training/pretext.js";
import type {Batch} from "../../data-loaders/training/step.js";
import {batchSize, beginnings, onJax, side, type Steps, timed, warm} from "./jaxSteps.js";

/** How many times as long as PyTorch a step may take. */
const target = 8;
/** Largest relative difference of the losses: single precision in another order, over a few steps. */
const tolerance = 0.01;

/**
 * Times one step of the pretext stage (forward, backward, Adam; every layer trained) on jax-js and on PyTorch, one thread
 * each, from the same weights on the same batch. Debian's interpreter is asked unless the environment's PYTHON names another.
 *
 * @returns the table as Markdown; without torch, our side alone
 * @throws {Error} when the two come to different losses, or PyTorch fails
 */
export async function trainingTable(): Promise<string> {
  const {network, batch} = beginnings();
  const theirs = onTorch(network, batch);
  const ours = await onJax(network, batch, "wasm");
  const own = milliseconds(ours);
  const gpu = await onWebGpu(ours);
  const head = `${cpus()[0].model}, one thread; Node ${process.version}`;
  if (!theirs)
    return `${head}. A training step takes ${own.toFixed(0)} ms; torch is not installed to compare with.${gpu}`;
  agree(ours, theirs, "PyTorch");
  const other = milliseconds(theirs);
  return [
    `${head}; PyTorch ${theirs.torch}.${gpu}`,
    "",
    "| what | PyTorch, ms | Stratum, ms | Stratum ÷ PyTorch | target |",
    "|---|---:|---:|---:|---:|",
    `| training step, EfficientNet-lite0, ${side} px, batch ${batchSize} | ${other.toFixed(0)} | ${own.toFixed(0)} | ${(own / other).toFixed(1)} | ${target} |`
  ].join("\n");
}

/** The step on a graphics card, where there is one, as a sentence. */
async function onWebGpu(ours: Steps): Promise<string> {
  const adapter = await findAdapter();
  if (!adapter || adapter.fallback) return "";
  const script = fileURLToPath(new URL("webgpuSteps.ts", import.meta.url));
  const run = spawnSync(process.execPath, ["--import", "tsx", script], {encoding: "utf8"});
  if (run.status !== 0) throw new Error(`WebGPU could not take a step: ${run.stderr.trim()}`);
  const steps = JSON.parse(run.stdout) as Steps;
  agree(ours, steps, "WebGPU");
  return ` On WebGPU (${adapter.name}) the step takes ${milliseconds(steps).toFixed(0)} ms.`;
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
function agree(ours: Steps, theirs: Steps, where: string): void {
  ours.losses.forEach((loss, step) => {
    const other = theirs.losses[step];
    if (!(Math.abs(loss - other) <= tolerance * other)) {
      throw new Error(`At step ${step + 1} the loss is ${loss} here and ${other} on ${where}.`);
    }
  });
}

/** Of the middle step. */
function milliseconds({seconds}: Steps): number {
  return 1000 * [...seconds].sort((a, b) => a - b)[seconds.length >> 1];
}
