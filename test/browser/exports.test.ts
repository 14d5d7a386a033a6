import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {defaultSelection} from "../../src/cohort/selection.js";
import {writeSelection} from "../../src/cohort/selectionUrl.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => (site = await openSite()), 600_000);

/** The address of those who are so old at least. */
const ofAge = (from: number) =>
  `?${writeSelection({...defaultSelection(site.study), filters: [{variable: "age", from, to: null}]}, site.study)}`;

interface Exported {
  readonly status: string;
  readonly caption: string;
  readonly script: string;
  readonly csv: string;
  readonly svg: string;
}

/** Moves the lower end of a range through some values and presses the downloads in the same breath, before any wait. */
const changedAndExported = (page: Page, variable: string, values: readonly number[]) =>
  page.evaluate(
    async ({name, ends}): Promise<Exported> => {
      const kept: Promise<string>[] = [];
      const {createObjectURL} = URL;
      URL.createObjectURL = (blob: Blob) => {
        kept.push(blob.text());
        return "#";
      };
      const figure = document.querySelector("figure.framed")!;
      const press = (kind: string) =>
        figure.querySelector<HTMLElement>(`button[aria-label^="Download ${kind}"]`)!.click();
      const field = document.querySelector<HTMLInputElement>(`input[name="${name}"]`)!;
      for (const end of ends) {
        field.value = String(end);
        field.dispatchEvent(new Event("input", {bubbles: true}));
        field.dispatchEvent(new Event("change", {bubbles: true}));
      }
      for (const kind of ["R script", "CSV", "SVG"]) press(kind);
      const [script, csv, svg] = await Promise.all(kept);
      URL.createObjectURL = createObjectURL;
      const text = (selector: string) => document.querySelector(selector)!.textContent!;
      return {status: text(".status"), caption: text("figure.framed figcaption"), script, csv, svg};
    },
    {name: `from.${variable}`, ends: [...values]}
  );

/** Patients in a CSV of curves: the most at risk in each group. */
function patientsIn(csv: string): number {
  const [header, ...rows] = csv.trimEnd().split("\r\n");
  const columns = header.split(",");
  const most = new Map<string, number>();
  for (const row of rows) {
    const cells = row.split(",");
    const [group, atRisk] = [cells[columns.indexOf("group")], Number(cells[columns.indexOf("at_risk")])];
    most.set(group, Math.max(most.get(group) ?? 0, atRisk));
  }
  return [...most.values()].reduce((sum, n) => sum + n, 0);
}

describe("what a figure hands out", () => {
  it("is what is painted, however soon after a change it is asked for", async () => {
    const faults = await site.exploring(ofAge(20), async (page) => {
      const {status, caption, script, csv, svg} = await changedAndExported(page, "age", [30, 60, 40, 50]);
      const n = Number(/^(\d+) patients/.exec(status)![1]);
      expect(n).toBeGreaterThan(5);
      expect(n).toBeLessThan(60);
      expect(caption).toContain(`n = ${n},`);
      expect(patientsIn(csv)).toBe(n);
      const comments = script.replaceAll("\n# ", " ");
      expect(comments).toContain(`n = ${n},`);
      expect(comments).toContain("Age ≥ 50");
      expect(comments).toContain("The page: http");
      const rows = /text = '\n([^']*)'/.exec(script)![1].trimEnd().split("\n");
      expect(rows.length - 1).toBe(n);
      const counted = /aria-label="([^"]*)"/
        .exec(svg)![1]
        .match(/\d+(?= patients)/g)!
        .map(Number);
      expect(counted.reduce((sum, one) => sum + one)).toBe(n);
    });
    expect(faults).toEqual([]);
  }, 90_000);

  it("says so where there is nothing to draw", async () => {
    const faults = await site.exploring(ofAge(119), async (page) => {
      const frame = page.locator("figure.framed").first();
      // A figure is drawn once it has been laid out, which may be a frame later.
      await frame.getByText("There is nothing to draw.", {exact: true}).waitFor();
      expect(await frame.innerText()).toContain("No R script: nobody is left to draw a curve of.");
      await frame.getByRole("button", {name: /^Download SVG/}).click();
      expect(await frame.innerText()).toContain("There is nothing to draw, so there is no picture to download.");
      await frame.getByRole("button", {name: /^Download CSV/}).click();
      expect(await frame.innerText()).toContain("the CSV has a header and no row");
    });
    expect(faults).toEqual([]);
  }, 90_000);
});
