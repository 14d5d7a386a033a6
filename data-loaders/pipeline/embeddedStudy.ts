import {join} from "node:path";
import {codeHash} from "./codeHash.js";
import type {Progress} from "./progress.js";
import {moduleOf, root, workFolder} from "./project.js";
import {openStepCache} from "./stepCache.js";

/** Patients of the embedded study, as many as in the paper it is modelled on. */
export const EMBEDDED_PATIENTS = 420;

/**
 * The folder of the embedded synthetic study, generated if its generator has changed or it is not there yet.
 *
 * @param patients - fewer for a quick look or a test
 * @param seed - another cohort of the same kind; the embedded one without it
 */
export async function embeddedStudy(
  progress: Progress,
  patients: number = EMBEDDED_PATIENTS,
  seed?: number
): Promise<string> {
  const code = codeHash(moduleOf("data-loaders/synthetic/writeEmbeddedStudy.ts"), root);
  return openStepCache(join(workFolder, "embedded")).step(
    `${patients}-patients`,
    {code, patients, ...(seed === undefined ? {} : {seed})},
    async (folder) =>
      (await import("../synthetic/writeEmbeddedStudy.js")).writeEmbeddedStudy(folder, {
        patients,
        ...(seed === undefined ? {} : {seed}),
        onProgress: (done, of) => progress("Synthetic patients", done, of)
      })
  );
}
