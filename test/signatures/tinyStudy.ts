import {mkdirSync, writeFileSync} from "node:fs";
import path from "node:path";
import type {Study} from "../../data-loaders/study/study.js";
import {philox} from "../../src/numeric/random.js";
import {niftiFile} from "../imaging/niftiFile.js";

const dims = [24, 24, 6] as const;
const spacing = [2, 2, 4] as const;

export const petFacts = {
  Units: "BQML",
  DecayCorrection: "START",
  PatientWeight: 70,
  RadionuclideTotalDose: 350e6,
  RadionuclideHalfLife: 6586.2,
  RadiopharmaceuticalStartTime: "090000",
  SeriesTime: "100000"
};

/**
 * Writes PET and CT of n patients, whose tumours are the more speckled the sooner they die, and describes them as the
 * study reader would. The first two thirds are the training set.
 */
export function tinyStudy(folder: string, n: number): Study {
  mkdirSync(path.join(folder, "images"), {recursive: true});
  const patients = Array.from({length: n}, (_, k) => `P${String(k + 1).padStart(3, "0")}`);
  const time = new Float64Array(n);
  const event = new Int8Array(n);
  patients.forEach((patient, k) => {
    const speckle = speckleOf(k);
    const random = philox(3, k);
    time[k] = -20 * Math.log(random.uniform()) * Math.exp(-4 * speckle);
    event[k] = random.uniform() < 0.8 ? 1 : 0;
    writePatient(folder, patient, speckle, 1000 + k);
  });
  const files = (modality: string) =>
    patients.map((patient) => ({image: `images/${patient}_${modality}.nii.gz`, mask: `images/${patient}_mask.nii.gz`}));
  return {
    folder,
    id: "tiny",
    title: "Tiny",
    synthetic: true,
    citation: null,
    patients,
    endpoints: [{id: "os", label: "Overall survival", unit: "months", leftTruncated: false, competing: false}],
    followUp: {os: {time, event, entry: null}},
    events: null,
    variables: [],
    columns: {set: patients.map((_, k) => (k < (2 * n) / 3 ? "training" : "test"))},
    strata: [],
    treatments: [],
    split: {variable: "set", training: "training", test: "test"},
    riskModel: null,
    models: [],
    images: {pet: files("pet"), ct: files("ct")},
    networks: {},
    expression: null,
    geneSets: [],
    flow: [],
    notes: [],
    published: null,
    files: []
  };
}

/** How speckled the k-th patient's tumour is, 0 … 1: what drives the hazard. */
export function speckleOf(k: number): number {
  return philox(1, k).uniform();
}

function writePatient(folder: string, patient: string, speckle: number, stream: number): void {
  const random = philox(2, stream);
  const size = dims[0] * dims[1] * dims[2];
  const inTumour = (voxel: number) => {
    const [i, j, k] = [voxel % 24, Math.floor(voxel / 24) % 24, Math.floor(voxel / 576)];
    return Math.hypot(i - 11.5, j - 11.5, 2 * (k - 2.5)) < 6;
  };
  const mask = Array.from({length: size}, (_, voxel) => (inTumour(voxel) ? 1 : 0));
  const texture = mask.map((inside) => (inside ? 1 + speckle * (random.uniform() - 0.5) * 2 : 0.2));
  const write = (name: string, values: readonly number[], more: object) =>
    writeFileSync(
      path.join(folder, "images", `${patient}_${name}`),
      niftiFile({dims, spacing, values, gzip: true, ...more})
    );
  write("mask.nii.gz", mask, {datatype: "uint8"});
  write(
    "pet.nii.gz",
    texture.map((value) => 25_000 * value),
    {datatype: "float32"}
  );
  write(
    "ct.nii.gz",
    texture.map((value) => Math.round(100 * value)),
    {datatype: "int16"}
  );
  writeFileSync(path.join(folder, "images", `${patient}_pet.json`), JSON.stringify(petFacts));
}
