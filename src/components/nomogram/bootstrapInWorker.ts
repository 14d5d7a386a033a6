import type {BootstrapResult, BootstrapTask} from "./bootstrapTask.js";

export interface RunningBootstrap {
  /** Never settles once cancelled. */
  readonly result: Promise<BootstrapResult>;
  cancel(): void;
}

type Message = {progress: number} | {result: BootstrapResult} | {failure: string};

/** More workers than this gain little and crowd a small machine. */
const MOST_WORKERS = 4;

/**
 * Runs a bootstrap in workers of its own, so that the page stays responsive. Each model has its own seeded draws, so the
 * result does not depend on how many workers share the models.
 */
export function bootstrapInWorker(task: BootstrapTask, onProgress: (share: number) => void): RunningBootstrap {
  const parts = shared(task, Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency)));
  const progress = parts.map(() => 0);
  const running = parts.map((part, i) =>
    inWorker(part, (share) => {
      progress[i] = share;
      onProgress(progress.reduce((sum, p) => sum + p, 0) / parts.length);
    })
  );
  const cancel = () => running.forEach((worker) => worker.cancel());
  const result = Promise.all(running.map((worker) => worker.result)).then(joined, (error) => {
    cancel();
    throw error;
  });
  return {result, cancel};
}

/** The limits of the predictions go with the first share, the refits of the models are dealt out. */
export function shared(task: BootstrapTask, workers: number): BootstrapTask[] {
  const count = Math.max(1, Math.min(workers, task.training.length));
  return Array.from({length: count}, (_, w) => ({
    ...task,
    judged: w === 0 ? task.judged : null,
    // The worker that also has the limits gets its models last, so that it has fewer where they do not come out even.
    training: task.training.filter((_, m) => m % count === (w + count - 1) % count)
  }));
}

/** The shares of one task as if it had been done in one go. */
export function joined(results: readonly BootstrapResult[]): BootstrapResult {
  return {
    performance: results.find(({performance}) => performance)?.performance ?? null,
    optimism: Object.assign({}, ...results.map(({optimism}) => optimism)),
    refusals: [...new Set(results.flatMap(({refusals}) => refusals))]
  };
}

function inWorker(task: BootstrapTask, onProgress: (share: number) => void): RunningBootstrap {
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
