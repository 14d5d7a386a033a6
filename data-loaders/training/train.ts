import {createHash} from "node:crypto";
import {mkdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {trainingPreprocessing} from "../../src/imaging/preprocessing.js";
import {type ModelMetadata, patientKey} from "../signatures/modelMetadata.js";
import {trainingRows} from "../signatures/trainingRows.js";
import type {Study} from "../study/study.js";
import {defaultAugmentation} from "./augment.js";
import {type Patients, withReadings} from "./coxStart.js";
import {type CrossValidation, crossValidate} from "./crossValidate.js";
import {exportOnnx, onnxOf, onnxRisk} from "./exportOnnx.js";
import {forwardPasses} from "./forwardPass.js";
import type {Network} from "./network.js";
import {earlierBackbone} from "./earlierBackbone.js";
import {pretextBatch, pretextOutputs} from "./pretext.js";
import {type PretextOptions, pretextStage} from "./pretextStage.js";
import {type Jax, loadJax} from "./runtime.js";
import {type Epoch, type SurvivalOptions, survivalStage, survivalStepper} from "./survivalStage.js";
import {timmBackbone} from "./timmBackbone.js";
import {imagesOfRows, type StudyCrops, studyCrops} from "./trainingCrops.js";
import {metadataProperties} from "../signatures/modelMetadata.js";

/** What `npm run train` may be asked. */
export interface TrainOptions {
  readonly modality: "pet" | "ct";
  /** Side of the network's input, a multiple of 32. */
  readonly pixels: number;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  /** Inner folds, which choose the epoch and score the training patients. */
  readonly folds: number;
  readonly rate: number;
  readonly pretextSteps: number;
  /** The step the pretext stage is stopped at, if before its schedule ends; null for none. */
  readonly pretextUntil: number | null;
  /** Lesions on which the readings are solved for after the pretext stage. */
  readonly readerLesions: number;
  /** A safetensors file in timm's layout instead of the pretext stage; null for none. */
  readonly backbone: string | null;
  /** An earlier model (ONNX) whose backbone the pretext stage goes on from; null for fresh weights. */
  readonly pretextFrom: string | null;
  /** Checkpoints are kept here, and a run with the same options goes on from them. */
  readonly workFolder: string;
}

export const defaultTrainOptions = {
  pixels: 64,
  seed: 20220511,
  epochs: 3,
  batch: 16,
  folds: 5,
  rate: 3e-4,
  pretextSteps: 700,
  pretextUntil: null,
  readerLesions: 3072,
  backbone: null,
  pretextFrom: null
} as const;

/** A trained model and how it came about. */
export interface Trained {
  /** ONNX, with its metadata. */
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
  readonly precision: "float32" | "half";
  readonly halfMoves: number;
  readonly pretextLosses: readonly number[];
  readonly validation: CrossValidation;
  /** The last training, on all training patients. */
  readonly epochs: readonly Epoch[];
  /** Rows of the study trained on. */
  readonly rows: readonly number[];
  readonly endpoint: string;
  readonly options: TrainOptions;
  readonly survival: SurvivalOptions;
  readonly crops: StudyCrops;
}

/** Tells how far a training is, a line at a time. */
export type Tell = (line: string) => void;

/**
 * Trains one modality's network on a study's training set: a backbone from the pretext stage or a file, DeepSurvLoss in inner
 * folds, which choose the epoch and score the training patients, then once on all of them.
 *
 * @throws {StudyError} for broken images or too few events
 * @throws {RangeError} for options that cannot be, or a backbone file of another network
 */
export async function train(study: Study, options: TrainOptions, tell: Tell): Promise<Trained> {
  const {modality, pixels, seed} = options;
  if (!(pixels > 0 && pixels % 32 === 0))
    throw new RangeError(`The input's side must be a multiple of 32, not ${pixels}.`);
  mkdirSync(options.workFolder, {recursive: true});
  const preprocessing = trainingPreprocessing(modality, pixels);
  const crops = await studyCrops(study, preprocessing, (done, of) => done === of && tell(`${of} patients read`));
  const {rows, followUp, endpoint, label} = trainingRows(
    study,
    crops.pixels.map((image) => image !== null)
  );
  const patients: Patients = {images: imagesOfRows(crops, rows), followUp};
  const survival = survivalOptions(options);
  // One thread: the kernels are so small that handing them over costs what a second thread gains.
  const jax = await loadJax(1);
  const {network: pretrained, losses, origin, recipe} = await backboneOf(jax, options, tell);
  const compiled = {passes: forwardPasses(jax), step: survivalStepper(jax, survival)};
  const backbone = await withReadings(pretrained, patients.images);
  const whole = hashOf([
    "head on solved readings",
    recipe,
    options.pretextUntil,
    options.readerLesions,
    survival,
    preprocessing,
    hashOf(patients.images.pixels),
    ...Object.values(followUp)
  ]);
  const checkpoint = (part: string) => join(options.workFolder, `${modality}-${part}.safetensors`);
  const say = (where: string) => (epoch: Epoch) =>
    tell(`${where}, epoch ${epoch.epoch}: loss ${epoch.loss?.toFixed(3) ?? "–"}, C ${epoch.concordance.toFixed(3)}`);
  const validation = await crossValidate(jax, compiled, backbone, patients, survival, {
    count: options.folds,
    recipe: `${whole} ${options.folds}`,
    checkpoint: (fold) => checkpoint(`fold${fold + 1}`),
    onEpoch: (fold, epoch) => say(`fold ${fold + 1}`)(epoch)
  });
  tell(`inner folds choose epoch ${validation.best}: ${validation.scores.map((score) => score.toFixed(2)).join(", ")}`);
  const {network, epochs} = await survivalStage(
    jax,
    compiled,
    backbone,
    patients,
    rows.map((_, k) => k),
    survival,
    {
      until: validation.best,
      resumption: {file: checkpoint("all"), recipe: `${whole} all ${validation.best}`},
      onEpoch: say("all training patients")
    }
  );
  const training = inWords(origin, validation.best, label);
  const metadata: ModelMetadata = {
    name: "EfficientNet-lite0, DeepSurvLoss",
    training,
    trained: true,
    preprocessing,
    signature: {variable: `${modality}_signature`, ...moments(validation.outOfFold)},
    head: {endpoint, n: rows.length, events: count(followUp.event), penalty: survival.l2, ties: survival.ties, seed}
  };
  const exported = await exportOnnx(network, metadata, patients.images);
  const risks = await onnxRisk(exported.bytes, patients.images);
  const trained = rows.map((row, k) => ({
    key: patientKey(study.id, study.patients[row]),
    risk: rounded(risks[k]),
    outOfFold: rounded(validation.outOfFold[k])
  }));
  const described = {...metadata, patients: trained};
  return {
    bytes: onnxOf(network, pixels, metadataProperties(described), exported.precision),
    metadata: described,
    precision: exported.precision,
    halfMoves: exported.halfMoves,
    pretextLosses: losses,
    validation,
    epochs,
    rows,
    endpoint,
    options,
    survival,
    crops
  };
}

function survivalOptions({epochs, batch, rate, seed}: TrainOptions): SurvivalOptions {
  const fixed = {
    fromStage: 6,
    weightDecay: 1e-3,
    l2: 1e-4,
    dropout: 0.2,
    ties: "efron",
    augmentation: defaultAugmentation
  } as const;
  return {epochs, batch, rate, seed, ...fixed};
}

interface Pretrained {
  readonly network: Network<Float32Array>;
  readonly losses: readonly number[];
  /** In words. */
  readonly origin: string;
  readonly recipe: string;
}

async function backboneOf(jax: Jax, options: TrainOptions, tell: Tell): Promise<Pretrained> {
  if (options.backbone) {
    const bytes = new Uint8Array(readFileSync(options.backbone));
    const network = timmBackbone(bytes, options.backbone);
    return {network, losses: [], origin: "weights from a file in timm's layout", recipe: hashOf(bytes)};
  }
  const pretext = pretextOptions(options);
  const recipe = hashOf(pretext);
  const file = join(options.workFolder, `pretext-${recipe.slice(0, 12)}.safetensors`);
  const until = Math.min(options.pretextUntil ?? pretext.steps, pretext.steps);
  const start = {begin: beginningOf(jax, options), until, lesions: options.readerLesions};
  const {network, losses, error} = await pretextStage(jax, pretext, start, {file, recipe}, (step, loss) => {
    if (step % 10 === 0) tell(`pretext step ${step} of ${pretext.steps}: loss ${loss.toFixed(3)}`);
  });
  tell(`readings solved: mean squared error ${error.toFixed(3)} on lesions left out`);
  const images = (until * pretext.batch).toLocaleString("en");
  const before = options.pretextFrom ? "the backbone of an earlier model, " : "";
  return {network, losses, origin: `${before}a pretext stage on ${images} generated textures`, recipe};
}

/** Lesions over which the moments of an earlier backbone are taken: they are those of the steps, from the end. */
const observedStep = 2_000_000;

function beginningOf(jax: Jax, options: TrainOptions): (() => Promise<Network<Float32Array>>) | null {
  const {pretextFrom: name} = options;
  if (!name) return null;
  return () => {
    const {input, side} = pretextBatch(observedStep, 256, pretextOptions(options));
    const bytes = new Uint8Array(readFileSync(name));
    return earlierBackbone(forwardPasses(jax), {bytes, name}, pretextOutputs, {pixels: input, n: 256, side});
  };
}

/** The pretext stage of a training: lesions in the field of view that the modality's crops have. */
export function pretextOptions({modality, pixels, seed, pretextSteps, pretextFrom}: TrainOptions): PretextOptions {
  const {minimumSideMm: leastMm} = trainingPreprocessing(modality, pixels);
  const from = pretextFrom && hashOf(new Uint8Array(readFileSync(pretextFrom)));
  return {modality, steps: pretextSteps, batch: 16, side: pixels, leastMm, rate: 2e-3, weightDecay: 1e-3, seed, from};
}

function inWords(origin: string, epochs: number, label: string): string {
  const deep = `${epochs} ${epochs === 1 ? "epoch" : "epochs"} of DeepSurvLoss through its last stages`;
  return `${origin}, then a Cox head and ${epochs === 0 ? "no epoch of DeepSurvLoss, as inner folds chose" : deep}, on ${label}; training patients scored by networks trained without them`;
}

function moments(values: Float64Array): {mean: number; sd: number} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, sd: Math.sqrt(squares / (values.length - 1))};
}

const count = (event: Uint8Array) => event.reduce((sum, happened) => sum + happened, 0);
const rounded = (value: number) => Number(value.toPrecision(7));

/** SHA-256 of JSON, or of an array's bytes. */
export function hashOf(value: unknown): string {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : JSON.stringify(value, (_, inner: unknown) => (ArrayBuffer.isView(inner) ? hashOf(inner) : inner));
  return createHash("sha256").update(bytes).digest("hex");
}
