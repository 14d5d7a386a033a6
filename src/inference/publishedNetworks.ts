import {parsePreprocessing, type Preprocessing} from "../imaging/preprocessing.js";

/** What the page must know of a signature's network besides the ONNX file itself: written by the loader from its metadata. */
export interface PublishedNetwork {
  readonly modality: "pet" | "ct";
  /** Id of the variable its risk becomes. */
  readonly variable: string;
  /** Of the ONNX file. */
  readonly sha256: string;
  /** The record of how images are prepared, as the file holds it. */
  readonly preprocessing: string;
  /** Signature = (risk − mean) / sd. */
  readonly mean: number;
  readonly sd: number;
  /** What the network answers to `checkInput`, as the loader found. */
  readonly check: readonly number[];
}

/** `data/networks.json`: one entry a signature of the study; none without images. */
export type PublishedNetworks = readonly PublishedNetwork[];

/**
 * How images are prepared for a network.
 *
 * @throws {RangeError} when this version of the code does not know the record, so that no image can be prepared rightly
 */
export function preprocessingOf({preprocessing, modality}: PublishedNetwork): Preprocessing {
  const record = parsePreprocessing(preprocessing);
  if (record.modality === modality) return record;
  throw new RangeError(
    `The network in ${modality}.onnx was made for ${record.modality.toUpperCase()}; build the site anew.`
  );
}

/** A network's risk as the signature the cohort has: standardised on the patients the loader standardised on. */
export function signatureOf(risk: number, {mean, sd}: PublishedNetwork): number {
  return (risk - mean) / sd;
}
