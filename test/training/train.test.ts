import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {computeSignatures} from "../../data-loaders/signatures/computeSignatures.js";
import {readModelMetadata} from "../../data-loaders/signatures/modelMetadata.js";
import {checkedMetadata, trainedModel} from "../../data-loaders/signatures/trainedModel.js";
import {type Study, StudyError} from "../../data-loaders/study/study.js";
import {readCheckpoint} from "../../data-loaders/training/checkpoint.js";
import {compare} from "../../data-loaders/training/compare.js";
import {onnxEmbedding, onnxOf, onnxRisk} from "../../data-loaders/training/exportOnnx.js";
import {earlierBackbone} from "../../data-loaders/training/earlierBackbone.js";
import {forwardPasses} from "../../data-loaders/training/forwardPass.js";
import {modelCard, trainingLog} from "../../data-loaders/training/modelCard.js";
import {freshNetwork, quietBlocks, toDevice} from "../../data-loaders/training/network.js";
import {loadJax} from "../../data-loaders/training/runtime.js";
import {solveReaders} from "../../data-loaders/training/solveReaders.js";
import {type Trained, type TrainOptions, train} from "../../data-loaders/training/train.js";
import {imagesOfRows} from "../../data-loaders/training/trainingCrops.js";
import {readSlices} from "../../src/cohort/readSlices.js";
import {tinyStudy} from "../signatures/tinyStudy.js";

const n = 36;
let root: string;
let study: Study;
let options: TrainOptions;
let trained: Trained;
const lines: string[] = [];
const fresh = freshNetwork(3, 1);

// Two steps of each stage in every fold: that all parts fit, not that anything is learned.
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "stratum-training-"));
  study = tinyStudy(path.join(root, "study"), n);
  options = {
    modality: "pet",
    pixels: 32,
    seed: 1,
    epochs: 1,
    batch: 12,
    folds: 2,
    rate: 1e-3,
    pretextSteps: 2,
    pretextUntil: null,
    readerLesions: 160,
    backbone: null,
    pretextFrom: null,
    workFolder: path.join(root, "work")
  };
  trained = await train(study, options, (line) => lines.push(line));
}, 240_000);

afterAll(() => rmSync(root, {recursive: true}));

const elsewhere = () => path.join(root, "no models");
const signaturesWith = (of: Study) =>
  computeSignatures(of, {cacheFolder: path.join(root, "cache"), provider: "cpu", modelFolder: elsewhere()});
const withModel = (bytes: Uint8Array): Study => {
  writeFileSync(path.join(study.folder, "pet.onnx"), bytes);
  return {...study, images: {pet: study.images.pet}, networks: {pet: "pet.onnx"}};
};

test("trains in inner folds and on all, and tells loss and C-index as it goes", () => {
  const {validation, epochs, rows, metadata} = trained;
  expect(rows).toHaveLength(24);
  expect(validation.folds).toHaveLength(2);
  for (const fold of validation.folds) {
    expect(fold.map(({loss}) => loss === null)).toEqual([true, false]);
    expect(fold[1].loss).toBeGreaterThan(0);
    expect(fold[1].risk).not.toEqual(fold[0].risk);
  }
  expect(epochs).toHaveLength(validation.best + 1);
  expect(metadata).toMatchObject({trained: true, head: {n: 24, ties: "efron", endpoint: "os"}});
  expect(lines.filter((line) => /^fold \d, epoch 1: loss \d+\.\d+, C 0\.\d+$/.test(line))).toHaveLength(2);
});

test("taken up again from its checkpoints it gives the same model", async () => {
  const again = await train(study, options, () => {});
  expect(Buffer.compare(again.bytes, trained.bytes)).toBe(0);
  const other = readCheckpoint(path.join(options.workFolder, "pet-fold1.safetensors"));
  expect(other!.state.step).toBe(1);
});

