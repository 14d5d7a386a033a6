import {beforeAll, describe, expect, it} from "vitest";
import {mgusFiles} from "../components/mgusStudy.js";
import {withStudy} from "../study/studyFolder.js";
import {DRAWN} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";
import {violations} from "./violations.js";

// R's mgus2: a clinical table only, one endpoint with a competing event, one with late entry, one with both.
let site: Site;
beforeAll(async () => {
  const {files, description} = mgusFiles();
  site = await withStudy(files, (folder) => openSite({folder, name: "clinical"}), description);
});

/** What each page says of a study without images, expression, treatments, split and risk model. */
const pages: Record<string, RegExp> = {
  "index.html": /This study has no risk model/,
  "nomogram.html": /no fitted model, so there is no nomogram/,
  "survival.html": /Kaplan–Meier|Cumulative incidence/,
  "subgroups.html": /Hazard ratio|two groups/,
  "treatment.html": /treatment/i,
  "signatures.html": /This study has no images, so no network looked at anything/,
  "predict.html": /network/,
  "pathways.html": /gene expression/i,
  "patients.html": /1,?384 patients/,
  "query.html": /Ask anything/,
  "methods.html": /The study has no images/
};

describe("a study of one clinical table", () => {
  it("has every page, each saying what it lacks, without a fault", async () => {
    for (const [name, words] of Object.entries(pages)) {
      const faults = await site.visiting(
        name,
        async (page) => {
          await page.waitForLoadState("networkidle");
          expect(await page.locator(".observablehq--error").count(), name).toBe(0);
          expect(await page.locator("#observablehq-main").innerText(), name).toMatch(words);
          expect(await page.locator(".synthetic").count(), `${name}: banner`).toBe(0);
          expect(await violations(page), name).toEqual([]);
        },
        "#observablehq-main h1"
      );
      expect(faults, name).toEqual([]);
    }
  }, 120_000);

  it.each([
    ["progression", /Gray's test p/],
    ["late_progression", /Gray's test is not defined with late entry/]
  ])(
    "draws the cumulative incidence of a competing endpoint, filtered and at a landmark: %s",
    async (endpoint, said) => {
      const faults = await site.exploring(`?endpoint=${endpoint}&by=sex`, async (page) => {
        const main = page.locator("#observablehq-main");
        const figure = page.locator("figure", {hasText: "Cumulative incidence."});
        expect(await figure.isVisible()).toBe(true);
        expect(await page.locator("figure", {hasText: "Kaplan–Meier curves."}).isVisible()).toBe(false);
        expect(await figure.locator("svg").first().getAttribute("aria-label")).toMatch(
          /female: 631 patients, 59 events, \d+ competing/
        );
        expect(await main.innerText()).toMatch(said);
        expect(await main.innerText()).toMatch(/HR of the competing event/);
        await page.goto(`${site.url}survival.html?endpoint=${endpoint}&by=sex&to.age=60`);
        await page.waitForSelector(DRAWN);
        const column = site.cohort.variable("age");
        const young = column.type === "numeric" ? column.values.filter((age) => age <= 60).length : 0;
        expect(await figure.locator("figcaption").innerText()).toContain(`n = ${young}`);
        expect(await figure.locator("svg path").count()).toBeGreaterThan(4);
        await page.goto(`${site.url}survival.html?endpoint=${endpoint}&by=sex&landmark=24`);
        await page.waitForSelector(DRAWN);
        expect(await figure.isVisible()).toBe(true);
      });
      expect(faults).toEqual([]);
    },
    60_000
  );

  it("compares the incidences and the time lost at the reader's own time, and hands them out", async () => {
    const faults = await site.exploring("?endpoint=progression&by=sex&horizon=100&band=hall-wellner", async (page) => {
      for (const kind of ["event", "competing event"]) {
        const table = page.getByRole("region", {name: `The ${kind}: time lost and differences in incidence`});
        expect(await table.innerText()).toMatch(/up to 100[\s\S]*by 100 months[\s\S]*reference[\s\S]*p [=<>]/);
      }
      expect(await page.locator("#observablehq-main").innerText()).toContain(
        "limits of cumulative incidences are pointwise"
      );
      const download = page.waitForEvent("download");
      await page.getByRole("button", {name: "Download CSV: Comparison of groups"}).click();
      expect((await download).suggestedFilename()).toBe("mgus-comparison.csv");
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
