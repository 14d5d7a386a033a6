import type {Browser, Page} from "playwright-core";

/** A frame as soon as there is something to paint: a screen's clock would hide up to 17 ms in every figure. */
export const NO_SCREEN_CLOCK = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];

/** Milliseconds from a change of filter to a painted frame, one a change. */
export interface RepaintTimes {
  /** Frame in which all that the window shows is of the new selection. */
  readonly seen: readonly number[];
  /** Frame from which nothing on the page, below the window too, is still marked as being computed. */
  readonly all: readonly number[];
}

/** A page of figures: a box ticked, a range dragged. */
export interface FigureTimes {
  readonly box: RepaintTimes;
  readonly brush: RepaintTimes;
}

/** Changes a filter of levels and a filter of a range, and times the frames. */
export async function measureRepaint(browser: Browser, url: string, name: string): Promise<FigureTimes> {
  const page = await filtered(browser, url, name);
  const box = await page.evaluate(timeRepaints, "box" as const);
  const brush = await page.evaluate(timeRepaints, "brush" as const);
  await page.context().close();
  return {box, brush};
}

/** Frames a second while a range is dragged to another place at every frame, and the longest frame in milliseconds. */
export async function measureBrushing(
  browser: Browser,
  url: string,
  name: string
): Promise<{readonly framesPerSecond: number; readonly longest: number}> {
  const page = await filtered(browser, url, name);
  const times = await page.evaluate(brushFrames);
  await page.context().close();
  return {framesPerSecond: (1000 * times.length) / times.reduce((a, b) => a + b, 0), longest: Math.max(...times)};
}

/** The page with its first filter of levels and its first of a range, DuckDB being there. */
async function filtered(browser: Browser, url: string, name: string): Promise<Page> {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}});
  const page = await context.newPage();
  // tsx marks inner functions with a helper that the page does not have.
  await page.addInitScript("globalThis.__name = (f) => f");
  await page.goto(`${url}${name}.html`);
  await page.waitForSelector('.explorer[data-checked-by="duckdb"]', {timeout: 240_000});
  for (const kind of ["input[type=checkbox]", "svg.brush"]) {
    const offered = await page
      .locator("select[name=add-filter] option")
      .evaluateAll((options) => options.map((o) => (o as HTMLOptionElement).value).filter(Boolean));
    // With one of the compared groups taken away there is little left to compute.
    for (const variable of offered.filter((id) => id !== "risk_group")) {
      await page.selectOption("select[name=add-filter]", variable);
      const filter = page.locator(`fieldset[data-variable="${variable}"]`);
      if ((await filter.locator(kind).count()) > 0) break;
      await filter.locator("button.remove").click();
    }
  }
  await page.waitForTimeout(1000);
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"), null, {timeout: 60_000});
  return page;
}

/** Runs in the page: 24 changes there and back, each waited for until nothing is marked as being computed. */
async function timeRepaints(kind: "box" | "brush"): Promise<{seen: number[]; all: number[]}> {
  const explorer = document.querySelector<HTMLElement>(".explorer")!;
  const boxes = [...document.querySelectorAll<HTMLInputElement>("fieldset[data-variable] input[type=checkbox]")];
  const handle = document.querySelector<SVGElement>("svg.brush .handle")!;
  const key = (name: string) => handle.dispatchEvent(new KeyboardEvent("keydown", {key: name, cancelable: true}));
  const act = (k: number) =>
    kind === "box" ? boxes[(k >> 1) % boxes.length].click() : key(k % 12 < 6 ? "ArrowRight" : "ArrowLeft");
  /** What was changed before it is painted: the message comes after the frame. */
  const painted = () =>
    new Promise((next) => {
      requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = next;
        port2.postMessage(null);
      });
    });
  const busy = () => [...document.querySelectorAll("[aria-busy=true]")];
  const inWindow = (node: Element) => {
    const {top, bottom, height} = node.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };
  const [seen, all]: [number[], number[]] = [[], []];
  for (let k = 0; k < 24; k++) {
    const before = explorer.dataset.drawn;
    const start = performance.now();
    act(k);
    let first = 0;
    for (;;) {
      await painted();
      if (explorer.dataset.drawn === before) continue;
      const waiting = busy();
      if (first === 0 && !waiting.some(inWindow)) first = performance.now() - start;
      if (waiting.length === 0) break;
    }
    seen.push(first);
    all.push(performance.now() - start);
    // The check by DuckDB and counts beside the filters are of the change before.
    await new Promise((next) => setTimeout(next, 100));
  }
  return {seen, all};
}

/** Runs in the page: the lower bound is dragged up and down for 120 frames; time between frames. */
async function brushFrames(): Promise<number[]> {
  const brush = document.querySelector<SVGSVGElement>("svg.brush")!;
  // A pointer made by a script cannot be captured.
  brush.setPointerCapture = () => {};
  const {left, width, top} = brush.getBoundingClientRect();
  const point = (type: string, share: number) =>
    new PointerEvent(type, {
      clientX: left + width * share,
      clientY: top + 20,
      button: 0,
      bubbles: true,
      cancelable: true
    });
  const frame = () => new Promise<number>((next) => requestAnimationFrame(next));
  const handle = brush.querySelector<SVGElement>(".handle")!;
  handle.dispatchEvent(point("pointerdown", handle.getBoundingClientRect().left / width - left / width));
  const times: number[] = [];
  let before = await frame();
  for (let k = 0; k < 120; k++) {
    brush.dispatchEvent(point("pointermove", 0.05 + 0.3 * Math.abs(Math.sin(k / 20))));
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  brush.dispatchEvent(point("pointerup", 0.05));
  return times;
}
