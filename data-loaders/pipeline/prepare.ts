import {copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Provenance, Variable} from "../../src/cohort/description.js";
import {cohortTable} from "../analysis/cohortTable.js";
import {describeStudy} from "../analysis/describeStudy.js";
import {eventsTable} from "../analysis/eventsTable.js";
import type {Analysed} from "../analysis/trainingTerms.js";
import {computeSignatures} from "../signatures/computeSignatures.js";
import type {ComputedSignature, ComputedSignatures, ProviderChoice} from "../signatures/signatures.js";
import {committedModels} from "../signatures/trainedModel.js";
import {loadStudy} from "../study/loadStudy.js";
import type {Study} from "../study/study.js";
import {codeHash} from "./codeHash.js";
import {hashFiles, hashOf} from "./hash.js";
import {followUpOf, modelsOf, volumesOf} from "./modelSteps.js";
import type {StoredModels} from "./modelSteps.js";
import {exportNetworks, networksOf} from "./networkStep.js";
import {exportPathways, pathwaysOf} from "./pathwayStep.js";
import type {Progress} from "./progress.js";
import {moduleOf, root} from "./project.js";
import {sameImages} from "./sameImages.js";
import {openStepCache} from "./stepCache.js";
import type {StepCache, StepRecord} from "./stepCache.js";
import {trainingLogsOf} from "./trainingLogs.js";

/** What a study's pages read, as files in one folder. */
export interface Prepared {
  readonly study: Study;
  /** Holds the files of `artifactNames`. */
  readonly artifacts: string;
  /** Changes whenever an artifact may. */
  readonly key: string;
  readonly steps: readonly StepRecord[];
}

/** Names of the files the pages read. */
export const artifactNames = [
  "study.json",
  "cohort.arrow",
  "events.arrow",
  "pet-slices.arrow",
  "ct-slices.arrow",
  "training-logs.json",
  "models.json",
  "pathways.json",
  "expression.arrow",
  "gene-sets.json",
  "networks.json",
  "pet.onnx",
  "ct.onnx"
] as const;

/**
 * From a study folder to the tables of its site: checks the study, computes signatures, fits the risk model, exports.
 * A step whose inputs and code have not changed since an earlier build is not made again.
 *
 * @param folder - absolute path of the study
 * @param cacheFolder - where results are kept between builds
 * @param provider - where the networks run
 * @throws {StudyError} with all problems of the study
 * @throws {OptionError} when the provider asked for is not there
 */
export async function prepare(
  folder: string,
  cacheFolder: string,
  progress: Progress,
  provider: ProviderChoice = "auto"
): Promise<Prepared> {
  progress("Checking the study", 0, 1);
  const study = await loadStudy(folder);
  const hashes = await hashFiles(folder, study.files);
  progress("Checking the study", 1, 1);
  const cache = openStepCache(cacheFolder);
  const signatures = await signaturesOf(study, hashes, cache, cacheFolder, {progress, provider});
  const volumes = await volumesOf(study, hashes, cache, progress);
  const analysed = analysedStudy(study, [...(volumes ? [volumes] : []), ...signatures]);
  const models = await modelsOf(analysed, cache, progress);
  const pathways = await pathwaysOf(
    study,
    models.risk?.group ?? study.patients.map(() => null),
    hashes,
    cache,
    progress
  );
  const networks = await networksOf(signatures, cache);
  const logs = await trainingLogsOf(study, signatures);
  const twins = sameImages(study, hashes);
  const {version} = JSON.parse(await readFile(moduleOf("package.json"), "utf8")) as {version: string};
  const code = codeHash(moduleOf("data-loaders/pipeline/prepare.ts"), root);
  const provenance: Provenance = {
    study: hashOf([...hashes]),
    code,
    version,
    models: Object.fromEntries(signatures.map(({description: d}) => [d.modality, d.model.sha256])),
    execution: Object.fromEntries(
      signatures.map(({description: {modality, execution}}) => [
        modality,
        {provider: execution.provider, adapter: execution.adapter}
      ])
    )
  };
  const inputs = {
    provenance,
    signatures: hashOf(signatures.map(({values}) => [...values])),
    models: hashOf(models),
    volumes: hashOf([...(volumes?.values ?? [])]),
    pathways,
    networks,
    logs
  };
  const artifacts = await cache.step("export", inputs, async (target) => {
    progress("Writing Arrow tables", 0, 1);
    const noted = {...analysed, study: {...study, notes: [...study.notes, ...twins]}};
    await exportArtifacts(noted, signatures, models, provenance, target);
    await exportPathways(pathways, provenance, target);
    await exportNetworks(signatures, networks, target);
    await writeFile(join(target, "training-logs.json"), JSON.stringify(logs));
    progress("Writing Arrow tables", 1, 1);
  });
  return {study, artifacts, key: hashOf([artifacts, code]), steps: cache.records};
}

