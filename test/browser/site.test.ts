import {readdir, readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {join} from "node:path";
import type {Browser, BrowserContext, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {buildSite} from "../../data-loaders/pipeline/build.js";
import {root} from "../../data-loaders/pipeline/project.js";
import type {StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {readSelection} from "../../src/cohort/selectionUrl.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalCsv} from "../../src/components/survivalCsv.js";
import {openBrowser, watchedPage} from "./openBrowser.js";
import {serveFolder} from "./serveFolder.js";
import type {Served} from "./serveFolder.js";

/** Enough patients of the embedded study for a signature, and few enough for a quick build. */
const PATIENTS = 60;
const PAGES = ["index.html", "survival.html", "signatures.html", "methods.html"];
const BY_DUCKDB = '.explorer[data-answered-by="duckdb"]';

let served: Served;
let browser: Browser;
let cohort: Cohort;
let study: StudyDescription;

beforeAll(async () => {
  const folder = join(root, "test/.work/browser-site");
  await buildSite({patients: PATIENTS, output: folder});
  served = await serveFolder(folder, "/supplement/rnpc/");
  browser = await openBrowser();
  const files = await readdir(join(folder, "_file/data"));
  const read = (start: string) =>
    readFile(
      join(
        folder,
        "_file/data",
        files.find((name) => name.startsWith(start))!
      )
    );
  study = JSON.parse((await read("study")).toString("utf8")) as StudyDescription;
  cohort = readCohort(new Uint8Array(await read("cohort")), study);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

async function inContext<T>(use: (context: BrowserContext) => Promise<T>, options = {}): Promise<T> {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, ...options});
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

/** Opens the explorer, uses it, and tells what went wrong on the way. */
function exploring(query: string, use: (page: Page) => Promise<void>): Promise<string[]> {
  return inContext(async (context) => {
    const {page, faults} = await watchedPage(context, served.url);
    await page.goto(`${served.url}survival.html${query}`);
    await page.waitForSelector(BY_DUCKDB);
    await use(page);
    return faults;
  });
}

/** Waits until what a change leads to is drawn. */
async function changing(page: Page, change: () => Promise<unknown>): Promise<void> {
  const explorer = page.locator(".explorer");
  const before = Number(await explorer.getAttribute("data-drawn"));
  await change();
  await page.waitForFunction(
    (n) => Number(document.querySelector<HTMLElement>(".explorer")!.dataset.drawn) > n,
    before
  );
}

/** The curves as the page hands them out. */
async function downloaded(page: Page, kind: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", {name: kind}).click()]);
  return readFile(await file.path());
}

const answerTo = (selection: Selection) => survivalAnswer(cohort, selection, rowMask(cohort, selection));
const shownSelection = (page: Page) => readSelection(new URL(page.url()).search, study).selection;
const table = (page: Page) => page.locator("table.statistics").innerText();
const curves = (page: Page) => page.locator(".stage > svg").innerHTML();

/** The page's curves, counts and p against the statistics on the same rows. */
async function expectSameNumbers(page: Page, selection: Selection): Promise<void> {
  const answer = answerTo(selection);
  expectSameCsv((await downloaded(page, "Download CSV")).toString("utf8"), survivalCsv(answer));
  const rows = await page.locator("table.statistics tbody tr").all();
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

describe("every page", () => {
  it.each(["light", "dark"].flatMap((scheme) => [390, 1440].map((width) => ({scheme, width}))))(
    "has no fault, no serious accessibility violation and no sideways scroll: $scheme, $width px",
    async ({scheme, width}) => {
      const options = {colorScheme: scheme, viewport: {width, height: 900}, bypassCSP: true};
      await inContext(async (context) => {
        for (const name of PAGES) {
          const {page, faults} = await watchedPage(context, served.url);
          await page.goto(served.url + name);
          await page.waitForSelector(name === "survival.html" ? BY_DUCKDB : "#observablehq-main table");
          await page.waitForLoadState("networkidle");
          expect(faults, name).toEqual([]);
          expect(await page.locator(".synthetic").count(), `${name}: banner`).toBe(study.synthetic ? 1 : 0);
          expect(await page.locator(".observablehq--error").count(), name).toBe(0);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(overflow, `${name}: sideways scroll`).toBeLessThanOrEqual(0);
          expect(await violations(page), name).toEqual([]);
          const file = `${name.replace(".html", "")}-${scheme}-${width}.png`;
          await page.screenshot({path: join(root, "test/.work/screenshots", file), fullPage: true});
          await page.close();
        }
      }, options);
    },
    120_000
  );
});

interface AxeResults {
  violations: {id: string; impact: string | null; nodes: {html: string}[]}[];
}

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({path: createRequire(import.meta.url).resolve("axe-core/axe.min.js")});
  const {violations: found} = await page.evaluate(() =>
    (window as unknown as {axe: {run(): Promise<AxeResults>}}).axe.run()
  );
  return found
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" | ")}`);
}

describe("the survival explorer", () => {
  it("shows the numbers of the statistics core for every variable, and each change changes curve, table and p", async () => {
    const faults = await exploring("", async (page) => {
      await expectSameNumbers(page, defaultSelection(study));
      let before = [await curves(page), await table(page)];
      for (const {id} of study.variables.filter((v) => v.id !== defaultSelection(study).stratifyBy)) {
        await changing(page, () => page.selectOption("select[name=by]", id));
        expect(shownSelection(page).stratifyBy).toBe(id);
        await expectSameNumbers(page, {...defaultSelection(study), stratifyBy: id});
        const now = [await curves(page), await table(page)];
        expect(now[0], id).not.toBe(before[0]);
        expect(now[1], id).not.toBe(before[1]);
        before = now;
      }
    });
    expect(faults).toEqual([]);
  }, 120_000);

  it("filters by any combination, keeps it over a reload, and says it in words", async () => {
    const sort = (type: string) => study.variables.filter((v) => v.type === type && v.origin === "measured");
    const [categorical, numeric] = [sort("categorical")[0], sort("numeric")[0]];
    const values = cohort.variable(numeric.id);
    if (values.type !== "numeric") throw new Error(`${numeric.id} is not numeric`);
    const from = Math.round(values.values.toSorted()[10]);
    const faults = await exploring("", async (page) => {
      const everyone = (await downloaded(page, "Download CSV")).toString("utf8");
      await changing(page, () => page.selectOption("select[name=add-filter]", categorical.id));
      await changing(page, () => page.locator(`input[name="in.${categorical.id}"]`).first().uncheck());
      await changing(page, () => page.selectOption("select[name=add-filter]", numeric.id));
      const bound = page.locator(`input[name="from.${numeric.id}"]`);
      await changing(page, async () => {
        await bound.fill(String(from));
        await bound.press("Enter");
      });
      const expected: Selection = {
        ...defaultSelection(study),
        filters: [
          {variable: categorical.id, levels: categorical.levels!.slice(1).map(({value}) => value)},
          {variable: numeric.id, from, to: null}
        ]
      };
      expect(shownSelection(page)).toEqual(expected);
      await expectSameNumbers(page, expected);
      expect((await downloaded(page, "Download CSV")).toString("utf8")).not.toBe(everyone);
      expect(await page.locator("figcaption").innerText()).toContain(`${numeric.label} ≥ ${from}`);
      const before = [await table(page), await curves(page)];
      await page.reload();
      await page.waitForSelector(BY_DUCKDB);
      expect([await table(page), await curves(page)]).toEqual(before);
      expect(await bound.inputValue()).toBe(String(from));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("answers the same before DuckDB has arrived and after, and says who answered", async () => {
    const {id, levels} = study.variables.find((v) => v.type === "categorical" && v.origin === "measured")!;
    const query = `?in.${id}=${encodeURIComponent(levels![0].value)}&landmark=3`;
    await inContext(async (context) => {
      const {page, faults} = await watchedPage(context, served.url);
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route(/duckdb-eh.*\.wasm/, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${served.url}survival.html${query}`);
      await page.waitForSelector('.explorer[data-answered-by="page"] .stage svg');
      const seen = async () => [
        await table(page),
        await curves(page),
        (await downloaded(page, "Download CSV")).toString()
      ];
      const byPage = await seen();
      expect(await page.locator("figcaption").innerText()).toContain("this page's own code");
      release();
      await page.waitForSelector(BY_DUCKDB);
      expect(await seen()).toEqual(byPage);
      expect(await page.locator("figcaption").innerText()).toMatch(/Rows selected by DuckDB v\d/);
      expect(faults).toEqual([]);
    });
  }, 60_000);

  it("says what of a broken link it cannot use and shows the rest", async () => {
    const faults = await exploring("?by=shoe_size&in.height=3&landmark=soon", async (page) => {
      const said = await page.locator(".problem").allInnerTexts();
      expect(said.length).toBe(3);
      expect(said[0]).toContain('"shoe_size"');
      await expectSameNumbers(page, defaultSelection(study));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("can be worked by keyboard, and the control in use keeps the focus", async () => {
    const faults = await exploring("", async (page) => {
      const by = page.locator("select[name=by]");
      await by.focus();
      await changing(page, () => page.keyboard.press("ArrowDown"));
      expect(await by.evaluate((node) => node === document.activeElement)).toBe(true);
      const order: string[] = [];
      for (let k = 0; k < 12; k++) {
        await page.keyboard.press("Tab");
        order.push(await page.evaluate(() => document.activeElement!.textContent ?? ""));
      }
      for (const name of ["Copy link to this selection", "SVG", "PNG, 300 dpi", "CSV"]) expect(order).toContain(name);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("hands out the figure as an SVG that stands alone and a PNG of 300 dots an inch", async () => {
    const faults = await exploring("", async (page) => {
      const svg = (await downloaded(page, "Download SVG")).toString("utf8");
      const parsed = await page.evaluate((text) => {
        const document = new DOMParser().parseFromString(text, "image/svg+xml");
        return {
          error: document.querySelector("parsererror")?.textContent,
          paths: document.querySelectorAll("path").length
        };
      }, svg);
      expect(parsed.error).toBeUndefined();
      expect(parsed.paths).toBeGreaterThan(3);
      expect(svg).not.toContain("var(");
      expect(svg).not.toContain("currentColor");
      const png = await downloaded(page, "Download PNG");
      expect(png.subarray(37, 41).toString()).toBe("pHYs");
      expect(png.readUInt32BE(41)).toBe(11811);
      const drawn = await page.locator(".stage > svg").evaluate((node) => node.clientWidth);
      expect(png.readUInt32BE(16)).toBe(Math.round((drawn * 300) / 96));
      expect(await page.locator(".stage > svg").getAttribute("aria-label")).toMatch(
        /^Kaplan–Meier curves of .*\d+ patients/
      );
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
