import type {Endpoint} from "../cohort/description.js";
import {shape} from "./drawing.js";
import type {Shape} from "./drawing.js";

/** Edges of the area that a figure draws its data in, in pixels of the picture. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where a value lies, in pixels. */
export type Place = (value: number) => number;

/** What the texts of a figure inherit from its root. */
export const LETTERS = {"font-family": "system-ui, sans-serif", "font-size": 12, fill: "var(--ink)"} as const;

/** Hazard ratios that an axis names: with equal steps on its log scale, as near as round numbers come. */
const RATIOS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];

export const ratioTicks = (low: number, high: number): number[] => RATIOS.filter((t) => t >= low && t <= high);

/** As many digits as a screen can show. */
export const pixels = (at: number): number => Math.round(at * 10) / 10;

type Look = Readonly<Record<string, string | number>>;

const RULE: Look = {stroke: "var(--ink-soft)", fill: "none", "shape-rendering": "crispEdges"};

/** A level line across the area. */
export function levelLine(y: number, {left, right}: PlotArea, look: Look = {}): Shape {
  return shape("path", {d: `M${left},${pixels(y)}H${right}`, ...RULE, ...look});
}

/** A line from top to bottom. */
export function uprightLine(x: number, {top, bottom}: PlotArea, look: Look = {}): Shape {
  return shape("path", {d: `M${pixels(x)},${top}V${bottom}`, ...RULE, ...look});
}

/** Pale level lines, as one path: an element each would be laid out each. */
export function levelGrid(ticks: readonly number[], y: Place, {left, right}: PlotArea): Shape {
  const d = ticks.map((t) => `M${left},${pixels(y(t))}H${right}`).join("");
  return shape("path", {d, ...RULE, stroke: "var(--rule)", "stroke-opacity": 0.6});
}

/** Values beside the left edge. */
export function leftAxis(
  ticks: readonly number[],
  y: Place,
  {left}: PlotArea,
  format: (tick: number) => string = String
): Shape {
  return shape(
    "g",
    {"text-anchor": "end"},
    ticks.map((t) => shape("text", {x: left - 4, y: pixels(y(t)), dy: "0.32em"}, format(t)))
  );
}

/** Marks and values under the bottom edge. */
export function bottomAxis(
  ticks: readonly number[],
  x: Place,
  {bottom}: PlotArea,
  format: (tick: number) => string = String
): Shape {
  return shape(
    "g",
    {"text-anchor": "middle"},
    shape("path", {d: ticks.map((t) => `M${pixels(x(t))},${bottom}v4`).join(""), ...RULE, stroke: "var(--ink)"}),
    ticks.map((t) => shape("text", {x: pixels(x(t)), y: bottom + 7, dy: "0.71em"}, format(t)))
  );
}

/** What the bottom axis measures, under its middle. */
export function bottomLabel(text: string, {left, right, bottom}: PlotArea): Shape {
  return shape("text", {x: (left + right) / 2, y: bottom + 33, "text-anchor": "middle"}, text);
}

/** What the left axis measures, above it. */
export function topLabel(text: string): Shape {
  return shape("text", {x: 4, y: 11, "font-weight": 600}, text);
}

/** Pixels a letter of a label takes. */
const LETTER = 7.5;

/**
 * An endpoint's name as far as there is room: one that the reader defined may be long, and its caption has it in full.
 *
 * @param room - in pixels
 * @param short - stands in its place
 * @param after - follows either
 */
export function endpointLabel(
  {label, definition}: Endpoint,
  room: number,
  {short = "Free of the event", after = ""}: {readonly short?: string; readonly after?: string} = {}
): string {
  return (definition && (label + after).length * LETTER > room ? short : label) + after;
}

/** A whole picture that is one image to a screen reader. @param words - the figure in words */
export function picture(
  width: number,
  height: number,
  words: string,
  ...parts: readonly (Shape | null | readonly (Shape | null)[])[]
): Shape {
  const size = {width, height, viewBox: `0 0 ${width} ${height}`};
  return shape("svg", {...size, ...LETTERS, role: "img", "aria-label": words}, ...parts);
}
