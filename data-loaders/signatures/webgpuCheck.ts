import {createHash} from "node:crypto";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";
import type {ImageFiles, Study} from "../study/study.js";
import {runtime} from "./cpuSession.js";
import {stackCrops} from "./embedPatients.js";
import type {Execution} from "./execution.js";
import {patientCrop} from "./patientCrop.js";
import {readPatientFiles} from "./patientFiles.js";
import type {SignatureCache} from "./signatureCache.js";
import {WebGpuError, webGpuSession} from "./webgpuSession.js";

/** What came of running some patients on WebGPU too. */
export interface WebGpuCheck {
  readonly checkedOnWebGpu: number;
  /** Largest difference of the signature between the providers, in SD; null when nothing was compared. */
  readonly largestDifference: number | null;
  /** Why nothing was compared. */
  readonly failure: string | null;
}

/** A patient to compare: its files, its content key and the raw risk the CPU gave. */
export interface CheckedPatient {
  readonly files: ImageFiles;
  readonly key: string;
  readonly risk: number;
}

/**
 * Runs the finished model on WebGPU for some patients and compares with what the CPU gave. A crash or a hang there is an
 * answer, not an error.
 *
 * @param sd - of the raw risk over the training set
 */
export async function checkOnWebGpu(
  study: Study,
  model: {readonly bytes: Uint8Array; readonly sha256: string},
  patients: readonly CheckedPatient[],
  sd: number,
  {execution, preprocessing, cache}: {execution: Execution; preprocessing: Preprocessing; cache: SignatureCache}
): Promise<WebGpuCheck> {
  const {adapter} = execution;
  if (!adapter || patients.length === 0) return {checkedOnWebGpu: 0, largestDifference: null, failure: null};
  const facts = [model.sha256, adapter.name, runtime, ...patients.map(({key}) => key)];
  const key = createHash("sha256").update(JSON.stringify(facts)).digest("hex");
  const known = cache.fact(key) as WebGpuCheck | undefined;
  if (known) return known;
  try {
    const session = await webGpuSession(model.bytes, preprocessing.inputPixels, adapter);
    try {
      const crops = await Promise.all(
        patients.map(async ({files}) => {
          const read = await readPatientFiles(study.folder, preprocessing.modality, files);
          return (await patientCrop(read, preprocessing))!;
        })
      );
      const {risk} = await session.run(stackCrops(crops), crops.length);
      const differences = patients.map((patient, k) => Math.abs(risk[k] - patient.risk) / sd);
      const check = {checkedOnWebGpu: patients.length, largestDifference: Math.max(...differences), failure: null};
      cache.keepFact(key, check);
      return check;
    } finally {
      await session.close();
    }
  } catch (error) {
    if (!(error instanceof WebGpuError)) throw error;
    return {checkedOnWebGpu: 0, largestDifference: null, failure: error.message};
  }
}
