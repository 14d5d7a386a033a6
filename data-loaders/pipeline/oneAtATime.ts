import {mkdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";

/** A lock older than this that names no living process was left by one that was killed. */
const STALE_AFTER = 10 * 60_000;
/** Within the lock: the process that holds it. */
const HOLDER = "process";

/**
 * Waits for a lock, so that processes take turns. One that was stopped in the middle, as by Ctrl-C, keeps nobody waiting.
 *
 * @param lock - path of a folder that exists while one of them works
 * @returns a function that releases it
 */
export async function oneAtATime(lock: string): Promise<() => Promise<void>> {
  await mkdir(dirname(lock), {recursive: true});
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, HOLDER), String(process.pid));
      return () => rm(lock, {recursive: true, force: true});
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (await abandoned(lock)) await rm(lock, {recursive: true, force: true});
      else await new Promise((resume) => setTimeout(resume, 200));
    }
  }
}

async function abandoned(lock: string): Promise<boolean> {
  const holder = Number(await readFile(join(lock, HOLDER), "utf8").catch(() => ""));
  if (holder > 0) return !isAlive(holder);
  // Made a moment ago, or by a process stopped in that moment.
  return stat(lock).then(
    ({mtimeMs}) => Date.now() - mtimeMs > STALE_AFTER,
    () => false
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
