import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {BY_DUCKDB, changing, DRAWN} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => (site = await openSite()), 600_000);

/** A page used from this address on, and what went wrong meanwhile. */
const onPage = (address: string, use: (page: Page) => Promise<void>): Promise<string[]> =>
  site.visiting(address, use, DRAWN);

/** Every element and text of the figures and tables, each element's attributes in the order of the alphabet. */
async function shown(page: Page): Promise<string[]> {
  await page.waitForSelector(BY_DUCKDB);
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  return page.evaluate(() => {
    const lines: string[] = [];
    const walk = (node: Node) => {
      if (node instanceof Text) lines.push(node.data);
      if (!(node instanceof Element)) return;
      const attributes = [...node.attributes]
        .filter(({name}) => name !== "style")
        .map(({name, value}) => `${name}=${value}`);
      lines.push(`<${node.tagName} ${attributes.sort().join(" ")}>`);
      node.childNodes.forEach(walk);
    };
    document.querySelectorAll(".stage, figcaption, .results, .remarks, .status, .table-room").forEach(walk);
    return lines.filter((line) => line !== "");
  });
}

/** Takes levels away one after the other until nobody is left, brings them back but the last, and moves a range. */
async function useFilters(page: Page): Promise<void> {
  const boxes = await page.locator('[data-variable="sex"] input[name="in.sex"]').all();
  for (const box of boxes) await changing(page, () => box.uncheck());
  await changing(page, () => boxes[0].check());
  const handle = page.getByRole("slider", {name: "Age, lowest value"});
  for (let k = 0; k < 3; k++) await changing(page, () => handle.press("ArrowRight"));
}

describe("figures and tables after many changes", () => {
  it.each(["survival", "subgroups", "treatment"])(
    "are what they would be had the page begun with the last: %s",
    async (name) => {
      const faults = await onPage(`${name}.html?in.sex=male&in.sex=female&from.age=1`, async (page) => {
        await useFilters(page);
        const [after, address] = [await shown(page), page.url()];
        expect(new URL(address).searchParams.getAll("in.sex")).toEqual(["male"]);
        const fresh = await onPage(address.slice(site.url.length), async (other) => {
          expect(after).toEqual(await shown(other));
        });
        expect(fresh).toEqual([]);
      });
      expect(faults).toEqual([]);
    },
    180_000
  );

  it("are the same elements, where the focus stays", async () => {
    const faults = await onPage("subgroups.html?from.age=1&in.sex=male&in.sex=female", async (page) => {
      const line = page.locator('svg.forest [data-line="n_stage:rN0"]');
      await line.evaluate((node) => Object.assign(node, {kept: true}));
      await line.focus();
      const handle = page.getByRole("slider", {name: "Age, lowest value"});
      const press = () =>
        handle.evaluate((node) => node.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"})));
      await changing(page, press);
      expect(await line.evaluate((node) => "kept" in node && node === document.activeElement)).toBe(true);
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
