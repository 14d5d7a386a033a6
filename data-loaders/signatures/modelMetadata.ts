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
  /** How the head was fitted; ties as Breslow. */
  readonly head: {
    readonly endpoint: string;
    readonly n: number;
    readonly events: number;
    readonly penalty: number;
    readonly ties: "breslow";
    readonly seed: number;
  };
}

const keys = ["name", "training", "trained", "preprocessing", "signature", "head"] as const;

/** As ONNX metadata properties: one key each, `stratum.name` …, the value as JSON. */
export function metadataProperties(metadata: ModelMetadata): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [`stratum.${key}`, JSON.stringify(metadata[key])]));
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
  return {
    name: JSON.parse(read("name")) as string,
    training: JSON.parse(read("training")) as string,
    trained: JSON.parse(read("trained")) as boolean,
    preprocessing: parsePreprocessing(read("preprocessing")),
    signature: JSON.parse(read("signature")) as ModelMetadata["signature"],
    head: JSON.parse(read("head")) as ModelMetadata["head"]
  };
}
