import {mkdtempSync, rmSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {InferenceSession, Tensor} from "onnxruntime-node";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {computeSignatures} from "../../data-loaders/signatures/computeSignatures.js";
import {cpuSession} from "../../data-loaders/signatures/cpuSession.js";
import {stackCrops} from "../../data-loaders/signatures/embedPatients.js";
import {patientCrop, type PatientCrop} from "../../data-loaders/signatures/patientCrop.js";
import {readPatientFiles} from "../../data-loaders/signatures/patientFiles.js";
import {trainedModel} from "../../data-loaders/signatures/trainedModel.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Study} from "../../data-loaders/study/study.js";

const batchSize = 16;
/** Each side in turn, so that what else runs on the machine slows both. */
const rounds = 15;
const targets = {ratio: 1.2, cohortSeconds: 60};

/**
 * Times the loader: its batch beside onnxruntime-node's on the same input, and the whole embedded cohort with nothing cached.
 *
 * @returns the table as Markdown
 * @throws {Error} when the two answer differently
 */
export async function loaderTable(): Promise<string> {
  const study = await loadStudy(await embeddedStudy(silent));
  const {ours, plain, ratio} = await batches(study);
  const cohort = await wholeCohort(study);
  const rate = (seconds: number) => `${seconds.toFixed(1)} s`;
  return [
    `${cpus()[0].model}, ${cpus().length} cores; Node ${process.version}; ${cohort.runtime}.`,
    "",
    "| what | measured | target |",
    "|---|---:|---:|",
    `| a batch of ${batchSize} PET crops in the loader ÷ plain onnxruntime-node, median of ${rounds} pairs | ${ratio.toFixed(2)} (${ours.toFixed(0)} and ${plain.toFixed(0)} ms) | ${targets.ratio} |`,
    `| ${cohort.images} images read, cropped and signed, cold cache: wall time | ${rate(cohort.wall)} | ${targets.cohortSeconds} s |`,
    `| the same: processor time of all threads | ${rate(cohort.processor)} | |`
  ].join("\n");
}

async function batches(study: Study): Promise<{ours: number; plain: number; ratio: number}> {
  const {bytes, metadata} = trainedModel(study, "pet")!;
  const {preprocessing} = metadata;
  const pixels = preprocessing.inputPixels;
  const crops: PatientCrop[] = [];
  for (const files of study.images.pet!.slice(0, batchSize)) {
    crops.push((await patientCrop(await readPatientFiles(study.folder, "pet", files!), preprocessing))!);
  }
  const input = stackCrops(crops);
  const loader = await cpuSession(bytes, pixels);
  const session = await InferenceSession.create(bytes);
  const runOurs = async () => (await loader.run(stackCrops(crops), batchSize)).risk;
  const runPlain = async () => {
    const feed = {input: new Tensor("float32", input, [batchSize, 3, pixels, pixels])};
    return ((await session.run(feed))["risk"] as Tensor).data as Float32Array;
  };
  const [first, second] = [await runOurs(), await runPlain()];
  if (first.some((risk, k) => Math.abs(risk - second[k]) > 1e-5))
    throw new Error("The two sessions answer differently.");
  const [ours, plain, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const pair = [0, 0];
    // Which of the two comes first changes every round.
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = performance.now();
      await (side === 0 ? runOurs() : runPlain());
      pair[side] = performance.now() - start;
    }
    ours.push(pair[0]);
    plain.push(pair[1]);
    ratios.push(pair[0] / pair[1]);
  }
  await loader.close();
  await session.release();
  return {ours: median(ours), plain: median(plain), ratio: median(ratios)};
}

/** Every patient's two images on the CPU, into an empty cache. */
async function wholeCohort(study: Study) {
  const cacheFolder = mkdtempSync(join(tmpdir(), "stratum-loader-"));
  try {
    const before = process.cpuUsage();
    const start = performance.now();
    const {signatures} = await computeSignatures(study, {cacheFolder, provider: "cpu"});
    const wall = (performance.now() - start) / 1000;
    const {user, system} = process.cpuUsage(before);
    const images = signatures.reduce((sum, {values, excluded}) => sum + values.length - excluded.length, 0);
    const {runtime} = signatures[0].description.execution;
    return {wall, processor: (user + system) / 1e6, images, runtime};
  } finally {
    rmSync(cacheFolder, {recursive: true});
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
