import type {Provider, Session} from "./network.js";

/** What WebGPU says of an adapter; TypeScript's DOM library does not have it yet. */
interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly isFallbackAdapter?: boolean;
}

/** The providers of this browser, best first, and what the reader should know of one that was not taken. */
export interface Providers {
  readonly providers: readonly Provider[];
  readonly note: string | null;
}

/** Where a reader may want the networks to run. */
export const providerChoices = ["auto", "webgpu", "wasm"] as const;
export type ProviderChoice = (typeof providerChoices)[number];

/**
 * WebGPU where there is a graphics card, else WebAssembly on the processor. Unless WebGPU is asked for, a software adapter is
 * passed over: it is the processor again, a hundred times slower.
 */
export async function browserProviders(choice: ProviderChoice): Promise<Providers> {
  const wasm: Provider = {id: "wasm", name: "WebAssembly on the processor", open: openOnWasm};
  if (choice === "wasm") return {providers: [wasm], note: null};
  const adapter = await findAdapter();
  if (!adapter) return {providers: [wasm], note: "This browser offers no WebGPU adapter."};
  const name = [adapter.info.vendor, adapter.info.architecture].filter(Boolean).join(", ") || "adapter not named";
  const software = adapter.info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  const slow = `The only WebGPU adapter (${name}) is software, slower than WebAssembly.`;
  if (software && choice === "auto") return {providers: [wasm], note: slow};
  const webgpu: Provider = {id: "webgpu", name: `WebGPU (${name})`, open: openOnWebGpu};
  return {providers: [webgpu, wasm], note: software ? slow : null};
}

async function findAdapter(): Promise<Adapter | null> {
  const {gpu} = navigator as unknown as {gpu?: {requestAdapter(): Promise<Adapter | null>}};
  try {
    return (await gpu?.requestAdapter()) ?? null;
  } catch {
    return null;
  }
}

async function openOnWasm(model: Uint8Array): Promise<Session> {
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.wasmPaths = {wasm: import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")};
  // More threads need headers that a static host does not send.
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, {executionProviders: ["wasm"]});
  return {session, tensor: (data, dims) => new ort.Tensor("float32", data, dims)};
}

async function openOnWebGpu(model: Uint8Array): Promise<Session> {
  const ort = await import("onnxruntime-web/webgpu");
  ort.env.wasm.wasmPaths = {wasm: import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm")};
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, {executionProviders: ["webgpu"]});
  return {session, tensor: (data, dims) => new ort.Tensor("float32", data, dims)};
}
