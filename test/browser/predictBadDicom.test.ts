import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {dicomPatient, type ExportedFiles} from "../imaging/dicomPatient.js";
import {injected, phantomSeries} from "../imaging/dicomPhantom.js";
import type {DicomItem} from "../imaging/dicomWriter.js";
import {rtStructFile, segFile} from "../imaging/maskFiles.js";
import {openSite, type Site} from "./openSite.js";
import {dropFromDisk, expectProblem, predicting, signatureShown, slotStatus, writeExport} from "./predictSite.js";

let site: Site;
let folder: string;
let plain: ExportedFiles;
beforeAll(async () => {
  site = await openSite();
  folder = await mkdtemp(join(tmpdir(), "predict-bad-"));
  plain = await dicomPatient();
  await writeExport(join(folder, "good"), plain);
});
afterAll(async () => {
  if (folder) await rm(folder, {recursive: true});
});

/** Files of some series, changed. */
const series = (name: string, from: ExportedFiles = plain) =>
  Object.entries(from).filter(([path]) => path.includes(`/${name}/`));
const otherPet = async (items: DicomItem) => Object.fromEntries(series("S2", await dicomPatient(undefined, undefined, items))); // prettier-ignore
const dose = (value: number | string): DicomItem => ({
  "0054,0016": ["SQ", [{...injected, "0018,1074": ["DS", value]}]]
});
const slot = (title: string) => `fieldset.slot:has(legend:text-is("${title}"))`;

async function give(page: Page, title: string, name: string, files: ExportedFiles): Promise<void> {
  await writeExport(join(folder, name), files);
  await dropFromDisk(page, slot(title), [join(folder, name, "export")]);
}

describe("a DICOM image that cannot be used", () => {
  it("gets one sentence in its place, and the page goes on", async () => {
    const [ct, pet] = [series("S1"), series("S2")];
    // The files of a series lie shuffled: the one of instance 5 is in the middle of the stack.
    const holed = pet.filter(([, bytes]) => !Buffer.from(bytes).includes("1.2.826.2.5\0"));
    const cut = ct.map(([path, bytes], k) => [path, k === 3 ? bytes.subarray(0, 6000) : bytes] as const);
    const magnetic = phantomSeries({modality: "MR"}).map(({bytes}, k) => [`export/M${k}`, bytes] as const);
    const cases: [title: string, files: ExportedFiles, words: string][] = [
      ["PET", Object.fromEntries(ct), "A CT given as PET; give the PET series."],
      ["CT", Object.fromEntries(pet), "A PET given as CT; give the CT series."],
      ["PET", Object.fromEntries(magnetic), "An MR given as PET"],
      ["PET", Object.fromEntries(holed), "a slice is missing between"],
      ["CT", Object.fromEntries(cut), "I0003: is a damaged or truncated DICOM file (buffer overrun); copy it again."],
      ["PET", await otherPet({"0054,1001": ["CS", "PROPCPS"]}), "PROPCPS"],
      ["PET", await otherPet({"0054,1001": ["CS", "CNTS"]}), "CNTS"],
      ["PET", await otherPet({"0010,1030": ["DS", ""]}), "PatientWeight is missing"],
      ["PET", await otherPet(dose("")), "RadionuclideTotalDose is missing"],
      ["PET", await otherPet({"0028,0051": ["CS", "DECY"]}), "CorrectedImage"]
    ];
    await predicting(site, async (page) => {
      for (const [k, [title, files, words]] of cases.entries()) {
        await give(page, title, `case${k}`, files);
        await expectProblem(page, title, words);
        expect(await page.locator(".prediction").count()).toBe(0);
      }
      await dropFromDisk(page, ".drop-zone", [join(folder, "good/export")]);
      await page.waitForSelector(".prediction[data-variable=ct_signature]");
      expect(Number.isFinite(await signatureShown(page, "pet_signature"))).toBe(true);
    });
  }, 180_000);

  it("offers the series when there are several", async () => {
    const scout: DicomItem = {
      "0020,000E": ["UI", "1.2.826.9"],
      "0008,103E": ["LO", "Topogram"],
      "0018,0050": ["DS", 5]
    };
    const [{bytes}] = phantomSeries({slices: 1, more: scout});
    await writeExport(join(folder, "two"), {...plain, "export/S9/I0000": bytes});
    await predicting(site, async (page) => {
      await dropFromDisk(page, ".drop-zone", [join(folder, "two/export")]);
      await expectProblem(page, "CT", 'CT: 2 images were given, "CT AC" (20 files), "Topogram" (1 file); choose one.');
      await page.selectOption("select[name=ct-series]", {label: '"CT AC" (20 files)'});
      await page.waitForSelector(".prediction[data-variable=ct_signature]");
      expect(await slotStatus(page, "CT").innerText()).toContain("20 slices of 64 × 64");
    });
  }, 120_000);
});

describe("a DICOM mask that cannot be used", () => {
  it("gets one sentence, and the right one is taken after it", async () => {
    const square = (z: number, by = 0) => [0, 0, z, 30, 0, z, 30, 30, z, 0, 30, z].map((v, k) => (k % 3 === 0 ? v + by : v)); // prettier-ignore
    const region = (name: string, by = 0) => ({name, contours: [square(60, by), square(66, by)]});
    const blank = segFile({
      type: "BINARY",
      columns: 8,
      rows: 8,
      segments: ["GTV"],
      spacing: [4, 4],
      orientation: [1, 0, 0, 0, 1, 0],
      frames: [0, 1].map((k) => ({segment: 1, position: [0, 0, 60 + 6 * k], values: new Array<number>(64).fill(0)}))
    });
    const masks: ExportedFiles = {
      "away.dcm": rtStructFile([region("GTV", 4000)]),
      "blank.dcm": blank,
      "none.dcm": rtStructFile([]),
      "two.dcm": rtStructFile([region("GTVp"), region("GTVn", -40)])
    };
    await writeExport(join(folder, "masks"), masks);
    const cases = [
      ["away.dcm", "outside"],
      ["blank.dcm", "is empty on"],
      ["none.dcm", "holds no contours"],
      ["two.dcm", 'holds several contours ("GTVp", "GTVn"); write the tumour\'s into "Region of the file".']
    ] as const;
    await predicting(site, async (page) => {
      const ct = series("S1").map(([path]) => join(folder, "good", path));
      await page.setInputFiles("input[name=ct-files]", ct);
      for (const [name, words] of cases) {
        await page.setInputFiles("input[name=mask-files]", join(folder, "masks", name));
        await expectProblem(page, "Tumour mask", words);
        expect(await page.locator(".prediction").count()).toBe(0);
      }
      await page.fill("input[name=mask-region]", "gtvn");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".prediction[data-variable=ct_signature]");
      expect(Number.isFinite(await signatureShown(page, "ct_signature"))).toBe(true);
    });
  }, 120_000);
});
