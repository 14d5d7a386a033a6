import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {runBootstrapTask} from "../../src/components/nomogram/bootstrapTask.js";
import {cohortValue} from "../../src/components/nomogram/cohortValue.js";
import {cutAnswer} from "../../src/components/nomogram/cutAnswer.js";
import {bootstrapTask} from "../../src/components/nomogram/modelComparison.js";
import {horizonsOf} from "../../src/components/nomogram/nomogramExplorer.js";
import {patientSets} from "../../src/components/nomogram/patientSets.js";
import {performanceAnswer} from "../../src/components/nomogram/performanceAnswer.js";
import {predictedSummary} from "../../src/components/nomogram/predictedCurve.js";
import {sentenceOf} from "../../src/components/nomogram/cutCurves.js";
import {perYear} from "../../src/components/formatting.js";
import {predictCurve} from "../../src/survival/coxPrediction.js";
import {designRow} from "../../src/survival/publishedModel.js";
import type {PublishedModel} from "../../src/survival/publishedModel.js";
import {downloaded} from "./explorerPage.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

/** Opens the page, uses it, and tells what went wrong on the way. */
const onPage = (use: (page: Page) => Promise<void>): Promise<string[]> =>
  site.visiting("nomogram.html", use, ".nomogram-explorer[data-drawn] .nomogram");

const status = (page: Page) => page.locator(".nomogram-explorer .status").innerText();
const drawn = (page: Page) => page.locator(".nomogram-explorer").getAttribute("data-drawn");

/** What the page must say of a patient of the cohort. */
function predicted(model: PublishedModel, row: number): string {
  const endpoint = site.study.endpoints.find(({id}) => id === model.endpoint)!;
  const x = designRow(model, (variable) => cohortValue(site.cohort, variable, row));
  const years = horizonsOf(site.study, model);
  const {survival, lower, upper} = predictCurve(
    model.prediction,
    x,
    years.map((y) => y * perYear[endpoint.unit])
  );
  return predictedSummary(
    years.map((y, h) => ({years: y, survival: survival[h], lower: lower[h], upper: upper[h]})),
    endpoint
  );
}

