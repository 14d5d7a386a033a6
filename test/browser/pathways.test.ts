import {readFile} from "node:fs/promises";
import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {bareP} from "../../src/components/formatting.js";
import {setLabel} from "../../src/components/pathways/pathwayDots.js";
import {overRepresentation} from "../../src/enrichment/overRepresentation.js";
import type {PublishedPathways} from "../../src/enrichment/publishedPathways.js";
import type {GeneSet} from "../../src/enrichment/readGeneSets.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const onPage = (use: (page: Page) => Promise<void>, query = ""): Promise<string[]> =>
  site.visiting(`pathways.html${query}`, use, ".pathways-page[data-expression=ready]");

/** A file of the site, as the page has read it. */
async function published<T>(page: Page, name: string): Promise<T> {
  const text = await page.evaluate(async (start) => {
    const {name: address} = performance.getEntriesByType("resource").find((entry) => entry.name.includes(start))!;
    return (await fetch(address)).text();
  }, `/data/${name}.`);
  return JSON.parse(text) as T;
}

const state = (page: Page) => page.locator(".pathways-page").getAttribute("data-state");

describe("the page of pathways", () => {
  it("opens a gene set by key and a gene by name, each with its patients' survival", async () => {
    const faults = await onPage(async (page) => {
      const rows = page.locator(".set-row");
      await rows.nth(1).focus();
      await page.keyboard.press("Enter");
      const label = (await rows.nth(1).getAttribute("aria-label"))!.split(":")[0];
      expect(await rows.nth(1).getAttribute("aria-pressed")).toBe("true");
      await page.getByRole("heading", {name: `Gene set: ${label}`}).waitFor();
      expect(await page.locator("figcaption", {hasText: `Survival by score of ${label}`}).count()).toBe(1);
      const gene = page.locator(".chips button").first();
      const name = await gene.innerText();
      await gene.click();
      await page.getByRole("heading", {name: `Gene: ${name}`}).waitFor();
      await page.fill("input[name=gene]", "nosuchgene");
      await page.locator("input[name=gene]").press("Tab");
      expect(await page.locator(".search small").innerText()).toContain('"nosuchgene" was not tested');
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("recomputes for groups that the reader draws, and refuses those that are too small in a sentence", async () => {
    const faults = await onPage(async (page) => {
      expect(await state(page)).toBe("published");
      await page.selectOption("select[name=compare-by]", "ebv_group");
      await page.getByRole("button", {name: "Recompute for these groups"}).click();
      await page.waitForSelector(".pathways-page:is([data-state=recomputed], [data-state=refused])");
      expect(await state(page)).toBe("recomputed");
      expect(await page.locator(".pathways-page .comparison-status").innerText()).toMatch(
        /^Detectable \(\d+ samples\) against Undetectable/
      );
      await page.selectOption("select[name=compare-high]", {index: 0});
      await page.selectOption("select[name=compare-low]", {index: 0});
      await page.getByRole("button", {name: "Recompute for these groups"}).click();
      await page.waitForSelector(".pathways-page[data-state=refused]");
      expect(await page.locator(".pathways-page .comparison-status").innerText()).toContain(
        "each group needs at least 3"
      );
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("chooses genes by dragging in the volcano and by numbers, and says what sets they are of", async () => {
    const faults = await onPage(async (page) => {
      const volcano = page.locator("figure svg[aria-label^='Volcano plot']");
      const box = (await volcano.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.6, box.y + 5);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 5, box.y + box.height * 0.6, {steps: 4});
      await page.mouse.up();
      const head = page.locator(".gene-region h3").first();
      const dragged = Number((await head.innerText()).split(" ")[0]);
      expect(dragged).toBeGreaterThan(10);
      const [list] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", {name: "List of genes"}).click()
      ]);
      const genes = (await readFile(await list.path(), "utf8")).trim().split("\n");
      expect(genes.length).toBe(dragged);
      const {tests} = await published<PublishedPathways>(page, "pathways");
      const {sets} = overRepresentation(await published<GeneSet[]>(page, "gene-sets"), genes, tests!.genes.gene);
      const best = [...sets].sort((x, y) => x.p - y.p || y.foldEnrichment - x.foldEnrichment)[0];
      const cells = await page.locator(".gene-region tbody tr").first().locator("th, td").allInnerTexts();
      expect(cells.slice(0, 2)).toEqual([setLabel(best.name), `${best.overlap.length} of ${best.size}`]);
      expect(cells.slice(3)).toEqual([bareP(best.p), bareP(best.adjustedP)]);
      await page.fill("input[name=largest-p]", "1");
      await page.fill("input[name=least-change]", "0");
      await page.locator("input[name=least-change]").press("Enter");
      const all = Number((await head.innerText()).replace(",", "").split(" ")[0]);
      expect(all).toBeGreaterThan(dragged);
      await page.fill("input[name=least-change]", "99");
      await page.getByRole("button", {name: "Choose these genes"}).click();
      expect(await head.innerText()).toBe("0 genes chosen");
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("walks the heat map by keys, orders its patients by risk, and opens a gene from it", async () => {
    const faults = await onPage(async (page) => {
      const map = page.locator("svg[role=application]");
      await map.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      const label = (await map.getAttribute("aria-label"))!;
      expect(label).toMatch(/^\S+, .+: z −?[\d.]+; .*Risk score/);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", {name: `Gene: ${label.split(",")[0]}`}).waitFor();
      await page.selectOption("select[name=patient-order]", "score");
      await map.focus();
      const scores: number[] = [];
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press("ArrowRight");
        const said = (await map.getAttribute("aria-label"))!;
        scores.push(Number(/Risk score (−?[\d.]+)/.exec(said)![1].replace("−", "-")));
      }
      expect(scores).toEqual([...scores].sort((a, b) => a - b));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("fits survival on each gene and set, alone and beside the clinical terms, and opens what is pressed", async () => {
    const faults = await onPage(async (page) => {
      const section = page.locator(".survival-by-feature");
      const said = section.locator(".status");
      const done = () =>
        page.waitForFunction(() =>
          /models? of/.test(document.querySelector(".survival-by-feature .status")!.textContent!)
        );
      await done();
      const alone = await said.innerText();
      expect(alone).toMatch(/models of up to \d+ patients with \d+ events; \d+ with q < 0.05/);
      const first = section.locator("tbody tr").first();
      const name = await first.locator("button").innerText();
      const ratio = await first.locator("td").first().innerText();
      await page.selectOption("select[name=cox-beside]", "clinical");
      await done();
      await page.waitForFunction(
        (before) => document.querySelector(".survival-by-feature tbody td")?.textContent !== before,
        ratio
      );
      await page.selectOption("select[name=cox-beside]", "");
      await page.waitForFunction(
        (before) => document.querySelector(".survival-by-feature tbody td")?.textContent === before,
        ratio
      );
      await first.locator("button").click();
      await page.getByRole("heading", {name: `Gene: ${name}`}).waitFor();
      await page.selectOption("select[name=cox-of]", "set");
      await page.waitForFunction(() =>
        /like|random/.test(document.querySelector(".survival-by-feature tbody th")?.textContent ?? "")
      );
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("shows the patients behind a correlation", async () => {
    const faults = await onPage(async (page) => {
      const cells = page.locator(".correlations .cell");
      await cells.nth(5).focus();
      await page.keyboard.press("Enter");
      expect(await cells.nth(5).getAttribute("aria-pressed")).toBe("true");
      const r = (await cells.nth(5).innerText()).replace(" *", "");
      expect(await page.locator("figcaption", {hasText: "A gene set's score"}).innerText()).toContain(`r = ${r} `);
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
