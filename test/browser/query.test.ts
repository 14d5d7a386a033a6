import {beforeAll, describe, expect, it} from "vitest";
import type {Page} from "playwright-core";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const onPage = (use: (page: Page) => Promise<void>, query = ""): Promise<string[]> =>
  site.visiting(`query.html${query}`, use, ".query-page");

/** Runs a query and waits for what it gives. */
async function ran(page: Page, sql: string): Promise<string> {
  await page.fill("textarea[name=sql]", sql);
  await page.locator("textarea[name=sql]").press("Control+Enter");
  await page.waitForSelector(".query-page:is([data-state=done], [data-state=refused])");
  return page.locator(".query-page").evaluate((root) => (root as HTMLElement).dataset.state!);
}

const cells = (page: Page) => page.locator(".query-result table").first().locator("tbody tr").allInnerTexts();

describe("the SQL cell", () => {
  it("answers from the published tables, in numbers where they are numbers", async () => {
    const faults = await onPage(async (page) => {
      const {time, event} = site.cohort.followUp("os");
      const followed = time.filter((t) => !Number.isNaN(t)).length;
      const events = event.reduce((a, b) => a + b, 0);
      const sql = "SELECT count(os_time) AS n, sum(os_event) AS events, avg(1.5) AS decimal FROM cohort";
      expect(await ran(page, sql)).toBe("done");
      expect(await cells(page)).toEqual([`${followed}\t${events}\t1.5`]);
      expect(await ran(page, "SELECT count(*) FROM coefficients -- of all models")).toBe("done");
      const coefficients = site.models.models.reduce((n, model) => n + model.coefficients.length, 0);
      expect(await cells(page)).toEqual([String(coefficients)]);
      expect(new URL(page.url()).searchParams.get("sql")).toContain("FROM coefficients");
      for (const example of await page.locator(".chips button").all()) {
        await example.click();
        await page.waitForFunction(
          () => document.querySelector<HTMLElement>(".query-page")!.dataset.state !== "running"
        );
        expect(await page.locator(".query-page .problem").count(), await example.innerText()).toBe(0);
      }
      await page.getByText("Plot it").click();
      await page.waitForSelector(".query-result .stage svg");
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("refuses in a sentence what reaches out, changes something or is wrong, and answers the next query", async () => {
    const refused = {
      "a file of another host": "SELECT * FROM read_csv('https://example.org/x.csv')",
      "a local file": "SELECT * FROM read_text('/etc/hosts')",
      "an extension": "SELECT * FROM 'x.parquet'",
      "an attached database": "ATTACH 'x.db'",
      "a copy": "COPY cohort TO 'x.csv'",
      "a changed setting": "SET enable_external_access = true",
      "a column that is not there": "SELECT shoe_size FROM cohort",
      nonsense: "SELECT FROM WHERE"
    };
    const faults = await onPage(async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      for (const [what, sql] of Object.entries(refused)) {
        expect(await ran(page, sql), what).toBe("refused");
        expect((await page.locator(".query-page .problem").innerText()).length, what).toBeGreaterThan(20);
        expect(await ran(page, "SELECT count(*) FROM cohort"), what).toBe("done");
        expect(await cells(page), what).toEqual([String(site.cohort.n)]);
      }
      expect(asked.filter((url) => !url.startsWith(site.url) && !url.startsWith("blob:"))).toEqual([]);
    });
    expect(faults).toEqual([]);
  }, 90_000);

  it("stops a query that runs away, and lives on", async () => {
    const faults = await onPage(async (page) => {
      await page.fill("textarea[name=sql]", "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b");
      await page.getByRole("button", {name: "Run"}).click();
      await page.waitForSelector(".query-page[data-state=running]");
      await page.waitForTimeout(1500);
      await page.getByRole("button", {name: "Cancel"}).click();
      await page.waitForSelector(".query-page[data-state=refused]");
      expect(await page.locator(".query-page .problem").innerText()).toBe("The query was cancelled.");
      expect(await ran(page, "SELECT count(*) FROM cohort")).toBe("done");
      expect(await cells(page)).toEqual([String(site.cohort.n)]);
    });
    expect(faults).toEqual([]);
  }, 60_000);

  it("has the selected patients as a table, and keeps the selection in its address", async () => {
    const sex = site.cohort.variable("sex");
    const men = sex.type === "categorical" ? sex.codes.filter((c) => sex.levels[c]?.value === "male").length : 0;
    const faults = await onPage(async (page) => {
      expect(await page.locator(".selected-patients").innerText()).toContain("Sex: Male");
      expect(await ran(page, "SELECT count(*), count(DISTINCT sex) FROM selected")).toBe("done");
      expect(await cells(page)).toEqual([`${men}\t1`]);
      const query = new URL(page.url()).searchParams;
      expect([query.get("in.sex"), query.get("sql")]).toEqual(["male", expect.stringContaining("FROM selected")]);
    }, "?in.sex=male");
    expect(faults).toEqual([]);
  }, 60_000);

  it("opens with the query of its address and remembers those that were run", async () => {
    const faults = await onPage(
      async (page) => {
        expect(await page.locator("textarea[name=sql]").inputValue()).toBe("SELECT 7 AS seven");
        await page.getByRole("button", {name: "Run"}).click();
        await page.waitForSelector(".query-page[data-state=done]");
        await page.reload();
        await page.waitForSelector(".query-page");
        expect(await page.locator("select[name=history] option").allInnerTexts()).toContain("SELECT 7 AS seven");
      },
      `?sql=${encodeURIComponent("SELECT 7 AS seven")}`
    );
    expect(faults).toEqual([]);
  }, 60_000);
});
