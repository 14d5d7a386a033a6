import {existsSync} from "node:fs";
import {cp, mkdir, readdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {dirname, join, relative, resolve} from "node:path";
import {embeddedStudy} from "./embeddedStudy.js";
import {frameworkBuild} from "./frameworkBuild.js";
import {hashFiles, hashOf} from "./hash.js";
import {artifactNames, prepare} from "./prepare.js";
import type {Prepared} from "./prepare.js";
import {silent} from "./progress.js";
import type {Progress} from "./progress.js";
import {root, workFolder} from "./project.js";
import type {ProviderChoice} from "../signatures/signatures.js";
import type {StepRecord} from "./stepCache.js";

export interface BuildOptions {
  /** Folder of the study; default the embedded one. */
  readonly study?: string;
  /** Where the site goes; default `dist`. */
  readonly output?: string;
  /** Default: says nothing. */
  readonly progress?: Progress;
  /** Patients of the embedded study; default 420. */
  readonly patients?: number;
  /** Where the networks run; default "auto". */
  readonly provider?: ProviderChoice;
}

export interface BuiltSite {
  readonly output: string;
  readonly title: string;
  readonly synthetic: boolean;
  /** Patients on the site. */
  readonly n: number;
  /** What was made and what was kept, in order; the last is the site itself. */
  readonly steps: readonly StepRecord[];
}

/**
 * Builds the static site of a study. The old site stays until the new one is whole, and stays if the build fails.
 *
 * @throws {StudyError} with all problems of the study
 * @throws {Error} if a page does not build
 */
export async function buildSite({
  study,
  output = "dist",
  progress = silent,
  patients,
  provider
}: BuildOptions = {}): Promise<BuiltSite> {
  const folder = study ? resolve(study) : await embeddedStudy(progress, patients);
  const prepared = await prepare(folder, join(workFolder, "cache"), progress, provider);
  const target = resolve(root, output);
  const key = hashOf([prepared.key, await siteSource()]);
  const stamp = join(workFolder, "sites", `${hashOf(target).slice(0, 16)}.json`);
  const facts = {
    output: target,
    title: prepared.study.title,
    synthetic: prepared.study.synthetic,
    n: prepared.study.patients.length
  };
  if (existsSync(join(target, "index.html")) && (await stampOf(stamp)) === key)
    return {...facts, steps: [...prepared.steps, {step: "site", key, made: false}]};
  await rm(stamp, {force: true});
  await buildPages(prepared, target, progress);
  await mkdir(dirname(stamp), {recursive: true});
  await writeFile(stamp, JSON.stringify({key}));
  return {...facts, steps: [...prepared.steps, {step: "site", key, made: true}]};
}

/** Pages, components and settings: what the site depends on besides its tables. */
async function siteSource(): Promise<string> {
  const entries = await readdir(join(root, "src"), {recursive: true, withFileTypes: true});
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes(".observablehq"))
    .sort();
  return hashOf([...(await hashFiles(root, [...files, "observablehq.config.ts", "package-lock.json"]))]);
}

async function stampOf(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  return (JSON.parse(await readFile(path, "utf8")) as {key: string}).key;
}

async function buildPages(prepared: Prepared, target: string, progress: Progress): Promise<void> {
  const draft = `${target}.next-${process.pid}`;
  const artifacts = join(workFolder, "artifacts", String(process.pid));
  await rm(draft, {recursive: true, force: true});
  await rm(artifacts, {recursive: true, force: true});
  await mkdir(artifacts, {recursive: true});
  for (const name of artifactNames) await cp(join(prepared.artifacts, name), join(artifacts, name));
  try {
    await frameworkBuild({artifacts, output: draft, progress});
    await swap(draft, target);
  } finally {
    await rm(draft, {recursive: true, force: true});
    await rm(artifacts, {recursive: true, force: true});
  }
}

/** Puts the new site in the place of the old one. */
async function swap(draft: string, target: string): Promise<void> {
  const old = `${target}.next-old-${process.pid}`;
  const replaces = existsSync(target);
  if (replaces) await rename(target, old);
  try {
    await rename(draft, target);
  } catch (error) {
    if (replaces) await rename(old, target);
    throw error;
  }
  await rm(old, {recursive: true, force: true});
}
