import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeAll, describe, expect, it} from "vitest";
import {OptionError} from "../../data-loaders/pipeline/optionError.js";
import {computeSignatures} from "../../data-loaders/signatures/computeSignatures.js";
import {chooseExecution, openSession} from "../../data-loaders/signatures/execution.js";
import {type Adapter, findAdapter} from "../../data-loaders/signatures/webgpuSession.js";
import {tinyStudy} from "./tinyStudy.js";

let adapter: Adapter | null;
beforeAll(async () => {
  adapter = await findAdapter();
}, 60_000);

const drivers = process.env["VK_DRIVER_FILES"];
/** No graphics driver is found: Vulkan looks only where it is told. */
const withoutDrivers = () => (process.env["VK_DRIVER_FILES"] = "/no/such/driver.json");
afterEach(() => {
  if (drivers === undefined) delete process.env["VK_DRIVER_FILES"];
  else process.env["VK_DRIVER_FILES"] = drivers;
});

describe("the provider asked for", () => {
  it("is the CPU, and no adapter is looked for", async () => {
    expect(await chooseExecution("cpu")).toEqual({provider: "cpu", adapter: null, check: 0, note: null});
  });

  it("is WebGPU on whatever adapter there is, software too", async () => {
    const chosen = chooseExecution("webgpu");
    if (adapter) expect(await chosen).toEqual({provider: "webgpu", adapter, check: 0, note: null});
    else await expect(chosen).rejects.toThrow(OptionError);
  }, 60_000);

  it.runIf(process.platform === "linux")(
    "ends in one sentence when there is no adapter",
    async () => {
      withoutDrivers();
      const folder = mkdtempSync(join(tmpdir(), "execution-"));
      try {
        const study = tinyStudy(join(folder, "study"), 8);
        const made = computeSignatures(study, {cacheFolder: join(folder, "cache"), provider: "webgpu"});
        await expect(made).rejects.toThrow(OptionError);
        await expect(made).rejects.toThrow(/^No WebGPU adapter .*; install .*--provider auto or cpu\.$/);
        expect(await chooseExecution("auto")).toMatchObject({provider: "cpu", note: "no WebGPU adapter was found"});
      } finally {
        rmSync(folder, {recursive: true});
      }
    },
    120_000
  );

  it("ends in one sentence when the adapter fails on the way", async () => {
    const broken = {name: "broken", fallback: false, environment: {VK_DRIVER_FILES: "/no/such/driver.json"}};
    const execution = {provider: "webgpu", adapter: broken, check: 0, note: null} as const;
    await expect(openSession(execution, new Uint8Array(8), 96)).rejects.toThrow(/^WebGPU /);
  }, 60_000);
});
