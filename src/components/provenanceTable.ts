import type {Provenance} from "../cohort/description.js";
import {element} from "./element.js";
import {keyTable} from "./signatureFacts.js";

/** What made the tables of this site: change any of it and the hashes change. */
export function provenanceTable(provenance: Provenance): HTMLElement {
  const hash = (text: string) => element("code", {class: "hash"}, text);
  return keyTable([
    ["Study (SHA-256 of its files)", hash(provenance.study)],
    ["Code (SHA-256 of the modules that made the tables)", hash(provenance.code)],
    ["Stratum", `version ${provenance.version}`],
    ...Object.entries(provenance.models).map(
      ([modality, sha]) => [`Model, ${modality.toUpperCase()} (SHA-256)`, hash(sha)] as const
    ),
    ...Object.entries(provenance.execution).map(
      ([modality, {provider, adapter}]) =>
        [
          `Ran on, ${modality.toUpperCase()}`,
          provider === "webgpu" ? `WebGPU, ${adapter ?? "adapter not named"}` : "CPU"
        ] as const
    )
  ]);
}
