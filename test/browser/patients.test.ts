import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const onPage = (use: (page: Page) => Promise<void>, query = ""): Promise<string[]> =>
  site.visiting(`patients.html${query}`, use, "table.patients tbody th");

const firstId = (page: Page) => page.locator("table.patients tbody th").first().innerText();

describe("the table of patients", () => {
  it("sorts, searches, opens a patient by keyboard and keeps the patient in the address", async () => {
    const age = site.cohort.variable("age");
    if (age.type !== "numeric") throw new Error("age is no number");
    const faults = await onPage(async (page) => {
      expect(Number(await page.locator("table.patients").getAttribute("aria-rowcount"))).toBe(site.cohort.n + 1);
      const head = page.getByRole("button", {name: "Age, years"});
      await head.focus();
      await page.keyboard.press("Enter");
      const youngest = Array.from(age.values.keys()).reduce((a, b) => (age.values[b] < age.values[a] ? b : a));
      expect(await firstId(page)).toBe(site.cohort.patient(youngest));
      await page.keyboard.press("Enter");
      const oldest = Array.from(age.values.keys()).reduce((a, b) => (age.values[b] > age.values[a] ? b : a));
      expect(await firstId(page)).toBe(site.cohort.patient(oldest));
      const id = site.cohort.patient(9);
      await page.fill("input[name=search]", id.toLowerCase());
      expect(await page.locator(".patients-page .found").innerText()).toContain("1 patient with");
      await page.getByRole("button", {name: id, exact: true}).focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector(".patient-details");
      expect(await page.locator(".patient-details h2").innerText()).toBe(`Patient ${id}`);
      expect(await page.locator(".patient-details").innerText()).toContain(String(age.values[9]));
      expect(new URL(page.url()).searchParams.get("patient")).toBe(id);
      await page.reload();
      await page.waitForSelector(".patient-details");
      expect(await page.locator(".patient-details h2").innerText()).toBe(`Patient ${id}`);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("shows the selection of the address, and says what it cannot find", async () => {
    const faults = await onPage(async (page) => {
      expect(await page.locator(".selected-patients .status").innerText()).toContain("Sex: Male");
      expect(await page.locator(".problem").innerText()).toBe('There is no patient "nobody".');
      const sex = site.cohort.variable("sex");
      const men = sex.type === "categorical" ? sex.codes.filter((c) => sex.levels[c]?.value === "male").length : 0;
      expect(Number(await page.locator("table.patients").getAttribute("aria-rowcount"))).toBe(men + 1);
    }, "?in.sex=male&patient=nobody");
    expect(faults).toEqual([]);
  }, 60_000);
});
