import {existsSync} from "node:fs";
import {mkdir, readdir, rename, rm, stat, utimes} from "node:fs/promises";
import {join} from "node:path";
import {hashOf} from "./hash.js";

/** What one step of a build did. */
export interface StepRecord {
  readonly step: string;
  readonly key: string;
  /** False: the result of an earlier build was kept, since nothing it depends on has changed. */
  readonly made: boolean;
}

/** Results of steps by what they depend on, each a folder of files. */
export interface StepCache {
  /**
   * The folder of a step's result, made now if there is none for these inputs.
   *
   * @param inputs - everything the result depends on, as JSON
   * @param make - writes the result into the folder it is given; on failure nothing is kept
   */
  readonly step: (step: string, inputs: unknown, make: (folder: string) => Promise<void>) => Promise<string>;
  /** In the order the steps ran. */
  readonly records: readonly StepRecord[];
}

/** Older results of a step than this many are removed. */
const KEPT = 4;

export function openStepCache(folder: string): StepCache {
  const records: StepRecord[] = [];
  const step = async (name: string, inputs: unknown, make: (folder: string) => Promise<void>) => {
    const key = hashOf(inputs).slice(0, 32);
    const parent = join(folder, name);
    const target = join(parent, key);
    if (existsSync(target)) {
      const now = new Date();
      await utimes(target, now, now);
      records.push({step: name, key, made: false});
      return target;
    }
    const draft = join(parent, `.draft-${process.pid}-${key}`);
    await rm(draft, {recursive: true, force: true});
    await mkdir(draft, {recursive: true});
    try {
      await make(draft);
      // Two builds may make the same result at once; it is the same, so the first one in stays.
      if (existsSync(target)) await rm(draft, {recursive: true, force: true});
      else await rename(draft, target);
    } catch (error) {
      await rm(draft, {recursive: true, force: true});
      throw error;
    }
    records.push({step: name, key, made: true});
    await prune(parent);
    return target;
  };
  return {step, records};
}

async function prune(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => !name.startsWith("."));
  const aged = await Promise.all(names.map(async (name) => ({name, time: (await stat(join(parent, name))).mtimeMs})));
  aged.sort((a, b) => b.time - a.time);
  for (const {name} of aged.slice(KEPT)) await rm(join(parent, name), {recursive: true, force: true});
}
