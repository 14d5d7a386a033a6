import {SurvivalInputError} from "./surv.js";

/** A label a row: string, number or boolean; null, undefined or NaN is missing. */
export type Labels = ArrayLike<unknown>;

export type Level = string | number | boolean;

/** Labels as small integers. */
export interface LabelCodes {
  /** Distinct labels in the order of the groups. */
  readonly levels: readonly Level[];
  /** By row: index into `levels`, −1 if missing. */
  readonly code: Int32Array;
}

/**
 * Codes labels as a factor does: levels ascending (numbers by value, then strings by code point), unless given.
 *
 * @param size - number of rows the labels must have
 * @param levels - order of the groups; levels without a row stay, as empty groups
 * @param rows - with `levels`: 0 leaves a row unread, and without label
 * @throws {SurvivalInputError} if the length differs or a label is not among `levels`
 */
export function codeLabels(
  labels: Labels,
  size: number,
  who: string,
  name: string,
  levels?: readonly Level[],
  rows?: Uint8Array | null
): LabelCodes {
  if (labels.length !== size)
    throw new SurvivalInputError(`${who}: ${name} has ${labels.length} values, the follow-up has ${size} rows.`);
  if (labels instanceof Uint8Array && !levels) return codeBytes(labels);
  if (labels instanceof Float64Array && levels?.every((level, g) => level === g)) {
    const known = codesAsTheyAre(labels, levels.length);
    if (known) return {levels, code: known};
  }
  const given = levels !== undefined;
  const index = new Map<unknown, number>(levels?.map((level, g) => [level, g]));
  const code = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const label = labels[i];
    if (label === null || label === undefined || label !== label || (given && rows?.[i] === 0)) {
      code[i] = -1;
      continue;
    }
    let g = index.get(label);
    if (g === undefined) {
      if (given)
        throw new SurvivalInputError(`${who}: ${name}[${i}] is "${label}", not among ${levels.join(", ")}.`, i);
      index.set(label, (g = index.size));
    }
    code[i] = g;
  }
  return given ? {levels, code} : sorted([...index.keys()] as Level[], code);
}

/** Labels that are indices into their levels already; null if one is not. */
function codesAsTheyAre(labels: Float64Array, levels: number): Int32Array | null {
  const code = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const g = label | 0;
    if (label === g && g >= 0 && g < levels) code[i] = g;
    else if (label !== label) code[i] = -1;
    else return null;
  }
  return code;
}

/** Small whole numbers need no map. */
function codeBytes(labels: Uint8Array): LabelCodes {
  const seen = new Uint8Array(256);
  for (let i = 0; i < labels.length; i++) seen[labels[i]] = 1;
  const levels = Array.from(seen.keys()).filter((label) => seen[label]);
  const rank = new Int32Array(256);
  levels.forEach((label, g) => (rank[label] = g));
  const code = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) code[i] = rank[labels[i]];
  return {levels, code};
}

function sorted(found: Level[], code: Int32Array): LabelCodes {
  const order = found.map((_, g) => g).sort((a, b) => compare(found[a], found[b]));
  const rank = new Int32Array(found.length);
  order.forEach((g, r) => (rank[g] = r));
  for (let i = 0; i < code.length; i++) if (code[i] >= 0) code[i] = rank[code[i]];
  return {levels: order.map((g) => found[g]), code};
}

function compare(a: Level, b: Level): number {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : typeof b === "number" ? 1 : String(a) < String(b) ? -1 : 1;
}
