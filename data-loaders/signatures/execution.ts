import {OptionError} from "../pipeline/optionError.js";
import {cpuSession, type NetworkSession} from "./cpuSession.js";
import {type ProviderChoice, providerChoices} from "./signatures.js";
import {type Adapter, findAdapter, webGpuSession} from "./webgpuSession.js";

/** Where the network runs, decided once before the first image. */
export interface Execution {
  readonly provider: "webgpu" | "cpu";
  /** null: none was found, or none was looked for. */
  readonly adapter: Adapter | null;
  /** How many patients are also run on WebGPU to compare. */
  readonly check: number;
  /** Why it is not WebGPU although it might have been. */
  readonly note: string | null;
}

/**
 * A provider as it is written after `--provider`.
 *
 * @throws {OptionError} naming those there are
 */
export function providerNamed(text: string): ProviderChoice {
  const found = providerChoices.find((choice) => choice === text);
  if (found) return found;
  throw new OptionError(
    `--provider is ${text === "" ? "empty" : `"${text}"`}; write auto, webgpu or cpu (auto: WebGPU on a graphics card, else the CPU).`
  );
}

/** Patients run on both providers when the adapter is a software one: it takes a second an image. */
const checkedPatients = 4;

/**
 * WebGPU on a real adapter; on a software adapter the CPU, with a handful also on WebGPU; without an adapter the CPU.
 *
 * @throws {OptionError} when WebGPU is asked for and there is no adapter
 */
export async function chooseExecution(provider: ProviderChoice = "auto"): Promise<Execution> {
  if (provider === "cpu") return {provider: "cpu", adapter: null, check: 0, note: null};
  const adapter = await findAdapter();
  if (provider === "webgpu") {
    if (adapter) return {provider: "webgpu", adapter, check: 0, note: null};
    throw new OptionError(
      "No WebGPU adapter was found on this machine; install a graphics driver, or use --provider auto or cpu."
    );
  }
  if (!adapter) return {provider: "cpu", adapter: null, check: 0, note: "no WebGPU adapter was found"};
  if (adapter.fallback) return {provider: "cpu", adapter, check: checkedPatients, note: null};
  return {provider: "webgpu", adapter, check: 0, note: null};
}

/** The same patients on the CPU after WebGPU has failed: nothing is mixed. */
export function withoutWebGpu({adapter}: Execution, reason: string): Execution {
  return {provider: "cpu", adapter, check: 0, note: reason};
}

/** Opens the network where it was decided to run. */
export function openSession(execution: Execution, model: Uint8Array, pixels: number): Promise<NetworkSession> {
  return execution.provider === "webgpu" ? webGpuSession(model, pixels, execution.adapter!) : cpuSession(model, pixels);
}
