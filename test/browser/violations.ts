import {createRequire} from "node:module";
import type {Page} from "playwright-core";

interface AxeResults {
  violations: {id: string; impact: string | null; nodes: {html: string}[]}[];
}

/** Serious and critical accessibility violations that axe finds, with the elements to blame. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({path: createRequire(import.meta.url).resolve("axe-core/axe.min.js")});
  const {violations: found} = await page.evaluate(() =>
    (window as unknown as {axe: {run(): Promise<AxeResults>}}).axe.run()
  );
  return found
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" | ")}`);
}
