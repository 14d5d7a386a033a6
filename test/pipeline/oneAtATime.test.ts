import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {oneAtATime} from "../../data-loaders/pipeline/oneAtATime.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterAll(() => rm(folder, {recursive: true}));

describe("oneAtATime(lock)", () => {
  it("lets the second go on when the first has released", async () => {
    const lock = join(folder, "turns");
    const release = await oneAtATime(lock);
    const order: string[] = [];
    const second = oneAtATime(lock).then((done) => (order.push("second"), done));
    await new Promise((resume) => setTimeout(resume, 600));
    order.push("first");
    await release();
    await (
      await second
    )();
    expect(order).toEqual(["first", "second"]);
    expect(existsSync(lock)).toBe(false);
  });

  it("does not wait for a process that was killed", async () => {
    const lock = join(folder, "killed");
    const {pid} = spawnSync(process.execPath, ["-e", ""]);
    await mkdir(lock);
    await writeFile(join(lock, "pid"), String(pid));
    const release = await oneAtATime(lock);
    expect(await readFile(join(lock, "pid"), "utf8")).toBe(String(process.pid));
    await release();
  }, 20_000);
});
