import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {NAMED} from "../../src/cohort/selection.js";
import {BY_DUCKDB, changing, DRAWN, expectSameNumbers, shownSelection} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";
import {violations} from "./violations.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

/** The explorer with DuckDB on its way. */
const checkedExplorer = (query: string, use: (page: Page) => Promise<void>): Promise<string[]> =>
  site.visiting(`survival.html${query}`, use, DRAWN);
const status = (page: Page) => page.locator(".status").first().innerText();
const patientsShown = async (page: Page) => Number(/^(\d+) patient/.exec(await status(page))?.[1] ?? 0);
const checked = (page: Page) => page.waitForSelector(BY_DUCKDB);

/** Types a name and presses Enter. */
async function keepAs(page: Page, name: string): Promise<void> {
  await page.fill('input[name="selection-name"]', name);
  await changing(page, () => page.keyboard.press("Enter"));
}

describe("named selections", () => {
  it("are kept by name, compared as groups, and come back from the link and the browser", async () => {
    const faults = await site.exploring("?in.sex=female", async (page) => {
      await keepAs(page, "Women");
      await changing(page, () => page.locator('input[name="in.sex"][value="male"]').check());
      await changing(page, () => page.locator('input[name="in.sex"][value="female"]').uncheck());
      await keepAs(page, "Men");
      expect(await page.locator("ul.named").first().locator("li b").allInnerTexts()).toEqual(["Women", "Men"]);
      await changing(page, () => page.getByRole("button", {name: "Compare them as groups"}).click());
      const selection = shownSelection(site.cohort.study, page);
      expect(selection.stratifyBy).toBe(NAMED);
      expect(selection.filters).toEqual([]);
      await expectSameNumbers(site.cohort, page, selection);
      expect(await page.locator(".results table.statistics tbody th").allInnerTexts()).toEqual(
        expect.arrayContaining(["Women", "Men"])
      );
      expect(await violations(page)).toEqual([]);
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect(shownSelection(site.cohort.study, page)).toEqual(selection);
      expect(await page.inputValue('select[name="by"]')).toBe(NAMED);
      await changing(page, () => page.getByRole("button", {name: "Select Men"}).click());
      expect(await page.locator('input[name="in.sex"][value="male"]').isChecked()).toBe(true);
      await page.goto(`${site.url}survival.html`);
      await page.waitForSelector(DRAWN);
      await page.getByText("Kept in this browser (2)").click();
      await changing(page, () => page.getByRole("button", {name: "Add Women to these selections"}).click());
      expect(shownSelection(site.cohort.study, page).named.map(({name}) => name)).toEqual(["Women"]);
    });
    expect(faults).toEqual([]);
  }, 90_000);
});

describe("filters by id and alternatives", () => {
  it("find patients by a part of their id and select them, or leave them out", async () => {
    const {cohort} = site;
    const faults = await checkedExplorer("?by=", async (page) => {
      await changing(page, () => page.selectOption('select[name="add-filter"]', "patient"));
      expect(await patientsShown(page)).toBe(cohort.n);
      await page.fill('input[name="search.id"]', cohort.patient(3).toLowerCase());
      await changing(page, () => page.keyboard.press("Enter"));
      await page.fill('textarea[name="id"]', `${cohort.patient(3)}, ${cohort.patient(5)}\nnobody`);
      await changing(page, () => page.keyboard.press("Tab"));
      expect(await page.locator(".id-status").innerText()).toBe("2 patients of the study; not in it: nobody");
      expect(await patientsShown(page)).toBe(2);
      await changing(page, () => page.locator('[name="not.patient"]').check());
      expect(await patientsShown(page)).toBe(cohort.n - 2);
      await checked(page);
      await expectSameNumbers(cohort, page, shownSelection(cohort.study, page));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("select who passes one alternative, checked by DuckDB; an empty one adds nobody", async () => {
    const {cohort} = site;
    const faults = await checkedExplorer("?by=&in.sex=male&from.age=40", async (page) => {
      const men = await patientsShown(page);
      await page.getByRole("button", {name: "Either … or …"}).click();
      expect(await patientsShown(page)).toBe(men);
      await changing(page, () => page.selectOption('select[name="any1.add-filter"]', "age"));
      await page.fill('input[name="any1.from.age"]', "60");
      await changing(page, () => page.keyboard.press("Tab"));
      const older = await patientsShown(page);
      await changing(page, () => page.selectOption('select[name="any2.add-filter"]', "patient"));
      const young = Array.from({length: cohort.n}, (_, row) => row).find((row) => {
        const [age, sex] = [cohort.variable("age"), cohort.variable("sex")];
        if (age.type !== "numeric" || sex.type !== "categorical") return false;
        return age.values[row] >= 40 && age.values[row] < 60 && sex.levels[sex.codes[row]]?.value === "male";
      })!;
      await page.fill('textarea[name="any2.id"]', cohort.patient(young));
      await changing(page, () => page.keyboard.press("Tab"));
      expect(await patientsShown(page)).toBe(older + 1);
      await checked(page);
      const selection = shownSelection(cohort.study, page);
      expect(selection.anyOf.length).toBe(2);
      await expectSameNumbers(cohort, page, selection);
      expect(await violations(page)).toEqual([]);
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect(await patientsShown(page)).toBe(older + 1);
      await changing(page, () => page.getByRole("button", {name: "Remove this alternative"}).last().click());
      expect(await patientsShown(page)).toBe(older);
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
