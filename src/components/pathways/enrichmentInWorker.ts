import {EnrichmentInputError} from "../../enrichment/enrichmentInputError.js";
import type {PublishedTests} from "../../enrichment/publishedPathways.js";
import type {EnrichmentTask} from "./enrichmentTask.js";

export interface RunningEnrichment {
  /** Never settles once cancelled. */
  readonly result: Promise<PublishedTests>;
  cancel(): void;
}

type Message = {progress: number} | {result: PublishedTests} | {refusal: string} | {failure: string};

/** Compares two groups in a worker of its own, telling the share done. The promise is rejected with an EnrichmentInputError if they cannot be. */
export function enrichmentInWorker(task: EnrichmentTask, onProgress: (share: number) => void): RunningEnrichment {
  const worker = new Worker(import.meta.resolve("./enrichmentWorker.js"), {type: "module"});
  const result = new Promise<PublishedTests>((resolve, reject) => {
    worker.onmessage = ({data}: MessageEvent<Message>) => {
      if ("progress" in data) return onProgress(data.progress);
      worker.terminate();
      if ("result" in data) resolve(data.result);
      else reject("refusal" in data ? new EnrichmentInputError(data.refusal) : new Error(data.failure));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message || "The worker could not be started."));
    };
  });
  worker.postMessage(task);
  return {result, cancel: () => worker.terminate()};
}
