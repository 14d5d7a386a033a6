import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {concordance} from "../../survival/concordance.js";
import {element} from "../element.js";
import {formatCount} from "../formatting.js";
import {plainTable} from "../plainTable.js";
import {attempt} from "../subgroups/effectWithin.js";
import {survOf} from "../survivalAnswer.js";

/** Harrell's C of a numeric variable among some patients, by endpoint and set of the split; higher values are riskier. */
export function concordanceTable(cohort: Cohort, rows: Uint8Array, variable: Variable): HTMLElement {
  const {study} = cohort;
  const column = cohort.variable(variable.id);
  if (column.type !== "numeric") return element("p", {}, `${variable.label} is no number.`);
  const lines = study.endpoints.flatMap(({id, label}) =>
    setsOf(cohort, rows).map(({set, mask}) => {
      const found = attempt(() => concordance({surv: survOf(cohort, id), rows: mask, score: column.values}));
      if ("reason" in found) return [label, set, "–", "–", found.reason];
      const {n, events, concordance: c, lower, upper} = found.value;
      const said = Number.isNaN(c) ? "no two patients can be compared" : `${c.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`; // prettier-ignore
      return [label, set, formatCount(n), formatCount(events), said];
    })
  );
  return element(
    "div",
    {},
    plainTable(
      `Concordance of the ${variable.label}`,
      ["Endpoint", "Patients", "n", "Events", "Harrell's C (95% CI)"],
      lines
    ),
    element(
      "p",
      {class: "note-line"},
      "A higher value means a higher risk; 0.5 is chance. Interval by the infinitesimal jackknife, as R's survival::concordance."
    )
  );
}

function setsOf(cohort: Cohort, rows: Uint8Array): {set: string; mask: Uint8Array}[] {
  const {split} = cohort.study;
  const column = split ? cohort.variable(split.variable) : null;
  const all = {set: "All selected", mask: rows};
  if (column?.type !== "categorical") return [all];
  const levels = column.levels.map(({label}, level) => ({
    set: label,
    mask: rows.map((row, i) => (row && column.codes[i] === level ? 1 : 0))
  }));
  return [...levels.filter(({mask}) => mask.includes(1)), all];
}
