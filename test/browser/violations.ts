import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {Page} from "playwright-core";

interface AxeResults {
  violations: {id: string; impact: string | null; nodes: {html: string}[]}[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical accessibility violations that axe finds, with the elements to blame. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated as by a reader's developer tools: a page's policy of what scripts it may load does not matter.
  await page.evaluate(axe);
  const {violations: found} = await page.evaluate(() =>
    (window as unknown as {axe: {run(options: object): Promise<AxeResults>}}).axe.run({resultTypes: ["violations"]})
  );
  return found
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" | ")}`);
}
