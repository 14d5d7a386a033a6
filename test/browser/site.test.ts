import {join} from "node:path";
import type {Page} from "playwright-core";
import {beforeAll, describe, expect, it} from "vitest";
import {root} from "../../data-loaders/pipeline/project.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {adjustedAnswer} from "../../src/components/adjusted/adjustedAnswer.js";
import {formatInterval} from "../../src/components/formatting.js";
import {riskSets} from "../../src/components/riskSets.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {
  BY_DUCKDB,
  changing,
  curves,
  DRAWN,
  downloaded,
  expectSameNumbers,
  shownSelection,
  table
} from "./explorerPage.js";
import {watchedPage} from "./openBrowser.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";
import {violations} from "./violations.js";

/** Pages that ask DuckDB. */
const EXPLORERS = ["survival.html", "subgroups.html", "treatment.html"];
const PAGES = [
  "index.html",
  "nomogram.html",
  ...EXPLORERS,
  "signatures.html",
  "predict.html",
  "pathways.html",
  "patients.html",
  "query.html",
  "methods.html"
];

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

describe("every page", () => {
  // Structure depends on the width and colours on the scheme: each is looked at, not each of the one with each of the other.
  it.each([
    {scheme: "light", width: 390, then: []},
    {scheme: "dark", width: 1440, then: [2560]}
  ] as const)(
    "has no fault, no serious accessibility violation and no sideways scroll: $scheme, $width px, then $then",
    async ({scheme, width, then}) => {
      const options = {colorScheme: scheme, viewport: {width, height: 900}};
      await site.inContext(async (context) => {
        const {page, faults} = await watchedPage(context, site.url);
        for (const name of PAGES) {
          await page.setViewportSize({width, height: 900});
          await page.goto(site.url + name);
          await page.waitForSelector(EXPLORERS.includes(name) ? BY_DUCKDB : "#observablehq-main table");
          await page.waitForLoadState("networkidle");
          expect(await page.locator(".synthetic").count(), `${name}: banner`).toBe(site.study.synthetic ? 1 : 0);
          expect(await page.locator(".observablehq--error").count(), name).toBe(0);
          const icon = await page.locator("link[rel=icon]").getAttribute("href");
          expect(icon, `${name}: an icon that no server is asked for`).toMatch(/^data:image/);
          await expectNoSidewaysScroll(page, name);
          await page
            .locator("details.fold")
            .evaluateAll((all) => all.forEach((fold) => ((fold as HTMLDetailsElement).open = true)));
          expect(await violations(page), name).toEqual([]);
          const file = `${name.replace(".html", "")}-${scheme}-${width}.png`;
          await page.screenshot({path: join(root, "test/.work/screenshots", file), fullPage: true});
          for (const wider of then) {
            await page.setViewportSize({width: wider, height: 900});
            // Figures are drawn anew for the width in the frame after it is known.
            await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
            await expectNoSidewaysScroll(page, `${name}, ${wider} px`);
          }
          expect(faults, name).toEqual([]);
        }
      }, options);
    },
    240_000
  );
});

async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, `${name}: sideways scroll`).toBeLessThanOrEqual(0);
}

describe("the first page", () => {
  it("shows the C-index of the statistics core in each set beside the paper's, and the flow", async () => {
    await site.inContext(async (context) => {
      const {page, faults} = await watchedPage(context, site.url);
      await page.goto(`${site.url}index.html`);
      await page.waitForSelector(".stage > svg");
      const rows = await page.locator("#observablehq-main table tbody tr").allInnerTexts();
      const sets = riskSets(site.cohort);
      expect(rows.length).toBe(sets.length);
      sets.forEach(({label, concordance, set}, k) => {
        const {concordance: c, lower, upper, n, events} = concordance!;
        const [estimate, low, high] = [c, lower, upper].map((value) => value.toFixed(3));
        expect(rows[k].split("\t").slice(0, 4)).toEqual([label, `${n}`, `${events}`, `${estimate} (${low}–${high})`]);
        const paper = site.study.published!.figures.find((f) => f.quantity === "concordance" && f.set === set)!;
        expect(rows[k]).toContain(paper.estimate.toFixed(3));
      });
      expect(await page.locator(".flow").innerText()).toContain(`n = ${site.cohort.n}`);
      expect(faults).toEqual([]);
    });
  }, 60_000);
});

