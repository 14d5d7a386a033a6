import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {oneAtATime} from "../../data-loaders/pipeline/oneAtATime.js";
import {moduleOf} from "../../data-loaders/pipeline/project.js";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(folder, {recursive: true}));

describe("oneAtATime(lock)", () => {
  it("lets the second in when the first is done, and not before", async () => {
    const lock = join(folder, "build.lock");
    const release = await oneAtATime(lock);
    let second = false;
    const waiting = oneAtATime(lock).then((done) => {
      second = true;
      return done;
    });
    await new Promise((resume) => setTimeout(resume, 500));
    expect(second).toBe(false);
    await release();
    await (
      await waiting
    )();
    expect(existsSync(lock)).toBe(false);
  });

  it("does not wait for a process that was killed while it held the lock", async () => {
    const lock = join(folder, "build.lock");
    const code = `import {oneAtATime} from ${JSON.stringify(moduleOf("data-loaders/pipeline/oneAtATime.ts"))};
      await oneAtATime(${JSON.stringify(lock)});
      console.log("held");
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code]);
    await new Promise((held) => holder.stdout.once("data", held));
    holder.kill("SIGKILL");
    await new Promise((gone) => holder.once("exit", gone));
    expect(existsSync(lock)).toBe(true);
    await (
      await oneAtATime(lock)
    )();
    expect(existsSync(lock)).toBe(false);
  }, 60_000);
});
