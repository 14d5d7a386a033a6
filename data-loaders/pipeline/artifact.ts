import {readFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {embeddedStudy} from "./embeddedStudy.js";
import {artifactNames, prepare} from "./prepare.js";
import {silent} from "./progress.js";
import {workFolder} from "./project.js";

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

async function fresh(): Promise<string> {
  const study = process.env.STUDY ? resolve(process.env.STUDY) : await embeddedStudy(silent);
  return (await prepare(study, join(workFolder, "cache"), silent)).artifacts;
}
