import type {SignatureDescription} from "../cohort/description.js";
import {element} from "./element.js";
import {formatCount} from "./formatting.js";

/** Which network made a signature and what it really ran on. */
export function signatureFacts({model, execution}: SignatureDescription): HTMLElement {
  const rows: [string, string | Node][] = [
    [
      "Network",
      `${model.name}, ${formatCount(model.parameters)} parameters, ${model.inputPixels} × ${model.inputPixels} pixels`
    ],
    ["Weights", `${model.trained ? "trained" : "not trained on images"}: ${model.training}`],
    ["Model file (SHA-256)", element("code", {class: "hash"}, model.sha256)],
    ["Ran on", providerWords(execution)],
    ["Runtime", execution.runtime],
    ["Check on WebGPU", checkWords(execution)]
  ];
  return keyTable(rows);
}

/** Two columns: a name and what it is. */
export function keyTable(rows: readonly (readonly [string, string | Node])[]): HTMLElement {
  return element(
    "table",
    {class: "facts"},
    element(
      "tbody",
      {},
      rows.map(([name, value]) => element("tr", {}, element("th", {scope: "row"}, name), element("td", {}, value)))
    )
  );
}

export function providerWords({provider, adapter, fallbackAdapter}: SignatureDescription["execution"]): string {
  if (provider === "cpu") return "the CPU";
  return `WebGPU, adapter ${adapter ?? "not named"}${fallbackAdapter ? " (a software adapter: no graphics card)" : ""}`;
}

function checkWords({provider, checkedOnWebGpu, largestDifference}: SignatureDescription["execution"]): string {
  if (provider === "webgpu") return "not needed: everything ran there";
  if (checkedOnWebGpu === 0) return "not made: no WebGPU adapter was found";
  const difference = largestDifference === null ? "" : `; largest difference ${largestDifference.toPrecision(2)} SD`;
  return `${formatCount(checkedOnWebGpu)} patients also ran on WebGPU${difference}`;
}
