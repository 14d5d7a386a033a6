import {cpus} from "node:os";
import {InferenceSession, Tensor} from "onnxruntime-node";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {trainedModel} from "../../data-loaders/signatures/trainedModel.js";
import {type Adapter, findAdapter, webGpuSession} from "../../data-loaders/signatures/webgpuSession.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Study} from "../../data-loaders/study/study.js";
import {cropsOf, inPairs, wholeCohort} from "./batches.js";

const sizes = [1, 16, 128];
/** Of the loader's batch beside plain onnxruntime-node on the same adapter; of the providers' signatures, in SD. */
const targets = {ratio: 1.2, cohortSeconds: 60, difference: 1e-4};

/**
 * The loader's measures on a real WebGPU adapter: batches beside plain onnxruntime-node there, and the embedded cohort.
 *
 * @returns a table as Markdown; a sentence where there is no adapter but a software one
 */
export async function webGpuTable(): Promise<string> {
  const adapter = await findAdapter();
  if (!adapter) return "No WebGPU adapter on this machine.";
  if (adapter.fallback) return `Only a software adapter of WebGPU on this machine (${adapter.name}): not timed.`;
  const study = await loadStudy(await embeddedStudy(silent));
  const rows = await batchRows(study, adapter);
  const gpu = await wholeCohort(study, "webgpu");
  const cpu = await wholeCohort(study, "cpu");
  return [
    `${adapter.name}; ${cpus()[0].model}, ${cpus().length} cores; Node ${process.version}; ${gpu.runtime}.`,
    "",
    "| what | measured | target |",
    "|---|---:|---:|",
    ...rows,
    `| ${gpu.images} images read, cropped, signed and occluded on WebGPU, cold cache | ${gpu.wall.toFixed(1)} s | ${targets.cohortSeconds} s |`,
    `| the same on the CPU of that machine | ${cpu.wall.toFixed(1)} s | |`,
    `| largest difference of a signature between the two, SD | ${largestDifference(gpu.values, cpu.values).toExponential(1)} | ${targets.difference.toExponential(0)} |`
  ].join("\n");
}

async function batchRows(study: Study, adapter: Adapter): Promise<string[]> {
  const {bytes, metadata} = trainedModel(study, "pet")!;
  const pixels = metadata.preprocessing.inputPixels;
  const rows: string[] = [];
  const start = performance.now();
  const loader = await webGpuSession(bytes, pixels, adapter);
  const opened = performance.now() - start;
  const plain = await InferenceSession.create(bytes, {executionProviders: ["webgpu"]});
  for (const n of sizes) {
    const input = await cropsOf(study, metadata.preprocessing, n);
    const feed = {input: new Tensor("float32", input, [n, 3, pixels, pixels])};
    const {ours, theirs, ratio} = await inPairs(
      async () => (await loader.run(input, n)).risk,
      async () => ((await plain.run(feed))["risk"] as Tensor).data as Float32Array
    );
    rows.push(
      `| a batch of ${n} in the loader ÷ plain onnxruntime-node, both on WebGPU, median of pairs | ${ratio.toFixed(2)} (${ours.toFixed(1)} and ${theirs.toFixed(1)} ms) | ${n === 16 ? targets.ratio : ""} |`
    );
  }
  await loader.close();
  await plain.release();
  return [`| process started and model opened | ${opened.toFixed(0)} ms | |`, ...rows];
}

function largestDifference(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  const differences = a.flatMap((values, k) => Array.from(values, (value, row) => Math.abs(value - b[k][row])));
  return Math.max(...differences.filter((difference) => !Number.isNaN(difference)));
}
