import {createHash} from "node:crypto";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import {fileURLToPath} from "node:url";
import {fromBinary} from "@bufbuild/protobuf";
import {ModelProtoSchema, type ValueInfoProto} from "onnx-buf";
import {type Study, StudyError} from "../study/study.js";
import {embeddingSize} from "./efficientNetLite0.js";
import {type ModelMetadata, patientKey, readModelMetadata, type TrainedPatient} from "./modelMetadata.js";

/** A network trained before the site is built, and whom of the study it was trained on. */
export interface TrainedModel {
  /** How messages call it. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
  /** By row of the study: null for a patient the network has not seen. */
  readonly seen: readonly (TrainedPatient | null)[];
}

const committedFolder = fileURLToPath(new URL("../../models", import.meta.url));

/** SHA-256 of each committed model, null where there is none: what a signature depends on besides code and study. */
export function committedModels(): readonly (string | null)[] {
  return (["pet", "ct"] as const).map((modality) => {
    const file = path.join(committedFolder, `${modality}.onnx`);
    return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : null;
  });
}

/**
 * The trained network for a study's images: the one study.json names, or one of those committed in `models/` if it was
 * trained on patients of this study. Others would rather have a head fitted on their own follow-up than a risk learned from
 * strangers.
 *
 * @param folder - of the committed models
 * @returns null when there is none: the untrained baseline is for such a study
 * @throws {StudyError} when the model that study.json names cannot be used
 */
export function trainedModel(study: Study, modality: "pet" | "ct", folder = committedFolder): TrainedModel | null {
  const named = study.networks[modality];
  const file = named ? path.join(study.folder, named) : path.join(folder, `${modality}.onnx`);
  if (!named && !existsSync(file)) return null;
  try {
    const bytes = new Uint8Array(readFileSync(file));
    const metadata = checkedMetadata(bytes, modality);
    const byKey = new Map(metadata.patients?.map((patient) => [patient.key, patient]));
    const seen = study.patients.map((patient) => byKey.get(patientKey(study.id, patient)) ?? null);
    const strangers = seen.every((patient) => patient === null);
    return !named && strangers ? null : {file: named ?? `models/${modality}.onnx`, bytes, metadata, seen};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!named) throw new Error(`models/${modality}.onnx cannot be used: ${reason}`, {cause: error});
    const message = `${named}: ${reason}`;
    throw new StudyError([{file: named, message}]);
  }
}

/**
 * What a model says of itself, after a look at its shape.
 *
 * @throws {RangeError} when it is no ONNX file of ours, of another shape, or for other images
 */
export function checkedMetadata(bytes: Uint8Array, modality: "pet" | "ct"): ModelMetadata {
  const mend = 'Train one with "npm run train", or take it out of "networks" in study.json.';
  const {graph, metadataProps} = parsed(bytes, mend);
  if (!metadataProps.some(({key}) => key === "stratum.preprocessing")) {
    throw new RangeError(
      `the model does not say how its images were prepared, so that none can be given to it. ${mend}`
    );
  }
  const metadata = readModelMetadata(bytes);
  const {preprocessing} = metadata;
  if (preprocessing.modality !== modality) {
    throw new RangeError(
      `the model is for ${preprocessing.modality.toUpperCase()}, not ${modality.toUpperCase()}. ${mend}`
    );
  }
  const side = preprocessing.inputPixels;
  const shapes = [
    ["input", graph?.input, `n × 3 × ${side} × ${side}`],
    ["risk", graph?.output, "n × 1"],
    ["embedding", graph?.output, `n × ${embeddingSize}`]
  ] as const;
  for (const [name, values, wanted] of shapes) {
    const value = values?.find((entry) => entry.name === name);
    const found = value ? shapeOf(value) : "missing";
    if (found !== wanted) throw new RangeError(`the model's "${name}" is ${found} where ${wanted} is needed. ${mend}`);
  }
  return metadata;
}

function parsed(bytes: Uint8Array, mend: string) {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    if (model.graph) return model;
  } catch {
    // Said below, as for bytes that are something else.
  }
  throw new RangeError(`this is no ONNX file, or it is cut short. ${mend}`);
}

function shapeOf({type}: ValueInfoProto): string {
  if (type?.value.case !== "tensorType") return "no tensor";
  const dims = type.value.value.shape?.dim ?? [];
  return dims.map(({value}) => (value.case === "dimValue" ? String(value.value) : "n")).join(" × ");
}
