import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {computeSignatures} from "../../data-loaders/signatures/computeSignatures.js";
import {cpuSession} from "../../data-loaders/signatures/cpuSession.js";
import {readSlices} from "../../src/cohort/readSlices.js";
import {readModelMetadata} from "../../data-loaders/signatures/modelMetadata.js";
import type {ComputedSignatures} from "../../data-loaders/signatures/signatures.js";
import {patientCrop} from "../../data-loaders/signatures/patientCrop.js";
import {readPatientFiles} from "../../data-loaders/signatures/patientFiles.js";
import {findAdapter} from "../../data-loaders/signatures/webgpuSession.js";
import {type Study, StudyError} from "../../data-loaders/study/study.js";
import {niftiFile} from "../imaging/niftiFile.js";
import {petFacts, speckleOf, tinyStudy} from "./tinyStudy.js";

const n = 36;
const trained = 24;
let root: string;
let study: Study;
let first: ComputedSignatures;
let firstSlices: Record<"pet" | "ct", Uint8Array>;
/** What the first run put into its cache: the embedding and the slice of each image. */
let firstFiles: string[];
const cacheFolder = () => path.join(root, "cache");
const cpu = () => ({cacheFolder: cacheFolder(), provider: "cpu"}) as const;
const file = (name: string) => path.join(root, "study", name);

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "stratum-signatures-"));
  study = tinyStudy(path.join(root, "study"), n);
  first = await computeSignatures(study, cpu());
  firstSlices = await slicesOf(first);
  firstFiles = [...written().keys()];
});

afterAll(() => rmSync(root, {recursive: true}));

/** 49 occluded copies of every image take most of these tests' time: asked for only where something is expected of them. */
const slicesOf = async ({slices}: ComputedSignatures) => ({pet: await slices("pet"), ct: await slices("ct")});

/** Compared as bytes: toEqual takes seconds for a million of them. */
function expectSlices(actual: typeof firstSlices, expected: typeof firstSlices): void {
  for (const modality of ["pet", "ct"] as const)
    expect(Buffer.compare(actual[modality], expected[modality]), modality).toBe(0);
}

const onlyPet = (of: Study): Study => ({...of, images: {pet: of.images.pet}});

/** Cache files and when they were written. */
function written(): Map<string, number> {
  return new Map(readdirSync(cacheFolder()).map((name) => [name, statSync(path.join(cacheFolder(), name)).mtimeMs]));
}