async function signaturesOf(
  study: Study,
  hashes: ReadonlyMap<string, string>,
  cache: StepCache,
  cacheFolder: string,
  {progress, provider}: {progress: Progress; provider: ProviderChoice}
): Promise<(ComputedSignature & {folder: string})[]> {
  if (Object.keys(study.images).length === 0) return [];
  const split = study.split ? study.columns[study.split.variable] : null;
  const inputs = {
    code: codeHash(moduleOf("data-loaders/signatures/computeSignatures.ts"), root),
    provider,
    patients: study.patients,
    images: study.images,
    networks: [study.networks, committedModels()],
    // Whatever the study reads that is no table: images, masks, sidecars.
    files: [...hashes].filter(([file]) => isImageFile(study, file)),
    split: [study.split, split],
    followUp: Object.entries(study.followUp).map(([id, columns]) => [id, followUpOf(columns)]),
    endpoint: study.riskModel?.endpoint ?? study.endpoints[0].id
  };
  const folder = await cache.step("signatures", inputs, async (target) => {
    const made = await computeSignatures(study, {
      cacheFolder: join(cacheFolder, "patients"),
      provider,
      onProgress: ({modality, stage, done, of}) => {
        const name = modality.toUpperCase();
        progress(stages[stage](name), done, of);
      }
    });
    await storeSignatures(made, target);
    for (const {modality, bytes} of made.models) await writeFile(join(target, `${modality}.onnx`), bytes);
  });
  const stored = JSON.parse(await readFile(join(folder, "signatures.json"), "utf8")) as (Omit<
    ComputedSignature,
    "values"
  > & {
    values: (number | null)[];
  })[];
  return stored.map((signature) => ({
    ...signature,
    values: Float64Array.from(signature.values, (v) => v ?? NaN),
    folder
  }));
}

/** Images, masks, the facts beside them, BIDS's weights, and models. DICOM files may have any name, or no extension. */
function isImageFile(study: Study, file: string): boolean {
  const paths = Object.values(study.images).flatMap((all) => all?.flatMap((one) => (one ? [one.image, one.mask] : [])));
  if (paths.length === 0 || file === "study.json") return false;
  if (/\.(nii|nii\.gz|json|dcm|onnx)$/i.test(file) || file === "participants.tsv") return true;
  return paths.some((path) => path === file || file.startsWith(`${path}/`));
}

const stages = {
  patients: (name: string) => `${name} through the network`,
  head: (name: string) => `Fitting the ${name} head`,
  slices: (name: string) => `What the ${name} network looked at`
} as const;

async function storeSignatures({signatures, slices}: ComputedSignatures, folder: string): Promise<void> {
  const facts = signatures.map(({variable, description, excluded, values}) => ({
    variable,
    description,
    excluded,
    values: Array.from(values, (v) => (Number.isNaN(v) ? null : v))
  }));
  await writeFile(join(folder, "signatures.json"), JSON.stringify(facts));
  for (const {
    description: {modality}
  } of signatures)
    await writeFile(join(folder, slicesFile(modality)), await slices(modality));
}

const slicesFile = (modality: "pet" | "ct") => `${modality}-slices.arrow`;

/** The study with the columns that were computed from its images. */
function analysedStudy(study: Study, computed: readonly {variable: Variable; values: Float64Array}[]): Analysed {
  return {
    study,
    variables: [...study.variables, ...computed.map(({variable}) => variable)],
    columns: {...study.columns, ...Object.fromEntries(computed.map(({variable, values}) => [variable.id, values]))}
  };
}

async function exportArtifacts(
  {study, ...analysed}: Analysed,
  signatures: readonly (ComputedSignature & {folder: string})[],
  {risk, reason, published}: StoredModels,
  provenance: Provenance,
  target: string
): Promise<void> {
  const variables = [...analysed.variables, ...(risk?.variables ?? [])];
  const columns = {...analysed.columns};
  if (risk) {
    columns.risk_score = Float64Array.from(risk.score, (s) => s ?? NaN);
    columns.risk_group = risk.group;
  }
  const scored = {model: risk?.description ?? null, score: risk?.score ?? [], reason};
  const description = describeStudy(study, variables, signatures, scored, provenance);
  await mkdir(target, {recursive: true});
  await writeFile(join(target, "study.json"), JSON.stringify(description));
  await writeFile(join(target, "cohort.arrow"), cohortTable(study, variables, columns, provenance));
  await writeFile(join(target, "events.arrow"), eventsTable(study, provenance));
  await writeFile(join(target, "models.json"), JSON.stringify({...published, provenance}));
  for (const modality of ["pet", "ct"] as const) {
    const from = signatures.find(({description}) => description.modality === modality);
    const file = join(target, slicesFile(modality));
    if (from) await copyFile(join(from.folder, slicesFile(modality)), file);
    else await writeFile(file, "");
  }
}
