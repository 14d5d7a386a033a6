import {existsSync, readdirSync} from "node:fs";
import {dirname, join} from "node:path";
import type {Problems} from "./problems.js";
import type {CompleteStudy, StudyFile} from "./schema.js";

/** Where a study's dated events are, and how they are written. */
export interface EventSource extends Omit<NonNullable<StudyFile["events"]>, "file" | "followUp"> {
  /** Relative to the study folder. */
  readonly files: readonly string[];
  readonly followUp: string;
  /** In words, for a problem: who names a column. */
  readonly namedBy: string;
}

/**
 * Dated events as study.json names them; where it says nothing of them, cBioPortal's timeline files, if there are any.
 *
 * @returns null if there are none; a problem is noted if study.json names some and none is there
 */
export function eventSource(folder: string, study: CompleteStudy, problems: Problems): EventSource | null {
  const {events} = study;
  const usual = study.riskModel?.endpoint ?? study.endpoints[0].id;
  if (events) {
    const files = matching(folder, events.file);
    if (files.length === 0) problems.add({file: events.file}, "there is no such file. Put it there, or correct its name in study.json."); // prettier-ignore
    return {...events, files, followUp: events.followUp ?? usual, namedBy: '"events"'};
  }
  const files = events === null ? [] : matching(folder, "data_timeline_*.txt");
  if (files.length === 0) return null;
  // cBioPortal's own name of the column that says who died.
  const survival = study.endpoints.find(({event}) => event === "OS_STATUS");
  return {
    files,
    patient: "PATIENT_ID",
    kind: "EVENT_TYPE",
    detail: ["TREATMENT_TYPE", "STATUS"],
    time: "START_DATE",
    stop: "STOP_DATE",
    unit: "days",
    followUp: survival?.id ?? usual,
    ...(survival ? {death: "death"} : {}),
    // Their time zero is often later than the first treatment, and they list patients of other tables.
    unusable: "leaveOut",
    namedBy: 'cBioPortal\'s form, taken for want of "events"'
  };
}

/** Files by a path whose last part may hold stars; ascending. */
function matching(folder: string, path: string): string[] {
  if (!path.includes("*")) return existsSync(join(folder, path)) ? [path] : [];
  const within = dirname(path);
  const parts = path.slice(path.lastIndexOf("/") + 1).split("*");
  const pattern = new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
  const names = existsSync(join(folder, within)) ? readdirSync(join(folder, within)) : [];
  return names.filter((name) => pattern.test(name)).sort().map((name) => (within === "." ? name : `${within}/${name}`)); // prettier-ignore
}
