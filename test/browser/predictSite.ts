import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import type {Page} from "playwright-core";
import {expect} from "vitest";
import {cpuSession} from "../../data-loaders/signatures/cpuSession.js";
import type {ImageBytes} from "../../src/imaging/dicomSeries.js";
import {networkInput} from "../../src/imaging/networkInput.js";
import {readPatientImage, readTumourMask} from "../../src/imaging/patientImage.js";
import {preprocessingOf, type PublishedNetworks, signatureOf} from "../../src/inference/publishedNetworks.js";
import type {ExportedFiles} from "../imaging/dicomPatient.js";
import type {Site} from "./openSite.js";
import {publishedFile} from "./publishedFile.js";

/** Opens the page `predict`, waits for its networks, and expects nothing to have gone wrong. */
export async function predicting(site: Site, use: (page: Page) => Promise<void>): Promise<void> {
  const faults = await site.visiting("predict.html", use, ".predict-page[data-ready]");
  expect(faults).toEqual([]);
}

/** What a slot says of its files. */
export const slotStatus = (page: Page, title: string) =>
  page.getByRole("group", {name: title, exact: true}).locator(".slot-status");

export const signatureShown = async (page: Page, variable: string) =>
  Number(await page.locator(`.prediction[data-variable=${variable}]`).getAttribute("data-signature"));

/** Waits until a slot names a problem with these words, one sentence. */
export async function expectProblem(page: Page, title: string, words: string): Promise<void> {
  // While a file is read the slot names it too: only what is marked as a problem counts.
  const problem = slotStatus(page, title).and(page.locator(".problem"));
  await expect.poll(() => problem.allInnerTexts(), {timeout: 30_000}).toEqual([expect.stringContaining(words)]);
  expect(await problem.innerText()).toMatch(/[.]$/);
}

/** Drags files and folders of the disk onto an element, as a hand does: Chromium opens them itself. */
export async function dropFromDisk(page: Page, selector: string, paths: readonly string[]): Promise<void> {
  await page.locator(selector).scrollIntoViewIfNeeded();
  const box = (await page.locator(selector).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const devtools = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const data = {items: [], files: [...paths], dragOperationsMask: 1};
    await devtools.send("Input.dispatchDragEvent", {type, x, y, data});
  }
  await devtools.detach();
}

/** Writes files below a folder. */
export async function writeExport(folder: string, files: ExportedFiles): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), bytes);
  }
}

/** The signature as the loader computes it from the same files with the site's own network. */
export async function signatureByLoader(
  modality: "pet" | "ct",
  files: readonly ImageBytes[],
  mask: ImageBytes
): Promise<number> {
  const networks = JSON.parse((await publishedFile("networks.")).toString("utf8")) as PublishedNetworks;
  const network = networks.find((one) => one.modality === modality)!;
  const preprocessing = preprocessingOf(network);
  const image = await readPatientImage(modality, {name: "image", files, sidecar: null, weightKg: null});
  const crop = networkInput(image, await readTumourMask(mask, null, image), preprocessing)!;
  const session = await cpuSession(new Uint8Array(await publishedFile(`${modality}.`)), preprocessing.inputPixels);
  try {
    return signatureOf((await session.run(crop.pixels, 1)).risk[0], network);
  } finally {
    await session.close();
  }
}
