import type {SignatureDescription, Variable} from "../../src/cohort/description.js";

/** A signature of every patient, and how it was made. */
export interface ComputedSignature {
  /** Numeric, origin "signature", id "pet_signature" or "ct_signature". */
  readonly variable: Variable;
  /** Aligned with the study's patients, standardised on the training set; NaN where there is none. */
  readonly values: Float64Array;
  readonly description: SignatureDescription;
  /** Patients without a signature, and why; every NaN in `values` is here. */
  readonly excluded: readonly {readonly patient: string; readonly reason: string}[];
}

/** A signature's network as written at build time. */
export interface SignatureModel {
  readonly modality: "pet" | "ct";
  readonly sha256: string;
  /** ONNX, opset 17; see models/README.md. */
  readonly bytes: Uint8Array;
}

/** Of each modality the study has images of. */
export interface ComputedSignatures {
  readonly signatures: readonly ComputedSignature[];
  readonly models: readonly SignatureModel[];
  /**
   * What the network saw of each patient, in Arrow's stream format: see src/cohort/readSlices.ts. Made when it is asked for:
   * 49 occluded copies of every image take many times as long as the signatures.
   */
  readonly slices: (modality: "pet" | "ct") => Promise<Uint8Array>;
}

export interface SignatureProgress {
  readonly modality: "pet" | "ct";
  /** Patients through the network; once, the head's fit and its check on WebGPU; then what the network looked at, by patient. */
  readonly stage: "patients" | "head" | "slices";
  readonly done: number;
  readonly of: number;
}

/** Where the networks may be told to run. */
export const providerChoices = ["auto", "webgpu", "cpu"] as const;
export type ProviderChoice = (typeof providerChoices)[number];

export interface SignatureOptions {
  /** Holds crops and outputs by content hash, so that an unchanged patient is not run again. */
  readonly cacheFolder: string;
  /** "auto": WebGPU on a real adapter; on a software adapter the CPU does the bulk and WebGPU checks a handful. */
  readonly provider?: ProviderChoice;
  /** "untrained": the baseline, whatever models there are. */
  readonly models?: "trained" | "untrained";
  /** Where the committed models lie; for tests. */
  readonly modelFolder?: string;
  readonly onProgress?: (progress: SignatureProgress) => void;
}
