import {scaleLinear} from "d3";
import type {Group} from "../cohort/groups.js";
import {curveMarks} from "./curveMarks.js";
import {shape, together} from "./drawing.js";
import type {Shape} from "./drawing.js";
import {toneOf} from "./palette.js";
import {bottomAxis, bottomLabel, endpointLabel, leftAxis, levelGrid, levelLine, pixels, topLabel} from "./plotAxes.js";
import type {Place, PlotArea} from "./plotAxes.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {timeLabel} from "./timeTicks.js";

/** Room around the axes, in pixels; the risk table below shares it. */
export interface PlotFrame {
  readonly width: number;
  readonly height: number;
  readonly marginLeft: number;
  readonly marginRight: number;
}

/** Below this the names of the groups stand under the plot only. */
export const WIDE = 560;

const LABEL_WIDTH = 140;
const LINE_HEIGHT = 14;
export const MARGIN_TOP = 28;
export const MARGIN_BOTTOM = 40;

export function plotFrame(width: number): PlotFrame {
  const wide = width >= WIDE;
  return {
    width,
    height: Math.min(380, Math.max(260, width * 0.55)),
    marginLeft: 88,
    marginRight: wide ? LABEL_WIDTH : 14
  };
}

/** The part of a frame that curves are drawn in. */
export const areaOf = ({width, height, marginLeft, marginRight}: PlotFrame): PlotArea => ({
  left: marginLeft,
  right: width - marginRight,
  top: MARGIN_TOP,
  bottom: height - MARGIN_BOTTOM
});

/** A share as a whole percentage, beside an axis. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Axis, grid and floor of curves between 0 and `top`. */
export function shareAxis(y: Place, area: PlotArea, top = 1): Shape[] {
  const ticks = scaleLinear([0, top], [0, 1]).ticks(5);
  return [levelGrid(ticks, y, area), leftAxis(ticks, y, area, percent), levelLine(y(0), area)];
}

/** Steps with confidence bands, censor marks and medians, and the groups' names where the curves end. */
export function kaplanMeierPlot(
  answer: SurvivalAnswer,
  frame: PlotFrame,
  ticks: readonly number[]
): {readonly parts: readonly (Shape | null)[]; readonly x: Place} {
  const {groups, endpoint, start} = answer;
  const end = Math.max(...groups.map(({curve}) => curve.time.at(-1)!), start);
  const area = areaOf(frame);
  const x = scaleLinear([start, end > start ? end : start + 1], [area.left, area.right]);
  const y = scaleLinear([0, 1], [area.bottom, area.top]);
  const pixel = (end - start || 1) / (area.right - area.left);
  const drawn = groups.map((group) => curveMarks(group, start, pixel, x, y));
  const parts = [
    topLabel(endpointLabel(endpoint, frame.width)),
    ...shareAxis(y, area),
    bottomAxis(ticks, x, area),
    bottomLabel(timeLabel(answer.endpoint, answer.selection.landmark), area),
    levelLine(y(0.5), area, {"stroke-dasharray": "2,4", "stroke-opacity": 0.7}),
    together(drawn.map(({band}) => band)),
    together(drawn.map(({lines}) => lines)),
    endLabels(
      groups.map(({label, tone, curve}) => ({label, tone, height: curve.survival.at(-1)!})),
      frame
    )
  ];
  return {parts, x};
}

/**
 * Names beside the ends of the curves, pushed apart where they would lie on each other; none on a narrow figure.
 *
 * @param ends - `height` is where a curve ends, as a share of the axis
 */
export function endLabels(ends: readonly (Group & {readonly height: number})[], frame: PlotFrame): Shape | null {
  if (frame.width < WIDE) return null;
  const {right, top, bottom} = areaOf(frame);
  const wanted = ends
    .map(({label, tone, height}) => ({lines: wrapped(label), tone, y: (1 - height) * (bottom - top)}))
    .sort((a, b) => a.y - b.y);
  const placed = pushedApart(
    wanted.map(({y}) => y),
    wanted.map(({lines}) => lines.length * LINE_HEIGHT + 3),
    bottom - top
  );
  const labels = wanted.map(({lines, tone}, g) => {
    const first = top + placed[g] - ((lines.length - 1) * LINE_HEIGHT) / 2;
    const at = (k: number) => ({x: right + 8, y: pixels(first + k * LINE_HEIGHT), dy: "0.32em"});
    return shape(
      "text",
      {key: lines.join(" "), fill: toneOf(tone), "font-weight": 600},
      lines.map((line, k) => shape("tspan", at(k), line))
    );
  });
  return together(labels);
}

const LETTERS = 19;

function wrapped(label: string): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Centres of boxes, as near to where they were wanted as their sizes allow: down first, then back up from the floor. */
export function pushedApart(wanted: readonly number[], sizes: readonly number[], floor: number): number[] {
  const at = [...wanted];
  for (let g = 1; g < at.length; g++) at[g] = Math.max(at[g], at[g - 1] + (sizes[g - 1] + sizes[g]) / 2);
  let below = floor;
  for (let g = at.length - 1; g >= 0; g--) {
    at[g] = Math.min(at[g], below - sizes[g] / 2);
    below = at[g] - sizes[g] / 2;
  }
  return at;
}
