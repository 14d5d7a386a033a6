import {type Blob as NodeBlob, resolveObjectURL} from "node:buffer";
import {availableParallelism} from "node:os";
import {Worker as NodeThread} from "node:worker_threads";
import {OptionError} from "../pipeline/optionError.js";

/** The array library, as imported after Node has what it expects of a browser. */
export type Jax = typeof import("@jax-js/jax");
/** An n-dimensional array of the library. Operations consume their arguments; `.ref` keeps one for later. */
export type JaxArray = import("@jax-js/jax").Array;

let loaded: Promise<Jax> | null = null;

/** What computes: one core or more of the CPU, or a graphics card. */
export type JaxBackend = "wasm" | "webgpu";

/**
 * Loads jax-js. It is written for browsers: Node gets `navigator`, `Float16Array` and `Worker` first, where it lacks them, for
 * as long as the process lives.
 *
 * @param threads - of the wasm kernels; what the first call says holds for the process
 * @param backend - so does this
 * @throws {OptionError} when WebGPU is asked for and there is no adapter
 */
export function loadJax(threads: number = availableParallelism(), backend: JaxBackend = "wasm"): Promise<Jax> {
  return (loaded ??= open(threads, backend));
}

async function open(threads: number, backend: JaxBackend): Promise<Jax> {
  const nowhere = globalThis as Record<string, unknown>;
  // Only asked whether data is one of these, which it never is here.
  nowhere["Float16Array"] ??= class Float16Array {};
  Object.defineProperty(globalThis, "navigator", {
    value: {
      userAgent: `Node.js/${process.versions.node}`,
      hardwareConcurrency: threads,
      ...(backend === "webgpu" ? {gpu: await dawn()} : {})
    },
    configurable: true
  });
  // Dawn does not take the shared memory that threads would work in.
  if (threads > 1 && backend === "wasm") nowhere["Worker"] ??= BlobWorker;
  const jax = await import("@jax-js/jax");
  if (!(await jax.init(backend)).includes(backend)) throw new OptionError(noAdapter);
  jax.defaultDevice(backend);
  return jax;
}

const noAdapter =
  "No WebGPU adapter was found on this machine; install a graphics driver, or train without --provider webgpu.";

/** WebGPU as a browser has it, its classes made global. */
async function dawn(): Promise<GPU> {
  const {create, globals} = await import("webgpu");
  Object.assign(globalThis, globals);
  return create([]);
}

interface Message {
  readonly data: unknown;
}

/** What jax-js asks of a browser's worker, over a thread of Node. The thread keeps the process alive only while it works. */
const BlobWorker = function (this: {onmessage?: (message: Message) => void}, url: string) {
  const port = `const {parentPort} = require("node:worker_threads");
    globalThis.self = globalThis;
    globalThis.postMessage = (message) => parentPort.postMessage(message);
    parentPort.on("message", (data) => globalThis.onmessage({data}));`;
  // The library takes the address back as soon as its first message is answered.
  const source = (resolveObjectURL(url) as NodeBlob).text();
  const thread = source.then((text) => {
    const started = new NodeThread(`${port}\n${text}`, {eval: true});
    started.on("message", (data: unknown) => {
      started.unref();
      this.onmessage?.({data});
    });
    return started;
  });
  const send = (message: unknown) =>
    void thread.then((started) => {
      started.ref();
      started.postMessage(message);
    });
  return Object.assign(this, {postMessage: send, terminate: () => void thread.then((started) => started.terminate())});
};
