import {EnrichmentInputError} from "../../enrichment/enrichmentInputError.js";
import {runEnrichmentTask} from "./enrichmentTask.js";
import type {EnrichmentTask} from "./enrichmentTask.js";

/** The other side of `enrichmentInWorker`: one task, then its result or the sentence that refuses it. */
self.onmessage = ({data}: MessageEvent<EnrichmentTask>) => {
  try {
    self.postMessage({result: runEnrichmentTask(data)});
  } catch (error) {
    self.postMessage(error instanceof EnrichmentInputError ? {refusal: error.message} : {failure: String(error)});
  }
};
