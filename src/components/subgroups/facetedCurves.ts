import type {Endpoint} from "../../cohort/description.js";
import type {Group} from "../../cohort/groups.js";
import type {Selection} from "../../cohort/selection.js";
import type {ChiSquareTest} from "../../survival/coxph.js";
import {countCells, pickCells} from "../../survival/cellCounts.js";
import type {CellCounts} from "../../survival/cellCounts.js";
import {cellsOf, NO_CELL} from "../../survival/patientCells.js";
import type {PatientCells} from "../../survival/patientCells.js";
import {kaplanMeierBy} from "../../survival/kaplanMeier.js";
import type {KaplanMeierGroup} from "../../survival/kaplanMeier.js";
import {kaplanMeierByCell} from "../../survival/kaplanMeierByCell.js";
import {logRank, testOfCounts} from "../../survival/logRank.js";
import type {LogRank} from "../../survival/logRank.js";
import {survivalAt} from "../../survival/survivalAt.js";
import {median} from "../../survival/survivalQuantile.js";
import {bandOf} from "../curveBand.js";
import {formatInterval, formatP, perYear} from "../formatting.js";
import type {GroupAnswer} from "../survivalAnswer.js";
import {attempt, codesOf, effectsWithin} from "./effectWithin.js";
import type {Coded, Effect, EffectsWithin, Patients, TwoGroups} from "./effectWithin.js";

/** The groups' curves in one level of a factor. */
export interface Facet {
  readonly label: string;
  /** Groups with patients; empty where the level has none. */
  readonly groups: readonly GroupAnswer[];
  /** Of two groups; null where more or fewer are compared. */
  readonly effect: Effect | null;
  /** Log-rank test within the level; null where it was not asked for or nothing can be tested. */
  readonly test: LogRank | null;
  /** What is said of the level beside its name. */
  readonly note: string;
}

/** Small multiples: the same groups in every level of a factor. */
export interface FacetedCurves {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  /** The reference first. */
  readonly compared: readonly Group[];
  readonly facets: readonly Facet[];
  /** Log-rank test stratified by the factor; null where nothing can be tested. */
  readonly pooled: LogRank | null;
  /** Of two groups. */
  readonly interaction: ChiSquareTest | null;
  /** Rows left out because follow-up, group or level is missing. */
  readonly missing: number;
  readonly n: number;
  readonly events: number;
  /** Who is in which curve, by row of the cohort: indices into `compared` and `facets`. */
  readonly members: {readonly rows: Uint8Array; readonly group: Float64Array; readonly facet: Float64Array};
  /** Where the axis of time begins: the landmark, the first entry or 0. */
  readonly start: number;
  /** Of 1, 3 and 5 years from time zero those after the landmark that follow-up reaches. */
  readonly years: readonly number[];
}

/**
 * Kaplan–Meier curves of groups in each level of a factor, with the pooled test; of two groups the hazard ratio in each level
 * and the test of interaction too.
 *
 * @param compared - the reference first
 * @param testEach - whether the groups are tested within each level
 */
export function facetedCurves(
  patients: Patients,
  endpoint: Endpoint,
  selection: Selection,
  compared: Coded,
  levels: Coded,
  {testEach = false}: {readonly testEach?: boolean} = {}
): FacetedCurves {
  const two = isTwo(compared) ? effectsWithin(patients, compared, levels) : null;
  const inCells = cellsUnlessMany(patients, compared, levels);
  const curves = curvesByLevel(patients, selection, compared, levels, inCells);
  const counted =
    inCells && !patients.surv.weight ? {patients: inCells, counts: countCells(patients.surv, inCells)} : undefined;
  const longest = Math.max(0, ...curves.flat().map(({curve}) => curve.time.at(-1) ?? 0));
  const start = Math.max(selection.landmark ?? 0, firstEntry(patients));
  const years = [1, 3, 5].filter((year) => {
    const time = year * perYear[endpoint.unit];
    return time > start && time <= longest;
  });
  const times = years.map((year) => year * perYear[endpoint.unit]);
  const facets = levels.groups.map(({label}, l) => {
    const groups = curves[l].map(({curve, group}) => ({
      ...compared.groups[group as number],
      n: curve.n,
      events: curve.events.reduce((sum, e) => sum + e, 0),
      curve,
      band: curve.jackknife ? null : bandOf(curve, selection),
      median: median(curve),
      at: survivalAt(curve, times)
    }));
    const test = testEach ? testWithin(patients, compared, levels, l, counted?.counts ?? null) : null;
    const effect = two?.effects[l] ?? null;
    return {label, effect, test, groups, note: noteOf(effect, test)};
  });
  const groupLevels = compared.groups.map((_, g) => g);
  const pooled =
    groupLevels.length > 1 && !patients.surv.weight
      ? attempt(() => {
          // Counts are by stratum already.
          const by = counted ? {counted} : {strata: levels.code};
          return logRank({...patients, group: compared.code, levels: groupLevels, ...by});
        })
      : null;
  const all = facets.flatMap(({groups}) => groups);
  const n = all.reduce((sum, group) => sum + group.n, 0);
  return {
    endpoint,
    selection,
    compared: compared.groups,
    facets,
    members: {
      rows: patients.rows,
      group: compared.code,
      get facet() {
        return levels.code;
      }
    },
    pooled: pooled && "value" in pooled ? pooled.value : null,
    interaction: two?.interaction ?? null,
    missing: missingIn(two, patients, n),
    n,
    events: all.reduce((sum, group) => sum + group.events, 0),
    start,
    years
  };
}

