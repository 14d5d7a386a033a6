import {firstFew, patientsHave} from "./firstFew.js";
import type {IncompleteFollowUp} from "./readEndpoint.js";
import type {EndpointFile, VariableFile} from "./schema.js";
import type {EndpointColumns, Study} from "./study.js";

/**
 * Who is in no statistic of an endpoint and why: patients who have one part of their follow-up but not the other are told apart from
 * those who have none.
 *
 * @param patients - ids of the n patients
 */
export function missingFollowUpNotes(
  {label, time, event, entry}: EndpointFile,
  columns: EndpointColumns | undefined,
  incomplete: IncompleteFollowUp | undefined,
  patients: readonly string[]
): string[] {
  const without = columns?.event.filter((e) => e < 0).length ?? 0;
  if (without === 0 || !incomplete) return [];
  const {untimed, untimedEvents, noStatus, noEntry} = incomplete;
  const some = (rows: readonly number[]) => firstFew(rows.map((i) => patients[i]));
  const had = untimedEvents > 0 ? `, ${untimedEvents} of them the event` : "";
  const neither = without - untimed.length - noStatus.length - noEntry.length;
  const parts = [
    untimed.length > 0 && `${untimed.length} with a status but no time (${event}, ${time})${had}: ${some(untimed)}`,
    noStatus.length > 0 && `${noStatus.length} with a time but no status (${time}, ${event}): ${some(noStatus)}`,
    noEntry.length > 0 && `${noEntry.length} without the time at which they came under observation (${entry}): ${some(noEntry)}`, // prettier-ignore
    neither > 0 && `${neither} with neither time nor status`
  ].filter((part) => part !== false);
  const why = neither === without ? "" : ` Among them: ${parts.join("; ")}.`;
  return [
    `${label}: follow-up of ${without} of ${patients.length} patients is missing; they are in no survival statistic of it.${why}`
  ];
}

/** How many patients lack a value, a sentence a variable. */
export function missingValueNotes(variables: readonly VariableFile[], columns: Study["columns"], n: number): string[] {
  return variables.flatMap(({id, label}) => {
    const values: ArrayLike<number | string | null> = columns[id] ?? [];
    const without = Array.from(values).filter((value) => value === null || Number.isNaN(value)).length;
    return without > 0 ? [`${label} is missing in ${without} of ${n} patients.`] : [];
  });
}

/** How many patients have gene expression, and which samples are not used. */
export function expressionNotes(expression: Study["expression"], n: number): string[] {
  if (!expression) return [];
  const {matched, unmatched, several, countedBy, file} = expression;
  const notes = [
    `Gene expression of ${matched.length} of ${n} patients (${expression.genes} genes, ${Math.ceil((matched.length * expression.genes * 8) / 1e6)} MB in memory).`
  ];
  if (several.patients > 0)
    notes.push(
      countedBy
        ? `${several.unused} samples in ${file}, of ${several.patients} patients, do not count by ${countedBy} and are not used.`
        : `${patientsHave(several.patients)} several samples in ${file}; the first of each is used, ${several.unused} ${several.unused === 1 ? "is" : "are"} not.`
    );
  if (unmatched.length > 0)
    notes.push(`${unmatched.length} samples of ${file} are no patient of the table and are not used.`);
  return notes;
}