test("a fresh network gives the same risk on jax-js and on onnxruntime", async () => {
  const jax = await loadJax(1);
  const images = imagesOfRows(trained.crops, [0, 1, 2, 30]);
  const weights = Float32Array.from({length: 1280}, (_, k) => Math.sin(k));
  const moments = fresh.moments.map(({mean, variance}) => ({
    mean: mean.map((_, c) => 0.05 * Math.cos(c)),
    variance: variance.map((_, c) => 1 + 0.3 * Math.sin(c))
  }));
  const headed = {parameters: {...fresh.parameters, weights}, moments};
  const {output} = await forwardPasses(jax).run(toDevice(jax, headed), images);
  const risk = await onnxRisk(onnxOf(headed, 32), images);
  const size = Math.max(...output.map(Math.abs));
  expect(size).toBeGreaterThan(0);
  risk.forEach((value, k) => expect(Math.abs(value - output[k]) / size).toBeLessThan(1e-4));
});

test("the backbone of an earlier model goes on computing what its file does", async () => {
  const images = imagesOfRows(trained.crops, [...trained.rows.slice(0, 20)]);
  const scaled = fresh.moments.map(({mean, variance}) => ({mean, variance: variance.map((_, c) => 0.5 + (c % 3))}));
  const earlier = {...fresh, moments: scaled};
  const passes = forwardPasses(await loadJax(1));
  const again = await earlierBackbone(passes, {bytes: onnxOf(earlier, 32), name: "pet.onnx"}, 12, images);
  expect(again.parameters.bias).toHaveLength(12);
  const [before, after] = [await onnxEmbedding(earlier, images), await onnxEmbedding(again, images)];
  const size = Math.max(...before.map(Math.abs));
  expect(size).toBeGreaterThan(0);
  before.forEach((value, k) => expect(Math.abs(value - after[k]) / size).toBeLessThan(1e-4));
  const refusal = (bytes: Uint8Array) => earlierBackbone(passes, {bytes, name: "pet.onnx"}, 12, images);
  await expect(refusal(new Uint8Array(50))).rejects.toThrow(/^pet\.onnx /);
  const half = onnxOf(earlier, 32, {}, "half");
  await expect(refusal(half)).rejects.toThrow(/^pet\.onnx has no "stem_kernel" of 864 single-precision weights/);
});

test("what a network reads off is solved for: even random features tell more of new lesions than nothing", async () => {
  const {network, error} = await solveReaders(quietBlocks(fresh), {modality: "ct", side: 32, leastMm: 72}, 1600);
  expect(error).toBeLessThan(0.95);
  expect(network.parameters.weights).toHaveLength(12 * 1280);
  expect(network.parameters.layers).toHaveLength(fresh.parameters.layers.length);
});

test("the loader scores the patients trained on by the networks trained without them", async () => {
  const {signatures, models, slices} = await signaturesWith(withModel(trained.bytes));
  const {mean, sd} = trained.metadata.signature;
  const [{values, description, variable}] = signatures;
  trained.rows.forEach((row, k) => expect(values[row]).toBeCloseTo((trained.validation.outOfFold[k] - mean) / sd, 4));
  const others = [...values.keys()].filter((row) => !trained.rows.includes(row));
  const risk = await onnxRisk(trained.bytes, imagesOfRows(trained.crops, others));
  others.forEach((row, k) => expect(values[row]).toBeCloseTo((risk[k] - mean) / sd, 6));
  expect(description.model).toMatchObject({trained: true, inputPixels: 32, parameters: 3_372_289});
  expect(description.model.training).toMatch(/^a pretext stage on 32 generated textures, then a Cox head/);
  expect(variable.note).toMatch(/24 patients, \d+ events/);
  expect(Buffer.compare(models[0].bytes, trained.bytes)).toBe(0);
  expect(readSlices(await slices("pet"))).toMatchObject({facts: {sha256: models[0].sha256}, patients: study.patients});
});

test("a committed model serves the study it was trained on, and no other", () => {
  const folder = path.join(root, "committed");
  rmSync(folder, {recursive: true, force: true});
  expect(trainedModel(study, "pet", folder)).toBeNull();
  const own = withModel(trained.bytes);
  expect(trainedModel({...own, networks: {}}, "pet", own.folder)!.seen.filter(Boolean)).toHaveLength(24);
  expect(trainedModel({...own, id: "another", networks: {}}, "pet", own.folder)).toBeNull();
});