const isTwo = (compared: Coded): compared is TwoGroups => compared.groups.length === 2;

function missingIn(two: EffectsWithin | null, {rows}: Patients, n: number): number {
  return two ? two.missing : rows.reduce((sum, row) => sum + row, 0) - n;
}

function firstEntry({surv: {entry, time}, rows}: Patients): number {
  if (!entry) return 0;
  let first = Infinity;
  for (let i = 0; i < entry.length; i++) if (rows[i] && !Number.isNaN(time[i])) first = Math.min(first, entry[i]);
  return Number.isFinite(first) ? Math.max(0, first) : 0;
}

function noteOf(effect: Effect | null, test: LogRank | null): string {
  const ratio = effect && (effect.reason ?? `HR ${formatInterval(effect.hazardRatio, effect.lower, effect.upper)}`);
  const said = [ratio, test && `log-rank ${formatP(test.p)}`].filter((part) => part !== null).join("; ");
  return said === "" ? "" : said[0].toUpperCase() + said.slice(1);
}

function within({rows}: Patients, code: Float64Array, level: number): Uint8Array {
  const kept = new Uint8Array(rows.length);
  for (let i = 0; i < kept.length; i++) if (rows[i] && code[i] === level) kept[i] = 1;
  return kept;
}

/** Of the groups that the level has; null with fewer than two of them. @param counts - of groups × levels, if they are known */
function testWithin(
  patients: Patients,
  compared: Coded,
  levels: Coded,
  level: number,
  counts: CellCounts | null
): LogRank | null {
  const groups = compared.groups.map((_, g) => g);
  const found = attempt(() => {
    if (!counts) {
      const rows = within(patients, levels.code, level);
      return logRank({surv: patients.surv, rows, group: compared.code, levels: groups});
    }
    const own = pickCells(
      counts,
      groups.map((g) => g * levels.groups.length + level)
    );
    return testOfCounts(own, groups, 1);
  });
  return "value" in found ? found.value : null;
}

/** By level, the curves of the groups that have patients there. */
function curvesByLevel(
  patients: Patients,
  {interval}: Selection,
  compared: Coded,
  levels: Coded,
  inCells: PatientCells | null
): (readonly KaplanMeierGroup[])[] {
  if (!inCells || (patients.surv.weight && patients.surv.entry))
    return levels.groups.map((_, l) => curvesWithin(patients, interval, compared, levels.code, l));
  const curves = kaplanMeierByCell(patients.surv, inCells, {interval});
  return levels.groups.map((_, l) =>
    compared.groups.flatMap((_, group) => {
      const curve = curves[group * levels.groups.length + l];
      return curve ? [{group, curve}] : [];
    })
  );
}

/** Patients by group and level; null where these are too many. */
function cellsUnlessMany({surv, rows}: Patients, compared: Coded, levels: Coded): PatientCells | null {
  const [groups, parts] = [compared, levels].map((coded) => ({code: codesOf(coded), size: coded.groups.length}));
  return groups.size * parts.size < NO_CELL ? cellsOf(surv, rows, groups, parts) : null;
}

function curvesWithin(
  patients: Patients,
  interval: Selection["interval"],
  compared: Coded,
  code: Float64Array,
  level: number
): readonly KaplanMeierGroup[] {
  const rows = within(patients, code, level);
  const levels = compared.groups.map((_, g) => g);
  const found = attempt(() => kaplanMeierBy({surv: patients.surv, rows, group: compared.code, levels}, {interval}));
  return "value" in found ? found.value.groups : [];
}
