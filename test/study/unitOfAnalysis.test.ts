import {describe, expect, it} from "vitest";
import {analyseExpression} from "../../data-loaders/analysis/expressionAnalysis.js";
import {sameImages} from "../../data-loaders/pipeline/sameImages.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {unitWords} from "../../src/components/unitOfAnalysis.js";
import {problemsOf, soundStudy, withStudy} from "./studyFolder.js";

const samples = {file: "samples.csv", sample: "sample", patient: "patient"};
const study = {...soundStudy, expression: {file: "counts.tsv", kind: "counts", samples}};
const files = {
  "counts.tsv": "gene\tS2\tS1\tS3\tS4\tX\nA\t12\t11\t13\t14\t99\n",
  "samples.csv": "sample,patient\nS1,P1\nS2,P1\nS3,P2\nS4,P9\n"
};

describe("a patient counts once", () => {
  it("refuses several samples of one patient, unless told which to take", async () => {
    expect(await problemsOf(files, study)).toEqual([
      'counts.tsv, row 1: "S2" and "S1" are samples of one patient, "P1": a patient would count twice. Keep one sample a patient, or set "several": "takeFirst" under "samples" in study.json.'
    ]);
  });
  it("takes the first sample of the matrix where it is told to, and says so on the page of pathways", async () => {
    const first = {...study, expression: {...study.expression, samples: {...samples, several: "takeFirst"}}};
    await withStudy(
      files,
      async (folder) => {
        const read = await loadStudy(folder);
        expect(read.expression).toMatchObject({
          matched: ["P1", "P2"],
          samples: ["S2", "S3"],
          several: {patients: 1, unused: 1},
          unmatched: ["S4", "X"]
        });
        expect(read.files).toContain("samples.csv");
        expect(read.notes).toContain(
          "1 patient has several samples in counts.tsv; the first of each is used, 1 is not."
        );
        const {matrix, published} = await analyseExpression(read, []);
        expect(matrix).toMatchObject({samples: ["P1", "P2"], values: Float64Array.of(12, 13)});
        expect(published.notes[0]).toBe(
          "Unit of analysis: the patient. 2 of 5 patients have gene expression, one sample each: the first of the patient's columns in counts.tsv; 1 further sample of 1 patient is not used."
        );
      },
      first
    );
  });
  it("says that a sample bears its patient's id where no table says whose it is", async () => {
    const own = {...soundStudy, expression: {file: "counts.tsv", kind: "counts"}};
    await withStudy(
      {"counts.tsv": "gene\tP1\tP4\nA\t1\t3\n"},
      async (folder) => {
        const {published} = await analyseExpression(await loadStudy(folder), []);
        expect(published.notes[0]).toMatch(
          /2 of 5 patients have .* the column of counts\.tsv that bears the patient's id\.$/
        );
      },
      own
    );
  });
  it.each<[string, Record<string, string>, string]>([
    [
      "a sample of two patients",
      {...files, "samples.csv": "sample,patient\nS1,P1\nS1,P2\n"},
      'samples.csv, row 3, column sample: the sample "S1" stands in row 2 already. Give each sample one row.'
    ],
    [
      "no such column",
      {...files, "samples.csv": "id,patient\nS1,P1\n"},
      'samples.csv, row 1, column sample: there is no such column, but "samples" in study.json names it. The table has: id, patient.'
    ],
    [
      "no sample of any patient",
      {...files, "samples.csv": "sample,patient\nS9,P1\n"},
      'counts.tsv, row 1: no sample is a patient of the table; the first is "S2", the first patient "P1". Make the names agree, or say under "samples" whose each sample is.'
    ]
  ])("%s: one sentence", async (_, spoilt, sentence) => {
    expect(await problemsOf(spoilt, study)).toEqual([sentence]);
  });
  it("refuses an image that two patients find by like names", async () => {
    const table = "patient,months,status,age,sex,split\nP-1,12,dead,61,male,training\nP_1,30,alive,55,female,test";
    const images = {ct: {image: "{id}.nii", mask: "{id}_mask.nii"}};
    expect(
      await problemsOf({"clinical.csv": table, "P-1.nii": "x", "P-1_mask.nii": "x"}, {...soundStudy, images})
    ).toEqual([
      'P-1.nii: "P-1" and "P_1" both find this image: one patient would count twice. Give each an image of exactly its own name.'
    ]);
  });
  it("tells of images that are the same, byte for byte", async () => {
    const images = {ct: {image: "{id}.nii", mask: "{id}_mask.nii"}};
    const all = ["P1", "P2", "P3", "P4", "P5"].flatMap((id) => [
      [`${id}.nii`, id],
      [`${id}_mask.nii`, "m"]
    ]);
    await withStudy(
      Object.fromEntries(all),
      async (folder) => {
        const read = await loadStudy(folder);
        const hashes = new Map(
          read.files.map((file) => [file, file === "P5.nii" ? "hash of P2.nii" : `hash of ${file}`])
        );
        expect(sameImages(read, hashes)).toEqual([
          "P2 and P5 have the same CT image, byte for byte: is one patient entered twice?"
        ]);
      },
      {...soundStudy, images}
    );
  });
});

describe("unitWords(cohort)", () => {
  const of = (ids: readonly string[]) => unitWords({n: ids.length, patient: (row) => ids[row]});
  it("says that each patient stands in one row, or that some do not", () => {
    expect(of(["a", "b", "c"])).toBe("Unit of analysis: the patient (3 patients, one row each)");
    expect(of(["a", "b", "a"])).toBe(
      "Unit of analysis: the row, of which 3 stand for 2 patients; no test here allows for patients who count more than once"
    );
  });
});
