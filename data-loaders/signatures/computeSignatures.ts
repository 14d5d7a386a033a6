import {createHash} from "node:crypto";
import {defaultPreprocessing, type Preprocessing} from "../../src/imaging/preprocessing.js";
import {OptionError} from "../pipeline/optionError.js";
import {type ImageFiles, type Study, StudyError, type StudyProblem} from "../study/study.js";
import {fitCoxHead, rawRisk} from "./coxHead.js";
import {runtime} from "./cpuSession.js";
import {embeddingSize, parameterCount} from "./efficientNetLite0.js";
import {type EmbeddedPatient, type EmbeddedPatients, embedPatients} from "./embedPatients.js";
import {chooseExecution, type Execution, openSession, withoutWebGpu} from "./execution.js";
import {metadataProperties, type ModelMetadata} from "./modelMetadata.js";
import {type FoldedConv, type Head, networkOnnx} from "./networkGraph.js";
import {randomBackbone} from "./randomBackbone.js";
import {imagingSourceHash, type SignatureCache, signatureCache} from "./signatureCache.js";
import {patientSlices, type SlicesAsked, slicesFacts} from "./patientSlices.js";
import type {ComputedSignature, ComputedSignatures, SignatureModel, SignatureOptions} from "./signatures.js";
import {slicesTable} from "./slicesTable.js";
import {type TrainedModel, trainedModel} from "./trainedModel.js";
import {trainedRisk} from "./trainedRisk.js";
import {trainingRows} from "./trainingRows.js";
import {checkOnWebGpu, type WebGpuCheck} from "./webgpuCheck.js";
import {WebGpuError} from "./webgpuSession.js";

/** Of the backbone's kernels and the folds of the head's cross-validation. */
const seed = 20220511;
const inputPixels = 96;
const name = "EfficientNet-lite0, random features";
const modalities = ["pet", "ct"] as const;

/** Made when first asked for: trained networks need none. */
let made: readonly FoldedConv[] | undefined;
const untrainedBackbone = () => (made ??= randomBackbone(seed));

/** What the two modalities share. */
interface Workshop {
  readonly study: Study;
  readonly options: SignatureOptions;
  readonly cache: SignatureCache;
}

/** What a modality's patients go through. */
interface ModalityNetwork {
  /** null: the untrained baseline. */
  readonly trained: TrainedModel | null;
  /** ONNX: the trained network, or the random backbone under an idle head. */
  readonly bytes: Uint8Array;
  readonly preprocessing: Preprocessing;
}

/**
 * Computes the PET and the CT signature of every patient: tumour crop, then a trained network where there is one for this
 * study (`trainedModel`), or else the random backbone's embedding under a Cox head fitted on the training set. Equal inputs give equal models and equal signatures. Results of unchanged patients come from the
 * cache.
 *
 * @returns one signature and one model for each modality the study has images of; the slices once they are asked for
 * @throws {StudyError} all broken image files of a modality none of whose images can be used, too few events to fit on, or a model that cannot
 * be used
 */
