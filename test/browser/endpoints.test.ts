import {readFile} from "node:fs/promises";
import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {defaultSelection} from "../../src/cohort/selection.js";
import {exclusionRemarks} from "../../src/components/exclusionRemarks.js";
import {BY_DUCKDB, changing, DRAWN, downloaded, expectSameNumbers, shownSelection} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";
import {violations} from "./violations.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const defined = "*1.first-chemotherapy.local_progression-death.distant_metastasis";
const asked = () => ({...defaultSelection(site.study), endpoint: defined});

/** Presses a key on a list until it shows a value. */
async function pressUntil(page: Page, name: string, value: string): Promise<void> {
  const list = page.locator(`select[name="${name}"]`);
  await list.focus();
  for (let k = 0; k < 30 && (await list.inputValue()) !== value; k++) await changing(page, () => page.keyboard.press("ArrowDown")); // prettier-ignore
  expect(await list.inputValue()).toBe(value);
}

describe("an endpoint of the reader's", () => {
  it("is defined by keyboard, undone and shared, and every number is of it", async () => {
    const faults = await site.exploring("", async (page) => {
      await pressUntil(page, "endpoint", "*");
      // Time zero to death is the study's own.
      expect(shownSelection(site.study, page).endpoint).toBe("*1.zero.death");
      await expectSameNumbers(site.cohort, page, {...asked(), endpoint: "*1.zero.death"});
      await pressUntil(page, "from", "first-chemotherapy");
      await pressUntil(page, "role-local_progression", "to");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("role-local_progression");
      const endpoint = "*1.first-chemotherapy.local_progression-death";
      expect(shownSelection(site.study, page)).toEqual({...asked(), endpoint});
      await expectSameNumbers(site.cohort, page, {...asked(), endpoint});
      const remarks = exclusionRemarks(site.cohort, {...asked(), endpoint});
      expect(remarks[0]).toMatch(/never had chemotherapy/);
      expect(await page.locator(".remarks li").first().innerText()).toBe(remarks[0]);
      const caption = await page.locator("figcaption").first().innerText();
      expect(caption).toContain("Chemotherapy to local progression or death");
      expect(caption).toContain("endpoint defined from chemotherapy to local progression or death");
      await changing(page, () => page.getByRole("button", {name: "Undo"}).click());
      expect(shownSelection(site.study, page).endpoint).toBe("*1.first-chemotherapy.death");
      expect(await page.inputValue('select[name="role-local_progression"]')).toBe("none");
      await changing(page, () => page.getByRole("button", {name: "Redo"}).click());
      expect(await page.inputValue('select[name="role-local_progression"]')).toBe("to");
      expect(await violations(page)).toEqual([]);
    });
    expect(faults).toEqual([]);
  }, 120_000);

  it("is refused without an event, in words, and what was shown stays", async () => {
    const faults = await site.exploring("?endpoint=*1.zero.death", async (page) => {
      const before = await page.locator("figcaption").first().innerText();
      await page.selectOption('select[name="role-death"]', "none");
      expect(await page.locator(".definition-field [role=status]").innerText()).toMatch(/needs an event/);
      expect(await page.locator("figcaption").first().innerText()).toBe(before);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("stands in captions, CSV, R script and methods of every page that takes one, and DuckDB derives it too", async () => {
    const words =
      "from chemotherapy to local progression or death, whichever came first; competing: distant metastasis; censored at the end of follow-up";
    for (const name of ["survival.html", "subgroups.html", "treatment.html"]) {
      const use = async (page: Page) => {
        expect(await page.locator(".explorer").getAttribute("data-checked-by")).toBe("duckdb");
        const captions = await page.locator("figure.framed:visible figcaption").allInnerTexts();
        expect(
          captions.some((caption) => caption.includes(`endpoint defined ${words}`)),
          name
        ).toBe(true);
        expect(await page.locator(".remarks").first().innerText(), name).toMatch(/never had chemotherapy/);
        const csv = (await downloaded(page, "Download CSV")).toString("utf8");
        expect(csv.split("\r\n")[0], name).toMatch(/,endpoint$/);
        if (csv.split("\r\n").length > 2) expect(csv, name).toContain(words);
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.locator('button:visible[aria-label^="Download R script"]').first().click()
        ]);
        const script = await readFile(await file.path(), "utf8");
        expect(script, name).toContain(`# The reader defined it: ${words}.`);
      };
      const faults = await site.visiting(`${name}?endpoint=${defined}&landmark=1`, use, BY_DUCKDB);
      expect(faults, name).toEqual([]);
    }
  }, 120_000);

  it("of a newer site says what is not known here, and the rest of the link lives", async () => {
    const faults = await site.exploring(
      "?endpoint=*1.first-surgery.death-brain_metastasis&in.sex=male",
      async (page) => {
        expect(await page.locator(".problem").allInnerTexts()).toEqual([
          'The link defines an endpoint by "brain_metastasis", a kind of event that this study does not have; it was left out.'
        ]);
        expect(await page.inputValue('select[name="from"]')).toBe("first-surgery");
        expect(await page.locator("figcaption").first().innerText()).toContain(
          "Surgery to death by Risk group; selection: Sex: Male"
        );
        await page.goto(`${site.url}survival.html?endpoint=*2.whatever`);
        await page.waitForSelector(DRAWN);
        expect(await page.locator(".problem").innerText()).toMatch(
          /which this site cannot read; the usual endpoint is shown/
        );
        expect(await page.locator("figcaption").first().innerText()).toContain("Overall survival");
      }
    );
    expect(faults).toEqual([]);
  }, 60_000);

  it("is counted on the pages that follow a selection without choosing an endpoint", async () => {
    const faults = await site.visiting(
      `patients.html?endpoint=${defined}`,
      async (page) => {
        expect(await page.locator(".selected-patients .status").innerText()).toMatch(
          /\d+ events? of Chemotherapy to local progression or death \(\d+ patients not in it\); all patients; endpoint defined from chemotherapy/
        );
      },
      "table.patients tbody th"
    );
    expect(faults).toEqual([]);
  }, 60_000);

  it("can be made anew in SQL: the events are a table of the page query", async () => {
    const sql = "SELECT count(*) AS n FROM events WHERE kind = 'death'";
    const faults = await site.visiting(
      `query.html?sql=${encodeURIComponent(sql)}`,
      async (page) => {
        await page.getByRole("button", {name: "Run", exact: true}).click();
        await page.waitForSelector('[data-state="done"]');
        const deaths = site.cohort.followUp("os").event.reduce((sum, e) => sum + e, 0);
        expect(await page.locator("table tbody td").first().innerText()).toBe(String(deaths));
      },
      "textarea[name=sql]"
    );
    expect(faults).toEqual([]);
  }, 60_000);
});
