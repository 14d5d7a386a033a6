import {readFile} from "node:fs/promises";
import type {Page} from "playwright-core";
import {beforeAll, describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, withFilter} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {effectText} from "../../src/components/subgroups/forestPicture.js";
import {subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {treatmentAnswer} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {DRAWN, changing, shownSelection} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

/** Opens a page, uses it once its figures stand, and tells what went wrong on the way. */
const onPage = (path: string, use: (page: Page) => Promise<void>): Promise<string[]> => site.exploring(path, use);

/** Every line of the forest plot, as its texts. */
const lines = async (page: Page) =>
  page
    .locator("svg.forest [data-line]")
    .evaluateAll((nodes) => nodes.map((node) => ({key: node.getAttribute("data-line"), text: node.textContent})));

/** The lines drawn against the statistics on the same rows. */
async function expectForest(page: Page, selection: Selection): Promise<void> {
  const answer = subgroupAnswer(site.cohort, selection, rowMask(site.cohort, selection));
  const shown = await lines(page);
  const expected = answer.factors.flatMap(({variable, levels}) =>
    levels.map(({label, effect}) => ({key: `${variable.id}:${label}`, effect}))
  );
  expect(shown.map(({key}) => key)).toEqual(expected.map(({key}) => key));
  expected.forEach(({effect}, k) => expect(shown[k].text).toContain(effectText(effect)));
}

describe("the page of subgroups", () => {
  it("selects a line's patients by click and by keyboard, keeps the focus, and takes it back", async () => {
    const usual = defaultSelection(site.study);
    const faults = await onPage("subgroups.html", async (page) => {
      await expectForest(page, usual);
      const male = page.locator('[data-line="sex:Male"]');
      await changing(page, () => male.click());
      const men = withFilter(usual, "sex", {variable: "sex", levels: ["male"]});
      expect(shownSelection(site.study, page)).toEqual(men);
      await expectForest(page, men);
      expect(await page.locator('input[name="in.sex"][value=male]').isChecked()).toBe(true);
      expect(await male.getAttribute("aria-pressed")).toBe("true");
      expect(await male.evaluate((node) => node === document.activeElement)).toBe(true);
      await changing(page, () => page.keyboard.press("Enter"));
      expect(shownSelection(site.study, page)).toEqual(usual);
      await changing(page, () => page.keyboard.press(" "));
      expect(shownSelection(site.study, page)).toEqual(men);
      await changing(page, () => page.locator('input[name=set][value="test"]').check());
      const both = withFilter(men, "split", {variable: "split", levels: ["test"]});
      expect(shownSelection(site.study, page)).toEqual(both);
      await expectForest(page, both);
      await page.reload();
      await page.waitForSelector(DRAWN);
      await expectForest(page, both);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("sorts, draws the panels asked for, and keeps both in the address", async () => {
    const faults = await onPage("subgroups.html", async (page) => {
      await changing(page, () => page.selectOption("select[name=order]", "sorted"));
      await changing(page, () => page.selectOption("select[name=panels]", "t_stage"));
      expect(new URL(page.url()).hash).toBe("#order=sorted&panels=t_stage");
      const panels = page.locator(".stage > svg").nth(1);
      expect(await panels.getAttribute("aria-label")).toMatch(/in 4 panels\. rT1: /);
      const first = await lines(page);
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect(await lines(page)).toEqual(first);
      expect(await panels.getAttribute("aria-label")).toMatch(/in 4 panels\. rT1: /);
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", {name: "Download SVG: Subgroups"}).click()
      ]);
      expect(await readFile(await file.path(), "utf8")).not.toContain("var(");
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it.each([
    ["from.age=200", "No patient passes all filters; take one away."],
    ["in.risk_group=low", "Risk group makes 1 group of the selected patients (Low risk)"],
    ["by=t_stage", "rT stage makes 4 groups"],
    ["landmark=1000", "No patient passes all filters"]
  ])(
    "says in a sentence what cannot be shown, and lives on: %s",
    async (query, sentence) => {
      const faults = await onPage(`subgroups.html?${query}`, async (page) => {
        expect(await page.locator(".status").innerText()).toContain(sentence);
        await changing(page, () => page.selectOption("select[name=by]", "sex"));
        expect(await page.locator(".observablehq--error").count()).toBe(0);
      });
      expect(faults).toEqual([]);
    },
    60_000
  );
});

describe("the page of treatment", () => {
  it("shows the interaction of each treatment first, equal to the statistics core", async () => {
    const question = treatmentQuestion(site.study);
    if ("refusal" in question) throw new Error(question.refusal);
    const selection = defaultSelection(site.study);
    const {interactions} = treatmentAnswer(site.cohort, selection, rowMask(site.cohort, selection), question);
    const faults = await onPage("treatment.html", async (page) => {
      for (const {variable, interaction} of interactions) {
        if ((await page.locator("select[name=treatment]").inputValue()) !== variable.id)
          await changing(page, () => page.selectOption("select[name=treatment]", variable.id));
        const headline = page.locator(".headline-test");
        expect(await headline.innerText()).toContain(variable.label);
        if (interaction) expect(Number(await headline.getAttribute("data-p")) / interaction.p).toBeCloseTo(1, 9);
      }
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect(await page.locator("select[name=treatment]").inputValue()).toBe(interactions.at(-1)!.variable.id);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("weighs anew when a covariate or the landmark changes, and keeps both in the address", async () => {
    const faults = await onPage("treatment.html", async (page) => {
      const balance = page.locator('.stage > svg[aria-label^="Standardised mean"]');
      const before = await balance.getAttribute("aria-label");
      await changing(page, () => page.locator('input[name=covariate][value="t_stage"]').uncheck());
      const after = await balance.getAttribute("aria-label");
      expect(before).toContain("rT stage: rT1");
      expect(after).not.toContain("rT stage: rT1");
      const landmark = page.locator("input[name=landmark]");
      await changing(page, async () => {
        await landmark.fill("6");
        await landmark.press("Enter");
      });
      expect(await page.locator(".remarks").innerText()).toContain("still followed 6 months after");
      await page.reload();
      await page.waitForSelector(DRAWN);
      expect(await landmark.inputValue()).toBe("6");
      expect(await page.locator('input[name=covariate][value="t_stage"]').isChecked()).toBe(false);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it.each(["from.age=200", "in.surgery=yes", "in.risk_group=high", "landmark=1000", "from.age=66"])(
    "says in sentences what cannot be shown, and lives on: %s",
    async (query) => {
      const faults = await onPage(`treatment.html?${query}`, async (page) => {
        expect(await page.locator(".headline-test").innerText()).not.toContain("NaN");
        expect((await page.locator(".remarks").innerText()).length).toBeGreaterThan(50);
        await changing(page, () => page.selectOption("select[name=treatment]", "chemotherapy"));
        expect(await page.locator("#observablehq-main").innerText()).not.toMatch(/NaN|undefined|Infinity/);
      });
      expect(faults).toEqual([]);
    },
    60_000
  );
});