export async function computeSignatures(study: Study, options: SignatureOptions): Promise<ComputedSignatures> {
  const present = modalities.filter((modality) => study.images[modality]?.some((files) => files !== null));
  const asked = new Map<string, SlicesAsked>();
  const slices = async (modality: "pet" | "ct") => {
    const of = asked.get(modality);
    if (!of) throw new RangeError(`The study has no ${modality.toUpperCase()} signature.`);
    return slicesTable(slicesFacts(of), await patientSlices(study, of));
  };
  if (present.length === 0) return {signatures: [], models: [], slices};
  const workshop = {study, options, cache: signatureCache(options.cacheFolder)};
  let execution = await chooseExecution(options.provider);

  const embedded: (ModalityRun & {readonly patients: EmbeddedPatients["patients"]})[] = [];
  const problems: StudyProblem[] = [];
  for (const modality of present) {
    const network = networkFor(workshop, modality);
    const run = await embedModality(workshop, network, execution);
    execution = run.execution;
    embedded.push({network, patients: run.patients, execution});
    // A broken image costs its patient the signature; when none is left, there is nothing to go on with.
    if (run.patients.every(({key}) => key === null)) problems.push(...run.problems);
  }
  if (problems.length > 0) throw new StudyError(distinct(problems));

  const signatures: ComputedSignature[] = [];
  const models: SignatureModel[] = [];
  for (const run of embedded) {
    const {modality} = run.network.preprocessing;
    options.onProgress?.({modality, stage: "head", done: 0, of: 1});
    const finished = await finishModality(workshop, run, run.patients);
    signatures.push(finished.signature);
    models.push(finished.model);
    asked.set(modality, finished.slices);
    options.onProgress?.({modality, stage: "head", done: 1, of: 1});
  }
  return {signatures, models, slices};
}

/** A network and where it ran. */
interface ModalityRun {
  readonly network: ModalityNetwork;
  readonly execution: Execution;
}

function networkFor({study, options}: Workshop, modality: "pet" | "ct"): ModalityNetwork {
  const trained = options.models === "untrained" ? null : trainedModel(study, modality, options.modelFolder);
  if (trained) return {trained, bytes: trained.bytes, preprocessing: trained.metadata.preprocessing};
  const idle: Head = {weights: new Float32Array(embeddingSize), bias: 0};
  const bytes = networkOnnx(untrainedBackbone(), idle, inputPixels);
  return {trained, bytes, preprocessing: defaultPreprocessing(modality, inputPixels)};
}

/** Runs all patients on one provider; when WebGPU fails and was not insisted on, all again on the CPU. */
async function embedModality(
  {study, options, cache}: Workshop,
  {bytes, preprocessing}: ModalityNetwork,
  execution: Execution
): Promise<EmbeddedPatients & {execution: Execution}> {
  const {modality, inputPixels: pixels} = preprocessing;
  const files = study.images[modality]!;
  const run = (on: Execution) =>
    embedPatients(study, files, {
      modality,
      preprocessing,
      cache,
      recipe: JSON.stringify([
        preprocessing,
        sha256(bytes),
        "with risk",
        imagingSourceHash(),
        runtime,
        on.provider,
        on.provider === "webgpu" && on.adapter!.name
      ]),
      open: () => openSession(on, bytes, pixels),
      onPatient: (done) => options.onProgress?.({modality, stage: "patients", done, of: files.length})
    });
  try {
    return {...(await run(execution)), execution};
  } catch (error) {
    if (!(error instanceof WebGpuError)) throw error;
    if (options.provider === "webgpu") {
      throw new OptionError(`${error.message.replace(/[.]$/, "")}; use --provider auto or cpu.`, {cause: error});
    }
    const onCpu = withoutWebGpu(execution, error.message);
    return {...(await run(onCpu)), execution: onCpu};
  }
}

/** A signature's numbers, and the model that makes them. */
interface Scores {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
  /** By row: what the model puts out; NaN without an image. */
  readonly risks: readonly number[];
  /** By row: the signature. */
  readonly values: Float64Array;
}

