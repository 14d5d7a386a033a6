import type {Browser} from "playwright-core";

/** Times in milliseconds. */
export interface NomogramTimes {
  /** From a key that moves the patient, or the cut, to the end of layout: all that the page itself does for a frame. */
  readonly patient: readonly number[];
  readonly cut: readonly number[];
  /** Time between frames while the patient, or the cut, moves at every frame. */
  readonly patientFrames: readonly number[];
  readonly cutFrames: readonly number[];
  /** 1,000 bootstraps in the worker: test set, and training set with optimism. */
  readonly testBootstrap: number;
  readonly trainingBootstrap: number;
  /** Longest time the page did not answer while the worker ran. */
  readonly longestBlock: number;
}

/** Works the nomogram's page: 60 moves of the patient and of the cut, and the bootstrap of both sets. */
export async function measureNomogram(browser: Browser, url: string): Promise<NomogramTimes> {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}});
  const page = await context.newPage();
  // tsx marks inner functions with a helper that the page does not have.
  await page.addInitScript("globalThis.__name = (f) => f");
  await page.goto(`${url}nomogram.html`);
  const done = ".model-comparison[data-bootstrap=done]";
  await page.waitForSelector(done);
  const moves = (knob: string) => page.evaluate(timeMoves, knob);
  const patient = await moves(".nomogram .knob");
  const cut = await moves(".cut-explorer .knob");
  const bootstrap = (control: string, value: string) => page.evaluate(timeBootstrap, {control, value});
  const training = await bootstrap("select[name=set]", "training");
  // Another horizon, so that nothing is remembered.
  await bootstrap("select[name=horizon]", "1");
  const test = await bootstrap("select[name=set]", "test");
  await context.close();
  return {
    patient: patient.work,
    cut: cut.work,
    patientFrames: patient.frames,
    cutFrames: cut.frames,
    testBootstrap: test.time,
    trainingBootstrap: training.time,
    longestBlock: Math.max(test.block, training.block)
  };
}

/** Runs in the page: a key a frame, there and back again. */
async function timeMoves(knob: string): Promise<{work: number[]; frames: number[]}> {
  const node = document.querySelector<SVGElement>(knob)!;
  const frame = () => new Promise<number>((next) => requestAnimationFrame(next));
  const work: number[] = [];
  const frames: number[] = [];
  let before = await frame();
  for (let k = 0; k < 60; k++) {
    const key = k < 30 ? "ArrowRight" : "ArrowLeft";
    const start = performance.now();
    node.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    let spent = performance.now() - start;
    const now = await frame();
    // From the start of the frame: the cut is painted by a callback that ran just before this one.
    document.body.getBoundingClientRect();
    spent += performance.now() - now;
    work.push(spent);
    frames.push(now - before);
    before = now;
  }
  return {work, frames: frames.slice(1)};
}

/** Runs in the page: changes a control and waits for the bootstrap, noting how long the page was ever silent. */
async function timeBootstrap({
  control,
  value
}: {
  control: string;
  value: string;
}): Promise<{time: number; block: number}> {
  const select = document.querySelector<HTMLSelectElement>(control)!;
  const root = document.querySelector<HTMLElement>(".model-comparison")!;
  select.value = value;
  select.dispatchEvent(new Event("change"));
  const start = performance.now();
  let [last, block] = [start, 0];
  while (root.dataset.bootstrap !== "done") {
    await new Promise((next) => setTimeout(next));
    const now = performance.now();
    block = Math.max(block, now - last);
    last = now;
  }
  return {time: performance.now() - start, block};
}
