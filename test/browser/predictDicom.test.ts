import {mkdtemp, rm, truncate, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {dicomPatient, type ExportedFiles, smallSizes} from "../imaging/dicomPatient.js";
import {niftiFile} from "../imaging/niftiFile.js";
import {openSite, type Site} from "./openSite.js";
import {
  dropFromDisk,
  expectProblem,
  predicting,
  signatureByLoader,
  signatureShown,
  slotStatus,
  writeExport
} from "./predictSite.js";

let site: Site;
let folder: string;
let plain: ExportedFiles;
const truth = {pet: NaN, ct: NaN};
beforeAll(async () => {
  site = await openSite();
  folder = await mkdtemp(join(tmpdir(), "predict-dicom-"));
  plain = await dicomPatient();
  await writeExport(join(folder, "plain"), plain);
  const files = Object.entries(plain).map(([name, bytes]) => ({name, bytes}));
  const mask = files.find(({name}) => name.includes("/S3/"))!;
  for (const [modality, series] of [
    ["pet", "/S2/"],
    ["ct", "/S1/"]
  ] as const) {
    // prettier-ignore
    truth[modality] = await signatureByLoader(modality, files.filter(({name}) => name.includes(series)), mask); // prettier-ignore
  }
});
afterAll(async () => {
  if (folder) await rm(folder, {recursive: true});
});

/** Both signatures are there and are the loader's. */
async function expectSignatures(page: Page): Promise<void> {
  await page.waitForSelector(".prediction[data-variable=ct_signature]");
  for (const modality of ["pet", "ct"] as const) {
    expect(Math.abs((await signatureShown(page, `${modality}_signature`)) - truth[modality])).toBeLessThan(1e-4);
  }
}

describe("a folder of DICOM files", () => {
  it("is dropped as it is, sorted by what each file says, and gives the loader's signatures", async () => {
    await predicting(site, async (page) => {
      await dropFromDisk(page, ".drop-zone", [join(folder, "plain/export")]);
      await expectSignatures(page);
      expect(await slotStatus(page, "PET").innerText()).toMatch(
        /^export\/S2: 24 slices of 48 × 48, read in .* BQML: dose decayed to the start of the series/
      );
      expect(await slotStatus(page, "CT").innerText()).toContain("export/S1: 20 slices of 64 × 64");
      expect(await slotStatus(page, "Tumour mask").innerText()).toMatch(/I0000: 2\d\.\d ml\.$/);
    });
  }, 120_000);

  it.each([
    ["JPEG-LS and JPEG 2000", {ct: "jpegLs", pet: "jpeg2000"}],
    ["JPEG lossless and RLE", {ct: "jpegLossless", pet: "rle"}]
  ] as const)(
    "gives the same, compressed without loss as %s",
    async (_, compression) => {
      const at = join(folder, compression.ct);
      await writeExport(at, await dicomPatient(smallSizes, compression));
      await predicting(site, async (page) => {
        await dropFromDisk(page, ".drop-zone", [join(at, "export")]);
        await expectSignatures(page);
      });
    },
    120_000
  );

  it("is dropped or chosen in parts, single files among them", async () => {
    const series = (name: string) => Object.keys(plain).filter((path) => path.includes(`/${name}/`)).map((path) => join(folder, "plain", path)); // prettier-ignore
    await predicting(site, async (page) => {
      await dropFromDisk(page, ".drop-zone", [...series("S3"), ...series("S2")]);
      await page.waitForSelector(".prediction[data-variable=pet_signature]");
      expect(await page.locator(".prediction").count()).toBe(1);
      await page.setInputFiles("input[name=ct-files]", series("S1"));
      await expectSignatures(page);
    });
  }, 120_000);
});

describe("a folder that holds the same twice", () => {
  it("offers the reader the choice, and takes the one chosen", async () => {
    const at = join(folder, "twice");
    await writeExport(at, plain);
    const mask = Object.keys(plain).find((path) => path.includes("/S3/"))!;
    await writeExport(at, {"export/copies/pet_mask_again": plain[mask]});
    await writeFile(join(at, "export/copies/ct.nii"), niftiFile({dims: [2, 2, 2], values: new Float32Array(8)}));
    await predicting(site, async (page) => {
      await dropFromDisk(page, ".drop-zone", [join(at, "export")]);
      await expectProblem(page, "CT", "CT: 2 images were given, ");
      await expectProblem(
        page,
        "Tumour mask",
        `2 files were given, ${mask}, export/copies/pet_mask_again; choose one.`
      );
      await page.selectOption("select[name=ct-series]", "0");
      await expect.poll(() => slotStatus(page, "CT").innerText()).toContain("export/S1: 20 slices of 64 × 64");
      await page.selectOption("select[name=mask-series]", {label: mask});
      await expectSignatures(page);
    });
  }, 120_000);
});

describe("what lies beside the images", () => {
  it("is named when it is left aside", async () => {
    const at = join(folder, "beside");
    await writeExport(at, plain);
    await writeFile(join(at, "export/report.bin"), "x");
    await writeFile(join(at, "export/all.zip"), "PK\u0003\u0004");
    await writeFile(join(at, "export/huge.dat"), "");
    await truncate(join(at, "export/huge.dat"), 2 ** 31 + 5);
    await predicting(site, async (page) => {
      await dropFromDisk(page, ".drop-zone", [join(at, "export")]);
      await expectSignatures(page);
      const said = await page.locator(".reader-images").innerText();
      expect(said).toContain("export/all.zip: is a zip archive; unpack it and give the files inside.");
      expect(said).toMatch(/export\/huge\.dat and 1 more: its name says neither PET nor CT nor mask/);
    });
  }, 120_000);
});
