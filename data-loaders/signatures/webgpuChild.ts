/**
 * Runs WebGPU in a process of its own: a driver that crashes or hangs takes this process with it and not the build.
 * Talks to `webgpuSession.ts` by messages, one answer a question.
 */
import {InferenceSession} from "onnxruntime-node";
import {type NetworkSession, networkSession} from "./cpuSession.js";
import type {AdapterFacts, Answer, Question} from "./webgpuSession.js";

let session: NetworkSession | null = null;

process.on("message", (question: Question) => {
  answer(question)
    .catch((error: unknown): Answer => ({
      kind: "failed",
      message: error instanceof Error ? error.message : String(error)
    }))
    .then((result) => process.send!(result));
});

// The build is gone: nobody waits for an answer.
process.on("disconnect", () => process.exit());

async function answer(question: Question): Promise<Answer> {
  if (question.kind === "probe") return {kind: "adapter", adapter: await probe()};
  if (question.kind === "open") {
    const opened = await InferenceSession.create(question.model, {
      executionProviders: ["webgpu"],
      // Without this, nodes the provider cannot take would run on the CPU unnoticed.
      extra: {session: {disable_cpu_ep_fallback: "1"}}
    });
    session = networkSession(opened, question.pixels);
    return {kind: "opened"};
  }
  if (!session) throw new Error("no model is open");
  return {kind: "output", output: await session.run(question.input, question.n)};
}

/** What WebGPU says of the adapter onnxruntime would take: the fast one, where there are several. */
async function probe(): Promise<AdapterFacts | null> {
  const {create} = await import("webgpu");
  const adapter = await create([]).requestAdapter({powerPreference: "high-performance"});
  if (!adapter) return null;
  const {vendor, architecture, device, description, isFallbackAdapter} = adapter.info;
  const name = [vendor, architecture, device, description].filter((part) => part !== "").join(", ");
  return {name, fallback: isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(name)};
}
