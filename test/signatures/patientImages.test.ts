import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {patientCrop, patientVolumes, tumourMillilitres} from "../../data-loaders/signatures/patientCrop.js";
import {contentKey, readPatientFiles} from "../../data-loaders/signatures/patientFiles.js";
import {tumourVolumes} from "../../data-loaders/signatures/tumourVolume.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {StudyError} from "../../data-loaders/study/study.js";
import {defaultPreprocessing} from "../../src/imaging/preprocessing.js";
import {type Phantom, petHeader, phantomSeries} from "../imaging/dicomPhantom.js";
import {rtStructFile, segFile} from "../imaging/maskFiles.js";
import {niftiFile} from "../imaging/niftiFile.js";
import {soundStudy} from "../study/studyFolder.js";

/** PET of 24 × 24 × 10 voxels of 4 × 4 × 5 mm, LPS from (−46, −46, 0); stored value by place. */
const [columns, rows, slices] = [24, 24, 10];
const stored = (x: number, y: number, z: number) =>
  Math.round(6000 + 60 * x + 35 * y + 90 * z + 3000 * Number(isTumour(x, y, z)));
const isTumour = (x: number, y: number, z: number) => Math.hypot(x - 10, y + 6, z - 22) < 15;
const phantom: Phantom = {
  modality: "PT",
  columns,
  rows,
  slices,
  spacing: [4, 4, 5],
  origin: [-46, -46, 0],
  value: stored,
  more: petHeader
};
/** Bq/ml to SUV of `petHeader`: 80,000 / (4e8 · 2^(−3600/6588)). */
const perBq = 0.0002920971106429;

/** Voxels of a grid in LPS, as NIfTI has them: values by place, the affine in RAS. */
function nifti(
  grid: {dims: readonly [number, number, number]; mm: readonly [number, number, number]; origin: readonly number[]},
  value: (x: number, y: number, z: number) => number
): Uint8Array {
  const {dims, mm, origin} = grid;
  const values = Array.from({length: dims[0] * dims[1] * dims[2]}, (_, at) => {
    const [i, j, k] = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / dims[0] / dims[1])];
    return value(origin[0] + mm[0] * i, origin[1] + mm[1] * j, origin[2] + mm[2] * k);
  });
  const sform = [-mm[0], 0, 0, -origin[0], 0, -mm[1], 0, -origin[1], 0, 0, mm[2], origin[2]];
  return niftiFile({dims, values, sform, gzip: true});
}
const petGrid = {dims: [columns, rows, slices], mm: [4, 4, 5], origin: [-46, -46, 0]} as const;
const ctGrid = {dims: [60, 60, 32], mm: [2, 2, 2], origin: [-59, -59, -6]} as const;

/** Circles of the tumour ball on the slices given. */
const circles = (zs: readonly number[]) =>
  zs.flatMap((z) => {
    const radius = Math.sqrt(Math.max(0, 225 - (z - 22) ** 2));
    const points = Array.from({length: 90}, (_, k) => (k * Math.PI) / 45);
    return radius > 0 ? [points.flatMap((a) => [10 + radius * Math.cos(a), -6 + radius * Math.sin(a), z])] : [];
  });
const petSlices = Array.from({length: slices}, (_, k) => 5 * k);

let root: string;
const put = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(join(root, name)), {recursive: true});
  writeFileSync(join(root, name), bytes);
};
const study = (images: object, patients = ["P1", "P2", "P3", "P4", "P5"]) => {
  const table = [
    "patient,months,status,age,sex,split",
    ...patients.map((p, k) => `${p},${k + 5},dead,60,male,${k ? "training" : "test"}`)
  ];
  put("clinical.csv", table.join("\n"));
  put("study.json", JSON.stringify({...soundStudy, images}));
  return loadStudy(root);
};
const crop = async (images: object) => {
  const {images: found} = await study(images);
  return patientCrop(await readPatientFiles(root, "pet", found.pet![0]!), defaultPreprocessing("pet", 32));
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "stratum-images-"));
  for (const {name, bytes} of phantomSeries(phantom)) put(`dicom/P1/PET/${name.slice(2)}`, bytes);
  put("dicom/P1/PET/.DS_Store", "x");
  put("dicom/P1/PET/DICOMDIR", "x");
  put("dicom/P1/rs.dcm", rtStructFile([{name: "GTVp", contours: circles(petSlices)}, {name: "GTVn", contours: circles([10])}])); // prettier-ignore
  const within = (z: number) =>
    Array.from({length: columns * rows}, (_, at) =>
      isTumour(-46 + 4 * (at % columns), -46 + 4 * Math.floor(at / columns), z) ? 1 : 0
    );
  put("dicom/P1/seg/mask", segFile({type: "BINARY", columns, rows, segments: ["GTVp"], spacing: [4, 4], orientation: [1, 0, 0, 0, 1, 0], frames: petSlices.map((z) => ({segment: 1, position: [-46, -46, z], values: within(z)}))})); // prettier-ignore
  put("nifti/P1_pet.nii.gz", nifti(petGrid, stored));
  put(
    "nifti/P1_suv.nii.gz",
    nifti(petGrid, (x, y, z) => Math.fround(perBq * stored(x, y, z)))
  );
  put(
    "nifti/P1_mask.nii.gz",
    nifti(petGrid, (x, y, z) => Number(isTumour(x, y, z)))
  );
});
afterAll(() => rmSync(root, {recursive: true}));

