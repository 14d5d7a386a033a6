import {openBrowser} from "../../test/browser/openBrowser.js";
import {serveFolder} from "../../test/browser/serveFolder.js";
import {measureBrushing, measureRepaint, NO_SCREEN_CLOCK} from "./measureRepaint.js";
import type {PageMeasure} from "./index.js";

const pages = ["survival", "subgroups", "treatment"] as const;

/** What a change of filter may take until all figures are painted, by the size of the study. */
const target = (n: number) => (n < 10_000 ? 16 : n < 500_000 ? 50 : 150);

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Filter change to painted frame on every page of figures, and frames a second while a range is dragged. */
export async function repaintRows(n: number, site: string): Promise<PageMeasure[]> {
  const served = await serveFolder(site, "/supplement/rnpc/");
  const measures: PageMeasure[] = [];
  const add = (quantity: string, measured: number, most: number, unit: PageMeasure["unit"] = "ms") =>
    measures.push({quantity: `n = ${n.toLocaleString("en-US")}, ${quantity}`, measured, target: most, unit});
  for (const page of pages) {
    const browser = await openBrowser(NO_SCREEN_CLOCK);
    const {box, brush} = await measureRepaint(browser, served.url, page);
    add(`${page}: level ticked, what the window shows, median`, middle(box.seen), target(n));
    add(`${page}: level ticked, all figures, median`, middle(box.all), target(n));
    add(`${page}: level ticked, all figures, slowest of 24`, Math.max(...box.all), Infinity);
    add(`${page}: range moved, all figures, median`, middle(brush.all), target(n));
    const {framesPerSecond, longest} = await measureBrushing(browser, served.url, page);
    add(`${page}: frames a second while a range is dragged`, framesPerSecond, 50, "fps");
    add(`${page}: longest frame of these`, longest, Infinity);
    await browser.close();
  }
  await served.close();
  return measures;
}
