import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {computeSignatures} from "../../data-loaders/signatures/computeSignatures.js";
import {stackCrops} from "../../data-loaders/signatures/embedPatients.js";
import {patientCrop, type PatientCrop} from "../../data-loaders/signatures/patientCrop.js";
import {readPatientFiles} from "../../data-loaders/signatures/patientFiles.js";
import type {Study} from "../../data-loaders/study/study.js";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";

/** Each side in turn, so that what else runs on the machine slows both. */
export const rounds = 15;
/** Largest difference of two runtimes' risks on one batch. */
const tolerance = 1e-3;

/** The crops of a study's first n patients, all of whom have both images. */
export async function patientCrops(study: Study, preprocessing: Preprocessing, n: number): Promise<PatientCrop[]> {
  const crops: PatientCrop[] = [];
  for (const files of study.images[preprocessing.modality]!.slice(0, n)) {
    const read = await readPatientFiles(study.folder, preprocessing.modality, files!);
    crops.push((await patientCrop(read, preprocessing))!);
  }
  return crops;
}

/** The same as one batch: n × 3 × side × side. */
export async function cropsOf(study: Study, preprocessing: Preprocessing, n: number): Promise<Float32Array> {
  return stackCrops(await patientCrops(study, preprocessing, n));
}

/** Milliseconds a run of each side, and ours ÷ theirs; medians. */
export interface Pairs {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

/**
 * Times two ways to the same risks in turn.
 *
 * @throws {Error} when they answer differently
 */
export async function inPairs(
  runOurs: () => Promise<Float32Array>,
  runTheirs: () => Promise<Float32Array>,
  within: number = tolerance
): Promise<Pairs> {
  const [first, second] = [await runOurs(), await runTheirs()];
  if (first.some((risk, k) => !(Math.abs(risk - second[k]) <= within)))
    throw new Error("The two sessions answer differently.");
  const [ours, theirs, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const pair = [0, 0];
    // Which of the two comes first changes every round.
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = performance.now();
      await (side === 0 ? runOurs() : runTheirs());
      pair[side] = performance.now() - start;
    }
    ours.push(pair[0]);
    theirs.push(pair[1]);
    ratios.push(pair[0] / pair[1]);
  }
  return {ours: median(ours), theirs: median(theirs), ratio: median(ratios)};
}

/** Every patient's two images on a provider, into an empty cache; times in seconds. */
export async function wholeCohort(study: Study, provider: "webgpu" | "cpu") {
  const cacheFolder = mkdtempSync(join(tmpdir(), "stratum-loader-"));
  try {
    const before = process.cpuUsage();
    const start = performance.now();
    const {signatures, slices} = await computeSignatures(study, {cacheFolder, provider});
    for (const {description} of signatures) await slices(description.modality);
    const wall = (performance.now() - start) / 1000;
    const {user, system} = process.cpuUsage(before);
    const {runtime, provider: ran} = signatures[0].description.execution;
    if (ran !== provider) throw new Error(`The cohort ran on ${ran}, not on ${provider}.`);
    const values = signatures.map((signature) => signature.values);
    const images = signatures.reduce((sum, {values: all, excluded}) => sum + all.length - excluded.length, 0);
    return {wall, processor: (user + system) / 1e6, images, runtime, values};
  } finally {
    rmSync(cacheFolder, {recursive: true});
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
