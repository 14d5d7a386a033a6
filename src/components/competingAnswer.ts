import type {Group} from "../cohort/groups.js";
import type {Cohort} from "../cohort/readCohort.js";
import {attempt} from "../survival/attempt.js";
import {cumulativeIncidence} from "../survival/cumulativeIncidence.js";
import type {CauseIncidence, CumulativeIncidence} from "../survival/cumulativeIncidence.js";
import {grayTest} from "../survival/grayTest.js";
import type {GrayTest} from "../survival/grayTest.js";
import {perYear} from "./formatting.js";
import {independentDifference} from "./groupComparison.js";
import type {Estimate} from "./groupComparison.js";
import {groupHazardRatios, survOf} from "./survivalAnswer.js";
import type {GroupAnswer, HazardRatio, SurvivalAnswer} from "./survivalAnswer.js";

/** Codes of `FollowUpColumns.status`. */
export const EVENT = 1;
export const COMPETING = 2;

/** How often each kind of event had happened in a group by each time. */
export interface GroupIncidence extends Group {
  readonly n: number;
  readonly events: number;
  readonly competingEvents: number;
  readonly curve: CumulativeIncidence;
  /** Times of entry, ascending; null without late entry. */
  readonly entries: GroupAnswer["entries"];
  /** Incidence of the event at each of the answer's years; null beyond follow-up. */
  readonly at: readonly (Estimate | null)[];
  readonly competingAt: readonly (Estimate | null)[];
  /** Incidence of the event minus that of the reference at each year; null in the reference itself. */
  readonly difference: readonly (Estimate | null)[];
}

/** What the statistics say of a selection whose endpoint has a competing event. */
export interface CompetingAnswer {
  readonly groups: readonly GroupIncidence[];
  readonly reference: string;
  /** Gray's test of the incidence of the event and of the competing one; null with late entry and where it cannot be made. */
  readonly gray: GrayTest | null;
  readonly competingGray: GrayTest | null;
  /** Cause-specific, of the competing event; those of the event are the answer's own. */
  readonly competingHazardRatios: readonly HazardRatio[];
  readonly refusals: readonly string[];
}

/**
 * Cumulative incidences by group, Gray's test, and cause-specific hazard ratios of the competing event.
 *
 * @param rows - mask of the selected patients
 * @returns null where the endpoint has no competing event
 */
export function competingAnswer(cohort: Cohort, rows: Uint8Array, answer: SurvivalAnswer): CompetingAnswer | null {
  const {endpoint, grouping} = answer;
  if (!endpoint.competing || answer.groups.length === 0) return null;
  const {status} = cohort.followUp(endpoint.id);
  const prepared = survOf(cohort, endpoint.id);
  const found = grouping.groups.map((_, g) => g).filter((g) => !answer.empty.includes(grouping.groups[g].label));
  const reference = found.includes(grouping.reference) ? grouping.reference : found[0];
  const refusals: string[] = [];
  const curves = found.map((g) => {
    const own = rows.map((kept, i) => Number(kept === 1 && grouping.code[i] === g));
    return cumulativeIncidence({surv: prepared, rows: own, status});
  });
  const base = curves[found.indexOf(reference)];
  const times = answer.years.map((year) => year * perYear[endpoint.unit]);
  const compared = found.length > 1;
  const untested: string[] = [];
  // Gray's test is not defined with late entry; the page says so.
  const tests =
    compared && !endpoint.leftTruncated
      ? attempt(untested, () => grayTest({surv: prepared, rows, status, group: grouping.code, levels: found}))
      : null;
  // The test knows kinds of events by their codes, the reader by their names.
  const kinds: Record<string, string> = {
    [`event ${EVENT}`]: "the event",
    [`event ${COMPETING}`]: "the competing event"
  };
  refusals.push(...untested.map((sentence) => sentence.replace(/\bevent \d\b/, (kind) => kinds[kind] ?? kind)));
  const input = {surv: survOf(cohort, endpoint.id, COMPETING), rows};
  const ratios = compared ? attempt(refusals, () => groupHazardRatios(input, grouping, found, refusals)) : null;
  return {
    groups: curves.map((curve, k) => ({
      ...grouping.groups[found[k]],
      n: curve.n,
      events: total(causeOf(curve, EVENT).events),
      competingEvents: total(causeOf(curve, COMPETING).events),
      curve,
      entries: answer.groups.find(({label}) => label === grouping.groups[found[k]].label)?.entries ?? null,
      at: times.map((time) => incidenceAt(curve, EVENT, time)),
      competingAt: times.map((time) => incidenceAt(curve, COMPETING, time)),
      difference: times.map((time) => (curve === base ? null : incidenceDifference(curve, base, EVENT, time)))
    })),
    reference: grouping.groups[reference].label,
    gray: tests?.find(({cause}) => cause === EVENT) ?? null,
    competingGray: tests?.find(({cause}) => cause === COMPETING) ?? null,
    competingHazardRatios: ratios?.hazardRatios ?? [],
    refusals
  };
}

/** The incidence of a kind of event; 0 throughout where none of it was seen. */
export function causeOf(curve: CumulativeIncidence, cause: number): CauseIncidence {
  const none = () => new Float64Array(curve.time.length);
  return (
    curve.causes.find((found) => found.cause === cause) ?? {
      cause,
      incidence: none(),
      standardError: none(),
      lower: none().fill(NaN),
      upper: none().fill(NaN),
      events: none()
    }
  );
}

const total = (column: Float64Array) => column.reduce((sum, value) => sum + value, 0);

/** Index of the last step at or before a time, −1 before the first; null beyond follow-up that could still change. */
function stepAt({time, eventFree}: CumulativeIncidence, at: number): number | null {
  const j = time.findLastIndex((t) => t <= at);
  return at > time[time.length - 1] && eventFree[j] > 0 ? null : j;
}

export function incidenceAt(curve: CumulativeIncidence, cause: number, time: number): Estimate | null {
  const j = stepAt(curve, time);
  if (j === null) return null;
  if (j < 0) return {value: 0, lower: NaN, upper: NaN, p: null};
  const {incidence, lower, upper} = causeOf(curve, cause);
  return {value: incidence[j], lower: lower[j], upper: upper[j], p: null};
}

export function incidenceDifference(
  curve: CumulativeIncidence,
  base: CumulativeIncidence,
  cause: number,
  time: number
): Estimate | null {
  const [j, k] = [stepAt(curve, time), stepAt(base, time)];
  if (j === null || k === null || j < 0 || k < 0) return null;
  const [own, other] = [causeOf(curve, cause), causeOf(base, cause)];
  return independentDifference(
    {value: own.incidence[j], error: own.standardError[j]},
    {value: other.incidence[k], error: other.standardError[k]}
  );
}
