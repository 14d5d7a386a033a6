import {cpus} from "node:os";
import {InferenceSession, Tensor} from "onnxruntime-node";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {cpuSession} from "../../data-loaders/signatures/cpuSession.js";
import {stackCrops} from "../../data-loaders/signatures/embedPatients.js";
import {trainedModel} from "../../data-loaders/signatures/trainedModel.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Study} from "../../data-loaders/study/study.js";
import {inPairs, type Pairs, patientCrops, rounds, wholeCohort} from "./batches.js";

const batchSize = 16;
const targets = {ratio: 1.2, cohortSeconds: 60};

/**
 * Times the loader: its batch beside onnxruntime-node's on the same input, and the whole embedded cohort with nothing cached.
 *
 * @returns the table as Markdown
 * @throws {Error} when the two answer differently
 */
export async function loaderTable(): Promise<string> {
  const study = await loadStudy(await embeddedStudy(silent));
  const {ours, theirs, ratio} = await batches(study);
  const cohort = await wholeCohort(study, "cpu");
  const rate = (seconds: number) => `${seconds.toFixed(1)} s`;
  return [
    `${cpus()[0].model}, ${cpus().length} cores; Node ${process.version}; ${cohort.runtime}.`,
    "",
    "| what | measured | target |",
    "|---|---:|---:|",
    `| a batch of ${batchSize} PET crops in the loader ÷ plain onnxruntime-node, median of ${rounds} pairs | ${ratio.toFixed(2)} (${ours.toFixed(0)} and ${theirs.toFixed(0)} ms) | ${targets.ratio} |`,
    `| ${cohort.images} images read, cropped and signed, cold cache: wall time | ${rate(cohort.wall)} | ${targets.cohortSeconds} s |`,
    `| the same: processor time of all threads | ${rate(cohort.processor)} | |`
  ].join("\n");
}

async function batches(study: Study): Promise<Pairs> {
  const {bytes, metadata} = trainedModel(study, "pet")!;
  const pixels = metadata.preprocessing.inputPixels;
  const crops = await patientCrops(study, metadata.preprocessing, batchSize);
  const input = stackCrops(crops);
  const loader = await cpuSession(bytes, pixels);
  const session = await InferenceSession.create(bytes);
  const feed = () => ({input: new Tensor("float32", input, [batchSize, 3, pixels, pixels])});
  const pairs = await inPairs(
    async () => (await loader.run(stackCrops(crops), batchSize)).risk,
    async () => ((await session.run(feed()))["risk"] as Tensor).data as Float32Array,
    1e-5
  );
  await loader.close();
  await session.release();
  return pairs;
}
