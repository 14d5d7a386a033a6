import {runBootstrapTask} from "./bootstrapTask.js";
import type {BootstrapTask} from "./bootstrapTask.js";

/** The other side of `bootstrapInWorker`: one task, then its result. */
self.onmessage = async ({data}: MessageEvent<BootstrapTask>) => {
  let shown = 0;
  try {
    const result = await runBootstrapTask(data, (progress) => {
      // A message a resample would cost more than the resample.
      if (progress - shown < 0.02) return;
      shown = progress;
      self.postMessage({progress});
    });
    self.postMessage({result});
  } catch (error) {
    self.postMessage({failure: String(error)});
  }
};
