import {tableFromIPC, tableToIPC} from "apache-arrow";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Provenance} from "../../src/cohort/description.js";
import {analyseExpression, expressionTable} from "../analysis/expressionAnalysis.js";
import type {Study} from "../study/study.js";
import {codeHash} from "./codeHash.js";
import {hashFile} from "./hash.js";
import type {Progress} from "./progress.js";
import {moduleOf, root} from "./project.js";
import type {StepCache} from "./stepCache.js";

const builtInFile = moduleOf("data-loaders/geneSets/go_bp.gmt.gz");

/** Files of the step, which the site publishes. */
const files = ["pathways.json", "gene-sets.json"] as const;

/**
 * Compares expression between the risk groups, unless nothing it depends on has changed.
 *
 * @returns the folder with its files
 */
export async function pathwaysOf(
  study: Study,
  group: readonly (string | null)[],
  hashes: ReadonlyMap<string, string>,
  cache: StepCache,
  progress: Progress
): Promise<string> {
  const {expression, geneSets} = study;
  const inputs = {
    code: codeHash(moduleOf("data-loaders/analysis/expressionAnalysis.ts"), root),
    expression,
    files: [...(expression ? [expression.file] : []), ...geneSets].map((file) => [file, hashes.get(file) ?? null]),
    builtIn: expression && geneSets.length === 0 ? await hashFile(builtInFile) : null,
    patients: study.patients,
    group: expression ? group : null
  };
  return cache.step("pathways", inputs, async (target) => {
    if (expression) progress("Comparing gene expression", 0, 1);
    const {published, matrix, sets} = await analyseExpression(study, group);
    await writeFile(join(target, "pathways.json"), JSON.stringify(published));
    await writeFile(join(target, "gene-sets.json"), JSON.stringify(sets));
    await writeFile(
      join(target, "expression.arrow"),
      expressionTable(matrix ?? {genes: [], samples: [], values: new Float64Array()})
    );
    if (expression) progress("Comparing gene expression", 1, 1);
  });
}

/** Copies the step's files to where the site takes them from; the Arrow file says where it comes from. */
export async function exportPathways(folder: string, provenance: Provenance, target: string): Promise<void> {
  for (const file of files) await writeFile(join(target, file), await readFile(join(folder, file)));
  const table = tableFromIPC(await readFile(join(folder, "expression.arrow")));
  table.schema.metadata.set("stratum", JSON.stringify(provenance));
  await writeFile(join(target, "expression.arrow"), tableToIPC(table, "stream"));
}
