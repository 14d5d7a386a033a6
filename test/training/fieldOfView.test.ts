import {readFileSync} from "node:fs";
import fc from "fast-check";
import {describe, expect, it, test} from "vitest";
import {readModelMetadata} from "../../data-loaders/signatures/modelMetadata.js";
import {pretextBatch} from "../../data-loaders/training/pretext.js";
import {type LesionParameters, paintLesion} from "../../data-loaders/training/randomLesion.js";
import {defaultTrainOptions, hashOf, pretextOptions} from "../../data-loaders/training/train.js";
import {defaultPreprocessing, trainingPreprocessing} from "../../src/imaging/preprocessing.js";
import {tumourCrop} from "../../src/imaging/tumourCrop.js";
import {philox} from "../../src/numeric/random.js";

const side = 64;
const whole = {ct: trainingPreprocessing("ct", side), pet: trainingPreprocessing("pet", side)};
const flat: LesionParameters = {mottle: 0, length: 1.5, core: 0, level: 1, noise: 0, radius: 6, tissue: -0.6};

/** Pixels of the middle slice that a lesion changes: the same scene with the lesion as bright as the tissue and brighter. */
function covered(radius: number, fieldMm: number, stream: number): number {
  const paint = (level: number) => paintLesion({...flat, radius, level}, side, fieldMm, philox(11, stream)).image;
  const [lit, plain] = [paint(0.6), paint(0)];
  // Half of the 0.6 by which the lesion is brighter: the edge is blurred.
  return lit.slice(side * side, 2 * side * side).filter((value, k) => value - plain[side * side + k] > 0.3).length;
}

/** A ball on voxels of 1 × 1 × 3 mm. */
function ball(radius: number) {
  const dims = [128, 128, 24] as const;
  const data = new Float32Array(128 * 128 * 24);
  for (let k = 0; k < 24; k++)
    for (let j = 0; j < 128; j++)
      for (let i = 0; i < 128; i++)
        data[i + 128 * (j + 128 * k)] = Math.hypot(i - 64, j - 64, 3 * (k - 12)) <= radius ? 1 : 0;
  const affine = Float64Array.from([1, 0, 0, -64, 0, 1, 0, -64, 0, 0, 3, -36, 0, 0, 0, 1]);
  return {dims, spacing: [1, 1, 3] as const, affine, data};
}

const inside = (radius: number, modality: "pet" | "ct") =>
  tumourCrop(ball(radius), ball(radius), whole[modality])!.mask.reduce((sum, value) => sum + value, 0);

describe("the field of view of CT", () => {
  it("shows a generated lesion of twice the radius on four times the pixels, its bumpy outline averaged out", () => {
    const ratios = Array.from({length: 60}, (_, k) => {
      const radius = 5 + (2 * (k % 10)) / 10;
      return covered(2 * radius, 72, k) / covered(radius, 72, k);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    // A single one has an SD of 0.4.
    expect(Math.abs(mean - 4)).toBeLessThan(0.25);
  });

  it("shows a tumour of twice the radius on four times the pixels, until it fills the field", () => {
    fc.assert(
      fc.property(fc.double({min: 9, max: 14.5, noNaN: true}), (radius) => {
        const ratio = inside(2 * radius, "ct") / inside(radius, "ct");
        expect(Math.abs(ratio - 4)).toBeLessThan(0.5);
      }),
      {numRuns: 20}
    );
    const {sideMm} = tumourCrop(ball(40), ball(40), whole.ct)!;
    expect(sideMm).toBe(81 + 2 * 6);
  });

  it("paints generated lesions at the scale of the patients' crops", () => {
    const radiusMm = 16;
    const lesions = Array.from({length: 40}, (_, k) => covered(radiusMm / 2, whole.ct.minimumSideMm, k));
    const mean = lesions.reduce((sum, pixels) => sum + pixels, 0) / lesions.length;
    expect(mean / inside(radiusMm, "ct")).toBeGreaterThan(0.75);
    expect(mean / inside(radiusMm, "ct")).toBeLessThan(1.25);
  });
});

test("PET's crops follow the tumour, so that its size hardly shows", () => {
  expect(inside(26, "pet") / inside(13, "pet")).toBeLessThan(2);
  const lesions = (radius: number) => Array.from({length: 20}, (_, k) => covered(radius, 36, k));
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  expect(sum(lesions(12)) / sum(lesions(6))).toBeLessThan(2);
});

test("PET's lesions are those its committed network was trained on", () => {
  const {input} = pretextBatch(3, 16, pretextOptions({...defaultTrainOptions, modality: "pet", workFolder: ""}));
  expect(hashOf(input)).toBe("56aab447bd9c5270d73347fdbfe1c800dd3adec0079b30aac7d96ee582d85cf4");
});

test("a network that is not trained looks as close in CT as in PET", () => {
  expect(defaultPreprocessing("ct", side)).toEqual({...whole.ct, minimumSideMm: 36});
  expect(JSON.stringify(whole.pet)).toBe(JSON.stringify(defaultPreprocessing("pet", side)));
});

test("each modality trains its pretext stage in its own field of view, under its own checkpoint", () => {
  const options = (modality: "pet" | "ct") => pretextOptions({...defaultTrainOptions, modality, workFolder: ""});
  expect(options("ct").leastMm).toBe(whole.ct.minimumSideMm);
  expect(options("pet").leastMm).toBe(whole.pet.minimumSideMm);
  expect(hashOf(options("ct"))).not.toBe(hashOf(options("pet")));
});

test.each(["pet", "ct"] as const)(
  "the committed %s model says in its metadata how its images are prepared",
  (modality) => {
    const file = new URL(`../../models/${modality}.onnx`, import.meta.url);
    const {preprocessing, trained} = readModelMetadata(new Uint8Array(readFileSync(file)));
    expect(trained).toBe(true);
    expect(preprocessing).toEqual(whole[modality]);
  }
);
