import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Variable} from "../../src/cohort/description.js";
import type {PublishedModels} from "../../src/survival/publishedModel.js";
import {fitModels} from "../analysis/fitModels.js";
import type {RiskGroups} from "../analysis/riskModel.js";
import type {Analysed} from "../analysis/trainingTerms.js";
import {tumourVolumes} from "../signatures/tumourVolume.js";
import type {EndpointColumns, Study} from "../study/study.js";
import {codeHash} from "./codeHash.js";
import type {Progress} from "./progress.js";
import {moduleOf, root} from "./project.js";
import type {StepCache} from "./stepCache.js";

/** What was fitted, as it is kept between builds. */
export interface StoredModels {
  readonly published: PublishedModels;
  /** Null: there are no risk groups, and `reason` says why if any were asked for. */
  readonly risk: (Pick<RiskGroups, "description" | "variables" | "group"> & {readonly score: (number | null)[]}) | null;
  readonly reason: string | null;
}

/** Volumes of the tumour masks; null in a study without images. */
export async function volumesOf(
  study: Study,
  hashes: ReadonlyMap<string, string>,
  cache: StepCache,
  progress: Progress
): Promise<{variable: Variable; values: Float64Array} | null> {
  const {pet, ct} = study.images;
  if (!pet && !ct) return null;
  const masks = study.patients.map((_, i) => (pet?.[i] ?? ct?.[i])?.mask ?? null);
  const inputs = {
    code: codeHash(moduleOf("data-loaders/signatures/tumourVolume.ts"), root),
    masks: masks.map((mask) => mask && [mask, hashes.get(mask) ?? null])
  };
  const folder = await cache.step("volumes", inputs, async (target) => {
    const {variable, values} = await tumourVolumes(study, (done) => progress("Tumour volumes", done, masks.length));
    await writeFile(join(target, "volumes.json"), JSON.stringify({variable, values: nullable(values)}));
  });
  const stored = await readJson<{variable: Variable; values: (number | null)[]}>(join(folder, "volumes.json"));
  return {variable: stored.variable, values: Float64Array.from(stored.values, (v) => v ?? NaN)};
}

/** The models of study.json, fitted unless nothing they depend on has changed. */
export async function modelsOf(analysed: Analysed, cache: StepCache, progress: Progress): Promise<StoredModels> {
  const {study, variables, columns} = analysed;
  const {riskModel, models, strata, split} = study;
  const used = new Set([...(riskModel?.terms ?? []), ...models.flatMap(({terms}) => terms), ...strata]);
  if (split) used.add(split.variable);
  const inputs = {
    code: codeHash(moduleOf("data-loaders/analysis/fitModels.ts"), root),
    riskModel,
    models,
    strata,
    split,
    variables: variables.filter(({id}) => used.has(id)),
    columns: [...used].map((id) => [id, id in columns ? [...columns[id]] : null]),
    followUp: riskModel && followUpOf(study.followUp[riskModel.endpoint])
  };
  const folder = await cache.step("models", inputs, async (target) => {
    if (riskModel) progress("Fitting the models", 0, 1);
    const {risk, reason, ...published} = fitModels(analysed);
    const stored: StoredModels = {published, risk: risk && {...risk, score: nullable(risk.score)}, reason};
    await writeFile(join(target, "models.json"), JSON.stringify(stored));
    if (riskModel) progress("Fitting the models", 1, 1);
  });
  return readJson<StoredModels>(join(folder, "models.json"));
}

/** Follow-up as JSON; NaN becomes null. */
export function followUpOf({time, event, entry}: EndpointColumns): unknown {
  return [[...time], [...event], entry && [...entry]];
}

const nullable = (values: Float64Array) => Array.from(values, (v) => (Number.isNaN(v) ? null : v));

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8")) as T;
}
