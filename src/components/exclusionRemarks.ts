import {definitionOf, kindWords} from "../cohort/endpointDefinition.js";
import type {Cohort} from "../cohort/readCohort.js";
import {patientMask} from "../cohort/rowMask.js";
import type {Selection} from "../cohort/selection.js";
import {counted} from "./formatting.js";

/**
 * What a reader must know of an endpoint defined from dated events: who of the selected is not in it and why, and what its
 * definition does. Nothing of an endpoint that the study brought. Those a landmark leaves out are counted too: it would hide
 * who was never in the endpoint.
 */
export function exclusionRemarks(cohort: Cohort, selection: Selection): string[] {
  const {endpoint} = selection;
  const {excluded} = cohort.followUp(endpoint);
  if (!excluded) return [];
  const rows = patientMask(cohort, selection);
  const {reason, reasons, earlier} = excluded;
  const left = reasons.map(() => 0);
  let [selected, before] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === 0) continue;
    selected++;
    if (reason[i] > 0) left[reason[i] - 1]++;
    else before += earlier[i];
  }
  const out = left.reduce((sum, count) => sum + count, 0);
  const why = reasons.map((words, r) => `${left[r]} ${words}`).filter((_, r) => left[r] > 0);
  return [
    ...(out > 0
      ? [`Of ${counted(selected, "selected patient")} ${out} ${out === 1 ? "is" : "are"} not in this endpoint: ${why.join(", ")}.`] // prettier-ignore
      : []),
    ...(before > 0
      ? [`${counted(before, "patient")} had such an event before the start or with it; only later ones count.`]
      : []),
    ...traps(cohort, endpoint)
  ];
}

function traps({study}: Cohort, endpoint: string): string[] {
  const {from, to, competing, censoring} = definitionOf(study, endpoint);
  const {kinds, death} = study.events!;
  const start = from && kinds.find(({id}) => id === from.kind)!;
  const last = from?.which === "last" && start!.events > start!.patients;
  const lost = death !== null && ![...to, ...competing, ...censoring].includes(death);
  return [
    ...(last
      ? [`Which ${kindWords(start!)} was the last is known only afterwards: those who lived longer had more chances of another.`] // prettier-ignore
      : []),
    ...(lost
      ? [
          "Death is taken as a censoring here, as if the dead could still have the event; as a competing event it is not."
        ]
      : []),
    ...(censoring.length > 0
      ? ["Follow-up cut off at an event is no chance censoring where the event goes with the outlook."]
      : [])
  ];
}
