import {ImageError} from "../../src/imaging/imageError.js";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";
import type {TumourCrop} from "../../src/imaging/tumourCrop.js";
import type {ImageFiles, Study, StudyProblem} from "../study/study.js";
import type {NetworkSession} from "./cpuSession.js";
import {embeddingSize} from "./efficientNetLite0.js";
import {patientCrop, type PatientCrop} from "./patientCrop.js";
import {contentKey, readPatientFiles} from "./patientFiles.js";
import type {CachedPatient, SignatureCache} from "./signatureCache.js";

/** A patient after the network: an embedding, or the reason why there is none. */
export type EmbeddedPatient =
  {readonly key: string; readonly result: NonNullable<CachedPatient>} | {readonly key: null; readonly reason: string};

export interface EmbeddedPatients {
  /** Aligned with the study's patients. */
  readonly patients: readonly EmbeddedPatient[];
  /** Of images that cannot be read or converted: their patients have the sentence as their reason. */
  readonly problems: readonly StudyProblem[];
}

export interface EmbedOptions {
  readonly modality: "pet" | "ct";
  readonly preprocessing: Preprocessing;
  readonly cache: SignatureCache;
  /** Everything but the files that the embedding depends on. */
  readonly recipe: string;
  /** Called at the first patient that is not in the cache. */
  readonly open: () => Promise<NetworkSession>;
  readonly onPatient: (done: number) => void;
}

/** Images run at a time. */
const batchSize = 16;

interface Waiting {
  readonly row: number;
  readonly key: string;
  readonly crop: PatientCrop;
}

/**
 * Runs every patient's image of one modality through the network, unless its result is in the cache. An image that cannot be
 * read or converted costs its patient the signature, not the others theirs.
 */
export async function embedPatients(
  study: Study,
  files: readonly (ImageFiles | null)[],
  options: EmbedOptions
): Promise<EmbeddedPatients> {
  const {modality, preprocessing, cache, recipe, onPatient} = options;
  const patients: EmbeddedPatient[] = study.patients.map(() => ({key: null, reason: "not run"}));
  const problems: StudyProblem[] = [];
  const empty = {key: null, reason: `the tumour mask of the ${modality.toUpperCase()} is empty`};
  let session: NetworkSession | null = null;
  let waiting: Waiting[] = [];
  let done = 0;
  const settle = (row: number, patient: EmbeddedPatient) => {
    patients[row] = patient;
    onPatient(++done);
  };
  const runWaiting = async () => {
    if (waiting.length === 0) return;
    session ??= await options.open();
    const results = await runBatch(session, waiting);
    results.forEach((result, k) => {
      cache.keepPatient(waiting[k].key, result);
      settle(waiting[k].row, {key: waiting[k].key, result});
    });
    waiting = [];
  };
  try {
    for (const [row, patientFiles] of files.entries()) {
      if (!patientFiles) {
        settle(row, {key: null, reason: `no ${modality.toUpperCase()} image`});
        continue;
      }
      try {
        const read = await readPatientFiles(study.folder, modality, patientFiles);
        const key = contentKey(read, recipe);
        const cached = cache.patient(key);
        const crop = cached === undefined ? await patientCrop(read, preprocessing) : null;
        if (crop) waiting.push({row, key, crop});
        else if (cached) settle(row, {key, result: cached});
        else {
          if (cached === undefined) cache.keepPatient(key, null);
          settle(row, empty);
        }
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        problems.push({file: error.file, message: error.message});
        settle(row, {key: null, reason: error.message});
      }
      if (waiting.length === batchSize) await runWaiting();
    }
    await runWaiting();
  } finally {
    // Assigned within closures, which the compiler does not follow.
    await (session as NetworkSession | null)?.close();
  }
  return {patients, problems};
}

async function runBatch(session: NetworkSession, waiting: readonly Waiting[]): Promise<NonNullable<CachedPatient>[]> {
  const {embedding, risk} = await session.run(stackCrops(waiting.map(({crop}) => crop)), waiting.length);
  return waiting.map(({crop}, k) => ({
    embedding: embedding.slice(k * embeddingSize, (k + 1) * embeddingSize),
    risk: risk[k],
    conversion: crop.conversion
  }));
}

/** Crops one after another as the network's input: n × 3 × pixels × pixels. */
export function stackCrops(crops: readonly TumourCrop[]): Float32Array {
  const size = crops[0].pixels.length;
  const input = new Float32Array(crops.length * size);
  crops.forEach(({pixels}, k) => input.set(pixels, k * size));
  return input;
}
