import {createHash} from "node:crypto";
import {fromBinary} from "@bufbuild/protobuf";
import {ModelProtoSchema} from "onnx-buf";
import {parsePreprocessing, type Preprocessing} from "../../src/imaging/preprocessing.js";

/** What a signature's ONNX file says of itself, in its metadata properties. */
export interface ModelMetadata {
  readonly name: string;
  /** How it was trained, in words. */
  readonly training: string;
  readonly trained: boolean;
  /** How images are prepared. */
  readonly preprocessing: Preprocessing;
  /** Signature = (risk − mean) / sd, standardised on the patients the head was fitted on. Higher is riskier. */
  readonly signature: {readonly variable: string; readonly mean: number; readonly sd: number};
  /** What was fitted on, and how. `penalty` is the ridge penalty of the head, or the L2 of a whole training. */
  readonly head: {
    readonly endpoint: string;
    readonly n: number;
    readonly events: number;
    readonly penalty: number;
    readonly ties: "breslow" | "efron";
    readonly seed: number;
  };
  /** Whom the whole network was trained on; absent when only the head is fitted, as the site is built. */
  readonly patients?: readonly TrainedPatient[];
}

/** A patient the network was trained on: its own risk there is flattered by follow-up seen. */
export interface TrainedPatient {
  /** `patientKey` of the study and the patient. */
  readonly key: string;
  /** The network's risk, to tell whether the image is still the same. */
  readonly risk: number;
  /** The risk by a network trained without this patient: what the signature is made from. */
  readonly outOfFold: number;
}

/** Names a patient within a model without giving the id away to a reader of the file. */
export function patientKey(study: string, patient: string): string {
  return createHash("sha256").update(`${study}\n${patient}`).digest("hex").slice(0, 16);
}

const keys = ["name", "training", "trained", "preprocessing", "signature", "head"] as const;

/** As ONNX metadata properties: one key each, `stratum.name` …, the value as JSON. */
export function metadataProperties(metadata: ModelMetadata): Record<string, string> {
  const given = metadata.patients ? [...keys, "patients" as const] : keys;
  return Object.fromEntries(given.map((key) => [`stratum.${key}`, JSON.stringify(metadata[key])]));
}

/**
 * Reads the metadata back from a model's bytes.
 *
 * @throws {RangeError} when a property is missing or not what this version writes
 */
export function readModelMetadata(model: Uint8Array): ModelMetadata {
  const properties = fromBinary(ModelProtoSchema, model).metadataProps;
  const read = (key: (typeof keys)[number]): string => {
    const property = properties.find((entry) => entry.key === `stratum.${key}`);
    if (!property)
      throw new RangeError(`The model has no metadata property stratum.${key}; it was not written by Stratum.`);
    return property.value;
  };
  const patients = properties.find((entry) => entry.key === "stratum.patients")?.value;
  return {
    name: JSON.parse(read("name")) as string,
    training: JSON.parse(read("training")) as string,
    trained: JSON.parse(read("trained")) as boolean,
    preprocessing: parsePreprocessing(read("preprocessing")),
    signature: JSON.parse(read("signature")) as ModelMetadata["signature"],
    head: JSON.parse(read("head")) as ModelMetadata["head"],
    ...(patients === undefined ? {} : {patients: JSON.parse(patients) as TrainedPatient[]})
  };
}
