import type {Endpoint} from "../cohort/description.js";
import {crossedGroups} from "../cohort/groups.js";
import type {Group, Grouping} from "../cohort/groups.js";
import type {Cohort} from "../cohort/readCohort.js";
import {countRows} from "../cohort/rowMask.js";
import {endpointOf} from "../cohort/selection.js";
import type {Selection} from "../cohort/selection.js";
import {keptIn} from "../numeric/keptIn.js";
import {countGroups, pickCells} from "../survival/cellCounts.js";
import {NO_CELL} from "../survival/patientCells.js";
import type {CountedGroups} from "../survival/cellCounts.js";
import {coxGroups} from "../survival/coxGroups.js";
import type {GroupModel} from "../survival/coxGroups.js";
import {coxph} from "../survival/coxph.js";
import {kaplanMeierBy} from "../survival/kaplanMeier.js";
import type {KaplanMeier} from "../survival/kaplanMeier.js";
import {logRank} from "../survival/logRank.js";
import type {LogRank} from "../survival/logRank.js";
import type {SimultaneousBand} from "../survival/simultaneousBand.js";
import {surv, SurvivalInputError} from "../survival/surv.js";
import type {Surv} from "../survival/surv.js";
import {survivalAt} from "../survival/survivalAt.js";
import type {SurvivalAt} from "../survival/survivalAt.js";
import {median} from "../survival/survivalQuantile.js";
import type {SurvivalQuantile} from "../survival/survivalQuantile.js";
import {bandOf} from "./curveBand.js";
import {finiteLimits} from "./finiteLimits.js";
import {perYear} from "./formatting.js";

/** Survival of one group of patients. */
export interface GroupAnswer extends Group {
  readonly n: number;
  readonly events: number;
  readonly curve: KaplanMeier;
  /** Around the whole curve, where the reader asked for one and there is one; the curve's own limits are pointwise. */
  readonly band: SimultaneousBand | null;
  readonly median: SurvivalQuantile;
  /** When each came under observation, ascending; null without left truncation. */
  readonly entries?: Float64Array | null;
  /** At `SurvivalAnswer.years`. */
  readonly at: SurvivalAt;
}

/** Hazard of a group relative to another. */
export interface HazardRatio {
  readonly group: string;
  readonly versus: string;
  readonly hazardRatio: number;
  readonly lower: number;
  readonly upper: number;
  readonly p: number;
  /** False where a group without events, or without variation, leaves nothing to estimate. */
  readonly estimable: boolean;
}

/** What the statistics say of a selection; nothing in it is formatted. */
export interface SurvivalAnswer {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  readonly grouping: Grouping;
  /** Patients selected; of them `n` have follow-up and a group. */
  readonly selected: number;
  readonly n: number;
  readonly events: number;
  /** Selected patients with a group, but without follow-up. */
  readonly missingFollowUp: number;
  readonly groups: readonly GroupAnswer[];
  /** Groups in which no patient is left. */
  readonly empty: readonly string[];
  /** Null with fewer than two groups, or where `refusals` says why. */
  readonly logRank: LogRank | null;
  /** Each group against the reference. */
  readonly hazardRatios: readonly HazardRatio[];
  /** The Cox model they come from, a coefficient a ratio; null where there is none. */
  readonly cox: GroupModel | null;
  /** Why a statistic could not be computed, and what its result needs to be read with. */
  readonly refusals: readonly string[];
  /** Where the axis of time begins: the landmark, else the first entry, else 0. */
  readonly start: number;
  /** Of 1, 3 and 5 years from time zero those after the start that follow-up reaches. */
  readonly years: readonly number[];
  /** Patients whose follow-up ended in a competing event. */
  readonly competing: number;
}

/**
 * Follow-up sorted once for each endpoint, however often the reader selects.
 *
 * @param cause - 1 the event, 2 the competing one; all else is censored
 */
export function survOf(cohort: Cohort, endpoint: string, cause: 1 | 2 = 1): Surv {
  const known = keptIn(prepared, cohort, () => new Map());
  return keptIn(known, `${cause} ${endpoint}`, () => {
    const {time, event, status, entry} = cohort.followUp(endpoint);
    const own = cause === 1 ? event : status.map((s) => Number(s === cause));
    return surv({time, event: own, ...(entry ? {entry} : {})});
  });
}

const prepared = new WeakMap<Cohort, Map<string, Surv>>();

/**
 * Kaplan–Meier curves, log-rank test and Cox hazard ratios of the selected patients by group.
 *
 * @param rows - mask of the selected patients
 */
