import {createHash} from "node:crypto";
import {defaultPreprocessing} from "../../src/imaging/preprocessing.js";
import {type ImageFiles, type Study, StudyError, type StudyProblem} from "../study/study.js";
import {type CoxHead, fitCoxHead, rawRisk} from "./coxHead.js";
import {runtime} from "./cpuSession.js";
import {embeddingSize, parameterCount} from "./efficientNetLite0.js";
import {type EmbeddedPatient, type EmbeddedPatients, embedPatients} from "./embedPatients.js";
import {chooseExecution, type Execution, openSession, withoutWebGpu} from "./execution.js";
import {metadataProperties, type ModelMetadata} from "./modelMetadata.js";
import {type FoldedConv, type Head, networkOnnx} from "./networkGraph.js";
import {randomBackbone} from "./randomBackbone.js";
import {imagingSourceHash, type SignatureCache, signatureCache} from "./signatureCache.js";
import type {ComputedSignature, SignatureOptions, SlicePreview} from "./signatures.js";
import {trainingRows} from "./trainingRows.js";
import {checkOnWebGpu, type WebGpuCheck} from "./webgpuCheck.js";
import {WebGpuError} from "./webgpuSession.js";

/** A signature's network as written at build time. */
export interface SignatureModel {
  readonly modality: "pet" | "ct";
  readonly sha256: string;
  /** ONNX, opset 17; see models/README.md. */
  readonly bytes: Uint8Array;
}

/** Of the backbone's kernels and the folds of the head's cross-validation. */
const seed = 20220511;
const inputPixels = 96;
const name = "EfficientNet-lite0, random features";
const previewCount = 12;
const modalities = ["pet", "ct"] as const;

/** What the two modalities share. */
interface Workshop {
  readonly study: Study;
  readonly options: SignatureOptions;
  readonly backbone: readonly FoldedConv[];
  /** The backbone with an idle head: what embeds patients. */
  readonly network: Uint8Array;
  readonly cache: SignatureCache;
}

/**
 * Computes the PET and the CT signature of every patient: tumour crop, EfficientNet-lite0 embedding, Cox head fitted on
 * the training set. Equal inputs give equal models and equal signatures. Results of unchanged patients come from the
 * cache.
 *
 * @returns one signature and one model for each modality the study has images of
 * @throws {StudyError} all broken image files of both modalities at once, or too few events to fit on
 */
export async function computeSignatures(
  study: Study,
  options: SignatureOptions
): Promise<{signatures: ComputedSignature[]; models: SignatureModel[]}> {
  const present = modalities.filter((modality) => study.images[modality]?.some((files) => files !== null));
  if (present.length === 0) return {signatures: [], models: []};
  const backbone = randomBackbone(seed);
  const idle: Head = {weights: new Float32Array(embeddingSize), bias: 0};
  const network = networkOnnx(backbone, idle, inputPixels);
  const workshop = {study, options, backbone, network, cache: signatureCache(options.cacheFolder)};
  let execution = await chooseExecution(options.provider);

  const embedded: {modality: "pet" | "ct"; patients: EmbeddedPatients["patients"]; execution: Execution}[] = [];
  const problems: StudyProblem[] = [];
  for (const modality of present) {
    const run = await embedModality(workshop, modality, execution);
    execution = run.execution;
    embedded.push({modality, patients: run.patients, execution});
    problems.push(...run.problems);
  }
  if (problems.length > 0) throw new StudyError(distinct(problems));

  const signatures: ComputedSignature[] = [];
  const models: SignatureModel[] = [];
  for (const {modality, patients, execution: used} of embedded) {
    options.onProgress?.({modality, stage: "head", done: 0, of: 1});
    const {signature, model} = await finishModality(workshop, modality, patients as EmbeddedPatient[], used);
    signatures.push(signature);
    models.push(model);
    options.onProgress?.({modality, stage: "head", done: 1, of: 1});
  }
  return {signatures, models};
}

/** Embeds all patients on one provider; when WebGPU fails and was not insisted on, all again on the CPU. */
async function embedModality(
  {study, options, network, cache}: Workshop,
  modality: "pet" | "ct",
  execution: Execution
): Promise<EmbeddedPatients & {execution: Execution}> {
  const files = study.images[modality]!;
  const preprocessing = defaultPreprocessing(modality, inputPixels);
  const run = (on: Execution) =>
    embedPatients(study, files, {
      modality,
      preprocessing,
      cache,
      recipe: JSON.stringify([
        preprocessing,
        sha256(network),
        imagingSourceHash(),
        runtime,
        on.provider,
        on.provider === "webgpu" && on.adapter!.name
      ]),
      open: () => openSession(on, network, inputPixels),
      onPatient: (done) => options.onProgress?.({modality, stage: "patients", done, of: files.length})
    });
  try {
    return {...(await run(execution)), execution};
  } catch (error) {
    if (!(error instanceof WebGpuError) || options.provider === "webgpu") throw error;
    const onCpu = withoutWebGpu(execution, error.message);
    return {...(await run(onCpu)), execution: onCpu};
  }
}

