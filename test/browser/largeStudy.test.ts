import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {beforeAll, describe, expect, it} from "vitest";
import type {StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {formatCount} from "../../src/components/formatting.js";
import {subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {effectAlongRisk, treatmentAnswer} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {usualCovariates, weightedTreatment} from "../../src/components/treatment/weightedTreatment.js";
import {BY_DUCKDB, changing, DRAWN, shownSelection} from "./explorerPage.js";
import {writeLargeCohort} from "./largeCohort.js";
import {watch} from "./openBrowser.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";
import {publishedFile} from "./publishedFile.js";

/** More than a page draws at once, and more than statistics take together in blocks. */
const N = 12_000;

let site: Site;
let cohort: Cohort;
let study: StudyDescription;
let files: {readonly study: Buffer; readonly cohort: Buffer};

// The pages of the tests' site, with the tables of many patients in place of its own.
beforeAll(async () => {
  site = await openSite();
  const folder = await mkdtemp(join(tmpdir(), "large-study-"));
  await writeFile(join(folder, "study.json"), await publishedFile("study"));
  await writeFile(join(folder, "cohort.arrow"), await publishedFile("cohort"));
  await writeLargeCohort(folder, folder, N);
  files = {study: await readFile(join(folder, "study.json")), cohort: await readFile(join(folder, "cohort.arrow"))};
  await rm(folder, {recursive: true});
  study = JSON.parse(files.study.toString("utf8")) as StudyDescription;
  cohort = readCohort(new Uint8Array(files.cohort), study);
});

/** Opens a page of the large study, uses it, and tells what went wrong on the way. */
const onPage = (address: string, ready: string, use: (page: Page) => Promise<void>): Promise<string[]> =>
  site.inContext(async (context) => {
    const page = await context.newPage();
    const faults = watch(page, site.url);
    await page.route(/_file\/data\/(study|cohort)\./, (route) =>
      route.fulfill(
        route.request().url().includes("/cohort.")
          ? {body: files.cohort, contentType: "application/octet-stream"}
          : {body: files.study, contentType: "application/json"}
      )
    );
    await page.goto(`${site.url}${address}`);
    await page.waitForSelector(ready, {timeout: 60_000});
    await use(page);
    return [...faults];
  });

/** What the page's address selects, computed here. */
function asked(page: Page) {
  const selection = shownSelection(study, page);
  const rows = rowMask(cohort, selection);
  const question = treatmentQuestion(study);
  if ("refusal" in question) throw new Error(question.refusal);
  return {selection, rows, question};
}

const caption = (page: Page, title: string) =>
  page.locator("figure.framed", {has: page.locator("figcaption strong", {hasText: title})}).locator("figcaption");

/** Everything on the treatments' page, what is computed last too, is of the selection in its address. */
async function expectTreatments(page: Page): Promise<void> {
  await page.waitForSelector(DRAWN);
  const {selection, rows, question} = asked(page);
  const [treatment] = question.treatments;
  const answer = treatmentAnswer(cohort, selection, rows, question);
  const {n, events} = answer.interactions[0].overall;
  expect(await page.locator(".status").first().innerText()).toBe(
    `${formatCount(n[0] + n[1])} patients, ${formatCount(events[0] + events[1])} events.`
  );
  const along = effectAlongRisk(cohort, selection, rows, treatment);
  // Of copies of few patients the effect may be infinite.
  const said = "reason" in along ? along.reason : `n = ${formatCount(along.value.n)}`;
  expect(await caption(page, "Effect along the risk score").innerText()).toContain(said);
  const covariates = usualCovariates(study);
  const weighted = weightedTreatment(cohort, selection, rows, {treatment, risk: question.risk, covariates});
  if ("reason" in weighted) throw new Error(weighted.reason);
  expect(await caption(page, "Balance of covariates").innerText()).toContain(
    `n = ${formatCount(weighted.value.weights.n)}.`
  );
}

describe("a study of many patients", () => {
  it("has every figure of the treatments' page follow a rapid series of changes, what takes long last", async () => {
    const faults = await onPage("treatment.html?in.sex=male&in.sex=female", BY_DUCKDB, async (page) => {
      await expectTreatments(page);
      const [male, female] = ["male", "female"].map((sex) => page.locator(`input[name="in.sex"][value=${sex}]`));
      await changing(page, () => male.uncheck());
      await expectTreatments(page);
      // As fast as a page can be told: what is computed later is of the last.
      await page.evaluate(() => {
        const box = (sex: string) => document.querySelector<HTMLInputElement>(`input[name="in.sex"][value=${sex}]`)!;
        for (const sex of ["male", "female", "female", "male", "male", "female"]) box(sex).click();
      });
      await expectTreatments(page);
      expect([await male.isChecked(), await female.isChecked()]).toEqual([true, false]);
      await page.waitForSelector(BY_DUCKDB);
    });
    expect(faults).toEqual([]);
  }, 120_000);

  it("has a forest whose counts are those of the selection, and stand clear of each other", async () => {
    const faults = await onPage("subgroups.html?age.from=50", DRAWN, async (page) => {
      const {selection, rows} = asked(page);
      const {overall} = subgroupAnswer(cohort, selection, rows);
      const line = await page.locator("svg.forest [data-line]").first().textContent();
      expect(overall!.n[0] + overall!.n[1]).toBeGreaterThan(5000);
      expect(await page.locator(".status").first().innerText()).toContain(
        `${formatCount(overall!.n[0] + overall!.n[1])} patients`
      );
      expect(line).not.toMatch(/\d{5}/);
    });
    expect(faults).toEqual([]);
  }, 120_000);

  it("names the patient that the arrow keys are at, of all the first whose follow-up ends", async () => {
    const faults = await onPage("survival.html", DRAWN, async (page) => {
      const figure = page.locator("figure.framed").first();
      await figure.getByRole("button", {name: /^Patients of the figure/}).focus();
      await page.keyboard.press("ArrowRight");
      const said = await figure.locator(".patient-tip").innerText();
      const [id] = said.split(":");
      const row = cohort.rowOf(id);
      expect(row).not.toBeNull();
      const {time} = cohort.followUp(study.endpoints[0].id);
      expect(time[row!]).toBe(Math.min(...time.filter((t) => t === t)));
    });
    expect(faults).toEqual([]);
  }, 120_000);

  it("lists all patients in any order, and draws those in view only", async () => {
    const faults = await onPage("patients.html", "table tbody tr", async (page) => {
      expect(await page.locator("#observablehq-main").innerText()).toContain(`${formatCount(N)} patients`);
      const first = async () => (await page.locator("table tbody").innerText()).trim().split("\n")[0];
      const sort = page.locator("th button.sort").first();
      await sort.click();
      const least = await first();
      await sort.click();
      expect(await first()).not.toBe(least);
      expect(await page.locator("table tbody tr").count()).toBeLessThan(200);
    });
    expect(faults).toEqual([]);
  }, 120_000);
});
