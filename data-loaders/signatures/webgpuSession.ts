import {type ChildProcess, fork} from "node:child_process";
import {existsSync} from "node:fs";
import {createRequire} from "node:module";
import {fileURLToPath, pathToFileURL} from "node:url";
import type {NetworkOutput, NetworkSession} from "./cpuSession.js";

/** What WebGPU reports of an adapter. */
export interface AdapterFacts {
  readonly name: string;
  /** A software renderer on the CPU. */
  readonly fallback: boolean;
}

/** An adapter, and what must stand in the environment for it to be found again. */
export interface Adapter extends AdapterFacts {
  readonly environment: Readonly<Record<string, string>>;
}

export type Question =
  | {readonly kind: "probe"}
  | {readonly kind: "open"; readonly model: Uint8Array; readonly pixels: number}
  | {readonly kind: "run"; readonly input: Float32Array; readonly n: number};

export type Answer =
  | {readonly kind: "adapter"; readonly adapter: AdapterFacts | null}
  | {readonly kind: "opened"}
  | {readonly kind: "output"; readonly output: NetworkOutput}
  | {readonly kind: "failed"; readonly message: string};

/** WebGPU did not answer: it failed, crashed or ran out of time. */
export class WebGpuError extends Error {
  override name = "WebGpuError";
}

/** Where Debian's Chromium keeps a software Vulkan driver that Dawn accepts. */
const softwareDriver = "/usr/lib/chromium/vk_swiftshader_icd.json";

/**
 * Asks which WebGPU adapter there is. A machine without a graphics driver but with Chromium's software one is asked
 * again with that driver.
 *
 * @returns null when there is none, or when asking crashed
 */
export async function findAdapter(seconds = 30): Promise<Adapter | null> {
  const driver = process.env["VK_DRIVER_FILES"] === undefined && existsSync(softwareDriver);
  const environments: readonly Readonly<Record<string, string>>[] = driver
    ? [{}, {VK_DRIVER_FILES: softwareDriver}]
    : [{}];
  for (const environment of environments) {
    const child = startChild(environment);
    try {
      const answer = await ask(child, {kind: "probe"}, seconds);
      if (answer.kind === "adapter" && answer.adapter) return {...answer.adapter, environment};
    } catch (error) {
      if (!(error instanceof WebGpuError)) throw error;
    } finally {
      child.kill("SIGKILL");
    }
  }
  return null;
}

/**
 * Opens the network on onnxruntime's WebGPU provider in a child process; no node may fall back to the CPU.
 *
 * @param seconds - time limit of opening and of each run
 * @throws {WebGpuError} from here and from `run`
 */
export async function webGpuSession(
  model: Uint8Array,
  pixels: number,
  adapter: Adapter,
  seconds = 120
): Promise<NetworkSession> {
  const child = startChild(adapter.environment);
  const close = async () => void child.kill("SIGKILL");
  try {
    await ask(child, {kind: "open", model, pixels}, seconds);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    async run(input, n) {
      const answer = await ask(child, {kind: "run", input, n}, seconds);
      if (answer.kind !== "output") throw new WebGpuError(`WebGPU answered "${answer.kind}" to a run`);
      return answer.output;
    }
  };
}

function startChild(environment: Readonly<Record<string, string>>): ChildProcess {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return fork(fileURLToPath(new URL("./webgpuChild.ts", import.meta.url)), [], {
    execArgv: ["--import", loader],
    env: {...process.env, ...environment},
    serialization: "advanced",
    // Drivers chat on both streams; what matters comes back as a message.
    stdio: ["ignore", "ignore", "ignore", "ipc"]
  });
}

/** One question, one answer; the child is killed when it takes too long. */
function ask(child: ChildProcess, question: Question, seconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (message: string) => settle(() => reject(new WebGpuError(message)));
    const onMessage = (answer: Answer) =>
      answer.kind === "failed" ? fail(`WebGPU failed: ${answer.message}`) : settle(() => resolve(answer));
    const onExit = (code: number | null, signal: string | null) => fail(`WebGPU crashed (${signal ?? `exit ${code}`})`);
    const onError = (error: Error) => fail(`WebGPU could not be started: ${error.message}`);
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`WebGPU did not answer within ${seconds} s`);
    }, seconds * 1000);
    const settle = (then: () => void) => {
      clearTimeout(timer);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      then();
    };
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    if (!child.connected) return fail("WebGPU crashed before it was asked");
    child.send(question, (error) => error && fail(`WebGPU could not be asked: ${error.message}`));
  });
}
