import {coxPerFeature} from "../../survival/coxPerFeature.js";
import type {CoxPerFeature} from "../../survival/coxPerFeature.js";

/** Survival on each of many features, as it is sent to a worker. */
export interface CoxTask {
  /** Aligned; one a patient with gene expression. */
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly entry: Float64Array | null;
  /** features × patients. */
  readonly features: Float64Array;
  /** Columns beside each feature, by name. */
  readonly beside: Readonly<Record<string, Float64Array>>;
}

export function runCoxTask({time, event, entry, features, beside}: CoxTask): CoxPerFeature {
  return coxPerFeature({time, event, ...(entry ? {entry} : {})}, features, {adjust: beside});
}
