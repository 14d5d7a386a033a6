import {existsSync} from "node:fs";
import {mkdtemp, readFile, rm, truncate, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {niftiFile} from "../imaging/niftiFile.js";
import {openSite, sitePatients, type Site} from "./openSite.js";
import {expectProblem, predicting, signatureShown, slotStatus} from "./predictSite.js";
import {violations} from "./violations.js";

let site: Site;
let images: string;
let folder: string;
beforeAll(async () => {
  site = await openSite();
  images = join(await embeddedStudy(silent, sitePatients), "images");
  folder = await mkdtemp(join(tmpdir(), "predict-"));
});
afterAll(async () => {
  if (folder && existsSync(folder)) await rm(folder, {recursive: true});
});

/** A patient the networks were not trained on: the published signature is by the same network as the page's. */
function testPatient(): {id: string; row: number} {
  const {split} = site.study;
  const set = site.cohort.variable(split!.variable);
  if (set.type !== "categorical") throw new Error("The split has no levels.");
  const row = set.codes.findIndex((code) => set.levels[code]?.value === split!.test);
  return {id: site.cohort.patient(row), row};
}

const fileOf = (kind: string) => join(images, `${testPatient().id}_${kind}`);
const give = (page: Page, slot: string, ...paths: string[]) => page.setInputFiles(`input[name=${slot}-files]`, paths);
const answered = (page: Page, n: number) => page.waitForSelector(`.reader-images[data-answered="${n}"]`);

describe("a reader's own image", () => {
  it("gets the loader's signatures, without one request", async () => {
    await predicting(site, async (page) => {
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await give(page, "pet", fileOf("pet.nii.gz"), fileOf("pet.json"));
      await give(page, "ct", fileOf("ct.nii.gz"));
      await give(page, "mask", fileOf("mask.nii.gz"));
      await page.waitForSelector(".prediction[data-variable=ct_signature]");
      for (const id of ["pet_signature", "ct_signature"]) {
        const column = site.cohort.variable(id);
        if (column.type !== "numeric") throw new Error(`${id} is no number`);
        expect(Math.abs((await signatureShown(page, id)) - column.values[testPatient().row])).toBeLessThan(1e-4);
      }
      const volume = site.cohort.variable("tumour_volume");
      if (volume.type !== "numeric") throw new Error("the volume is no number");
      const row = page.locator(".prediction").first().locator("tr", {hasText: "Tumour volume"});
      expect(parseFloat(await row.locator("td").innerText())).toBeCloseTo(volume.values[testPatient().row], 1);
      expect(await page.locator(".predicted-survival .status").innerText()).toMatch(/1-year \d/);
      expect(await violations(page)).toEqual([]);
      expect(requests.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:"))).toEqual([]);
    });
  }, 120_000);

  it("is outlined from the keyboard, at the percentage typed", async () => {
    await predicting(site, async (page) => {
      await give(page, "pet", fileOf("pet.nii.gz"), fileOf("pet.json"));
      const canvas = page.locator("canvas.pickable");
      await canvas.focus();
      await page.keyboard.press("Enter");
      await answered(page, 1);
      const loose = parseFloat((await slotStatus(page, "Tumour mask").innerText()).split(": ")[1]);
      await page.fill("input[name=share]", "60");
      await canvas.focus();
      await page.keyboard.press("Enter");
      await answered(page, 2);
      const tight = parseFloat((await slotStatus(page, "Tumour mask").innerText()).split(": ")[1]);
      expect(tight).toBeGreaterThan(0);
      expect(tight).toBeLessThan(loose);
      expect(await canvas.getAttribute("aria-label")).toContain("tumour outlined");
      await page.fill("input[name=share]", "0");
      await canvas.focus();
      await page.keyboard.press("Enter");
      await expectProblem(page, "Tumour mask", "must be above 0%");
      expect(await page.locator(".prediction").count()).toBe(0);
    });
  }, 120_000);
});

describe("an image that cannot be used", () => {
  it("gets a sentence with its name, and the next one is read", async () => {
    const write = async (name: string, bytes: Uint8Array | string) => {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    };
    const pet = new Uint8Array(await readFile(fileOf("pet.nii.gz")));
    const empty = {dims: [8, 8, 8] as const, values: new Float32Array(512)};
    const away = niftiFile({...empty, values: empty.values.fill(1), sform: [1, 0, 0, 5000, 0, 1, 0, 0, 0, 0, 1, 0]});
    const fourth = niftiFile({...empty, values: new Float32Array(512)});
    new DataView(fourth.buffer).setInt16(40, 4, true);
    new DataView(fourth.buffer).setInt16(48, 3, true);
    const huge = await write("huge.nii", "");
    await truncate(huge, 2 ** 31 + 5);
    const cases: [slot: string, title: string, files: string[], words: string][] = [
      ["pet", "PET", [fileOf("ct.nii.gz"), fileOf("pet.json")], "A CT given as PET"],
      ["pet", "PET", [fileOf("pet.nii.gz")], "the facts that SUV needs are missing"],
      ["pet", "PET", [fileOf("pet.nii.gz"), await write("lean.json", '{"Units": "BQML"}')], "lean.json"],
      ["pet", "PET", [await write("cut.nii.gz", pet.subarray(0, 2000)), fileOf("pet.json")], "cut.nii.gz: truncated"],
      ["ct", "CT", [await write("scan.zip", "PK\u0003\u0004")], "scan.zip: is a zip archive"],
      ["ct", "CT", [await write("four.nii", fourth)], "four.nii: is not one 3-D volume"],
      ["ct", "CT", [huge], "huge.nii: is 2.1 GB, more than 2 GB"],
      ["ct", "CT", [await write("none.nii", "")], "none.nii: is empty"],
      [
        "ct",
        "CT",
        [fileOf("ct.nii.gz"), fileOf("pet.nii.gz")],
        `CT: 2 images were given, ${testPatient().id}_ct.nii.gz, ${testPatient().id}_pet.nii.gz; choose one.`
      ]
    ];
    await predicting(site, async (page) => {
      for (const [where, title, files, words] of cases) {
        await give(page, where, ...files);
        await expectProblem(page, title, words);
      }
      await give(page, "pet", fileOf("pet.nii.gz"), fileOf("pet.json"));
      await page.waitForSelector("canvas.pickable");
      await give(page, "mask", await write("blank.nii", niftiFile({...empty, values: new Float32Array(512)})));
      await expectProblem(page, "Tumour mask", "blank.nii: is empty");
      await give(page, "mask", await write("away.nii", away));
      await expectProblem(page, "Tumour mask", "away.nii: the tumour lies outside");
      await give(page, "mask", fileOf("mask.nii.gz"));
      await page.waitForSelector(".prediction");
      expect(Number.isFinite(await signatureShown(page, "pet_signature"))).toBe(true);
    });
  }, 180_000);
});
