import {cp, mkdir, rm} from "node:fs/promises";
import {join} from "node:path";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {frameworkBuild} from "../../data-loaders/pipeline/frameworkBuild.js";
import {prepare} from "../../data-loaders/pipeline/prepare.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {workFolder} from "../../data-loaders/pipeline/project.js";
import {writeLargeCohort} from "../../test/browser/largeCohort.js";
import type {Resolution} from "../../test/browser/largeCohort.js";

/** Where the sites of the bench are kept between runs. */
export const benchFolder = join(workFolder, "bench");

/** The tables of the embedded study. @returns their folder */
export async function smallTables(): Promise<string> {
  return (await prepare(await embeddedStudy(silent), join(workFolder, "cache"), silent)).artifacts;
}

/** Builds the site of a generated study of n patients, clinical columns only. @returns its folder */
export async function largeSite(n: number, resolution: Resolution = "days"): Promise<string> {
  await mkdir(benchFolder, {recursive: true});
  const artifacts = await smallTables();
  const name = resolution === "days" ? String(n) : `${n}-${resolution}`;
  const [tables, output] = [join(benchFolder, `artifacts-${name}`), join(benchFolder, `site-${name}`)];
  await rm(output, {recursive: true, force: true});
  await cp(artifacts, tables, {recursive: true});
  await writeLargeCohort(artifacts, tables, n, resolution);
  await frameworkBuild({artifacts: tables, output, progress: silent});
  return output;
}