describe("the nomogram", () => {
  it("predicts what the core predicts for a patient of the cohort, by every model", async () => {
    const faults = await onPage(async (page) => {
      await page.fill("input[name=load-patient]", site.cohort.patient(7));
      await page.locator("input[name=load-patient]").press("Tab");
      for (const model of site.models.models) {
        await page.selectOption("select[name=model]", model.id);
        expect(await status(page), model.label).toBe(predicted(model, 7));
      }
      await page.fill("input[name=load-patient]", "nobody");
      await page.locator("input[name=load-patient]").press("Tab");
      expect(await page.locator(".nomogram-explorer form").innerText()).toContain('There is no patient "nobody".');
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("follows keys, pointer and typing alike, and says when it extrapolates", async () => {
    const faults = await onPage(async (page) => {
      const knob = page.getByRole("slider", {name: /^Age/});
      const typed = page.locator("input[name='patient.age']");
      const before = {status: await status(page), value: Number(await typed.inputValue())};
      await knob.focus();
      await page.keyboard.press("ArrowRight");
      expect(Number(await typed.inputValue())).toBeGreaterThan(before.value);
      expect(await status(page)).not.toBe(before.status);
      expect(await knob.evaluate((node) => node === document.activeElement)).toBe(true);
      const box = (await knob.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + 120, box.y + box.height / 2, {steps: 5});
      await page.mouse.up();
      const dragged = Number(await typed.inputValue());
      expect(dragged).toBeGreaterThan(before.value);
      expect(Number(await knob.getAttribute("aria-valuenow"))).toBe(dragged);
      const count = Number(await drawn(page));
      await typed.fill("120");
      expect(Number(await drawn(page))).toBeGreaterThan(count);
      expect(await page.locator(".nomogram-explorer .remarks").innerText()).toMatch(/Age 120 lies beyond the training/);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("hands out the published model as it is", async () => {
    const faults = await onPage(async (page) => {
      const [model] = site.models.models;
      const file = await downloaded(page, `Download JSON: ${model.label}`);
      expect(JSON.parse(file.toString("utf8"))).toEqual(model);
      const script = (await downloaded(page, `Download R script: ${model.label}`)).toString("utf8");
      expect(script).toContain("coxph(Surv(time, event) ~ age + t_stage");
    });
    expect(faults).toEqual([]);
  }, 60_000);
});

describe("the comparison of the models", () => {
  it("shows the core's measures, and the limits of the same bootstrap run elsewhere", async () => {
    const {models} = site.models;
    const sets = patientSets(site.cohort);
    const set = sets.find(({id}) => id === "test")!;
    const endpoint = site.study.endpoints.find(({id}) => id === models[0].endpoint)!;
    const years = horizonsOf(site.study, models[0]);
    const year = years.includes(3) ? 3 : years[years.length - 1];
    const horizon = year * perYear[endpoint.unit];
    const answer = performanceAnswer(
      site.cohort,
      models,
      set.rows,
      years.map((y) => y * perYear[endpoint.unit]),
      horizon
    );
    const bootstrap = await runBootstrapTask(bootstrapTask(site.cohort, models, set, horizon));
    const faults = await onPage(async (page) => {
      await page.waitForSelector(".model-comparison[data-bootstrap=done]");
      const rows = await page.locator(".model-comparison table").first().locator("tbody tr").allInnerTexts();
      const shown = rows
        .find((row) => row.startsWith("Harrell's C"))!
        .split("\t")
        .slice(1);
      expect(shown).toEqual(
        answer.models.map(({concordance: c}) =>
          c ? `${c.concordance.toFixed(3)} (${c.lower.toFixed(3)}–${c.upper.toFixed(3)})` : "–"
        )
      );
      const differences = await page.locator(".model-comparison table").nth(1).locator("tbody tr").allInnerTexts();
      expect(differences).toHaveLength(models.length - 1);
      bootstrap.performance!.reclassification.forEach(({nri}, i) => {
        if (Number.isNaN(nri.lower)) return;
        expect(differences[i].replaceAll("−", "-")).toContain(`(${nri.lower.toFixed(3)}–${nri.upper.toFixed(3)})`);
      });
    });
    expect(faults).toEqual([]);
  }, 90_000);

  it("can be stopped and run again, and shows no limits in between", async () => {
    const faults = await onPage(async (page) => {
      await page.waitForSelector(".model-comparison[data-bootstrap=done]");
      await page.selectOption("select[name=set]", "training");
      await page.getByRole("button", {name: "Cancel"}).click();
      await page.waitForSelector(".model-comparison[data-bootstrap=cancelled]");
      const corrected = page.locator("tr", {hasText: "corrected for optimism"}).first();
      expect(await corrected.innerText()).toContain("…");
      await page.getByRole("button", {name: "Run the bootstrap"}).click();
      await page.waitForSelector(".model-comparison[data-bootstrap=done]");
      expect(await corrected.innerText()).toMatch(/0\.\d{3}/);
    });
    expect(faults).toEqual([]);
  }, 90_000);
});

describe("the cut of the risk score", () => {
  it("moves by key, says that it is exploratory, and comes back to the frozen one", async () => {
    const {riskModel} = site.study;
    const score = site.cohort.variable("risk_score");
    if (score.type !== "numeric") throw new Error("no score");
    const sets = patientSets(site.cohort);
    const expected = (cut: number) =>
      sets.map((set) => sentenceOf(cutAnswer(site.cohort, riskModel!.endpoint, score.values, set, cut)));
    const faults = await onPage(async (page) => {
      const line = page.locator(".cut-explorer .status");
      for (const sentence of expected(riskModel!.cut.value)) expect(await line.innerText()).toContain(sentence);
      expect(await line.innerText()).toContain("the frozen one");
      await page.getByRole("slider", {name: /^Cut of the risk score/}).focus();
      for (let k = 0; k < 8; k++) await page.keyboard.press("ArrowRight");
      await page.waitForFunction(
        (frozen) => Number(document.querySelector<HTMLElement>(".cut-explorer")!.dataset.cut) > frozen,
        riskModel!.cut.value
      );
      await page.waitForTimeout(100);
      const cut = Number(await page.locator(".cut-explorer").getAttribute("data-cut"));
      const said = await line.innerText();
      expect(said).toContain("exploratory");
      for (const sentence of expected(cut)) expect(said).toContain(sentence);
      await page.getByRole("button", {name: "Back to the frozen cut"}).click();
      await page.waitForFunction(
        (frozen) => Number(document.querySelector<HTMLElement>(".cut-explorer")!.dataset.cut) === frozen,
        riskModel!.cut.value
      );
    });
    expect(faults).toEqual([]);
  }, 60_000);
});
