import {describe, expect, it} from "vitest";
import {seriesAmong} from "../../src/components/predict/dicomHeaders.js";
import type {DroppedFile} from "../../src/components/predict/droppedFiles.js";
import {imagesAmong, type SortedFiles, sortFiles} from "../../src/components/predict/sortFiles.js";
import {petHeader, phantomSeries} from "../imaging/dicomPhantom.js";
import type {DicomItem} from "../imaging/dicomWriter.js";
import {rtStructFile} from "../imaging/maskFiles.js";
import {niftiFile} from "../imaging/niftiFile.js";

const dropped = (path: string, bytes: Uint8Array | string): DroppedFile => ({
  path,
  file: new File([bytes as BlobPart], path.split("/").at(-1)!)
});
/** A series under names that say nothing. */
const series = (modality: string, uid: string, slices: number, more: DicomItem = {}) =>
  phantomSeries({modality, slices, more: {...more, "0020,000E": ["UI", uid], "0008,103E": ["LO", `no. ${uid}`]}}).map(
    ({bytes}, k) => dropped(`export/IMG${uid}${k}`, bytes)
  );
const pet = series("PT", "1.1", 3, petHeader);
const ct = series("CT", "1.2", 4);
const structure = dropped("export/pet_0007", rtStructFile([{name: "GTV", contours: [[0, 0, 0, 1, 0, 0, 1, 1, 0]]}]));
const nifti = niftiFile({dims: [2, 2, 2], values: new Float32Array(8)});
const all = ["pet", "ct", "mask"] as const;
const paths = (sorted: SortedFiles) => all.map((slot) => sorted[slot].map(({path}) => path));
const pathsOf = (files: readonly DroppedFile[]) => files.map(({path}) => path);

describe("sortFiles(files)", () => {
  it("goes by what a DICOM file says, never by its name or place", async () => {
    const mixed = [ct[3], pet[0], structure, ct[0], pet[2], ct[1], pet[1], ct[2]];
    const sorted = await sortFiles(mixed, all);
    expect(paths(sorted).map((some) => [...some].sort())).toEqual([pathsOf(pet), pathsOf(ct), pathsOf([structure])]);
    expect(sorted.remarks).toEqual([]);
  });

  it("goes by the name where the file does not say it", async () => {
    const files = ["p1_pet.nii.gz", "p1_pet.json", "ct/p1.nii", "ct/mask.nii"].map((path) => dropped(path, nifti));
    expect(paths(await sortFiles(files, all))).toEqual([
      ["p1_pet.nii.gz", "p1_pet.json"],
      ["ct/p1.nii"],
      ["ct/mask.nii"]
    ]);
  });

  it("says what it leaves aside, one sentence a reason", async () => {
    const reports = [0, 1].map((k) => dropped(`export/SR${k}`, phantomSeries({modality: "SR", slices: 1})[0].bytes));
    const sorted = await sortFiles([...reports, ...ct, dropped("a.bin", "x"), dropped("b.zip", "PK\u0003\u0004")], all);
    expect(paths(sorted)).toEqual([[], pathsOf(ct), []]);
    expect(sorted.remarks).toEqual([
      "export/SR0 and 1 more: left aside, since DICOM SR is neither PET, CT nor mask.",
      "a.bin: its name says neither PET nor CT nor mask; give it below, where it belongs.",
      "b.zip: is a zip archive; unpack it and give the files inside."
    ]);
    const noPet = await sortFiles([...pet, ...ct], ["ct", "mask"]);
    expect(noPet.remarks).toEqual([`${pet[0].path} and 2 more: left aside, since this study has no PET network.`]);
  });

  it("refuses what holds nothing to use", async () => {
    await expect(sortFiles([], all)).rejects.toThrow("There is no image among these files; give DICOM or NIfTI.");
    await expect(sortFiles([dropped("all.zip", "PK\u0003\u0004")], all)).rejects.toThrow(/^all\.zip: is a zip archive/);
    const gone = {path: "gone.dcm", file: {slice: () => ({arrayBuffer: () => Promise.reject(new Error())})} as never};
    await expect(sortFiles([gone], all)).rejects.toThrow("gone.dcm: cannot be read; choose it again.");
  });

  it("reads on where the modality stands behind a long beginning", async () => {
    const long: DicomItem = {"0008,0005": ["UT", "x".repeat(60_000)]};
    const far = phantomSeries({modality: "PT", slices: 1, more: long})[0].bytes;
    expect(paths(await sortFiles([dropped("f", far)], all))).toEqual([["f"], [], []]);
  });
});

describe("seriesAmong(files)", () => {
  it("tells series apart, the longest first", async () => {
    const scout = series("CT", "1.3", 1);
    const found = await seriesAmong([...scout, ...ct], "CT");
    expect(found?.map(({label}) => label)).toEqual(['"no. 1.2" (4 files)', '"no. 1.3" (1 file)']);
    expect(pathsOf(found![1].files)).toEqual(pathsOf(scout));
  });

  it("leaves to the reader of images what is not all of one modality", async () => {
    expect(await seriesAmong([...ct, ...pet], "CT")).toBeNull();
    expect(await seriesAmong([dropped("ct.nii", nifti)], "CT")).toBeNull();
  });
});

describe("imagesAmong(files)", () => {
  it("offers a DICOM series beside copies of it as NIfTI, each with the facts given", async () => {
    const [copy, facts] = [dropped("nifti/ct.nii.gz", nifti), dropped("nifti/ct.json", "{}")];
    const found = await imagesAmong([copy, ...ct, facts], "CT");
    expect(found?.map(({label}) => label)).toEqual(['"no. 1.2" (4 files)', "nifti/ct.nii.gz"]);
    expect(found?.map(({files}) => pathsOf(files))).toEqual([pathsOf(ct), ["nifti/ct.nii.gz", "nifti/ct.json"]]);
    expect((await imagesAmong([copy, facts], "CT"))?.length).toBe(1);
  });

  it("leaves DICOM of another modality to the reader of images", async () => {
    expect(await imagesAmong([dropped("ct.nii", nifti), ...pet], "CT")).toBeNull();
  });
});
