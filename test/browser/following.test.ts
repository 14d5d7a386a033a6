import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

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

/** Filters by sex with the controls of the page; then only men are selected. */
async function selectMen(page: Page): Promise<void> {
  await page.locator("details.fold > summary").press("Enter");
  await page.selectOption("select[name=add-filter]", "sex");
  for (const {value} of site.study.variables.find(({id}) => id === "sex")!.levels!) {
    const box = page.locator(`input[name="in.sex"][value="${value}"]`);
    if (value !== "male") await box.uncheck();
  }
  await page.waitForFunction(() => location.search.includes("in.sex=male"));
}

describe("the filters of pages that compare no groups", () => {
  const ofMen = () => `${men(null)} patients, ${eventsOfMen()} events of Overall survival; Sex: Male.`;

  it("change the first page's table and curves in place, and are undone", async () => {
    const faults = await onPage("index.html", async (page) => {
      const table = page.getByRole("region", {name: "C-index by set"}).locator("tbody tr");
      const before = await table.allInnerTexts();
      await selectMen(page);
      expect(await page.locator(".selected-patients .status").innerText()).toBe(ofMen());
      expect((await table.first().innerText()).split("\t")[1]).toBe(String(men("training")));
      expect(await page.locator("figcaption").first().innerText()).toContain("Sex: Male");
      await page.locator("button[name=undo]").click();
      expect(await table.allInnerTexts()).toEqual(before);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("judge the models on others and keep the reader's set, horizon and cut: the nomogram's", async () => {
    const faults = await onPage("nomogram.html", async (page) => {
      await page.selectOption(".model-comparison select[name=set]", "training");
      await page.selectOption(".model-comparison select[name=horizon]", "1");
      await page.locator(".cut-explorer .knob").first().press("ArrowRight");
      const cut = () => page.locator(".cut-explorer").getAttribute("data-cut");
      await page.waitForFunction(() =>
        document.querySelector<HTMLElement>(".cut-explorer")!.innerText.includes("exploratory")
      );
      const moved = await cut();
      await selectMen(page);
      const text = await main(page);
      expect(text).toContain(`Training set, selected: ${men("training")} patients`);
      expect(text).toContain(`Selected: ${men(null)} patients with a score`);
      expect(await page.locator(".model-comparison select[name=horizon]").inputValue()).toBe("1");
      expect(await cut()).toBe(moved);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("change distributions, tables and slices: the signatures'", async () => {
    const faults = await onPage("signatures.html", async (page) => {
      await page.waitForSelector("input[name=pet-rank]");
      const slices = async () => Number(await page.locator("input[name=pet-rank]").getAttribute("max"));
      const all = await slices();
      const sex = site.cohort.variable("sex");
      if (sex.type !== "categorical") throw new Error("sex is no factor");
      const man = site.cohort.patient(sex.codes.findIndex((c) => sex.levels[c]?.value === "male"));
      await page.fill("input[name=pet-patient]", man);
      await page.keyboard.press("Enter");
      await page.selectOption("select[name=pet-window]", {label: "SUV 0–5"});
      await selectMen(page);
      expect(await slices()).toBeLessThan(all);
      expect(await slices()).toBeLessThanOrEqual(men(null));
      // What the reader looked at stays, with its window; the way on keeps the new selection.
      const browser = page.locator(".slice-browser").first();
      expect(await browser.locator("figcaption").innerText()).toContain(`Patient ${man}`);
      expect(await browser.locator("figcaption").innerText()).toContain("Grey from 0 to 5 SUV");
      expect(await page.locator("select[name=pet-window] option:checked").innerText()).toBe("SUV 0–5");
      await browser.getByRole("link", {name: "all of this patient"}).click();
      await page.waitForURL(/patients\.html\?.*in\.sex=male.*patient=/);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("leave a comparison as it is and say of whom, and change what is of the patients: that of pathways", async () => {
    const faults = await onPage("pathways.html", async (page) => {
      await page.waitForSelector(".pathways-page[data-expression=ready]");
      const sets = () =>
        page
          .locator("figcaption")
          .filter({hasText: /^Gene sets/})
          .innerText();
      const before = await sets();
      await selectMen(page);
      expect(await main(page)).toContain("It was made of all patients, not of those selected (Sex: Male)");
      expect(await sets()).toBe(before);
      const captions = await page.locator("figcaption").allInnerTexts();
      // Expression, heat map, correlations, and the curves split by the set and by the gene.
      expect(captions.filter((text) => /selection: Sex: Male/.test(text)).length).toBe(5);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("fill the table of patients and keep the one who is open in the address", async () => {
    const id = site.cohort.patient(4);
    const faults = await site.visiting(
      `patients.html?patient=${id}`,
      async (page) => {
        await selectMen(page);
        expect(Number(await page.locator("table.patients").getAttribute("aria-rowcount"))).toBe(men(null) + 1);
        expect(new URL(page.url()).searchParams.get("patient")).toBe(id);
        expect(await page.locator(".patient-details h2").innerText()).toBe(`Patient ${id}`);
      },
      ".patient-details"
    );
    expect(faults).toEqual([]);
  }, 60_000);

  it("fill the table selected of the SQL cell, whose query stays", async () => {
    const sql = "SELECT count(*) AS n FROM selected";
    const faults = await onPage(`query.html?sql=${encodeURIComponent(sql)}`, async (page) => {
      const run = async () => {
        await page.getByRole("button", {name: "Run", exact: true}).click();
        await page.waitForSelector('.query-page[data-state="done"]', {timeout: 30_000});
        return Number(await page.locator(".query-page table tbody tr").first().innerText());
      };
      expect(await run()).toBe(site.cohort.n);
      await selectMen(page);
      expect(await page.locator("textarea[name=sql]").inputValue()).toBe(sql);
      expect(await run()).toBe(men(null));
      expect(new URL(page.url()).searchParams.get("sql")).toBe(sql);
    });
    expect(faults).toEqual([]);
  }, 90_000);
});

describe("pages whose link holds a selection", () => {
  it("follow the selection of the link: the first page", async () => {
    const faults = await onPage("index.html?in.sex=male", async (page) => {
      expect(await page.locator(".selected-patients").innerText()).toContain(
        `${men(null)} patients, ${eventsOfMen()} events of Overall survival; Sex: Male.`
      );
      const rows = page.getByRole("region", {name: "C-index by set"}).locator("tbody tr");
      const cells = async (row: number) => (await rows.nth(row).innerText()).split("\t");
      expect((await cells(0))[1]).toBe(String(men("training")));
      expect((await cells(1))[1]).toBe(String(men("test")));
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
