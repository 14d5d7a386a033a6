import {readFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import type {artifactNames} from "./prepare.js";

/**
 * Writes one of a study's tables to stdout: what the loaders in src/data call.
 *
 * A build has made the tables already and names their folder in STRATUM_ARTIFACTS; in a preview they are made here, from
 * the study named in STUDY, as far as they have changed.
 */
export async function writeArtifact(name: (typeof artifactNames)[number]): Promise<void> {
  const folder = process.env.STRATUM_ARTIFACTS ?? (await fresh());
  process.stdout.write(await readFile(join(folder, name)));
}

/** Loaded here alone: a build runs a dozen loaders, and each would spend seconds on modules that it does not use. */
async function fresh(): Promise<string> {
  const [{embeddedStudy}, {prepare}, {silent}, {workFolder}] = await Promise.all([
    import("./embeddedStudy.js"),
    import("./prepare.js"),
    import("./progress.js"),
    import("./project.js")
  ]);
  const study = process.env.STUDY ? resolve(process.env.STUDY) : await embeddedStudy(silent);
  return (await prepare(study, join(workFolder, "cache"), silent)).artifacts;
}
