import type {StudyDescription} from "./description.js";
import type {EndpointDefinition} from "./endpointDefinition.js";
import {kindWords} from "./endpointDefinition.js";
import type {FollowUpColumns} from "./readCohort.js";
import type {EventColumns} from "./readEvents.js";

/** Who is not in a defined endpoint, and why. */
export interface Exclusions {
  /** By row: 0 in it, otherwise one more than the index into `reasons`. */
  readonly reason: Uint8Array;
  /** What such patients are, in words that follow a count: "never had surgery". */
  readonly reasons: readonly string[];
  /** By row: 1 where an event of the kinds looked for came before the start, and so does not count. */
  readonly earlier: Uint8Array;
}

const [MISSING, NEVER, AFTER, NO_TIME, LATE] = [1, 2, 3, 4, 5];

/**
 * Follow-up for an endpoint made of dated events, on a clock that starts where the definition says.
 *
 * From time zero on, what happens at time zero counts. From an event on, only what comes after it does: of two events of one
 * time nobody knows the order, so a patient whose follow-up ends at the start has no time at risk. Of events of one time the event
 * looked for goes before a competing one, and that before a censoring. What comes after the end of follow-up does not count.
 * Under late entry a patient is at risk from the entry or the start on, whichever is later.
 *
 * @param followUp - of the endpoint whose time ends everybody's follow-up
 * @see R `survival::tmerge`, fixture test/reference/fixtures/endpoints.json
 */
export function definedFollowUp(
  study: StudyDescription,
  {from, to, competing, censoring}: EndpointDefinition,
  {row, kind, time: at}: EventColumns,
  followUp: FollowUpColumns
): FollowUpColumns & {readonly excluded: Exclusions} {
  const {kinds} = study.events!;
  const n = followUp.time.length;
  const start = new Float64Array(n);
  if (from) {
    start.fill(NaN);
    const wanted = kinds.findIndex(({id}) => id === from.kind);
    const better = from.which === "first" ? (t: number, s: number) => !(s <= t) : (t: number, s: number) => !(s >= t);
    for (let e = 0; e < at.length; e++) if (kind[e] === wanted && better(at[e], start[row[e]])) start[row[e]] = at[e];
  }
  /** By kind: 1 the event, 2 competing, 3 censoring, 0 none of them. */
  const role = kinds.map(({id}) => (to.includes(id) ? 1 : competing.includes(id) ? 2 : censoring.includes(id) ? 3 : 0));
  const stop = followUp.time.slice();
  const ends = new Uint8Array(n).fill(3);
  const earlier = new Uint8Array(n);
  for (let e = 0; e < at.length; e++) {
    const [i, own, t] = [row[e], role[kind[e]], at[e]];
    if (own === 0) continue;
    if (from && !(t > start[i])) earlier[i] |= Number(own === 1);
    else if (t < stop[i] || (t === stop[i] && own < ends[i])) {
      stop[i] = t;
      ends[i] = own;
    }
  }
  const reason = new Uint8Array(n);
  const time = new Float64Array(n).fill(NaN);
  const [event, status] = [new Uint8Array(n), new Uint8Array(n)];
  const entry = followUp.entry && new Float64Array(n).fill(NaN);
  let competed = 0;
  for (let i = 0; i < n; i++) {
    const end = followUp.time[i];
    const late = followUp.entry ? Math.max(0, followUp.entry[i] - start[i]) : 0;
    const length = stop[i] - start[i];
    if (Number.isNaN(end)) reason[i] = MISSING;
    else if (Number.isNaN(start[i])) reason[i] = NEVER;
    else if (from && start[i] > end) reason[i] = AFTER;
    else if (from && start[i] === end) reason[i] = NO_TIME;
    else if (entry && !(length > late)) reason[i] = LATE;
    else {
      time[i] = length;
      if (entry) entry[i] = late;
      status[i] = ends[i] % 3;
      event[i] = Number(status[i] === 1);
      competed += Number(status[i] === 2);
    }
  }
  return {
    time,
    event,
    status,
    entry,
    competing: competed,
    excluded: {reason, reasons: reasonsOf(study, from), earlier}
  };
}

function reasonsOf({events}: StudyDescription, from: EndpointDefinition["from"]): string[] {
  const kind = from && events!.kinds.find(({id}) => id === from.kind);
  const start = kind ? kindWords(kind) : "time zero";
  return [
    "without follow-up",
    `never had ${start}`,
    `had ${start} only after the end of follow-up`,
    `not followed beyond ${start}`,
    "came under observation only when it was over"
  ];
}
