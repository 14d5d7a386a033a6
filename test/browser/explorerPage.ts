import {readFile} from "node:fs/promises";
import type {Page} from "playwright-core";
import {expect} from "vitest";
import type {StudyDescription} from "../../src/cohort/description.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import type {Selection} from "../../src/cohort/selection.js";
import {readSelection} from "../../src/cohort/selectionUrl.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalCsv} from "../../src/components/survivalCsv.js";

/** The explorer once all its figures stand; DuckDB, which takes longer, may still be on its way. */
export const DRAWN = ".explorer[data-drawn]:not([aria-busy=true]):not(:has([aria-busy=true]))";

/** The explorer once DuckDB has answered. */
export const BY_DUCKDB = '.explorer[data-checked-by="duckdb"]';

/** Waits until what a change leads to is drawn. */
export async function changing(page: Page, change: () => Promise<unknown>): Promise<void> {
  const explorer = page.locator(".explorer");
  const before = Number(await explorer.getAttribute("data-drawn"));
  await change();
  await page.waitForFunction(
    (n) => Number(document.querySelector<HTMLElement>(".explorer")!.dataset.drawn) > n,
    before
  );
  // The address is written once that frame is painted.
  await page.evaluate(
    () => new Promise<void>((next) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(next))))
  );
}

/** The curves as the page hands them out. */
export async function downloaded(page: Page, kind: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", {name: kind}).first().click()
  ]);
  return readFile(await file.path());
}

/**
 * The CSV the page would hand out now, caught on its way to the browser: after ten downloads of one page Chromium asks
 * the reader whether to allow more.
 */
async function offeredCsv(page: Page): Promise<string> {
  await page.evaluate(() => {
    const holder = window as unknown as {offered: Promise<string>};
    const {createObjectURL} = URL;
    URL.createObjectURL = (blob: Blob) => {
      holder.offered = blob.text();
      URL.createObjectURL = createObjectURL;
      return "#";
    };
  });
  await page.getByRole("button", {name: "Download CSV"}).first().click();
  return page.evaluate(() => (window as unknown as {offered: Promise<string>}).offered);
}

export const shownSelection = (study: StudyDescription, page: Page) =>
  readSelection(new URL(page.url()).search, study).selection;
export const table = (page: Page) => page.locator("table.statistics").first().innerText();
export const curves = (page: Page) => page.locator(".stage > svg").first().innerHTML();

/** The page's curves, counts and p against the statistics on the same rows. */
export async function expectSameNumbers(cohort: Cohort, page: Page, selection: Selection): Promise<void> {
  const answer = survivalAnswer(cohort, selection, rowMask(cohort, selection));
  expectSameCsv(await offeredCsv(page), survivalCsv(answer));
  const rows = await page.locator(".findings + .results table.statistics tbody tr").all();
  const shown = await Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
  expect(shown.map(([n, events]) => [n, events])).toEqual(answer.groups.map((g) => [String(g.n), String(g.events)]));
  const p = page.locator(".test[data-p]");
  expect(await p.count()).toBe(answer.logRank ? 1 : 0);
  if (answer.logRank) expect(Number(await p.getAttribute("data-p")) / answer.logRank.p).toBeCloseTo(1, 12);
}

/** Text and counts alike; numbers too, but for the last digits, in which Chromium's exp and log differ from Node's. */
function expectSameCsv(actual: string, expected: string): void {
  const cells = (csv: string) => csv.trimEnd().split(/[,\r\n]+/);
  const [found, wanted] = [cells(actual), cells(expected)];
  expect(found.length).toBe(wanted.length);
  const differ = wanted.filter((cell, k) => {
    if (found[k] === cell) return false;
    return !(Math.abs(Number(found[k]) - Number(cell)) <= 1e-12 * Math.abs(Number(cell)));
  });
  expect(differ).toEqual([]);
}
