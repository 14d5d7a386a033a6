import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const onPage = (use: (page: Page) => Promise<void>, address: string): Promise<string[]> => site.visiting(address, use);

const caption = (page: Page) => page.locator(".slice-browser figcaption").first().innerText();
const picture = (page: Page) => page.locator(".slice-browser .stage image").first().getAttribute("href");

describe("the page of signatures", () => {
  it("walks along the signature by keyboard, changes the window, finds a patient, and links to all of the patient", async () => {
    const column = site.cohort.variable("pet_signature");
    if (column.type !== "numeric") throw new Error("the PET signature is no number");
    const ranked = Array.from(column.values.keys())
      .filter((row) => !Number.isNaN(column.values[row]))
      .sort((a, b) => column.values[a] - column.values[b]);
    const faults = await onPage(async (page) => {
      await page.waitForSelector(".slice-browser .stage svg");
      expect(await caption(page)).toContain(`Patient ${site.cohort.patient(ranked.at(-1)!)}`);
      await page.locator("input[name=pet-rank]").focus();
      await page.keyboard.press("Home");
      expect(await caption(page)).toContain(`Patient ${site.cohort.patient(ranked[0])}`);
      expect(await caption(page)).toContain(`rank 1 of ${ranked.length} selected`);
      await page.keyboard.press("ArrowRight");
      expect(await caption(page)).toContain(`Patient ${site.cohort.patient(ranked[1])}`);
      const before = await picture(page);
      await page.selectOption("select[name=pet-window]", {label: "SUV 0–5"});
      expect(await picture(page)).not.toBe(before);
      expect(await caption(page)).toContain("Grey from 0 to 5 SUV");
      await page.fill("input[name=pet-to]", "-1");
      expect(await page.locator(".slice-browser").first().innerText()).toContain(
        "The first value must be below the second."
      );
      const wanted = site.cohort.patient(ranked[4]);
      await page.fill("input[name=pet-patient]", wanted);
      await page.keyboard.press("Enter");
      expect(await caption(page)).toContain(`Patient ${wanted}`);
      await page.fill("input[name=pet-patient]", "nobody");
      await page.keyboard.press("Enter");
      expect(await page.locator(".slice-browser").first().innerText()).toContain('the id "nobody"');
      await page.locator(".slice-browser a").first().click();
      await page.waitForSelector(".patient-details .stage image");
      expect(await page.locator(".patient-details h2").innerText()).toBe(`Patient ${wanted}`);
    }, "signatures.html");
    expect(faults).toEqual([]);
  }, 60_000);

  it("shows the patients selected in the address only, and their C as computed from them", async () => {
    const sex = site.cohort.variable("sex");
    const men = sex.type === "categorical" ? sex.codes.filter((c) => sex.levels[c]?.value === "male").length : 0;
    const faults = await onPage(async (page) => {
      await page.waitForSelector(".slice-browser .stage svg");
      expect(await page.locator(".signatures-page .status").innerText()).toContain(`${men} patients, `);
      const table = page.getByRole("region", {name: "Concordance of the PET signature"});
      const all = await table.locator("tr", {hasText: "All selected"}).first().innerText();
      expect(all.split("\t")[2]).toBe(String(men));
      expect(Number(await page.locator("input[name=pet-rank]").getAttribute("max"))).toBe(men);
    }, "signatures.html?in.sex=male");
    expect(faults).toEqual([]);
  }, 60_000);
});
