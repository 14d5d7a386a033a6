import {countsText} from "./forestPicture.js";
import type {ForestPicture} from "./forestPicture.js";

/** Below this counts stand under the name of a line instead of in columns. */
const WIDE = 640;
/** Mean width of a letter of 12.5 pixels; bold ones are wider, those of 11 pixels narrower. */
const LETTER = 6.7;
const BOLD = 7.4;
const SMALL = 5.9;
/** Room that a column of counts, and the axis, need at least. */
const COUNTS = 78;
const LEAST_AXIS = 150;
/** With less room for names counts stand under them. */
const LEAST_LABEL = 90;

export const PAD = 4;

/** Where the columns of a forest plot stand, in pixels. */
export interface ForestColumns {
  readonly wide: boolean;
  readonly width: number;
  /** Height of a line, and how far below its middle the mark lies. */
  readonly line: number;
  readonly mark: number;
  /** How far below the mark the counts stand; only where they would lie on it. */
  readonly below: number;
  /** Room for the name of a line. */
  readonly label: number;
  /** Right ends of the two groups' counts; wide only. */
  readonly counts: readonly [number, number];
  readonly plot: readonly [number, number];
  readonly ratio: number;
  readonly end: number;
  /** Height of the headings. */
  readonly top: number;
  /** Names of the groups over their counts, in one or two lines. */
  readonly names: readonly (readonly string[])[];
}

/** Columns as wide as their texts; where the names of lines are long, the axis gives way down to its least. */
export function columnsOf(picture: ForestPicture, width: number): ForestColumns {
  const {groups, overall, blocks} = picture;
  const longest = longestCounts(picture);
  const tests = blocks.some(({interaction}) => interaction);
  const ratio = width - (tests ? 204 : 136);
  const names = groups.map((name) => inTwo(name));
  const counts = names.map((lines, g) =>
    Math.max(COUNTS, 14 + BOLD * Math.max(...lines.map((line) => line.length)), 14 + LETTER * longest[g])
  );
  const texts = blocks.flatMap(({title, lines}) => lines.map(({label}) => LETTER * label.length + (title ? 12 : 0)));
  const wanted = Math.max(110, ...texts, overall ? LETTER * overall.label.length : 0) + 2 * PAD;
  const label = Math.min(wanted, ratio - 18 - counts[0] - counts[1] - 18 - LEAST_AXIS);
  if (width < WIDE || label < LEAST_LABEL) return narrowColumns(groups, longest, width);
  const first = label + counts[0];
  return {
    wide: true,
    width,
    line: 22,
    mark: 0,
    below: 0,
    label,
    counts: [first, first + counts[1]],
    plot: [first + counts[1] + 18, ratio - 18],
    ratio,
    end: width - PAD,
    top: 26 + 14 * Math.max(...names.map((lines) => lines.length)),
    names
  };
}

/** Counts under the names of lines, and under their marks where they would lie on them. */
function narrowColumns(
  groups: ForestPicture["groups"],
  [first, second]: readonly number[],
  width: number
): ForestColumns {
  const plot = [Math.round(width * 0.38), width - 116] as const;
  const below = PAD + 12 + SMALL * (first + 3 + second) > plot[0] ? 15 : 0;
  return {
    wide: false,
    width,
    line: 42 + below,
    mark: 7 - below / 2,
    below,
    label: width - 2 * PAD,
    counts: [0, 0],
    plot,
    ratio: width - 108,
    end: width - PAD,
    top: 24,
    names: groups.map((name) => [name])
  };
}

/** Letters of the longest counts of each group. */
function longestCounts({overall, blocks}: ForestPicture): number[] {
  const lines = [...blocks.flatMap((block) => block.lines), ...(overall ? [overall] : [])];
  return ([0, 1] as const).map((g) => Math.max(0, ...lines.map(({effect}) => countsText(effect, g).length)));
}

/** A long name broken at the space nearest its middle. */
function inTwo(name: string): string[] {
  if (name.length <= 12) return [name];
  const spaces = [...name.matchAll(/ /g)].map(({index}) => index);
  if (spaces.length === 0) return [fitting(name, 16 * BOLD)];
  const middle = spaces.reduce((best, at) =>
    Math.abs(at - name.length / 2) < Math.abs(best - name.length / 2) ? at : best
  );
  return [name.slice(0, middle), name.slice(middle + 1)].map((part) => fitting(part, 16 * BOLD));
}

/** As much of a text as there is room for. */
export function fitting(text: string, room: number): string {
  const letters = Math.floor(room / LETTER);
  return text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;
}
