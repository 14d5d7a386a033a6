import type {StudyDescription} from "./description.js";
import {readCohort} from "./readCohort.js";
import type {Cohort} from "./readCohort.js";

type Fetch = () => Promise<ArrayBuffer>;

/** Fetches the cohort's tables, both at once; events only where the study has some. */
export async function openCohort(
  study: StudyDescription,
  {cohort, events}: {readonly cohort: Fetch; readonly events: Fetch}
): Promise<Cohort> {
  const [bytes, eventBytes] = await Promise.all([cohort(), study.events ? events() : null]);
  return readCohort(new Uint8Array(bytes), study, eventBytes && new Uint8Array(eventBytes));
}
