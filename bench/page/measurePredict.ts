import {existsSync, readFileSync} from "node:fs";
import {rename, rm} from "node:fs/promises";
import {join} from "node:path";
import type {Browser, Page} from "playwright-core";
import {dropFromDisk, writeExport} from "../../test/browser/predictSite.js";
import {dicomPatient} from "../../test/imaging/dicomPatient.js";

/** As a PET/CT of the trunk comes: 200 slices of 512 × 512 and 200 of 200 × 200, 16 bits. */
const sizes = {
  ct: {columns: 512, slices: 200, pixelMm: 0.98, sliceMm: 3},
  pet: {columns: 200, slices: 200, pixelMm: 2.5, sliceMm: 3}
} as const;

export interface PredictTimes {
  /** From the drop to both numbers painted, of each prediction, in ms. */
  readonly drop: readonly number[];
  /** Longest time in which the page drew no frame meanwhile, in ms. */
  readonly longestBlock: number;
  /** Resident memory of the page's process in MB: networks ready, at the most, and after all was removed. */
  readonly memory: {readonly before: number; readonly most: number; readonly after: number};
}

/** The folder of the generated patient, written once. */
export async function largePatient(folder: string): Promise<string> {
  const target = join(folder, "patient-200");
  if (existsSync(target)) return join(target, "export");
  await rm(`${target}.part`, {recursive: true, force: true});
  await writeExport(`${target}.part`, await dicomPatient(sizes));
  await rename(`${target}.part`, target);
  return join(target, "export");
}

/**
 * Drops the same folder several times on the page `predict`, removes everything after each, and follows the memory of the
 * process in which page and worker run.
 */
export async function measurePredict(
  browser: Browser,
  site: string,
  patient: string,
  times: number
): Promise<PredictTimes> {
  const page = await browser.newPage({viewport: {width: 1440, height: 900}});
  // tsx marks inner functions with a helper that the page does not have.
  await page.addInitScript("globalThis.__name = (f) => f");
  await page.goto(`${site}predict.html`);
  await page.waitForSelector(".predict-page[data-ready]");
  const memory = await memoryOf(browser, page);
  const before = await memory.settled();
  await page.evaluate(watchAnswers);
  const drop: number[] = [];
  let longestBlock = 0;
  for (let time = 1; time <= times; time++) {
    await dropFromDisk(page, ".drop-zone", [patient]);
    await page.waitForFunction((n) => window.predictTimes.length === n, time, {timeout: 120_000});
    drop.push(await page.evaluate(() => window.predictTimes.at(-1)!));
    longestBlock = Math.max(longestBlock, await page.evaluate(() => window.longestBlock));
    for (const name of ["Remove PET", "Remove CT", "Remove Tumour mask"]) await page.click(`button:text-is("${name}")`);
  }
  const [most, after] = [memory.most(), await memory.settled()];
  await page.close();
  return {drop, longestBlock, memory: {before, most, after}};
}

declare global {
  interface Window {
    predictTimes: number[];
    longestBlock: number;
  }
}

/** In the page: notes the time from every drop to the frame after its answer. */
function watchAnswers(): void {
  window.predictTimes = [];
  window.longestBlock = 0;
  let dropped: number | null = null;
  let last = 0;
  const frame = (now: number) => {
    if (dropped !== null && last > 0) window.longestBlock = Math.max(window.longestBlock, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener("drop", () => (dropped = performance.now()), {capture: true});
  new MutationObserver(() =>
    requestAnimationFrame(() => {
      if (dropped === null || document.querySelectorAll(".prediction").length < 2) return;
      window.predictTimes.push(performance.now() - dropped);
      dropped = null;
    })
  ).observe(document.querySelector(".reader-images")!, {attributes: true, attributeFilter: ["data-answered"]});
}

/** Memory of the page's renderer, which holds its workers and their wasm too. */
async function memoryOf(browser: Browser, page: Page) {
  const devtools = await browser.newBrowserCDPSession();
  const {processInfo} = (await devtools.send("SystemInfo.getProcessInfo")) as {
    processInfo: {type: string; id: number}[];
  };
  const renderers = processInfo.filter(({type}) => type === "renderer");
  const status = (key: string) =>
    Math.max(
      ...renderers.map(({id}) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) / 1024) // prettier-ignore
    );
  return {
    most: () => status("VmHWM"),
    /** After collecting garbage on both sides, once the allocator has given back what it will. */
    async settled() {
      const session = await page.context().newCDPSession(page);
      for (let round = 0; round < 3; round++) {
        await session.send("HeapProfiler.collectGarbage");
        for (const worker of page.workers()) await worker.evaluate(() => (globalThis as {gc?: () => void}).gc?.());
        await page.waitForTimeout(1000);
      }
      await session.detach();
      return status("VmRSS");
    }
  };
}
