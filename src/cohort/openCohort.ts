import type {StudyDescription} from "./description.js";
import {readCohort} from "./readCohort.js";
import type {Cohort} from "./readCohort.js";

/** A published file, as Framework's `FileAttachment` hands it out. */
interface PublishedFile {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Fetches the cohort's tables, both at once; events only where the study has some. */
export async function openCohort(
  study: StudyDescription,
  cohort: PublishedFile,
  events: PublishedFile
): Promise<Cohort> {
  const [bytes, eventBytes] = await Promise.all([cohort.arrayBuffer(), study.events ? events.arrayBuffer() : null]);
  return readCohort(new Uint8Array(bytes), study, eventBytes && new Uint8Array(eventBytes));
}
