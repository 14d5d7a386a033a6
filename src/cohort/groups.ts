import {partsOf} from "../numeric/cutValues.js";
import type {CutValues} from "../numeric/cutValues.js";
import {inParts} from "../numeric/inParts.js";
import {keptIn} from "../numeric/keptIn.js";
import {keptQuantiles} from "../numeric/keptOrder.js";
import type {Level, Variable} from "./description.js";
import type {Cohort} from "./readCohort.js";
import {patientMask} from "./rowMask.js";
import {isRiskGroup, NAMED, stratifier} from "./selection.js";
import type {Cut, Selection} from "./selection.js";

/** One group of a stratification. */
export interface Group {
  readonly label: string;
  /** Which colour: risk groups always have their own. */
  readonly tone: "low" | "high" | number;
}

/** Patients by group. */
export interface Grouping {
  /** Null: all patients are one group. */
  readonly variable: Variable | null;
  readonly groups: readonly Group[];
  /** What a selection calls each group: its level, its name, or its place among the parts of a cut variable. */
  readonly keys: readonly string[];
  /** By row: index into `groups`, NaN where the variable is missing. Of a cut variable made when it is asked for. */
  readonly code: Float64Array;
  /** The values of a cut variable, from which a statistic can tell the groups by itself. */
  readonly parts?: CutValues;
  /** Where a numeric variable was cut, ascending; null if it was not. */
  readonly cut: readonly number[] | null;
  /** Index of the group the others are compared with. */
  readonly reference: number;
  /** Selected patients without a value, or in none of the named selections; counted when it is asked for. */
  readonly missing: number;
  /** Selected patients in more than one named selection: they are in no group. */
  readonly overlapping: number;
  /** Variable whose groups are crossed with those of the first, and where it was cut; null: none. */
  readonly crossed: {readonly variable: Variable; readonly cut: readonly number[] | null} | null;
}

/**
 * Groups of the selected patients.
 *
 * @param rows - mask of the selected patients: quantile cuts are theirs
 */
export function groupRows(cohort: Cohort, selection: Selection, rows: Uint8Array): Grouping {
  const variable = stratifier(cohort.study, selection);
  if (!variable) {
    const groups = [{label: "All patients", tone: 0}];
    return {
      variable,
      groups,
      keys: [""],
      code: oneGroup(cohort),
      cut: null,
      reference: 0,
      missing: 0,
      overlapping: 0,
      crossed: null
    };
  }
  if (variable.id === NAMED) return namedGroups(cohort, variable, selection, rows);
  const column = cohort.variable(variable.id);
  if (column.type === "categorical") {
    const code = levelCodes(column.codes);
    const groups = column.levels.map((level, g) => levelGroup(variable, level, g));
    const keys = column.levels.map(({value}) => value);
    const usual = Math.max(0, keys.indexOf(variable.reference ?? ""));
    return {
      variable,
      groups,
      keys,
      code,
      cut: null,
      reference: referenceAmong(keys, selection, usual),
      get missing() {
        return missingAmong(code, rows);
      },
      overlapping: 0,
      crossed: null
    };
  }
  const {values} = column;
  const cut = cutValues(values, rows, selection.cut);
  const parts = {values, cuts: cut};
  let code: Float64Array | null = null;
  const groups = cutLabels(variable, cut).map((label, tone) => ({label, tone}));
  const keys = groups.map((_, g) => String(g + 1));
  const reference = referenceAmong(keys, selection, 0);
  return {
    variable,
    groups,
    keys,
    get code() {
      return (code ??= partsOf(parts));
    },
    parts,
    cut,
    reference,
    get missing() {
      return missingAmong(values, rows);
    },
    overlapping: 0,
    crossed: null
  };
}

/** The group the reader compares with, if there is one of that name; else the usual one. */
function referenceAmong(keys: readonly string[], {reference}: Selection, usual: number): number {
  const chosen = reference === null ? -1 : keys.indexOf(reference);
  return chosen < 0 ? usual : chosen;
}

/**
 * Whether a selected patient is in each group, or at each level: all have been found after a few, as a rule.
 *
 * @param code - by row an index below `size`; NaN or −1 for none
 */
export function groupsFound(code: Float64Array | Int32Array, rows: Uint8Array, size: number): boolean[] {
  const found = Array.from({length: size}, () => false);
  let sought = size;
  for (let i = 0; i < code.length && sought > 0; i++) {
    const g = code[i];
    if (rows[i] === 0 || !(g >= 0) || found[g]) continue;
    found[g] = true;
    sought--;
  }
  return found;
}

const presentKnown = new WeakMap<Float64Array, Float64Array>();

/** Whoever has a value in the first group, the others in none; made once a column. */
export function presentCode(values: Float64Array): Float64Array {
  return keptIn(presentKnown, values, () => values.map((value) => (value === value ? 0 : NaN)));
}

const oneGroupOf = new WeakMap<Cohort, Float64Array>();

/** All patients in the first group. */
function oneGroup(cohort: Cohort): Float64Array {
  return keptIn(oneGroupOf, cohort, () => new Float64Array(cohort.n));
}

