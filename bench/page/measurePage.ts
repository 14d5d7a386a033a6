import type {Browser, Page} from "playwright-core";

/** Times in milliseconds, bytes as they came over the wire. */
export interface PageTimes {
  readonly firstCurve: number;
  readonly bytesToFirstCurve: number;
  readonly duckdbReady: number;
  /** From the reader's change to the painted figure, one a change. */
  readonly stratifier: readonly number[];
  readonly filter: readonly number[];
}

declare global {
  interface Window {
    firstCurve?: number;
  }
}

/** Opens the explorer with a cold cache and works it: every stratifier, then every level of some filters. */
export async function measurePage(browser: Browser, url: string): Promise<PageTimes> {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}});
  const page = await context.newPage();
  // tsx marks inner functions with a helper that the page does not have.
  await page.addInitScript("globalThis.__name = (f) => f");
  await page.addInitScript(notePaint);
  const finished: {at: number; bytes: number}[] = [];
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({timestamp, encodedDataLength}) =>
    finished.push({at: timestamp, bytes: encodedDataLength})
  );
  let begun = Infinity;
  session.on("Network.requestWillBeSent", ({timestamp}) => (begun = Math.min(begun, timestamp)));
  await page.goto(`${url}survival.html`);
  await page.waitForFunction(() => window.firstCurve !== undefined);
  const firstCurve = await page.evaluate(() => window.firstCurve!);
  await page.waitForSelector('.explorer[data-checked-by="duckdb"]');
  const duckdbReady = await page.evaluate(() => performance.now());
  const stratifier = await page.evaluate(timeChanges, {
    control: "select[name=by]",
    values: await optionsOf(page, "select[name=by]")
  });
  const filter = await filterTimes(page);
  await context.close();
  const bytesToFirstCurve = finished
    .filter(({at}) => (at - begun) * 1000 <= firstCurve)
    .reduce((sum, {bytes}) => sum + bytes, 0);
  return {firstCurve, bytesToFirstCurve, duckdbReady, stratifier, filter};
}

/** Notes when the first curve has been painted: the second frame after it entered the page. */
function notePaint(): void {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".stage > svg")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (window.firstCurve = performance.now())));
  }).observe(document, {childList: true, subtree: true});
}

const optionsOf = (page: Page, select: string) =>
  page.locator(`${select} option`).evaluateAll((options) => options.map((o) => (o as HTMLOptionElement).value));

/** Runs in the page: gives a control each value, or clicks each box, and waits for the painted figure. */
async function timeChanges({control, values}: {control: string; values: string[] | null}): Promise<number[]> {
  const explorer = document.querySelector<HTMLElement>(".explorer")!;
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const times: number[] = [];
  const controls = [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(control)];
  const changes = values
    ? values.map((value) => () => {
        controls[0].value = value;
        controls[0].dispatchEvent(new Event("change"));
      })
    : controls.flatMap((box) => [() => box.click(), () => box.click()]);
  for (const change of changes) {
    const before = explorer.dataset.drawn;
    const start = performance.now();
    change();
    while (explorer.dataset.drawn === before) await new Promise((next) => setTimeout(next));
    await frame();
    times.push(performance.now() - start);
    await frame();
  }
  return times;
}

/** Filters on the first three categorical variables, every level taken away and put back. */
async function filterTimes(page: Page): Promise<number[]> {
  await page.selectOption("select[name=by]", {index: 1});
  const offered = (await optionsOf(page, "select[name=add-filter]")).filter(Boolean);
  let added = 0;
  for (const value of offered) {
    if (added === 3) break;
    await page.selectOption("select[name=add-filter]", value);
    const boxes = page.locator(`fieldset[data-variable="${value}"] input[type=checkbox]`);
    if ((await boxes.count()) > 0) added++;
    else await page.locator(`fieldset[data-variable="${value}"] button.remove`).click();
  }
  await page.waitForTimeout(500);
  return page.evaluate(timeChanges, {control: "fieldset[data-variable] input[type=checkbox]", values: null});
}
