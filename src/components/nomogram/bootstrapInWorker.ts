import type {BootstrapResult, BootstrapTask} from "./bootstrapTask.js";

export interface RunningBootstrap {
  /** Never settles once cancelled. */
  readonly result: Promise<BootstrapResult>;
  cancel(): void;
}

type Message = {progress: number} | {result: BootstrapResult} | {failure: string};

/** Runs a bootstrap in a worker of its own, so that the page stays responsive. */
export function bootstrapInWorker(task: BootstrapTask, onProgress: (share: number) => void): RunningBootstrap {
  const worker = new Worker(import.meta.resolve("./bootstrapWorker.js"), {type: "module"});
  const result = new Promise<BootstrapResult>((resolve, reject) => {
    worker.onmessage = ({data}: MessageEvent<Message>) => {
      if ("progress" in data) return onProgress(data.progress);
      worker.terminate();
      if ("result" in data) resolve(data.result);
      else reject(new Error(data.failure));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message || "The worker could not be started."));
    };
  });
  worker.postMessage(task);
  return {result, cancel: () => worker.terminate()};
}
