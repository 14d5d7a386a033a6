import {beforeAll, describe, expect, it} from "vitest";
import {changing, curves, expectSameNumbers, shownSelection} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => (site = await openSite()), 600_000);

describe("the dragged cut", () => {
  it("moves by keys and by pointer; the curves follow, the address once the reader lets go", async () => {
    const faults = await site.exploring("?by=age", async (page) => {
      const knob = page.getByRole("slider", {name: /^Cut of the age/});
      const at = async () => Number(await knob.getAttribute("aria-valuenow"));
      const median = await at();
      await knob.focus();
      await changing(page, () => page.keyboard.press("ArrowRight"));
      const stepped = await at();
      expect(stepped).toBeGreaterThan(median);
      expect(await knob.evaluate((node) => node === document.activeElement)).toBe(true);
      const selection = shownSelection(site.study, page);
      expect(selection.cut).toEqual({rule: "at", values: [stepped]});
      await expectSameNumbers(site.cohort, page, selection);
      expect(await page.locator("input[name=cut-values]").inputValue()).toBe(String(stepped));

      const [before, address] = [await curves(page), page.url()];
      await knob.scrollIntoViewIfNeeded();
      const box = (await knob.boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x - 80, y, {steps: 4});
      await page.waitForFunction((old) => document.querySelector(".stage > svg")!.innerHTML !== old, before);
      expect(page.url()).toBe(address);
      await changing(page, () => page.mouse.up());
      const dragged = shownSelection(site.study, page);
      expect(dragged.cut).toEqual({rule: "at", values: [await at()]});
      expect(await at()).toBeLessThan(stepped);
      await expectSameNumbers(site.cohort, page, dragged);
    });
    expect(faults).toEqual([]);
  }, 90_000);
});
