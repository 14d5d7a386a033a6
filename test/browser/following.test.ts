import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const onPage = (address: string, use: (page: Page) => Promise<void>): Promise<string[]> =>
  site.visiting(
    address,
    async (page) => {
      await page.waitForLoadState("networkidle");
      await use(page);
    },
    ".selected-patients"
  );

const main = (page: Page) => page.locator("#observablehq-main").innerText();

/** Patients of a sex, and how many of them are in a set. */
function men(set: "training" | "test" | null): number {
  const sex = site.cohort.variable("sex");
  const split = site.cohort.variable(site.study.split!.variable);
  if (sex.type !== "categorical" || split.type !== "categorical") throw new Error("sex and split are no factors");
  return sex.codes.filter((code, row) => {
    const inSet = set === null || split.levels[split.codes[row]]?.value === site.study.split![set];
    return sex.levels[code]?.value === "male" && inSet;
  }).length;
}

/** Men with an event. */
function eventsOfMen(): number {
  const sex = site.cohort.variable("sex");
  const {event, time} = site.cohort.followUp("os");
  if (sex.type !== "categorical") throw new Error("sex is no factor");
  return sex.codes.filter((c, row) => sex.levels[c]?.value === "male" && event[row] === 1 && !Number.isNaN(time[row]))
    .length;
}

describe("pages without filters of their own", () => {
  it("follow the selection of the link: the first page", async () => {
    const faults = await onPage("index.html?in.sex=male", async (page) => {
      expect(await page.locator(".selected-patients").innerText()).toContain(
        `${men(null)} patients, ${eventsOfMen()} events of Overall survival; Sex: Male.`
      );
      const rows = page.getByRole("region", {name: "C-index by set"}).locator("tbody tr");
      const cells = async (row: number) => (await rows.nth(row).innerText()).split("\t");
      expect((await cells(0))[1]).toBe(String(men("training")));
      expect((await cells(1))[1]).toBe(String(men("test")));
      expect(await page.locator("a", {hasText: "Change the selection"}).getAttribute("href")).toContain("in.sex=male");
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("follow the selection of the link: the nomogram's", async () => {
    const faults = await onPage("nomogram.html?in.sex=male", async (page) => {
      const text = await main(page);
      expect(text).toContain(`${men(null)} patients, ${eventsOfMen()} events of Overall survival; Sex: Male.`);
      expect(text).toContain(`Test set, selected: ${men("test")} patients`);
      expect(text).toContain(`Selected: ${men(null)} patients with a score`);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("follow the selection of the link: that of pathways", async () => {
    const faults = await onPage("pathways.html?in.sex=male", async (page) => {
      await page.waitForSelector(".pathways-page[data-expression=ready]");
      expect(await main(page)).toContain("It was made of all patients, not of those selected (Sex: Male)");
      const captions = await page.locator("figcaption").allInnerTexts();
      const measured = captions.filter((text) => /with gene expression|^A gene set's score/.test(text));
      expect(measured.length).toBe(3);
      const sizes = measured.map((text) => Number(/selection: Sex: Male; n = (\d+)/.exec(text)![1]));
      expect(new Set(sizes).size).toBe(1);
      expect(sizes[0]).toBeLessThan(men(null));
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it.each(["index.html", "nomogram.html", "signatures.html", "pathways.html", "query.html"])(
    "say so in place when nobody or one patient is selected: %s",
    async (name) => {
      const one = site.cohort.patient(3);
      const nobody = await onPage(`${name}?from.age=200`, async (page) => {
        expect(await page.locator(".selected-patients").innerText()).toContain("0 patients");
        expect(await page.locator(".observablehq--error").count()).toBe(0);
      });
      expect(nobody, "nobody").toEqual([]);
      const single = await onPage(`${name}?id=${one}`, async (page) => {
        expect(await page.locator(".selected-patients").innerText()).toContain("1 patient, ");
        expect(await page.locator(".observablehq--error").count()).toBe(0);
      });
      expect(single, "one patient").toEqual([]);
    },
    60_000
  );
});
