import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const onPage = (address: string, use: (page: Page) => Promise<void>): Promise<string[]> => {
  if (/^(survival|subgroups|treatment)/.test(address)) return site.exploring(address, use);
  const settled = async (page: Page) => {
    await page.waitForLoadState("networkidle");
    await use(page);
  };
  return site.visiting(address, settled, "figure.framed .stage svg");
};

/** Selected patients with follow-up, from the shortest to the longest. */
function men() {
  const sex = site.cohort.variable("sex");
  const {time, event} = site.cohort.followUp("os");
  if (sex.type !== "categorical") throw new Error("sex is no factor");
  return Array.from(time.keys())
    .filter((row) => sex.levels[sex.codes[row]]?.value === "male" && !Number.isNaN(time[row]))
    .sort((a, b) => time[a] - time[b])
    .map((row) => ({patient: site.cohort.patient(row), time: time[row], event: event[row]}));
}

describe("a patient in a figure", () => {
  it("is named where the follow-up ends on a survival curve, and opened by a click, the selection kept", async () => {
    const {patient, time, event} = men().at(-1)!;
    const faults = await onPage("survival.html?in.sex=male&by=", async (page) => {
      const figure = page.locator("figure.framed").first();
      // The last follow-up of all is where the curve ends: at the right end of the axis of time.
      const box = (await figure.locator(".stage svg").first().boundingBox())!;
      const tip = figure.locator(".patient-tip");
      for (let y = box.y + 28; y < box.y + 380 && (await tip.count()) === 0; y += 4)
        await page.mouse.move(box.x + box.width - 140, y);
      const said = `${patient}: All patients, ${event === 1 ? "event" : "censored"} at ${Number(time.toPrecision(3))} months`;
      expect(await tip.innerText()).toBe(said);
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForSelector(".patient-details");
      const query = new URL(page.url()).searchParams;
      expect([query.get("patient"), query.get("in.sex")]).toEqual([patient, "male"]);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("is walked to and opened by keyboard, with the downloads free of the mark", async () => {
    const faults = await onPage("survival.html?in.sex=male&by=", async (page) => {
      const figure = page.locator("figure.framed").first();
      await figure.getByRole("button", {name: /^Patients of the figure/}).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      expect(await figure.locator(".patient-tip").innerText()).toContain(men()[1].patient);
      expect(await figure.locator("svg .patient-mark, svg .patient-tip").count()).toBe(0);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".patient-details");
      expect(await page.locator(".patient-details h2").innerText()).toBe(`Patient ${men()[1].patient}`);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it.each([
    ["signatures.html", /^Distribution of the PET signature/],
    ["pathways.html", /^Expression by group/],
    ["pathways.html", /^Leading edge in the patients/],
    ["pathways.html", /^A gene set's score/],
    ["index.html", /^Test set/],
    ["subgroups.html", /^Curves by subgroup/],
    ["treatment.html", /^Treated and untreated within each risk group/],
    ["treatment.html", /^Effect along the risk score/],
    ["nomogram.html", /^Shape of /]
  ])(
    "can be pointed at in every figure of single patients: %s, %s",
    async (address, title) => {
      const faults = await onPage(address, async (page) => {
        const figure = page.locator("figure.framed", {has: page.locator("figcaption", {hasText: title})}).first();
        await figure.locator(".stage:not([aria-busy]) svg").first().waitFor();
        const walk = figure.getByRole("button", {name: /^Patients of the figure/});
        await walk.waitFor();
        await walk.focus();
        await page.keyboard.press("ArrowRight");
        const tip = figure.locator(".patient-tip");
        const patient = (await tip.innerText()).split(":")[0];
        expect(site.cohort.rowOf(patient)).not.toBeNull();
        // The mark is on the drawing, and the pointer finds the same place.
        const mark = (await figure.locator(".patient-mark").boundingBox())!;
        const drawing = (await figure.locator(".stage svg").first().boundingBox())!;
        const [x, y] = [mark.x + mark.width / 2, mark.y + mark.height / 2];
        expect(x > drawing.x && x < drawing.x + drawing.width && y > drawing.y && y < drawing.y + drawing.height).toBe(true); // prettier-ignore
        await walk.evaluate((button) => (button as HTMLElement).blur());
        await page.mouse.move(x, y);
        expect(await tip.innerText()).not.toBe("");
      });
      expect(faults).toEqual([]);
    },
    60_000
  );
});
