import type {Group} from "../../cohort/groups.js";
import {countRows} from "../../cohort/rowMask.js";
import type {CutValues} from "../../numeric/cutValues.js";
import {keptIn} from "../../numeric/keptIn.js";
import type {ChiSquareTest} from "../../survival/coxph.js";
import {forestOfCodes} from "../../survival/forest.js";
import type {EffectRatio} from "../../survival/forest.js";
import type {Codes} from "../../survival/patientCells.js";
import {SurvivalInputError} from "../../survival/surv.js";
import type {Surv} from "../../survival/surv.js";
import {finiteLimits} from "../finiteLimits.js";

/** Patients of which something is computed: prepared follow-up and the mask of those selected. */
export interface Patients {
  readonly surv: Surv;
  readonly rows: Uint8Array;
}

/** Patients by group: an index into `groups` a row, NaN where the row is in none. */
export interface Coded<G extends readonly Group[] = readonly Group[]> {
  readonly groups: G;
  readonly code: Float64Array;
  /** The numbers the groups are parts of, where they are: `code` then is made when it is asked for. */
  readonly parts?: CutValues;
}

/** What tells the groups apart at the least cost. */
export const codesOf = (coded: Coded) => coded.parts ?? coded.code;

/** Two groups to compare, the reference first. */
export type TwoGroups = Coded<readonly [Group, Group]>;

/** Hazard of the second group relative to the first. */
export interface Effect {
  /** NaN where `reason` says why there is none. */
  readonly hazardRatio: number;
  readonly lower: number;
  readonly upper: number;
  readonly p: number;
  /** Patients and events in [first, second] group. */
  readonly n: readonly [number, number];
  readonly events: readonly [number, number];
  readonly reason: string | null;
}

export interface EffectsWithin {
  /** Aligned with the levels. */
  readonly effects: readonly Effect[];
  /** Likelihood-ratio test that the effect is the same in all levels. */
  readonly interaction: ChiSquareTest | null;
  /** With two levels: the effect in the second over that in the first; null where it has no finite estimate. */
  readonly ratio: EffectRatio | null;
  /** Rows left out because follow-up, group or level is missing. */
  readonly missing: number;
}

const NOBODY: Effect = {
  hazardRatio: NaN,
  lower: NaN,
  upper: NaN,
  p: NaN,
  n: [0, 0],
  events: [0, 0],
  reason: "No patient."
};

/** Figures of one selection share effects: those of its patients are kept as long as their mask is. */
const effectsKnown = new WeakMap<
  Uint8Array,
  {selected: number; effects: {surv: Surv; two: Codes; levels: Codes; found: EffectsWithin}[]}
>();

/** The effect in each level of a factor and the test of interaction; nobody selected is no error. */
export function effectsWithin(patients: Patients, two: TwoGroups, levels: Coded): EffectsWithin {
  const {surv, rows} = patients;
  const known = keptIn(effectsKnown, rows, () => ({selected: countRows(rows), effects: []}));
  const codes = {two: codesOf(two), levels: codesOf(levels)};
  const same = known.effects.find((one) => one.surv === surv && one.two === codes.two && one.levels === codes.levels);
  if (same) return same.found;
  const found = computeEffects(patients, known.selected, two, levels);
  known.effects.push({surv, ...codes, found});
  return found;
}

function computeEffects({surv, rows}: Patients, selected: number, two: TwoGroups, levels: Coded): EffectsWithin {
  const none = {effects: levels.groups.map(() => NOBODY), interaction: null, ratio: null};
  const [group, subgroup] = [two, levels].map((coded) => ({
    levels: coded.groups.map((_, g) => g),
    code: codesOf(coded)
  }));
  const found = attempt(() => forestOfCodes(surv, rows, group, subgroup, selected));
  if ("reason" in found) return {...none, missing: selected};
  const {rows: lines, interaction, ratio, missing} = found.value;
  const endless = ratio !== null && !finiteLimits(ratio.lower, ratio.upper);
  return {effects: lines.map((line) => finite(line, two)), interaction, ratio: endless ? null : ratio, missing};
}

/** The effect in all patients together. */
export function effectIn(patients: Patients, two: TwoGroups): Effect {
  return effectsWithin(patients, two, everyone(patients.surv)).effects[0];
}

const oneLevel = new WeakMap<Uint32Array, Float64Array>();

/** All patients in one level; the same one for all of a cohort's follow-up. */
export function everyone({order, size}: Surv): Coded {
  const code = keptIn(oneLevel, order, () => new Float64Array(size));
  return {groups: [{label: "All patients", tone: 0}], code};
}

function finite({hazardRatio, lower, upper, p, n, events, reason}: Effect, two: TwoGroups): Effect {
  if (reason === null && finiteLimits(lower, upper)) return {hazardRatio, lower, upper, p, n, events, reason};
  return {hazardRatio: NaN, lower: NaN, upper: NaN, p: NaN, n, events, reason: inWords(n, events, two)};
}

function inWords(n: Effect["n"], events: Effect["events"], {groups}: TwoGroups): string {
  if (n[0] + n[1] === 0) return NOBODY.reason!;
  const empty = n.indexOf(0);
  if (empty >= 0) return `No patient in ${groups[empty].label}.`;
  if (events[0] + events[1] === 0) return "No events.";
  const quiet = events.indexOf(0);
  if (quiet >= 0) return `No event in ${groups[quiet].label}: the ratio has no finite estimate.`;
  return "The ratio has no finite estimate.";
}

/** A statistic, or why there is none: a sentence without the function's name. */
export function attempt<T>(statistic: () => T): {value: T} | {reason: string} {
  try {
    return {value: statistic()};
  } catch (error) {
    if (!(error instanceof SurvivalInputError)) throw error;
    const reason = error.message.replace(/^\w+: /, "");
    return {reason: reason[0].toUpperCase() + reason.slice(1)};
  }
}
