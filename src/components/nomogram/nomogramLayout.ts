import type {Nomogram} from "../../survival/nomogramPoints.js";
import {formatNumber, formatPercent} from "../formatting.js";

/** Where a tick's text stands. */
export interface PlacedTick {
  readonly x: number;
  /** A number, the name of a level, or a share. */
  readonly value: number | string;
  /** Empty where there is no room for it. */
  readonly text: string;
  /** Lines below the axis (1, 2, …) or above it (−1, −2, …). */
  readonly lane: number;
}

export interface PlacedAxis {
  /** Variable of a term; "points", "total" or "survival <horizon>" for the others. */
  readonly id: string;
  readonly kind: "points" | "term" | "total" | "survival";
  readonly title: string;
  /** Height of the axis line, from the top of the drawing. */
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly PlacedTick[];
}

export interface NomogramLayout {
  readonly width: number;
  readonly height: number;
  /** Where titles end on a wide drawing; 0 where they stand above their axes. */
  readonly titleRoom: number;
  readonly axes: readonly PlacedAxis[];
  /** Pixels of points, and of total points. */
  readonly xOfPoints: (points: number) => number;
  readonly xOfTotal: (total: number) => number;
  readonly pointsAt: (x: number) => number;
}

export interface LayoutNames {
  /** Title of a term's axis, e.g. "Age, years". */
  readonly term: (variable: string) => string;
  /** Name of a level. */
  readonly level: (variable: string, level: string) => string;
  /** Title of a survival axis, e.g. "3-year survival". */
  readonly horizon: (horizon: number) => string;
}

/** Below this titles stand above their axes. */
const WIDE = 560;
const TITLE_ROOM = 168;
const EDGE = 22;
export const LANE = 14;
const ROW_GAP = 14;
/** Widths are not measured, so that the drawing is the same in every browser: no letter at 11 px is wider on average. */
const LETTER = 6.3;

/** Lays out a nomogram as rms draws it, so that no label lies on another: names of levels move to further lanes. */
export function nomogramLayout(nomogram: Nomogram, names: LayoutNames, width: number): NomogramLayout {
  const titleRoom = width >= WIDE ? TITLE_ROOM : 0;
  const [left, right] = [titleRoom + EDGE, width - EDGE];
  const longest = Math.max(...nomogram.terms.map(({points}) => Math.max(...points)));
  const most = nomogram.totalPoints[nomogram.totalPoints.length - 1];
  const xOfPoints = (points: number) => left + (points / longest) * (right - left);
  const xOfTotal = (total: number) => left + (total / most) * (right - left);
  const round = Array.from({length: 11}, (_, i) => (i * longest) / 10);
  const drafts = [
    draft("points", "points", "Points", round.map(xOfPoints), round, (v) => formatNumber(v as number, 3)),
    ...nomogram.terms.map(({name, at, points}) =>
      draft(name, "term", names.term(name), Array.from(points, xOfPoints), at, (v) =>
        typeof v === "number" ? formatNumber(v) : names.level(name, v)
      )
    ),
    draft(
      "total",
      "total",
      "Total points",
      Array.from(nomogram.totalPoints, xOfTotal),
      [...nomogram.totalPoints],
      (v) => formatNumber(v as number)
    ),
    ...nomogram.survival.map(({horizon, at, totalPoints}) =>
      draft(
        `survival ${horizon}`,
        "survival",
        names.horizon(horizon),
        Array.from(totalPoints, xOfTotal),
        [...at],
        (v) => formatPercent(v as number)
      )
    )
  ];
  let y = 4;
  const axes = drafts.map((axis): PlacedAxis => {
    const ticks = placed(axis, width);
    const above = Math.max(0, ...ticks.map(({lane}) => -lane));
    const below = Math.max(1, ...ticks.map(({lane}) => lane));
    // Where titles stand above their axes, the patient's total or survival is written between the two.
    const marked = axis.kind === "total" || axis.kind === "survival";
    y += (titleRoom === 0 ? LANE + 4 + (marked ? LANE : 0) : 0) + above * LANE + 6;
    const placedAxis = {
      id: axis.id,
      kind: axis.kind,
      title: axis.title,
      y,
      from: Math.min(...axis.xs),
      to: Math.max(...axis.xs),
      ticks
    };
    y += 6 + below * LANE + ROW_GAP;
    return placedAxis;
  });
  return {
    width,
    height: y,
    titleRoom,
    axes,
    xOfPoints,
    xOfTotal,
    pointsAt: (x) => Math.min(longest, Math.max(0, ((x - left) / (right - left)) * longest))
  };
}

interface Draft {
  readonly id: string;
  readonly kind: PlacedAxis["kind"];
  readonly title: string;
  readonly xs: readonly number[];
  readonly values: readonly (number | string)[];
  readonly texts: readonly string[];
}

function draft(
  id: string,
  kind: PlacedAxis["kind"],
  title: string,
  xs: readonly number[],
  values: readonly (number | string)[],
  text: (value: number | string) => string
): Draft {
  return {id, kind, title, xs, values, texts: values.map(text)};
}

/** Pixels between two numbers of an axis, beyond what names have: "75%70%" is read as one. */
const NUMBERS_APART = 4;

/** Names of levels must all be read, so they take another lane; a number without room is left to its tick. */
function placed({xs, values, texts}: Draft, width: number): PlacedTick[] {
  const named = typeof values[0] === "string";
  const lanes = named ? [1, -1, 2, -2, 3, -3, 4, -4] : [1];
  const apart = named ? 0 : NUMBERS_APART;
  const taken = new Map<number, [number, number][]>();
  const order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b]);
  const ticks: PlacedTick[] = xs.map((x, i) => ({x, value: values[i], text: "", lane: 1}));
  for (const i of order) {
    const [from, to] = labelSpan(xs[i], texts[i], width);
    const free = lanes.find((lane) => !taken.get(lane)?.some(([a, b]) => from - apart < b && to + apart > a));
    const lane = free ?? (lanes.length > 1 ? lanes[lanes.length - 1] : null);
    if (lane === null) continue;
    taken.set(lane, [...(taken.get(lane) ?? []), [from, to]]);
    ticks[i] = {...ticks[i], text: texts[i], lane};
  }
  return ticks;
}

/** From where to where a centred text reaches; texts stay inside the drawing. */
export function labelSpan(x: number, text: string, width: number): [number, number] {
  const half = (text.length * LETTER) / 2 + 3;
  const centre = Math.min(width - half, Math.max(half, x));
  return [centre - half, centre + half];
}