function correlation(a: Float64Array, b: Float64Array): number {
  const centred = (values: Float64Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, k) => sum + value * v[k], 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

describe("computeSignatures", () => {
  it("gives both modalities, standardised on the training set only", () => {
    expect(first.signatures.map(({variable}) => variable.id)).toEqual(["pet_signature", "ct_signature"]);
    for (const {values, excluded} of first.signatures) {
      expect(values).toHaveLength(n);
      expect(excluded).toEqual([]);
      const training = values.slice(0, trained);
      const mean = training.reduce((sum, value) => sum + value, 0) / trained;
      const sd = Math.sqrt(training.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (trained - 1));
      expect(mean).toBeCloseTo(0, 10);
      expect(sd).toBeCloseTo(1, 10);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / n)).toBeGreaterThan(1e-6);
    }
  });

  it("says what ran and that the network is untrained", () => {
    const {description, variable} = first.signatures[0];
    expect(description.execution).toMatchObject({
      provider: "cpu",
      adapter: null,
      checkedOnWebGpu: 0,
      largestDifference: null
    });
    expect(description.execution.runtime).toMatch(/^onnxruntime-node \d+\.\d+/);
    expect(description.model).toMatchObject({trained: false, inputPixels: 96, parameters: 3_372_289});
    expect(description.model.training).toBe(
      "untrained baseline: seeded random backbone, Cox head fitted on the training set; training patients scored by heads fitted without them"
    );
    expect(variable.note).toMatch(/24 patients, \d+ events.*run on the CPU.*higher is riskier/);
  });

  it("writes models whose risk output, standardised as their metadata say, is the signature", async () => {
    for (const [k, {modality, bytes}] of first.models.entries()) {
      const {preprocessing, signature, head} = readModelMetadata(bytes);
      expect(preprocessing.modality).toBe(modality);
      expect(head.n).toBe(trained);
      const files = await readPatientFiles(study.folder, modality, study.images[modality]![30]!);
      const session = await cpuSession(bytes, preprocessing.inputPixels);
      const {risk} = await session.run((await patientCrop(files, preprocessing))!.pixels, 1);
      expect((risk[0] - signature.mean) / signature.sd).toBeCloseTo(first.signatures[k].values[30], 3);
    }
  });

  it("keeps the slice of every patient with a signature, in SUV and HU, with what moved the signature", () => {
    for (const {description, excluded} of first.signatures) {
      const {facts, patients, of} = readSlices(firstSlices[description.modality])!;
      expect(facts).toMatchObject({modality: description.modality, sha256: description.model.sha256, pixels: 96});
      const without = new Set(excluded.map(({patient}) => patient));
      expect(patients).toEqual(study.patients.filter((patient) => !without.has(patient)));
      const {values, mask, influence, fieldMm, sideMm} = of(patients[5])!;
      expect([values.length, mask.length, influence.length]).toEqual([96 * 96, 96 * 96, 49]);
      expect(fieldMm).toBe(2 * sideMm);
      expect(influence.some((fall) => fall !== 0)).toBe(true);
      expect(of("nobody")).toBeNull();
      if (description.modality === "ct") continue;
      const level = (inside: number) => {
        const found = [...values].filter((value, k) => mask[k] === inside && !Number.isNaN(value));
        return found.reduce((sum, value) => sum + value, 0) / found.length;
      };
      // SUV about 7.3 in the tumour and 1.5 around it.
      expect(level(1)).toBeGreaterThan(6);
      expect(level(0)).toBeLessThan(3);
    }
  });

  it("takes unchanged patients from the cache and gives the same bytes", async () => {
    const before = written();
    expect(firstFiles).toHaveLength(4 * n);
    const seen: number[] = [];
    const again = await computeSignatures(study, {
      ...cpu(),
      onProgress: ({stage, done}) => stage === "patients" && seen.push(done)
    });
    expectSlices(await slicesOf(again), firstSlices);
    expect(written()).toEqual(before);
    expect(seen).toHaveLength(2 * n);
    expect(again.models.map(({sha256}) => sha256)).toEqual(first.models.map(({sha256}) => sha256));
    expect(again.signatures).toEqual(first.signatures);
    const elsewhere = await computeSignatures(onlyPet(study), {cacheFolder: path.join(root, "other"), provider: "cpu"});
    expect(elsewhere.models.map(({modality}) => modality)).toEqual(["pet"]);
    expect(Buffer.compare(elsewhere.models[0].bytes, first.models[0].bytes)).toBe(0);
  });

  it("runs only the patient whose file changed", async () => {
    const before = written();
    const sidecar = file("images/P030_pet.json");
    writeFileSync(sidecar, JSON.stringify({...petFacts, PatientWeight: 90}));
    const changed = await computeSignatures(study, cpu());
    const slices = await slicesOf(changed);
    writeFileSync(sidecar, JSON.stringify(petFacts));
    // Its embedding and its slice.
    expect([...written().keys()].filter((name) => !before.has(name))).toHaveLength(2);
    const moved = [...changed.signatures[0].values.keys()].filter(
      (row) => changed.signatures[0].values[row] !== first.signatures[0].values[row]
    );
    expect(moved).toEqual([29]);
    const [before30, now30] = [firstSlices.pet, slices.pet].map((bytes) => readSlices(bytes)!.of("P030")!);
    expect(now30.values).not.toEqual(before30.values);
  });

  it("excludes a patient without an image or with an empty mask, with the reason", async () => {
    const empty = "images/empty.nii.gz";
    const values = new Uint8Array(24 * 24 * 6);
    writeFileSync(
      file(empty),
      niftiFile({dims: [24, 24, 6], spacing: [2, 2, 4], values, datatype: "uint8", gzip: true})
    );
    const pet = study.images.pet!.map((files, k) => (k === 0 ? null : k === 1 ? {...files!, mask: empty} : files));
    const {signatures, models, slices} = await computeSignatures({...study, images: {pet}}, cpu());
    expect(signatures).toHaveLength(1);
    expect(signatures[0].excluded).toEqual([
      {patient: "P001", reason: "no PET image"},
      {patient: "P002", reason: "the tumour mask of the PET is empty"}
    ]);
    expect([...signatures[0].values].map(Number.isNaN).slice(0, 3)).toEqual([true, true, false]);
    expect(readModelMetadata(models[0].bytes).head.n).toBe(22);
    expect(readSlices(await slices("pet"))!.patients).toEqual(study.patients.slice(2));
    await expect(slices("ct")).rejects.toThrow("The study has no CT signature.");
  });

  it("excludes patients whose files cannot be used, each with its sentence, and goes on with the others", async () => {
    const broken = path.join(root, "broken");
    const other = tinyStudy(broken, n);
    const image = (name: string) => path.join(broken, "images", name);
    truncateSync(image("P001_pet.nii.gz"), 300);
    writeFileSync(image("P002_pet.json"), "{not json");
    rmSync(image("P003_pet.json"));
    rmSync(image("P004_ct.nii.gz"));
    const values = new Uint8Array(10 * 10 * 6).fill(1);
    const sform = [1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0];
    writeFileSync(image("P005_mask.nii.gz"), niftiFile({dims: [10, 10, 6], values, datatype: "uint8", sform}));
    const nan = new Float32Array(24 * 24 * 6).fill(NaN);
    writeFileSync(image("P006_ct.nii.gz"), niftiFile({dims: [24, 24, 6], spacing: [2, 2, 4], values: nan}));
    writeFileSync(image("P007_pet.json"), JSON.stringify({...petFacts, PatientWeight: undefined}));
    const {signatures} = await computeSignatures(other, cpu());
    const [pet, ct] = signatures.map(({excluded}) => new Map(excluded.map(({patient, reason}) => [patient, reason])));
    expect([...pet.keys()]).toEqual(["P001", "P002", "P003", "P005", "P007"]);
    expect(pet.get("P001")).toMatch(/^images\/P001_pet\.nii\.gz: truncated.*copy the file again\.$/);
    expect(pet.get("P002")).toBe("images/P002_pet.json: is no valid JSON in UTF-8; write it again.");
    expect(pet.get("P003")).toMatch(
      /^images\/P003_pet\.json: is missing; write one with Units.*or list the patient under "exclude"/
    );
    expect(pet.get("P005")).toMatch(
      /^images\/P005_mask\.nii\.gz: the tumour lies outside images\/P005_pet\.nii\.gz; give/
    );
    expect(pet.get("P007")).toMatch(/^images\/P007_pet\.json: PatientWeight is missing/);
    expect([...ct.keys()]).toEqual(["P004", "P005", "P006"]);
    expect(ct.get("P004")).toMatch(/^images\/P004_ct\.nii\.gz: is missing; put the image there/);
    expect(ct.get("P006")).toMatch(/^images\/P006_ct\.nii\.gz: holds values that are no numbers/);
    signatures[0].values.forEach((value, k) => expect(Number.isNaN(value)).toBe(pet.has(other.patients[k])));
    expect(signatures[0].description.conversions).toEqual([
      {
        rule: "BQML: dose decayed to the start of the series (SeriesTime)",
        patients: other.patients.filter((patient) => !pet.has(patient))
      }
    ]);
    expect(signatures[1].description.conversions).toBeUndefined();
  });

  it("stops with every broken file when none of a modality is left", async () => {
    const other = tinyStudy(path.join(root, "allBroken"), 3);
    for (const patient of other.patients) truncateSync(path.join(other.folder, "images", `${patient}_pet.nii.gz`), 300);
    const error = await computeSignatures(other, cpu()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StudyError);
    expect((error as StudyError).problems.map(({file}) => file)).toEqual(
      other.patients.map((patient) => `images/${patient}_pet.nii.gz`)
    );
  });

  it("lets texture through: patients never seen are ranked by how speckled their tumours are", async () => {
    const [many, seen] = [150, 100];
    const cohort = onlyPet(tinyStudy(path.join(root, "many"), many));
    const {signatures} = await computeSignatures(cohort, cpu());
    const speckles = Float64Array.from({length: many}, (_, k) => speckleOf(k)).slice(seen);
    expect(signatures.length).toBe(1);
    expect(correlation(signatures[0].values.slice(seen), speckles)).toBeGreaterThan(0.6);
  }, 240_000);

  it("refuses to fit on a handful of events", async () => {
    const few = {...study.followUp.os, event: study.followUp.os.event.map((e, k) => (k < 3 ? e : 0))};
    const error = computeSignatures({...study, followUp: {os: few}}, cpu());
    await expect(error).rejects.toThrow(/^study\.json: the training set has \d events of "os" among 24 patients/);
  });

  it("recovers from a damaged cache file, of an embedding and of a slice", async () => {
    const damaged = path.join(root, "damaged");
    cpSync(cacheFolder(), damaged, {recursive: true});
    const stored = (name: string) => readFileSync(path.join(damaged, name), "utf8");
    const isSlice = (name: string) => stored(name).includes('"influence"');
    const files = [firstFiles.find((name) => !isSlice(name))!, firstFiles.find(isSlice)!];
    const before = files.map(stored);
    for (const name of files) truncateSync(path.join(damaged, name), 50);
    const again = await computeSignatures(study, {...cpu(), cacheFolder: damaged});
    expect(again.signatures).toEqual(first.signatures);
    expectSlices(await slicesOf(again), firstSlices);
    // The network's sums may differ in the last bit, run alone or among others; the files are whole again.
    const keys = (text: string) => Object.keys(JSON.parse(text) as object);
    expect(files.map((name) => keys(stored(name)))).toEqual(before.map(keys));
  });

  it("chooses by the adapter there is, and compares with the CPU on a software one", async () => {
    const adapter = await findAdapter();
    const {signatures} = await computeSignatures(study, {cacheFolder: cacheFolder()});
    for (const [k, {description, values}] of signatures.entries()) {
      const {execution} = description;
      expect(execution.adapter).toBe(adapter?.name ?? null);
      expect(execution.provider).toBe(adapter && !adapter.fallback ? "webgpu" : "cpu");
      expect(execution.checkedOnWebGpu).toBe(adapter?.fallback ? 4 : 0);
      if (adapter?.fallback) expect(execution.largestDifference).toBeLessThan(1e-3);
      else expect(execution.largestDifference).toBeNull();
      values.forEach((value, row) => expect(value).toBeCloseTo(first.signatures[k].values[row], 2));
    }
  }, 300_000);
});
