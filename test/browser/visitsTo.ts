import type {Page} from "playwright-core";
import {watch} from "./openBrowser.js";
import type {Site} from "./openSite.js";

/**
 * Visits one after the other in the same tab, where Chromium finds again what it has fetched and compiled: a page stands in
 * a third of the time. What a page keeps in the browser is forgotten between them; a tab in which a test failed is closed.
 *
 * @param origin - address of the site
 * @param resting - address of a file of the site that is no page: there a tab waits, and nothing runs in it
 */
export function visitsTo(origin: string, resting: string, openTab: () => Promise<Page>): Site["visiting"] {
  const resters: Page[] = [];
  return async (address, use, ready) => {
    const page = resters.pop() ?? (await openTab());
    try {
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
      resters.push(page);
      return found;
    } catch (error) {
      await page.context().close();
      throw error;
    }
  };
}