/** Scores the patients, checks some on WebGPU, and describes what was done. */
async function finishModality(
  workshop: Workshop,
  {network, execution}: ModalityRun,
  patients: readonly EmbeddedPatient[]
): Promise<{signature: ComputedSignature; model: SignatureModel; slices: SlicesAsked}> {
  const {study, cache} = workshop;
  const {preprocessing, trained} = network;
  const {modality} = preprocessing;
  const {bytes, metadata, risks, values} = trained
    ? trainedScores(study, trained, patients)
    : untrainedScores(study, preprocessing, patients);
  const {name, training, signature} = metadata;
  const model: SignatureModel = {modality, sha256: sha256(bytes), bytes};
  const checked = await checkOnWebGpu(
    study,
    model,
    patientsToCheck(patients, study.images[modality]!, risks, execution.check),
    signature.sd,
    {execution, preprocessing, cache}
  );
  const slices: SlicesAsked = {
    model: bytes,
    sha256: model.sha256,
    metadata,
    patients,
    files: study.images[modality]!,
    cache,
    onPatient: (done) => workshop.options.onProgress?.({modality, stage: "slices", done, of: patients.length})
  };
  const computed: ComputedSignature = {
    variable: {
      id: signature.variable,
      label: `${modality.toUpperCase()} signature`,
      type: "numeric",
      units: "SD",
      origin: "signature",
      note: note(metadata, execution, checked)
    },
    values,
    description: {
      variable: signature.variable,
      modality,
      model: {
        name,
        training,
        trained: metadata.trained,
        sha256: model.sha256,
        inputPixels: preprocessing.inputPixels,
        parameters: parameterCount(1)
      },
      execution: {
        provider: execution.provider,
        adapter: execution.adapter?.name ?? null,
        fallbackAdapter: execution.adapter?.fallback ?? false,
        checkedOnWebGpu: checked.checkedOnWebGpu,
        largestDifference: checked.largestDifference,
        runtime
      },
      ...conversions(study, patients)
    },
    excluded: patients.flatMap((patient, row) =>
      patient.key === null ? [{patient: study.patients[row], reason: patient.reason}] : []
    )
  };
  return {signature: computed, model, slices};
}

function trainedScores(study: Study, model: TrainedModel, patients: readonly EmbeddedPatient[]): Scores {
  const risks = patients.map((patient) => (patient.key === null ? NaN : patient.result.risk));
  return {bytes: model.bytes, metadata: model.metadata, risks, values: trainedRisk(study, model, risks)};
}

/** Fits the head on the training set and writes the model. */
function untrainedScores(study: Study, preprocessing: Preprocessing, patients: readonly EmbeddedPatient[]): Scores {
  const {rows, followUp, endpoint, label} = trainingRows(
    study,
    patients.map((patient) => patient.key !== null)
  );
  const head = fitCoxHead(stackEmbeddings(rows.map((row) => patients[row])), followUp, seed);
  const metadata: ModelMetadata = {
    name,
    training: `untrained baseline: seeded random backbone, Cox head fitted on ${label}; training patients scored by heads fitted without them`,
    trained: false,
    preprocessing,
    signature: {variable: `${preprocessing.modality}_signature`, mean: head.mean, sd: head.sd},
    head: {endpoint, n: head.n, events: head.events, penalty: head.penalty, ties: "breslow", seed}
  };
  const bytes = networkOnnx(untrainedBackbone(), head, preprocessing.inputPixels, metadataProperties(metadata));
  const risks = patients.map((patient) => (patient.key === null ? NaN : rawRisk(patient.result.embedding, head)[0]));
  // A training patient's own head has seen this patient's follow-up; a model fitted on such signatures would trust them
  // far too much. So training patients get the signature of a head fitted without them.
  const unseen = Float64Array.from(risks);
  rows.forEach((row, k) => (unseen[row] = head.outOfFold[k]));
  return {bytes, metadata, risks, values: unseen.map((risk) => (risk - head.mean) / head.sd)};
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

/** By which rule whose image became SUV; nothing for CT. */
function conversions(study: Study, patients: readonly EmbeddedPatient[]) {
  const byRule = new Map<string, string[]>();
  patients.forEach((patient, row) => {
    const rule = patient.key === null ? null : patient.result.conversion?.rule;
    if (rule) byRule.set(rule, [...(byRule.get(rule) ?? []), study.patients[row]]);
  });
  return byRule.size > 0 ? {conversions: [...byRule].map(([rule, of]) => ({rule, patients: of}))} : {};
}

function note({name, training, head}: ModelMetadata, execution: Execution, checked: WebGpuCheck): string {
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
