import {mkdir, rm, stat} from "node:fs/promises";
import {dirname} from "node:path";

/** A lock older than this was left by a process that was killed. */
const STALE_AFTER = 10 * 60_000;

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
      return () => rm(lock, {recursive: true, force: true});
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const age = await stat(lock).then(
        ({mtimeMs}) => Date.now() - mtimeMs,
        () => 0
      );
      if (age > STALE_AFTER) await rm(lock, {recursive: true, force: true});
      else await new Promise((resume) => setTimeout(resume, 200));
    }
  }
}
