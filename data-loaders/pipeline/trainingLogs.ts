import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {SignatureDescription} from "../../src/cohort/description.js";
import type {TrainingLog} from "../../src/cohort/trainingLog.js";
import type {Study} from "../study/study.js";
import {moduleOf} from "./project.js";

/** By modality: what the training run wrote of the network; null for an untrained one, or where it left no log. */
export type TrainingLogs = Readonly<Partial<Record<"pet" | "ct", TrainingLog | null>>>;

/**
 * The logs of the networks that made a study's signatures: the JSON beside each ONNX file, if it is of that very file.
 *
 * @throws {SyntaxError} naming a log that is no JSON
 */
export async function trainingLogsOf(
  study: Study,
  signatures: readonly {readonly description: Pick<SignatureDescription, "modality" | "model">}[]
): Promise<TrainingLogs> {
  const logs: Partial<Record<"pet" | "ct", TrainingLog | null>> = {};
  for (const {description} of signatures) {
    const {modality, model} = description;
    const named = study.networks[modality];
    const network = named ? join(study.folder, named) : moduleOf(`models/${modality}.onnx`);
    const log = model.trained ? await readLog(network.replace(/\.onnx$/, ".json")) : null;
    logs[modality] = log?.model.sha256 === model.sha256 ? log : null;
  }
  return logs;
}

async function readLog(file: string): Promise<TrainingLog | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return null;
  }
  try {
    return JSON.parse(text) as TrainingLog;
  } catch (error) {
    throw new SyntaxError(`${file} is no JSON; train the network again, or take the file away.`, {cause: error});
  }
}