test("a patient trained on with another image now is named", async () => {
  const pet = study.images.pet!.map((files, row) => (row === 3 ? study.images.pet![20] : files));
  await expect(signaturesWith({...withModel(trained.bytes), images: {pet}})).rejects.toThrow(
    /^pet\.onnx: patient "P004" trained this model with another image than now\. Train again: npm run train/
  );
});

test.each([
  ["another modality", () => trained.bytes, "ct", /^the model is for PET, not CT\. Train one/],
  ["no model at all", () => new Uint8Array(50), "pet", /^this is no ONNX file, or it is cut short/],
  ["cut short", () => trained.bytes.subarray(0, 5000), "pet", /^this is no ONNX file, or it is cut short/],
  ["one that does not say how images were prepared", () => onnxOf(fresh, 32), "pet", /^the model does not say/],
  [
    "another shape than it says",
    () => onnxOf(fresh, 64, {...propertiesOf(trained.bytes)}),
    "pet",
    /^the model's "input" is n × 3 × 64 × 64 where n × 3 × 32 × 32 is needed/
  ]
] as const)("%s is refused in one sentence", (_, bytes, modality, sentence) => {
  expect(() => checkedMetadata(bytes(), modality)).toThrow(sentence);
});

test("a model that study.json names and that cannot be used is the study's problem", async () => {
  const attempt = signaturesWith(withModel(new Uint8Array(50)));
  await expect(attempt).rejects.toThrow(StudyError);
  await expect(attempt).rejects.toThrow(/^pet\.onnx: this is no ONNX file/);
});

test("the card says what was compared and what was done", async () => {
  const comparison = await compare(study, trained, 0, () => {});
  const sets = ["training, out of fold", "test"];
  const names = ["trained network", "untrained baseline", "tumour volume"];
  expect(comparison.judged.map(({set, signature}) => [set, signature])).toEqual(
    sets.flatMap((set) => names.map((name) => [set, name]))
  );
  for (const {lower, concordance, upper} of comparison.judged) {
    expect(lower).toBeLessThanOrEqual(concordance);
    expect(concordance).toBeLessThanOrEqual(upper);
  }
  const differences = comparison.differences!;
  expect(differences.map(({set, than}) => [set, than])).toEqual(
    sets.flatMap((set) => names.slice(1).map((name) => [set, name]))
  );
  const cOf = (of: string, name: string) =>
    comparison.judged.find(({set, signature}) => set === of && signature === name)!.concordance;
  for (const {set, than, difference, lower, upper} of differences) {
    expect(difference).toBeCloseTo(cOf(set, "trained network") - cOf(set, than), 12);
    expect(lower).toBeLessThan(difference);
    expect(upper - difference).toBeCloseTo(difference - lower, 12);
  }
  const log = trainingLog(study, trained, comparison, {file: "pet.onnx", sha256: "abc", minutes: 1});
  const card = modelCard(JSON.parse(JSON.stringify(log)) as typeof log);
  const [{concordance: c}] = comparison.judged;
  expect(card).toContain(`| training, out of fold | trained network | 24 |`);
  expect(card).toContain(`${c.toFixed(3)} (`);
  const [{difference}] = differences;
  expect(card).toContain(
    `| training, out of fold | untrained baseline | ${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(3)} (`
  );
  expect(card).toContain("3,372,289 parameters");
  expect(card).toContain("Trained on synthetic patients");
  expect(readModelMetadata(trained.bytes)).toEqual(JSON.parse(JSON.stringify(trained.metadata)));
  expect(readFileSync(path.join(study.folder, "pet.onnx")).length).toBeGreaterThan(0);
});

function propertiesOf(bytes: Uint8Array): Record<string, string> {
  const metadata = readModelMetadata(bytes);
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`stratum.${key}`, JSON.stringify(value)]));
}
