import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {buildArguments} from "../../data-loaders/cli/buildArguments.js";
import {root} from "../../data-loaders/pipeline/project.js";

describe("the options of a build", () => {
  it("hold the provider, auto without one", () => {
    expect(buildArguments([])).toEqual({provider: "auto"});
    for (const provider of ["auto", "webgpu", "cpu"]) {
      expect(buildArguments(["--provider", provider])).toEqual({provider});
      expect(buildArguments([`--provider=${provider}`])).toEqual({provider});
    }
  });

  it("refuse another provider, none, and another option, naming those there are", () => {
    expect(() => buildArguments(["--provider", "cuda"])).toThrow(/^--provider is "cuda"; write auto, webgpu or cpu/);
    expect(() => buildArguments(["--provider"])).toThrow(/^--provider is empty; write auto/);
    expect(() => buildArguments(["--gpu"])).toThrow(/^There is no option "--gpu"; a build takes --provider/);
    expect(() => buildArguments(["cpu"])).toThrow(/^There is no option "cpu"/);
  });

  it("end the command with one sentence and without a stack", () => {
    for (const command of ["build", "start"]) {
      const {status, stderr} = spawnSync(
        process.execPath,
        ["--import", "tsx", join(root, `data-loaders/cli/${command}.ts`), "--provider", "cuda"],
        {cwd: root, encoding: "utf8"}
      );
      expect(status).toBe(1);
      expect(stderr.trim()).toMatch(/^--provider is "cuda"; write auto, webgpu or cpu \(.*\)\.$/);
    }
  }, 60_000);
});
