import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {openStepCache} from "../../data-loaders/pipeline/stepCache.js";

describe("openStepCache(folder)", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "step-cache-"))));
  afterEach(() => rmSync(folder, {recursive: true}));
  const write = (text: string) => async (target: string) => writeFileSync(join(target, "result"), text);

  it("makes a step once for the same inputs, again for others, and says which", async () => {
    const {step, records} = openStepCache(folder);
    const first = await step("fit", {x: 1}, write("one"));
    await step("fit", {x: 2}, write("two"));
    const again = await step("fit", {x: 1}, write("never"));
    expect(again).toBe(first);
    expect(readFileSync(join(again, "result"), "utf8")).toBe("one");
    expect(records.map(({made}) => made)).toEqual([true, true, false]);
  });

  it("keeps nothing of a step that fails", async () => {
    const {step} = openStepCache(folder);
    const fail = async (target: string) => {
      await write("half")(target);
      throw new Error("stopped");
    };
    await expect(step("fit", 1, fail)).rejects.toThrow("stopped");
    expect(readdirSync(join(folder, "fit"))).toEqual([]);
    await step("fit", 1, write("whole"));
    expect(readdirSync(join(folder, "fit")).length).toBe(1);
  });

  it("removes the oldest results", async () => {
    const {step} = openStepCache(folder);
    for (let x = 0; x < 9; x++) await step("fit", x, write(String(x)));
    expect(readdirSync(join(folder, "fit")).length).toBe(4);
  });
});
