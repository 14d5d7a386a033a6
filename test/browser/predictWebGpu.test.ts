import {join} from "node:path";
import type {Browser} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {openBrowser, watchedPage} from "./openBrowser.js";
import {openSite, sitePatients, type Site} from "./openSite.js";
import {signatureShown} from "./predictSite.js";

let site: Site;
let browser: Browser;
beforeAll(async () => {
  site = await openSite();
  // Chromium has a software adapter of WebGPU, which it offers only when told to.
  browser = await openBrowser(["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]);
});
afterAll(async () => {
  await browser?.close();
});

describe("the networks on WebGPU in the browser", () => {
  it("are passed over where the adapter is software; asked for, they give the loader's signature and fetch nothing more", async () => {
    const context = await browser.newContext({viewport: {width: 1440, height: 900}});
    const {page, faults} = await watchedPage(context, site.url);
    await page.goto(`${site.url}predict.html`);
    await page.waitForSelector(".predict-page[data-ready]", {timeout: 120_000});
    expect(await page.locator("table.facts tbody").innerText()).toContain("WebAssembly");
    expect(await page.locator(".predict-page").innerText()).toMatch(/WebGPU adapter \(.*\) is software/);
    await page.selectOption("select[name=provider]", "webgpu");
    await page.waitForURL(/provider=webgpu/);
    await page.waitForSelector(".predict-page[data-ready]", {timeout: 240_000});
    const rows = page.locator("table.facts tbody tr");
    for (const row of await rows.allInnerTexts()) expect(row).toMatch(/WebGPU \(/);
    expect(await rows.count()).toBe(2);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const row = testRow();
    const images = join(await embeddedStudy(silent, sitePatients), "images");
    const file = (kind: string) => join(images, `${site.cohort.patient(row)}_${kind}`);
    await page.setInputFiles("input[name=pet-files]", [file("pet.nii.gz"), file("pet.json")]);
    await page.setInputFiles("input[name=mask-files]", file("mask.nii.gz"));
    await page.waitForSelector(".prediction[data-variable=pet_signature]", {timeout: 120_000});
    const column = site.cohort.variable("pet_signature");
    if (column.type !== "numeric") throw new Error("pet_signature is no number");
    expect(Math.abs((await signatureShown(page, "pet_signature")) - column.values[row])).toBeLessThan(1e-4);
    expect(requests.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:"))).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  }, 480_000);
});

/** A patient the networks were not trained on: the published signature is by the same network as the page's. */
function testRow(): number {
  const {split} = site.study;
  const set = site.cohort.variable(split!.variable);
  if (set.type !== "categorical") throw new Error("The split has no levels.");
  return set.codes.findIndex((code) => set.levels[code]?.value === split!.test);
}
