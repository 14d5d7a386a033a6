import {EnrichmentInputError} from "../../enrichment/enrichmentInputError.js";
import {runEnrichmentTask} from "./enrichmentTask.js";
import type {EnrichmentTask} from "./enrichmentTask.js";

/** Least milliseconds between two messages on progress. */
const PAUSE = 50;

/** The other side of `enrichmentInWorker`: one task, how far it is, then its result or the sentence that refuses it. */
self.onmessage = ({data}: MessageEvent<EnrichmentTask>) => {
  try {
    let last = -Infinity;
    const tell = (progress: number) => {
      if (performance.now() - last < PAUSE) return;
      last = performance.now();
      self.postMessage({progress});
    };
    self.postMessage({result: runEnrichmentTask(data, tell)});
  } catch (error) {
    self.postMessage(error instanceof EnrichmentInputError ? {refusal: error.message} : {failure: String(error)});
  }
};