const levelsKnown = new WeakMap<Int32Array, Float64Array>();

/** Codes of levels as those of groups; made once, since no selection changes them. */
function levelCodes(codes: Int32Array): Float64Array {
  return keptIn(levelsKnown, codes, () => {
    const code = new Float64Array(codes.length);
    for (let i = 0; i < code.length; i++) code[i] = codes[i] < 0 ? NaN : codes[i];
    return code;
  });
}

/** Every named selection as a group. Who is in two of them is in neither: curves that share patients cannot be compared. */
function namedGroups(cohort: Cohort, variable: Variable, selection: Selection, rows: Uint8Array): Grouping {
  const {named} = selection;
  const code = new Float64Array(cohort.n).fill(NaN);
  const times = new Uint8Array(cohort.n);
  named.forEach((patients, g) => {
    const mask = patientMask(cohort, patients);
    for (let i = 0; i < mask.length; i++)
      if (mask[i] === 1) {
        code[i] = times[i] === 0 ? g : NaN;
        times[i]++;
      }
  });
  const among = (what: (times: number) => boolean) => times.reduce((n, t, i) => n + (rows[i] && what(t) ? 1 : 0), 0);
  const keys = named.map(({name}) => name);
  return {
    variable,
    groups: named.map(({name}, tone) => ({label: name, tone})),
    keys,
    code,
    cut: null,
    reference: referenceAmong(keys, selection, 0),
    missing: among((t) => t === 0),
    overlapping: among((t) => t > 1),
    crossed: null
  };
}

/**
 * Groups of the selected patients, crossed with those of a second variable where the selection names one: every group of
 * the first within each of the second, as "Low risk, male".
 */
export function crossedGroups(cohort: Cohort, selection: Selection, rows: Uint8Array): Grouping {
  const first = groupRows(cohort, selection, rows);
  const {crossBy, stratifyBy} = selection;
  if (crossBy === null || crossBy === stratifyBy) return first;
  const second = groupRows(cohort, {...selection, stratifyBy: crossBy, cut: {rule: "median"}}, rows);
  if (!first.variable) return second;
  const width = second.groups.length;
  const code = new Float64Array(cohort.n);
  const [outer, inner] = [first.code, second.code];
  for (let i = 0; i < code.length; i++) code[i] = outer[i] * width + inner[i];
  const keys = first.keys.flatMap((a) => second.keys.map((b) => `${a}~${b}`));
  return {
    variable: first.variable,
    cut: first.cut,
    overlapping: first.overlapping,
    keys,
    groups: first.groups.flatMap((a, g) =>
      second.groups.map((b, h) => ({label: `${a.label}, ${b.label}`, tone: g * width + h}))
    ),
    code,
    reference: referenceAmong(keys, selection, first.reference * width + second.reference),
    missing: missingAmong(code, rows) - first.overlapping,
    crossed: {variable: second.variable!, cut: second.cut}
  };
}

/** Labels that need their variable's name beside them: "Yes", "No", numbers, single letters. */
const saysNothing = /^(yes|no|true|false|present|absent|positive|negative|unknown|[-+<>≤≥]?\s*[\d.]+\+?|\p{L})$/iu;

function levelGroup(variable: Variable, {value, label}: Level, g: number): Group {
  const risk = isRiskGroup(variable) && (value === "low" || value === "high");
  return {label: saysNothing.test(label) ? `${variable.label}: ${label}` : label, tone: risk ? value : g};
}

/** Equal quantiles, as when half the values are the same, are one cut. */
function cutValues(values: Float64Array, rows: Uint8Array, cut: Cut): number[] {
  if (cut.rule === "at") return [...new Set(cut.values)].sort((a, b) => a - b);
  const parts = {median: 2, tertiles: 3, quartiles: 4}[cut.rule];
  const shares = Array.from({length: parts - 1}, (_, k) => (k + 1) / parts);
  return [...new Set(keptQuantiles(values, rows, shares))];
}

function missingAmong(code: Float64Array, rows: Uint8Array): number {
  let n = 0;
  inParts(code.length, (from, to) => (n += countMissing(code, rows, from, to)));
  return n;
}

function countMissing(code: Float64Array, rows: Uint8Array, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) if (code[i] !== code[i]) n += rows[i];
  return n;
}

function cutLabels({label, units}: Variable, cut: readonly number[]): string[] {
  if (cut.length === 0) return [label];
  const shown = cut.map((c) => shortNumber(c, cut));
  const unit = units ? ` ${units}` : "";
  const between = shown.slice(1).map((c, k) => `${label} > ${shown[k]} to ${c}${unit}`);
  return [`${label} ≤ ${shown[0]}${unit}`, ...between, `${label} > ${shown.at(-1)}${unit}`];
}

/** Four figures, or as many as it takes to tell the cuts apart. */
function shortNumber(value: number, among: readonly number[]): string {
  const at = (digits: number, v: number) => String(Number(v.toPrecision(digits)));
  for (let digits = 4; digits < 17; digits++)
    if (new Set(among.map((v) => at(digits, v))).size === among.length) return at(digits, value).replace("-", "−");
  return String(value).replace("-", "−");
}
