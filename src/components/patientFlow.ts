import type {FlowStep} from "../cohort/description.js";
import {element} from "./element.js";
import {counted, formatCount} from "./formatting.js";

/** From all patients to those analysed: a box a step, beside it those left out, by reason. */
export function patientFlow(flow: readonly FlowStep[]): HTMLElement {
  if (flow.length === 0) return element("p", {}, "This study names no steps of its patient flow.");
  return element(
    "ol",
    {class: "flow"},
    stages(flow).map((steps) =>
      element(
        "li",
        {},
        steps.map(({label, n}) => element("div", {class: "kept"}, `${label}: n = ${formatCount(n)}`)),
        steps.map((step) => (step.excluded.length > 0 ? excluded(step.excluded) : null))
      )
    )
  );
}

/** Steps after each other; steps without exclusions that together make up the one before stand side by side. */
export function stages(flow: readonly FlowStep[]): FlowStep[][] {
  const stages: FlowStep[][] = [];
  for (let i = 0; i < flow.length;) {
    const parts = partsOf(flow.slice(i), flow[i - 1]?.n ?? NaN);
    stages.push(parts);
    i += parts.length;
  }
  return stages;
}

function partsOf(steps: readonly FlowStep[], whole: number): FlowStep[] {
  let sum = 0;
  for (let k = 0; k < steps.length && steps[k].excluded.length === 0; k++) {
    sum += steps[k].n;
    if (sum === whole) return steps.slice(0, k + 1);
    if (sum > whole) break;
  }
  return [steps[0]];
}

function excluded(reasons: FlowStep["excluded"]): HTMLElement {
  const all = reasons.reduce((sum, {n}) => sum + n, 0);
  return element(
    "div",
    {class: "excluded"},
    `Left out: ${counted(all, "patient")}`,
    element(
      "ul",
      {},
      reasons.map(({reason, n, patients}) =>
        element(
          "li",
          {},
          element(
            "details",
            {},
            element("summary", {}, `${reason}: ${formatCount(n)}`),
            element("p", {class: "ids"}, patients.join(", "))
          )
        )
      )
    )
  );
}
