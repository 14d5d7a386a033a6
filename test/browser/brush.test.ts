import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {BY_DUCKDB} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const onSurvival = (query: string, use: (page: Page) => Promise<void>): Promise<string[]> =>
  site.visiting(`survival.html${query}`, use, BY_DUCKDB);

const patients = async (page: Page) =>
  Number(/^(\d+) patients/.exec(await page.locator(".status").first().innerText())![1]);
const ages = () => {
  const column = site.cohort.variable("age");
  return column.type === "numeric" ? column.values : new Float64Array();
};

describe("the brush of a filter", () => {
  it("selects what lies under it while it is dragged, keeps it in the address, and is undone in one step", async () => {
    const faults = await onSurvival("?from.age=1", async (page) => {
      const box = (await page.locator('[data-variable="age"] .brush').boundingBox())!;
      const y = box.y + box.height / 3;
      await page.mouse.move(box.x + box.width * 0.98, y);
      await page.mouse.down();
      for (const share of [0.9, 0.8, 0.7, 0.6, 0.5]) {
        await page.mouse.move(box.x + box.width * share, y);
        await page.waitForTimeout(30);
      }
      expect(new URL(page.url()).search).not.toContain("to.age");
      await page.mouse.up();
      await page.waitForSelector(BY_DUCKDB);
      const to = Number(new URL(page.url()).searchParams.get("to.age"));
      const expected = ages().filter((age) => age <= to).length;
      expect(await patients(page)).toBe(expected);
      expect(expected).toBeLessThan(site.cohort.n);
      expect(await page.inputValue('input[name="to.age"]')).toBe(String(to));
      await page.getByRole("button", {name: "Undo"}).click();
      expect(await patients(page)).toBe(site.cohort.n);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("is worked by keys, and counts the levels of other filters under it", async () => {
    const faults = await onSurvival("?from.age=1&in.sex=male&in.sex=female", async (page) => {
      const count = (value: string) =>
        page.locator(`[data-variable="sex"] .choice:has(input[value="${value}"]) .count`);
      const before = [await count("male").innerText(), await count("female").innerText()].map(Number);
      expect(before[0] + before[1]).toBe(site.cohort.n);
      const handle = page.getByRole("slider", {name: "Age, lowest value"});
      await handle.focus();
      for (let k = 0; k < 12; k++) await page.keyboard.press("ArrowRight");
      await page.waitForSelector(BY_DUCKDB);
      const from = Number(new URL(page.url()).searchParams.get("from.age"));
      const left = ages().filter((age) => age >= from).length;
      expect(await patients(page)).toBe(left);
      expect(await handle.getAttribute("aria-valuenow")).toBe(String(from));
      const after = [await count("male").innerText(), await count("female").innerText()].map(Number);
      expect(after[0] + after[1]).toBe(left);
      // A box that is not ticked says how many it would bring.
      await page.locator('[data-variable="sex"] input[value="male"]').click();
      expect(Number(await count("male").innerText())).toBe(after[0]);
      expect(await patients(page)).toBe(after[1]);
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
