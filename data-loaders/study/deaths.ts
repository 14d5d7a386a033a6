import type {TimeUnit} from "../../src/cohort/description.js";
import {toUnit} from "../../src/cohort/timeUnit.js";
import type {EventSource} from "./eventSource.js";
import type {Problems} from "./problems.js";
import type {EventRow} from "./readEvents.js";
import type {EndpointColumns} from "./study.js";

/**
 * Deaths as the follow-up endpoint has them: added where the events do not name them, refused where the two disagree. Where events
 * and follow-up have different units a day is the same time, since one of them was rounded: such an event moves to the end
 * of follow-up.
 *
 * @param kinds - gets the kind of death, if it lacks it
 */
export function completeDeaths(
  {death, followUp, unit, unusable}: EventSource,
  rows: readonly EventRow[],
  whose: {readonly patients: readonly string[]; readonly followUp: Readonly<Record<string, EndpointColumns>>},
  kinds: Map<string, {readonly id: string; readonly label: string}>,
  own: TimeUnit,
  problems: Problems
): {rows: EventRow[]; notes: string[]} {
  const {time: end, event} = whose.followUp[followUp];
  const near = unit === own ? 0 : toUnit(1, "days", own);
  const settled = rows.map((row) => {
    const late = row.time - end[row.patient];
    return late !== 0 && Math.abs(late) <= near && (late > 0 || row.kind === death)
      ? {...row, time: end[row.patient]}
      : row;
  });
  if (!death) return {rows: settled, notes: []};
  if (!kinds.has(death)) kinds.set(death, {id: death, label: "Death"});
  const named = new Set<number>();
  let apart = 0;
  for (const {kind, patient, time, place} of settled) {
    if (kind !== death) continue;
    named.add(patient);
    if (event[patient] === 1 && time === end[patient]) continue;
    apart++;
    const other = event[patient] === 1 ? `has it at ${end[patient]}` : "knows of none";
    if (unusable === "refuse")
      problems.add(
        place,
        `the patient died at ${time} here, but the endpoint "${followUp}" ${other}. Make them agree.`
      );
  }
  const added = whose.patients.flatMap((_, patient): EventRow[] =>
    event[patient] === 1 && !named.has(patient)
      ? [{patient, kind: death, time: end[patient], stop: NaN, place: {file: ""}}]
      : []
  );
  const notes = [
    ...(added.length > 0 ? [`Death of ${added.length === 1 ? "one patient" : `${added.length} patients`} was taken from the endpoint "${followUp}": the dated events do not name it.`] : []), // prettier-ignore
    ...(apart > 0 ? [`${apart} deaths among the dated events do not agree with the endpoint "${followUp}".`] : [])
  ];
  return {rows: [...settled, ...added], notes};
}