export function survivalAnswer(cohort: Cohort, selection: Selection, rows: Uint8Array): SurvivalAnswer {
  const endpoint = endpointOf(cohort.study, selection);
  const input = {surv: survOf(cohort, selection.endpoint), rows};
  const grouping = crossedGroups(cohort, selection, rows);
  const refusals: string[] = [];
  const attempt = <T>(statistic: () => T): T | null => {
    try {
      return statistic();
    } catch (error) {
      if (!(error instanceof SurvivalInputError)) throw error;
      const reason = error.message.replace(/^\w+: /, "");
      refusals.push(reason[0].toUpperCase() + reason.slice(1));
      return null;
    }
  };
  const levels = grouping.groups.map((_, g) => g);
  const group = {code: grouping.code, size: levels.length};
  const counted = group.size < NO_CELL ? countGroups(input.surv, rows, group) : undefined;
  const {interval} = selection;
  const curves = attempt(() => kaplanMeierBy({...input, group: grouping.code, levels, counted}, {interval}));
  const longest = Math.max(0, ...(curves?.groups.map(({curve}) => curve.time.at(-1) ?? 0) ?? []));
  const {entry, time} = cohort.followUp(selection.endpoint);
  const entriesOf = (group: number) =>
    entry && entry.filter((_, i) => rows[i] === 1 && grouping.code[i] === group && !Number.isNaN(time[i])).sort();
  const entered = (curves?.groups ?? []).map(({group}) => entriesOf(group as number));
  // Nobody is under observation before the first entry, whatever the landmark.
  const firstEntry = entered.length > 0 ? Math.min(...entered.map((entries) => entries?.[0] ?? 0)) : 0;
  const start = Math.max(0, selection.landmark ?? 0, firstEntry);
  const reached = (time: number) => time > start && time <= longest;
  const years = [1, 3, 5].filter((year) => reached(year * perYear[endpoint.unit]));
  const groups = (curves?.groups ?? []).map(({group, curve}, k): GroupAnswer => {
    const at = survivalAt(
      curve,
      years.map((year) => year * perYear[endpoint.unit])
    );
    return {
      ...grouping.groups[group as number],
      n: curve.n,
      events: sum(curve.events),
      curve,
      band: bandOf(curve, selection),
      median: median(curve),
      entries: entered[k],
      at
    };
  });
  const found = (curves?.groups ?? []).map(({group}) => group as number);
  const compared = found.length > 1;
  const those = counted && {...counted, counts: pickCells(counted.counts, found)};
  const test = compared
    ? attempt(() => logRank({...input, group: grouping.code, levels: found, counted: those}))
    : null;
  const model = compared ? attempt(() => groupHazardRatios({...input, counted}, grouping, found, refusals)) : null;
  return {
    endpoint,
    selection,
    grouping,
    selected: countRows(rows),
    n: curves?.n ?? 0,
    events: groups.reduce((total, {events}) => total + events, 0),
    missingFollowUp: (curves?.missing ?? countRows(rows)) - grouping.missing - grouping.overlapping,
    groups,
    empty: (curves?.empty ?? []).map((g) => grouping.groups[g as number].label),
    logRank: test,
    hazardRatios: model?.hazardRatios ?? [],
    cox: model?.fit ?? null,
    refusals,
    start,
    years,
    competing: cohort.followUp(selection.endpoint).competing
  };
}

const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0);

/** Hazard of each group found relative to the reference, by one Cox model. */
export function groupHazardRatios(
  input: {surv: Surv; rows: Uint8Array; counted?: CountedGroups},
  grouping: Grouping,
  found: readonly number[],
  refusals: string[]
): {fit: GroupModel; hazardRatios: HazardRatio[]} {
  const fit = coxGroups(input, grouping.code, grouping.groups.length, referenceFirst(grouping, found));
  const named = (text: string) => text.replace(/"group(\d+)"/g, (_, g: string) => `"${grouping.groups[+g].label}"`);
  refusals.push(...fit.warnings.map(named));
  return {fit, hazardRatios: ratiosOf(fit, grouping, found)};
}

/** The same within strata, each with a baseline hazard of its own. */
export function stratifiedHazardRatios(
  input: {surv: Surv; rows: Uint8Array; strata: Float64Array},
  grouping: ComparedGroups,
  found: readonly number[]
): HazardRatio[] {
  const [, ...others] = referenceFirst(grouping, found);
  // A column of 0 and 1 a group: what a factor would become, without a look-up a patient.
  const terms = Object.fromEntries(others.map((g) => [`group${g}`, indicator(grouping.code, g)]));
  return ratiosOf(coxph({...input, terms}), grouping, found);
}

/** What a ratio needs of groups. */
type ComparedGroups = Pick<Grouping, "groups" | "code" | "reference">;

function referenceFirst({reference}: ComparedGroups, found: readonly number[]): number[] {
  const first = found.includes(reference) ? reference : found[0];
  return [first, ...found.filter((g) => g !== first)];
}

function indicator(code: Float64Array, group: number): Float64Array {
  return code.map((g) => (g === g ? Number(g === group) : NaN));
}

function ratiosOf(
  {hazardRatio, lower, upper, p}: Pick<GroupModel, "hazardRatio" | "lower" | "upper" | "p">,
  grouping: ComparedGroups,
  found: readonly number[]
): HazardRatio[] {
  const [reference, ...others] = referenceFirst(grouping, found);
  return others.map((g, j) => ({
    group: grouping.groups[g].label,
    versus: grouping.groups[reference].label,
    hazardRatio: hazardRatio[j],
    lower: lower[j],
    upper: upper[j],
    p: p[j],
    estimable: finiteLimits(lower[j], upper[j])
  }));
}
