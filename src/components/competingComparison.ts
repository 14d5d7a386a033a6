import type {Cohort} from "../cohort/readCohort.js";
import {attempt} from "../survival/attempt.js";
import {restrictedTimeLost} from "../survival/restrictedTimeLost.js";
import type {RestrictedTimeLost} from "../survival/restrictedTimeLost.js";
import {COMPETING, EVENT, incidenceAt, incidenceDifference} from "./competingAnswer.js";
import type {CompetingAnswer, GroupIncidence} from "./competingAnswer.js";
import {perYear} from "./formatting.js";
import {independentDifference} from "./groupComparison.js";
import type {Estimate, GroupComparison} from "./groupComparison.js";
import {survOf} from "./survivalAnswer.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** One group beside the reference. Differences are group minus reference, null in the reference's own line. */
export interface IncidenceLine {
  readonly group: string;
  /** Mean time lost up to `GroupComparison.tau`. */
  readonly timeLost: Estimate | null;
  readonly timeLostDifference: Estimate | null;
  /** At `GroupComparison.tau` where the reader chose it, then at the answer's years. */
  readonly at: readonly {
    readonly time: number;
    readonly incidence: Estimate | null;
    readonly difference: Estimate | null;
  }[];
}

/** What groups differ in by one kind of event. */
export interface KindComparison {
  readonly kind: "event" | "competing event";
  readonly lines: readonly IncidenceLine[];
}

/**
 * Compares the groups of an answer whose endpoint has a competing event, by each kind of event.
 *
 * @param rows - mask of the selected patients
 * @param refusals - takes what cannot be computed, a sentence each
 */
export function competingComparison(
  cohort: Cohort,
  rows: Uint8Array,
  {endpoint, grouping, years}: SurvivalAnswer,
  {groups, reference}: CompetingAnswer,
  {tau, tauChosen}: Pick<GroupComparison, "tau" | "tauChosen">,
  refusals: string[]
): KindComparison[] {
  const surv = survOf(cohort, endpoint.id);
  const {status} = cohort.followUp(endpoint.id);
  const base = groups.find(({label}) => label === reference)!;
  const masks = new Map(
    groups.map((own) => {
      const g = grouping.groups.findIndex(({label}) => label === own.label);
      return [own, rows.map((kept, i) => Number(kept === 1 && grouping.code[i] === g))];
    })
  );
  const lost = (group: GroupIncidence, cause: number) =>
    attempt(refusals, () => restrictedTimeLost({surv, rows: masks.get(group), status}, cause, tau));
  const times = [...new Set([...(tauChosen ? [tau] : []), ...years.map((year) => year * perYear[endpoint.unit])])];
  return [EVENT, COMPETING].map((cause) => {
    const baseLost = lost(base, cause);
    return {
      kind: cause === EVENT ? "event" : "competing event",
      lines: groups.map((group): IncidenceLine => {
        const own = group === base;
        const time = own ? baseLost : lost(group, cause);
        return {
          group: group.label,
          timeLost: time && {value: time.timeLost, lower: time.lower, upper: time.upper, p: null},
          timeLostDifference:
            own || !time || !baseLost ? null : independentDifference(measured(time), measured(baseLost)),
          at: times.map((t) => ({
            time: t,
            incidence: incidenceAt(group.curve, cause, t),
            difference: own ? null : incidenceDifference(group.curve, base.curve, cause, t)
          }))
        };
      })
    };
  });
}

const measured = ({timeLost, standardError}: RestrictedTimeLost) => ({value: timeLost, error: standardError});
