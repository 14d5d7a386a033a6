import {mkdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";

/** A lock that does not say whose it is was left by a process that was killed once it is older than this. */
const STALE_AFTER = 60_000;

/**
 * Waits for a lock, so that processes take turns.
 *
 * @param lock - path of a folder that exists while one of them works
 * @returns a function that releases it
 */
export async function oneAtATime(lock: string): Promise<() => Promise<void>> {
  await mkdir(dirname(lock), {recursive: true});
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, "pid"), String(process.pid));
      return () => rm(lock, {recursive: true, force: true});
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (await isLeft(lock)) await rm(lock, {recursive: true, force: true});
      else await new Promise((resume) => setTimeout(resume, 200));
    }
  }
}

/** Whether the process that took a lock has ended without releasing it, as when the reader pressed Ctrl and C. */
async function isLeft(lock: string): Promise<boolean> {
  const pid = Number(await readFile(join(lock, "pid"), "utf8").catch(() => NaN));
  if (pid > 0) return !isRunning(pid);
  return stat(lock).then(
    ({mtimeMs}) => Date.now() - mtimeMs > STALE_AFTER,
    () => false
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that runs but belongs to somebody else may not be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