const fromNifti = {pet: {image: "nifti/{id}_suv.nii.gz", mask: "nifti/{id}_mask.nii.gz", unit: "SUVbw"}};

describe("images of a study", () => {
  it("gives one crop from DICOM and NIfTI, whether the mask is contours, a segmentation or labels", async () => {
    const truth = (await crop(fromNifti))!;
    expect(truth.areaMm2).toBeGreaterThan(600);
    expect(truth.conversion?.rule).toBe("SUV already, as stated");
    const image = "dicom/{id}/PET";
    for (const pet of [
      {image, mask: "dicom/{id}/rs.dcm", roi: "gtvp"},
      {image, mask: "dicom/{id}/seg"},
      {image: "dicom/{id}/PET", mask: "nifti/{id}_mask.nii.gz"}
    ]) {
      const read = (await crop({pet}))!;
      expect(read.conversion?.rule).toMatch(/^BQML: dose decayed to the start of the series/);
      expect(read.mask).toEqual(truth.mask);
      expect(read.areaMm2).toBeCloseTo(truth.areaMm2, 6);
      read.pixels.forEach((value, k) => Math.abs(value - truth.pixels[k]) < 1e-6 || expect.fail(`pixel ${k}`));
    }
  });

  it("lists every file it reads, so that a change of any is seen", async () => {
    const {files, images} = await study({pet: {image: "dicom/{id}/PET", mask: "dicom/{id}/seg"}});
    expect(files.filter((file) => file.startsWith("dicom"))).toEqual([
      ...petSlices.map((_, k) => `dicom/P1/PET/${k}.dcm`),
      "dicom/P1/seg/mask"
    ]);
    const read = await readPatientFiles(root, "pet", images.pet![0]!);
    const one = contentKey(read, "r");
    const changed = read.image.files.map((file, k) => (k === 3 ? {...file, bytes: file.bytes.slice(1)} : file));
    expect(contentKey({...read, image: {...read.image, files: changed}}, "r")).not.toBe(one);
    expect(contentKey({...read, roi: "GTVn"}, "r")).not.toBe(one);
  });

  it("reads HECKTOR: SUV on its own grid, labels 1 and 2 on the CT's, ids written otherwise", async () => {
    const label = (x: number, y: number, z: number) =>
      isTumour(x, y, z) ? 1 : Math.hypot(x + 30, y - 20, z - 30) < 8 ? 2 : 0;
    put(
      "imagesTr/CHUM-001__PT.nii.gz",
      nifti(petGrid, (x, y, z) => Math.fround(perBq * stored(x, y, z)))
    );
    put(
      "imagesTr/CHUM-001__CT.nii.gz",
      nifti(ctGrid, (x) => (x > 40 ? -1000 : 40))
    );
    put("labelsTr/CHUM-001.nii.gz", nifti(ctGrid, label));
    const mask = "labelsTr/{id}.nii.gz";
    const images = {
      pet: {image: "imagesTr/{id}__PT.nii.gz", mask, unit: "SUVbw"},
      ct: {image: "imagesTr/{id}__CT.nii.gz", mask}
    };
    const {images: found, notes} = await study(images, ["CHUM_001", "CHUM_002"]);
    expect(notes).toContain("1 of 2 patients have no PET image and so no signature of it.");
    const millilitres = async (modality: "pet" | "ct", roi?: string) => {
      const files = await readPatientFiles(root, modality, {...found[modality]![0]!, ...(roi ? {roi} : {})});
      const {image, mask: moved} = await patientVolumes(files);
      expect(moved.dims).toEqual(image.volume.dims);
      const voxel = image.volume.spacing.reduce((product, side) => product * side, 1);
      return (moved.data.reduce((sum, v) => sum + v, 0) * voxel) / 1000;
    };
    const ball = (radius: number) => ((4 / 3) * Math.PI * radius ** 3) / 1000;
    expect(await millilitres("ct")).toBeCloseTo(ball(15) + ball(8), 0);
    expect(Math.abs((await millilitres("pet")) / (ball(15) + ball(8)) - 1)).toBeLessThan(0.05);
    expect(Math.abs((await millilitres("pet", "2")) / ball(8) - 1)).toBeLessThan(0.1);
    await expect(millilitres("pet", "GTVp")).rejects.toThrow(
      /is NIfTI, which has labels such as "1" and no names, so none is "GTVp"; name .* as "roi" in study.json/
    );
    const read = await readPatientFiles(root, "pet", found.pet![0]!);
    expect(await tumourMillilitres(read)).toBeCloseTo(await millilitres("ct"), 6);
  });

  it("reads BIDS, the weight from participants.tsv", async () => {
    put("sub-P1/pet/sub-P1_pet.nii.gz", nifti(petGrid, stored));
    put("sub-P1/pet/sub-P1_pet.json", JSON.stringify(bidsSidecar));
    put("participants.tsv", "participant_id\tage\tweight\nsub-P2\t60\t70\nsub-P1\t60\t80\n");
    const images = {pet: {image: "sub-{id}/pet/sub-{id}_pet.nii.gz", mask: "nifti/{id}_mask.nii.gz"}};
    const {files} = await study(images);
    expect(files).toContain("participants.tsv");
    const read = await crop(images);
    expect(read!.conversion?.rule).toBe("BIDS, Bq/mL: dose decayed to ImageDecayCorrectionTime");
    const truth = (await crop(fromNifti))!;
    // Half-life 6586.2 s here, 6588 s there.
    read!.pixels.forEach((value, k) => Math.abs(value - truth.pixels[k]) < 2e-4 || expect.fail(`pixel ${k}`));
    rmSync(join(root, "participants.tsv"));
    await expect(crop(images)).rejects.toThrow(
      /the body weight is missing; add PatientWeight \(kg\) here, or a column weight to participants/
    );
  });

  it("measures the tumour of contours and segmentations on the image's grid", async () => {
    const of = async (mask: string) =>
      (await tumourVolumes(await study({pet: {image: "dicom/{id}/PET", mask}}), () => {})).values[0];
    const labels = await of("nifti/{id}_mask.nii.gz");
    expect(labels).toBeCloseTo(((4 / 3) * Math.PI * 15 ** 3) / 1000, -1);
    expect(await of("dicom/{id}/seg")).toBeCloseTo(labels, 9);
    // Two regions and no choice between them: no volume, and the reason is told with the images.
    expect(await of("dicom/{id}/rs.dcm")).toBeNaN();
  });

  it("refuses images of another kind, and patterns that lead nowhere", async () => {
    put(
      "odd/P1_ct.nii.gz",
      nifti(petGrid, (x) => (x > 30 ? -1000 : 40))
    );
    put(
      "odd/P1_bq.nii.gz",
      nifti(petGrid, (x, y, z) => 50 * stored(x, y, z))
    );
    put("odd/P1_ct.json", JSON.stringify(bidsSidecar));
    const mask = "nifti/{id}_mask.nii.gz";
    const unit = "SUVbw";
    await expect(crop({pet: {image: "odd/{id}_ct.nii.gz", mask, unit}})).rejects.toThrow(
      "odd/P1_ct.nii.gz: A CT given as PET (its values run from -1000 to 40); give the PET."
    );
    await expect(crop({pet: {image: "odd/{id}_bq.nii.gz", mask, unit}})).rejects.toThrow(
      /reaches an SUV of .* other units/
    );
    const ct = await study({ct: {image: "odd/{id}_bq.nii.gz", mask}});
    const files = await readPatientFiles(root, "ct", ct.images.ct![0]!);
    await expect(patientVolumes(files)).rejects.toThrow(/A PET given as CT \(its values run from/);
    await expect(crop({pet: {image: "dicom/{id}", mask}})).rejects.toThrow(/is no DICOM file|RTSTRUCT|holds/);
    await expect(study({pet: {image: "nowhere/{id}", mask}})).rejects.toBeInstanceOf(StudyError);
    await expect(study({ct: {image: "dicom/{id}/PET", mask, unit}})).rejects.toThrow(/"unit" is not known/);
  });
});

const bidsSidecar = {
  Units: "Bq/mL",
  TracerRadionuclide: "F18",
  InjectedRadioactivity: 400,
  InjectedRadioactivityUnits: "MBq",
  InjectionStart: 0,
  ImageDecayCorrected: true,
  ImageDecayCorrectionTime: 3600,
  FrameTimesStart: [3600],
  FrameDuration: [300],
  AttenuationCorrection: "CT-based"
};
