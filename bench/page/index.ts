import {join} from "node:path";
import {buildSite} from "../../data-loaders/pipeline/build.js";
import {openBrowser} from "../../test/browser/openBrowser.js";
import {serveFolder} from "../../test/browser/serveFolder.js";
import {largePatient, measurePredict} from "./measurePredict.js";
import {measureNomogram} from "./measureNomogram.js";
import {filterTable} from "../filter/filterTable.js";
import {benchFolder, largeSite, smallTables} from "./largeSite.js";
import {measurePage} from "./measurePage.js";
import type {PageTimes} from "./measurePage.js";
import {repaintRows} from "./repaint.js";

const LARGE = 100_000;
const HUGE = 1_000_000;

/** One measured quantity beside what it is meant to be. */
export interface PageMeasure {
  readonly quantity: string;
  readonly measured: number;
  readonly target: number;
  readonly unit: "ms" | "MB" | "fps";
}

/**
 * The survival page in headless Chromium on loopback: first curve with a cold cache, bytes until then, and changes of
 * stratifier and filter, for the embedded study and for 100,000 patients. Prints a table.
 */
export async function benchPage(): Promise<PageMeasure[]> {
  const small = join(benchFolder, "site-embedded");
  const {n} = await buildSite({output: small});
  const large = await largeSite(LARGE);
  const measures = [
    ...rows(n, await median(small), 50),
    ...rows(LARGE, await median(large), 150),
    ...(await repaintRows(n, small)),
    ...(await repaintRows(LARGE, large)),
    ...(await repaintRows(HUGE, await largeSite(HUGE))),
    ...(await nomogramRows(n, small)),
    ...(await predictRows(small, benchFolder))
  ];
  printMeasures(measures);
  // The folders of the tables stand beside the sites that were built of them.
  const tables = [LARGE, HUGE].map((size) => join(benchFolder, `artifacts-${size}`));
  console.log(await filterTable([await smallTables(), ...tables]));
  return measures;
}

/** Frames a second are to be reached, all else not to be exceeded. */
export function printMeasures(measures: readonly PageMeasure[]): void {
  console.table(
    measures.map(({quantity, measured, target, unit}) => ({
      quantity,
      measured: `${measured.toFixed(unit === "MB" ? 2 : 0)} ${unit}`,
      target: target === Infinity ? "" : `${unit === "fps" ? "≥" : "≤"} ${target} ${unit}`,
      met: target === Infinity ? "" : (unit === "fps" ? measured >= target : measured <= target) ? "yes" : "NO"
    }))
  );
}

/** Of three visits, each with a browser of its own, the one with the middle time to the first curve. */
async function median(site: string): Promise<PageTimes> {
  const served = await serveFolder(site, "/supplement/rnpc/");
  const visits: PageTimes[] = [];
  for (let visit = 0; visit < 3; visit++) {
    const browser = await openBrowser();
    visits.push(await measurePage(browser, served.url));
    await browser.close();
  }
  await served.close();
  return visits.sort((a, b) => a.firstCurve - b.firstCurve)[1];
}

async function nomogramRows(n: number, site: string): Promise<PageMeasure[]> {
  const served = await serveFolder(site, "/supplement/rnpc/");
  const browser = await openBrowser();
  const times = await measureNomogram(browser, served.url);
  await browser.close();
  await served.close();
  const at = `n = ${n}: `;
  const ms = (quantity: string, measured: number, target = Infinity): PageMeasure => ({
    quantity: at + quantity,
    measured,
    target,
    unit: "ms"
  });
  return [
    ms("patient moved, script and layout, median", middle(times.patient), 16),
    ms("patient moved, slowest of 60", Math.max(...times.patient)),
    ms("patient moved at every frame, time between frames, median", middle(times.patientFrames)),
    ms("cut moved, script and layout, median", middle(times.cut), 16),
    ms("cut moved, slowest of 60", Math.max(...times.cut)),
    ms("cut moved at every frame, time between frames, median", middle(times.cutFrames)),
    ms("comparison of 5 models on the test set, 1,000 bootstraps in a worker", times.testBootstrap, 2000),
    ms("the same on the training set, with 5 × 1,000 refits", times.trainingBootstrap, 2000),
    ms("longest the page did not answer meanwhile", times.longestBlock)
  ];
}

/** The page `predict` on a CT and a PET of 200 slices each, five times over. */
async function predictRows(site: string, folder: string): Promise<PageMeasure[]> {
  const patient = await largePatient(folder);
  const served = await serveFolder(site, "/supplement/rnpc/");
  const browser = await openBrowser(["--js-flags=--expose-gc"]);
  const {drop, longestBlock, memory} = await measurePredict(browser, served.url, patient, 5);
  await browser.close();
  await served.close();
  const at = "predict, DICOM, CT 200 × 512 × 512 and PET 200 × 200 × 200: ";
  return [
    {
      quantity: `${at}drop to both numbers on wasm, slowest of 5`,
      measured: Math.max(...drop),
      target: 5000,
      unit: "ms"
    },
    {quantity: `${at}longest time without a frame`, measured: longestBlock, target: Infinity, unit: "ms"},
    {quantity: `${at}process at the most`, measured: memory.most, target: Infinity, unit: "MB"},
    {quantity: `${at}left after 5, all removed`, measured: memory.after - memory.before, target: 100, unit: "MB"}
  ];
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function rows(n: number, times: PageTimes, change: number): PageMeasure[] {
  const at = `n = ${n.toLocaleString("en-US")}`;
  const embedded = change === 50;
  return [
    {quantity: `${at}: first curve`, measured: times.firstCurve, target: embedded ? 1000 : Infinity, unit: "ms"},
    {
      quantity: `${at}: transferred before it`,
      measured: times.bytesToFirstCurve / 1e6,
      target: embedded ? 1.5 : Infinity,
      unit: "MB"
    },
    {quantity: `${at}: DuckDB answers after`, measured: times.duckdbReady, target: Infinity, unit: "ms"},
    {quantity: `${at}: stratifier to paint, median`, measured: middle(times.stratifier), target: change, unit: "ms"},
    {quantity: `${at}: stratifier, slowest`, measured: Math.max(...times.stratifier), target: Infinity, unit: "ms"},
    {quantity: `${at}: filter to paint, median`, measured: middle(times.filter), target: change, unit: "ms"},
    {quantity: `${at}: filter, slowest`, measured: Math.max(...times.filter), target: Infinity, unit: "ms"}
  ];
}