describe("the survival explorer", () => {
  it("shows the numbers of the statistics core for every variable, and each change changes curve, table and p", async () => {
    const faults = await site.exploring("", async (page) => {
      await expectSameNumbers(site.cohort, page, defaultSelection(site.study));
      const seen = async () => [
        await curves(page),
        await table(page),
        await page.locator(".test").getAttribute("data-p")
      ];
      let before = await seen();
      const ps = new Set([before[2]]);
      for (const {id} of site.study.variables.filter((v) => v.id !== defaultSelection(site.study).stratifyBy)) {
        await changing(page, () => page.selectOption("select[name=by]", id));
        expect(shownSelection(site.study, page).stratifyBy).toBe(id);
        await expectSameNumbers(site.cohort, page, {...defaultSelection(site.study), stratifyBy: id});
        const now = await seen();
        for (const k of [0, 1]) expect(now[k], id).not.toBe(before[k]);
        ps.add(now[2]);
        before = now;
      }
      // Two variables may make the same groups, as EBV DNA and its group do; not all may.
      expect(ps.size).toBeGreaterThan(site.study.variables.length / 2);
    });
    expect(faults).toEqual([]);
  }, 120_000);

  it("filters by any combination, keeps it over a reload, and says it in words", async () => {
    const sort = (type: string) => site.study.variables.filter((v) => v.type === type && v.origin === "measured");
    const [categorical, numeric] = [sort("categorical")[0], sort("numeric")[0]];
    const values = site.cohort.variable(numeric.id);
    if (values.type !== "numeric") throw new Error(`${numeric.id} is not numeric`);
    const from = Math.round(values.values.toSorted()[10]);
    const faults = await site.exploring("", async (page) => {
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
        ...defaultSelection(site.study),
        filters: [
          {variable: categorical.id, levels: categorical.levels!.slice(1).map(({value}) => value)},
          {variable: numeric.id, from, to: null}
        ]
      };
      expect(shownSelection(site.study, page)).toEqual(expected);
      await expectSameNumbers(site.cohort, page, expected);
      expect((await downloaded(page, "Download CSV")).toString("utf8")).not.toBe(everyone);
      expect(await page.locator("figcaption").first().innerText()).toContain(`${numeric.label} ≥ ${from}`);
      const before = [await table(page), await curves(page)];
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect([await table(page), await curves(page)]).toEqual(before);
      expect(await bound.inputValue()).toBe(String(from));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("compares with the group of the reader's choice, which the link keeps", async () => {
    const usual = defaultSelection(site.study);
    const turned = {...usual, reference: "high"};
    const faults = await site.exploring("", async (page) => {
      await changing(page, () => page.selectOption("select[name=reference]", "high"));
      expect(shownSelection(site.study, page)).toEqual(turned);
      const [{group, hazardRatio}] = survivalAnswer(site.cohort, turned, rowMask(site.cohort, turned)).hazardRatios;
      expect(group).toBe("Low risk");
      expect(await page.locator(".explorer .status").first().innerText()).toContain(`HR ${hazardRatio.toFixed(2)}`);
      await changing(page, () => page.selectOption("select[name=by]", "sex"));
      expect(shownSelection(site.study, page).reference).toBeNull();
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("fits the reader's own Cox model of the groups beside other variables, and keeps it in the address", async () => {
    const section = (page: Page) => page.locator("section.adjusted");
    const faults = await site.exploring("", async (page) => {
      expect(await section(page).locator("figure").isVisible()).toBe(false);
      await changing(page, () => section(page).locator("input[value=age]").check());
      await changing(page, () => section(page).locator("input[value=n_stage]").check());
      const usual = defaultSelection(site.study);
      const rows = rowMask(site.cohort, usual);
      const covariates = site.study.variables.filter(({id}) => ["age", "n_stage"].includes(id));
      const found = adjustedAnswer(site.cohort, rows, survivalAnswer(site.cohort, usual, rows), covariates)!;
      const {hazardRatio, lower, upper} = found.terms[0].lines[1];
      const words = await section(page).locator(".adjusted-words").innerText();
      expect(words).toContain(`beside the others: HR ${formatInterval(hazardRatio, lower, upper)}`);
      await changing(page, () => page.selectOption("select[name=by]", "age"));
      expect(await section(page).locator("input[value=age]").count()).toBe(0);
      await changing(page, () => page.selectOption("select[name=by]", usual.stratifyBy!));
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect(await section(page).locator(".adjusted-words").innerText()).toBe(words);
      expect(new URL(page.url()).hash).toContain("adjust=");
    });
    expect(faults).toEqual([]);
  }, 90_000);

  it("paints last what was selected last, however fast the reader changes it, and goes back and forth", async () => {
    const numeric = site.study.variables.find((v) => v.type === "numeric" && v.origin === "measured")!;
    const column = site.cohort.variable(numeric.id);
    if (column.type !== "numeric") throw new Error(`${numeric.id} is not numeric`);
    const ascending = column.values.toSorted();
    const bounds = Array.from({length: 30}, (_, k) => ascending[(k * 7) % 30]);
    const faults = await site.exploring("", async (page) => {
      await changing(page, () => page.selectOption("select[name=add-filter]", numeric.id));
      const drawn = Number(await page.locator(".explorer").getAttribute("data-drawn"));
      await page.locator(`input[name="from.${numeric.id}"]`).evaluate((input: HTMLInputElement, values) => {
        for (const value of values) {
          input.value = String(value);
          input.dispatchEvent(new Event("change"));
        }
      }, bounds);
      await page.waitForSelector(`.explorer[data-drawn="${drawn + bounds.length}"]`);
      const filtered = (from: number): Selection => ({
        ...defaultSelection(site.study),
        filters: [{variable: numeric.id, from, to: null}]
      });
      await expectSameNumbers(site.cohort, page, filtered(bounds.at(-1)!));
      await changing(page, () => page.locator("button[name=undo]").click());
      await expectSameNumbers(site.cohort, page, filtered(bounds.at(-2)!));
      await changing(page, () => page.keyboard.press("Control+z"));
      await expectSameNumbers(site.cohort, page, filtered(bounds.at(-3)!));
      expect(await page.locator(`input[name="from.${numeric.id}"]`).inputValue()).toBe(String(bounds.at(-3)));
      await changing(page, () => page.keyboard.press("Control+Shift+z"));
      await changing(page, () => page.locator("button[name=redo]").click());
      await expectSameNumbers(site.cohort, page, filtered(bounds.at(-1)!));
      const query = new URL(page.url()).search;
      await page.locator("#observablehq-sidebar a[href*=subgroups]").evaluate((link: HTMLElement) => link.click());
      await page.waitForURL(/subgroups/);
      expect(new URL(page.url()).search).toBe(query);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("answers the same before DuckDB has arrived and after, and says who checked it", async () => {
    const {id, levels} = site.study.variables.find((v) => v.type === "categorical" && v.origin === "measured")!;
    const query = `?in.${id}=${encodeURIComponent(levels![0].value)}&landmark=3`;
    await site.inContext(async (context) => {
      const {page, faults} = await watchedPage(context, site.url);
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route(/duckdb-eh.*\.wasm/, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${site.url}survival.html${query}`);
      await page.waitForSelector('.explorer[data-checked-by="nobody"] .stage svg');
      const seen = async () => [
        await table(page),
        await curves(page),
        (await downloaded(page, "Download CSV")).toString()
      ];
      const byPage = await seen();
      expect(await page.locator("figcaption").first().innerText()).toContain("this page's own code");
      release();
      await page.waitForSelector(BY_DUCKDB);
      expect(await seen()).toEqual(byPage);
      expect(await page.locator("figcaption").first().innerText()).toMatch(
        /Rows selected by this page's own code and checked by DuckDB v\d/
      );
      expect(faults).toEqual([]);
    });
  }, 60_000);

  it("says what of a broken link it cannot use and shows the rest", async () => {
    const faults = await site.exploring("?by=shoe_size&in.height=3&landmark=soon", async (page) => {
      const said = await page.locator(".problem").allInnerTexts();
      expect(said.length).toBe(3);
      expect(said[0]).toContain('"shoe_size"');
      await expectSameNumbers(site.cohort, page, defaultSelection(site.study));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("can be worked by keyboard, and the control in use keeps the focus", async () => {
    const faults = await site.exploring("", async (page) => {
      const by = page.locator("select[name=by]");
      await by.focus();
      await changing(page, () => page.keyboard.press("ArrowDown"));
      expect(await by.evaluate((node) => node === document.activeElement)).toBe(true);
      const order: string[] = [];
      for (let k = 0; k < 16; k++) {
        await page.keyboard.press("Tab");
        order.push(await page.evaluate(() => document.activeElement!.textContent ?? ""));
      }
      for (const name of ["Copy link to this selection", "SVG", "PNG, 300 dpi", "CSV"]) expect(order).toContain(name);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("hands out the figure as an SVG that stands alone and a PNG of 300 dots an inch", async () => {
    const faults = await site.exploring("", async (page) => {
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
      const drawn = await page
        .locator(".stage > svg")
        .first()
        .evaluate((node) => node.clientWidth);
      expect(png.readUInt32BE(16)).toBe(Math.round((drawn * 300) / 96));
      expect(await page.locator(".stage > svg").first().getAttribute("aria-label")).toMatch(
        /^Kaplan–Meier curves of .*\d+ patients/
      );
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
