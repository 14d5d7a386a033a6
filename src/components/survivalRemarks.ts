import type {StudyDescription} from "../cohort/description.js";
import {NAMED} from "../cohort/selection.js";
import {timeWords} from "../cohort/timeUnit.js";
import {bandsMissing} from "./curveBand.js";
import {counted, formatNumber} from "./formatting.js";
import {TONES} from "./palette.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** Below these a curve says little. */
const FEW_PATIENTS = 10;
const FEW_EVENTS = 5;

/** What a reader must know to read the figure rightly, one sentence each: who is left out, and which traps it has. */
export function survivalRemarks(study: StudyDescription, answer: SurvivalAnswer): string[] {
  if (answer.selected === 0) return ["No patient passes all filters; take one away."];
  return [...leftOut(answer), ...small(answer), ...bands(answer), ...traps(study, answer), ...answer.refusals];
}

function leftOut({grouping, missingFollowUp, empty, selection, endpoint}: SurvivalAnswer): string[] {
  const remarks: string[] = [];
  const {reference} = selection;
  if (reference !== null && !grouping.keys.includes(reference))
    remarks.push(
      `The link compares with a group "${reference}", which is none of these; they are compared with ${grouping.groups[grouping.reference].label}.`
    );
  if (grouping.missing > 0)
    remarks.push(
      grouping.variable!.id === NAMED && !grouping.crossed
        ? `${counted(grouping.missing, "selected patient")} in none of the named selections left out.`
        : `${counted(grouping.missing, "selected patient")} without a value of ${grouping.variable!.label}${grouping.crossed ? ` or ${grouping.crossed.variable.label}` : ""} left out.`
    );
  if (grouping.overlapping > 0)
    remarks.push(
      `${counted(grouping.overlapping, "selected patient")} in more than one named selection left out: curves that share patients cannot be compared.`
    );
  // Of a defined endpoint the page says more: `exclusionRemarks`.
  if (missingFollowUp > 0 && !endpoint.definition)
    remarks.push(`${counted(missingFollowUp, "selected patient")} without follow-up left out.`);
  const redundant = redundantFactor(grouping, empty);
  if (redundant) remarks.push(redundant);
  else if (empty.length > 0) remarks.push(`No selected patient is in: ${listOf(empty)}.`);
  return remarks;
}

const NAMED_MOST = 6;

/** Names that may hold commas themselves, as those of crossed groups do. */
function listOf(names: readonly string[]): string {
  if (names.length <= NAMED_MOST) return names.join("; ");
  return `${names.slice(0, NAMED_MOST - 1).join("; ")}; and ${names.length - NAMED_MOST + 1} more`;
}

/** A second factor that parts no group of the first, or the other way round, as a sentence; null where both part. */
function redundantFactor(
  {variable, crossed, groups}: SurvivalAnswer["grouping"],
  empty: readonly string[]
): string | null {
  if (!variable || !crossed || empty.length === 0) return null;
  const width = crossed.cut ? crossed.cut.length + 1 : crossed.variable.levels!.length;
  const seen = groups.flatMap(({label}, g) => (empty.includes(label) ? [] : [[Math.floor(g / width), g % width]]));
  const parts = (side: 0 | 1) => new Set(seen.map((pair) => pair[side])).size < seen.length;
  const [first, second] = [variable.label, crossed.variable.label];
  const sentence = (added: string, given: string) =>
    `${added} adds nothing to ${given} here: the selected patients of each group by ${given} all lie in one group by ${added}, so there are ${seen.length} groups, not ${groups.length}.`;
  if (seen.length < 2) return null;
  if (!parts(0)) return sentence(second, first);
  return parts(1) ? null : sentence(first, second);
}

function small({groups}: SurvivalAnswer): string[] {
  return groups
    .filter(({n, events}) => n < FEW_PATIENTS || events < FEW_EVENTS)
    .map(
      ({label, n, events}) =>
        `${label} has only ${counted(n, "patient")} and ${counted(events, "event")}; read its curve with care.`
    );
}

function bands({groups, selection, endpoint}: SurvivalAnswer): string[] {
  if (!endpoint.competing || selection.band === "pointwise") return bandsMissing(groups, selection);
  return ["Simultaneous bands are those of Kaplan–Meier curves; the limits of cumulative incidences are pointwise."];
}

function traps(study: StudyDescription, {grouping, selection, endpoint, groups, competing}: SurvivalAnswer): string[] {
  const {variable, cut, crossed} = grouping;
  const remarks: string[] = [];
  for (const {id, label} of [variable, crossed?.variable].filter((v) => v !== null && v !== undefined))
    if (study.treatments.includes(id))
      remarks.push(
        `${label} is a treatment: patients must live long enough to receive it (immortal time), and it was given by indication, not by chance. The difference between these curves is not its effect.`
      );
  if (cut?.length && selection.cut.rule !== "at")
    remarks.push(
      `${variable!.label} is cut at ${cut.map((c) => formatNumber(c)).join(" and ")}, the ${selection.cut.rule} of the patients selected; a patient at a cut counts below it.`
    );
  if (cut?.length && selection.cut.rule === "at")
    remarks.push("A cut chosen after looking at the curves makes p too small; a patient at a cut counts below it.");
  if (crossed?.cut?.length)
    remarks.push(
      `${crossed.variable.label} is cut at ${formatNumber(crossed.cut[0])}, the median of the patients selected; a patient at the cut counts below it.`
    );
  if (endpoint.competing && competing > 0)
    remarks.push(
      `In the whole cohort the follow-up of ${counted(competing, "patient")} ended in a competing event. A Kaplan–Meier curve of the event would treat it as censoring, and log-rank test and cause-specific hazard ratio do: read them beside the cumulative incidence.${endpoint.leftTruncated ? " Gray's test is not defined with late entry; the cause-specific hazard ratios stand in its place." : ""}`
    );
  if (endpoint.leftTruncated)
    remarks.push(
      "Patients come under observation late and count from then on: those at risk can be fewer than n at first, and more later."
    );
  if (selection.landmark !== null)
    remarks.push(
      endpoint.leftTruncated
        ? `Curves hold for patients free of the event at the landmark, ${timeWords(selection.landmark, endpoint.unit)}; those who come under observation after it count from then on.`
        : `Curves hold for patients still followed at the landmark, ${timeWords(selection.landmark, endpoint.unit)}.`
    );
  if (groups.length > TONES) remarks.push(`There are more groups than colours; the ${TONES + 1}th repeats the first.`);
  return remarks;
}