/** Fits the head, writes the model, and describes what was done. */
async function finishModality(
  {study, backbone, cache}: Workshop,
  modality: "pet" | "ct",
  patients: readonly EmbeddedPatient[],
  execution: Execution
): Promise<{signature: ComputedSignature; model: SignatureModel}> {
  const variable = `${modality}_signature`;
  const preprocessing = defaultPreprocessing(modality, inputPixels);
  const {rows, followUp, endpoint, label} = trainingRows(
    study,
    patients.map((patient) => patient.key !== null)
  );
  const head = fitCoxHead(stackEmbeddings(rows.map((row) => patients[row])), followUp, seed);
  const training = `untrained baseline: seeded random backbone, Cox head fitted on ${label}; training patients scored by heads fitted without them`;
  const metadata: ModelMetadata = {
    name,
    training,
    trained: false,
    preprocessing,
    signature: {variable, mean: head.mean, sd: head.sd},
    head: {endpoint, n: head.n, events: head.events, penalty: head.penalty, ties: "breslow", seed}
  };
  const bytes = networkOnnx(backbone, head, inputPixels, metadataProperties(metadata));
  const model: SignatureModel = {modality, sha256: sha256(bytes), bytes};

  const risks = patients.map((patient) => (patient.key === null ? NaN : rawRisk(patient.result.embedding, head)[0]));
  const checked = await checkOnWebGpu(
    study,
    model,
    patientsToCheck(patients, study.images[modality]!, risks, execution.check),
    head.sd,
    {execution, preprocessing, cache}
  );
  // A training patient's own head has seen this patient's follow-up; a model fitted on such signatures would trust them
  // far too much. So training patients get the signature of a head fitted without them.
  const unseen = Float64Array.from(risks);
  rows.forEach((row, k) => (unseen[row] = head.outOfFold[k]));
  const values = unseen.map((risk) => (risk - head.mean) / head.sd);
  const signature: ComputedSignature = {
    variable: {
      id: variable,
      label: `${modality.toUpperCase()} signature`,
      type: "numeric",
      units: "SD",
      origin: "signature",
      note: note(training, head, execution, checked)
    },
    values,
    description: {
      variable,
      modality,
      model: {name, training, trained: false, sha256: model.sha256, inputPixels, parameters: parameterCount(1)},
      execution: {
        provider: execution.provider,
        adapter: execution.adapter?.name ?? null,
        fallbackAdapter: execution.adapter?.fallback ?? false,
        checkedOnWebGpu: checked.checkedOnWebGpu,
        largestDifference: checked.largestDifference,
        runtime
      }
    },
    excluded: patients.flatMap((patient, row) =>
      patient.key === null ? [{patient: study.patients[row], reason: patient.reason}] : []
    ),
    previews: previews(study, patients, values)
  };
  return {signature, model};
}

function stackEmbeddings(patients: readonly EmbeddedPatient[]): Float32Array {
  const stacked = new Float32Array(patients.length * embeddingSize);
  patients.forEach((patient, k) => patient.key !== null && stacked.set(patient.result.embedding, k * embeddingSize));
  return stacked;
}

/** The first patients that have an embedding. */
function patientsToCheck(
  patients: readonly EmbeddedPatient[],
  files: readonly (ImageFiles | null)[],
  risks: readonly number[],
  count: number
) {
  const all = patients.flatMap(({key}, row) => (key === null ? [] : [{files: files[row]!, key, risk: risks[row]}]));
  return all.slice(0, count);
}

/** Slices of patients spread evenly from the lowest to the highest signature. */
function previews(study: Study, patients: readonly EmbeddedPatient[], values: Float64Array): SlicePreview[] {
  const ranked = [...values.keys()].filter((row) => !Number.isNaN(values[row])).sort((a, b) => values[a] - values[b]);
  const count = Math.min(previewCount, ranked.length);
  const rows = Array.from(
    {length: count},
    (_, k) => ranked[Math.round((k * (ranked.length - 1)) / Math.max(1, count - 1))]
  );
  return rows.flatMap((row) => {
    const patient = patients[row];
    if (patient.key === null) return [];
    const {grey, mask} = patient.result;
    return [{patient: study.patients[row], width: inputPixels, height: inputPixels, grey, mask}];
  });
}

function note(training: string, head: CoxHead, execution: Execution, checked: WebGpuCheck): string {
  const ran = `run on ${execution.provider === "webgpu" ? "WebGPU" : "the CPU"}`;
  const why = execution.note ?? checked.failure;
  return `${name}; ${training} (${head.n} patients, ${head.events} events); ${ran}${why ? ` (${why})` : ""}; higher is riskier.`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A mask shared by both modalities would be named twice. */
function distinct(problems: readonly StudyProblem[]): StudyProblem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
