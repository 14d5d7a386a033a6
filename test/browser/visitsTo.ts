import type {CDPSession, Page} from "playwright-core";
import {watch} from "./openBrowser.js";
import type {Site} from "./openSite.js";

/** A tab of the browser, and the hand on what it asks the server for. */
interface Tab {
  readonly page: Page;
  readonly devtools: CDPSession;
}

/** What a visit wants besides its page. */
export interface Visit {
  /** Used once this selector is there. */
  readonly ready?: string;
  /** Whether the page gets DuckDB, which costs more than all else on it; without, it stays under way. Default yes. */
  readonly duckdb?: boolean;
}

/**
 * Visits one after the other in the same tab, where Chromium finds again what it has fetched and compiled: a page stands in
 * a third of the time. What a page keeps in the browser is forgotten between them; a tab in which a test failed is closed.
 *
 * @param origin - address of the site
 * @param resting - address of a file of the site that is no page: there a tab waits, and nothing runs in it
 */
export function visitsTo(
  origin: string,
  resting: string,
  openPage: () => Promise<Page>
): (address: string, use: (page: Page) => Promise<void>, visit: Visit) => ReturnType<Site["visiting"]> {
  const resters: Tab[] = [];
  return async (address, use, {ready, duckdb = true}) => {
    const tab = resters.pop() ?? (await openTab(openPage));
    const {page, devtools} = tab;
    try {
      // Not by page.route, which turns Chromium's cache off.
      if (duckdb) await devtools.send("Fetch.disable");
      else await devtools.send("Fetch.enable", {patterns: [{urlPattern: "*/duckdb-browser-eh.worker*"}]});
      const faults = watch(page, origin);
      await page.goto(`${origin}${address}`);
      if (ready) await page.waitForSelector(ready);
      await use(page);
      // What a page gives up when it is left is no fault.
      const found = [...faults];
      page.removeAllListeners();
      await page.goto(resting);
      await page.evaluate(() => localStorage.clear());
      await page.mouse.move(0, 0);
      resters.push(tab);
      return found;
    } catch (error) {
      await page.context().close();
      throw error;
    }
  };
}

async function openTab(openPage: () => Promise<Page>): Promise<Tab> {
  const page = await openPage();
  return {page, devtools: await page.context().newCDPSession(page)};
}
