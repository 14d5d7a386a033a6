import type {FlowStep} from "../cohort/description.js";
import {element} from "./element.js";
import {counted, formatCount} from "./formatting.js";

/** Ids shown before "and … more". */
const SHOWN = 8;

/** From all patients to those analysed: a box a step, beside it those left out, by reason. */
export function patientFlow(flow: readonly FlowStep[]): HTMLElement {
  if (flow.length === 0) return element("p", {}, "This study names no steps of its patient flow.");
  return element(
    "ol",
    {class: "flow"},
    flow.map((step) =>
      element(
        "li",
        {},
        element("div", {class: "kept"}, `${step.label}: n = ${formatCount(step.n)}`),
        step.excluded.length > 0 ? excluded(step.excluded) : null
      )
    )
  );
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
        element("li", {title: `Ids: ${some(patients)}`}, `${reason}: ${formatCount(n)}`)
      )
    )
  );
}

function some(patients: readonly string[]): string {
  const more = patients.length - SHOWN;
  return patients.slice(0, SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
