import type {Reply, RequestName, Requests} from "./requests.js";

/** The worker that holds the reader's images and the networks. */
export interface PredictWorker {
  /** @throws {Error} the sentence for the reader */
  readonly ask: <N extends RequestName>(name: N, ask: Requests[N]["ask"]) => Promise<Requests[N]["answer"]>;
}

export function predictInWorker(): PredictWorker {
  const worker = new Worker(import.meta.resolve("./predictWorker.js"), {type: "module"});
  const waiting = new Map<number, {resolve: (answer: never) => void; reject: (error: Error) => void}>();
  let asked = 0;
  worker.onmessage = ({data}: MessageEvent<Reply>) => {
    const request = waiting.get(data.id);
    waiting.delete(data.id);
    if ("answer" in data) request?.resolve(data.answer as never);
    else request?.reject(new Error(data.problem));
  };
  worker.onerror = (event) => {
    const error = new Error(event.message || "The worker could not be started; reload the page.");
    for (const {reject} of waiting.values()) reject(error);
    waiting.clear();
  };
  return {
    ask: (name, ask) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        waiting.set(id, {resolve, reject});
        worker.postMessage({id, name, ask}, name === "open" ? [(ask as Requests["open"]["ask"]).model] : []);
      })
  };
}
