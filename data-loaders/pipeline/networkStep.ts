import {copyFile, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {checkImages, checkInput} from "../../src/inference/checkVector.js";
import type {PublishedNetwork} from "../../src/inference/publishedNetworks.js";
import {cpuSession} from "../signatures/cpuSession.js";
import {readModelMetadata} from "../signatures/modelMetadata.js";
import {codeHash} from "./codeHash.js";
import {moduleOf, root} from "./project.js";
import type {StepCache} from "./stepCache.js";

const modalities = ["pet", "ct"] as const;

/** A signature's network as it lies in the folder of its step. */
export interface StoredNetwork {
  readonly folder: string;
  readonly description: {readonly modality: "pet" | "ct"; readonly model: {readonly sha256: string}};
}

/** What the page `predict` must know of each network, and its known answers to the check, found here once. */
export async function networksOf(stored: readonly StoredNetwork[], cache: StepCache): Promise<PublishedNetwork[]> {
  if (stored.length === 0) return [];
  const inputs = {
    code: codeHash(moduleOf("data-loaders/pipeline/networkStep.ts"), root),
    models: stored.map(({description}) => [description.modality, description.model.sha256])
  };
  const folder = await cache.step("networks", inputs, async (target) => {
    const networks: PublishedNetwork[] = [];
    for (const {folder, description} of stored) networks.push(await described(folder, description));
    await writeFile(join(target, "networks.json"), JSON.stringify(networks));
  });
  return JSON.parse(await readFile(join(folder, "networks.json"), "utf8")) as PublishedNetwork[];
}

async function described(folder: string, {modality, model}: StoredNetwork["description"]): Promise<PublishedNetwork> {
  const bytes = new Uint8Array(await readFile(join(folder, `${modality}.onnx`)));
  const {preprocessing, signature} = readModelMetadata(bytes);
  const session = await cpuSession(bytes, preprocessing.inputPixels);
  try {
    const {risk} = await session.run(checkInput(preprocessing.inputPixels), checkImages);
    const {variable, mean, sd} = signature;
    const record = JSON.stringify(preprocessing);
    return {modality, variable, sha256: model.sha256, preprocessing: record, mean, sd, check: [...risk]};
  } finally {
    await session.close();
  }
}

/** Puts the networks where the pages find them; an empty file stands for a modality without one. */
export async function exportNetworks(
  stored: readonly StoredNetwork[],
  networks: readonly PublishedNetwork[],
  target: string
): Promise<void> {
  await writeFile(join(target, "networks.json"), JSON.stringify(networks));
  for (const modality of modalities) {
    const from = stored.find(({description}) => description.modality === modality);
    const file = `${modality}.onnx`;
    if (from) await copyFile(join(from.folder, file), join(target, file));
    else await writeFile(join(target, file), "");
  }
}
