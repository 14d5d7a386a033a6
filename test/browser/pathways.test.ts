import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {watchedPage} from "./openBrowser.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

async function onPage(use: (page: Page) => Promise<void>, query = ""): Promise<string[]> {
  return site.inContext(async (context) => {
    const {page, faults} = await watchedPage(context, site.url);
    await page.goto(`${site.url}pathways.html${query}`);
    await page.waitForSelector(".pathways-page[data-expression=ready]");
    await use(page);
    return faults;
  });
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
      expect(await page.locator(".pathways-page .status").first().innerText()).toMatch(
        /^Detectable \(\d+ samples\) against Undetectable/
      );
      await page.selectOption("select[name=compare-high]", {index: 0});
      await page.selectOption("select[name=compare-low]", {index: 0});
      await page.getByRole("button", {name: "Recompute for these groups"}).click();
      await page.waitForSelector(".pathways-page[data-state=refused]");
      expect(await page.locator(".pathways-page .status").first().innerText()).toContain("each group needs at least 3");
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
