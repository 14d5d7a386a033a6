import * as Plot from "@observablehq/plot";
import type {Group} from "../cohort/groups.js";
import {curveMarks} from "./curveMarks.js";
import {toneOf} from "./palette.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {plotSvg} from "./plotSvg.js";
import type {PlotSvg} from "./plotSvg.js";

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

/** Steps with confidence bands, censor marks and medians, and the groups' names where the curves end. */
export function kaplanMeierPlot(answer: SurvivalAnswer, frame: PlotFrame, ticks: readonly number[]): PlotSvg {
  const {groups, endpoint, start} = answer;
  const end = Math.max(...groups.map(({curve}) => curve.time.at(-1)!), start);
  const pixel = (end - start || 1) / (frame.width - frame.marginLeft - frame.marginRight);
  const drawn = groups.map((group) => curveMarks(group, start, pixel));
  return plotSvg({
    ...frame,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    x: {domain: [start, end > start ? end : start + 1], label: null},
    y: {domain: [0, 1], label: null},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickFormat: (s: number) => `${Math.round(s * 100)}%`, tickSize: 0}),
      Plot.text([endpoint.label], {frameAnchor: "top-left", dx: -frame.marginLeft + 4, dy: -26, fontWeight: 600}),
      Plot.axisX({ticks: [...ticks], tickSize: 4}),
      Plot.text([timeLabel(answer)], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      Plot.ruleY([0.5], {stroke: "var(--ink-soft)", strokeDasharray: "2,4", strokeOpacity: 0.7}),
      ...drawn.map(({band}) => band),
      ...drawn.flatMap(({lines}) => lines),
      ...endLabels(
        groups.map(({label, tone, curve}) => ({label, tone, height: curve.survival.at(-1)!})),
        frame
      )
    ]
  });
}

/** What the axis of time says. */
export function timeLabel({endpoint, selection}: SurvivalAnswer): string {
  const unit = endpoint.unit[0].toUpperCase() + endpoint.unit.slice(1);
  if (endpoint.origin) return `${unit} since ${endpoint.origin}`;
  return selection.landmark === null ? unit : `${unit} (landmark at ${selection.landmark})`;
}

/**
 * Names beside the ends of the curves, pushed apart where they would lie on each other; none on a narrow figure.
 *
 * @param ends - `height` is where a curve ends, as a share of the axis
 */
export function endLabels(ends: readonly (Group & {readonly height: number})[], frame: PlotFrame): Plot.Markish[] {
  if (frame.width < WIDE) return [];
  const high = frame.height - MARGIN_TOP - MARGIN_BOTTOM;
  const wanted = ends
    .map(({label, tone, height}) => ({label: wrapped(label), tone, y: (1 - height) * high}))
    .sort((a, b) => a.y - b.y);
  const placed = pushedApart(
    wanted.map(({y}) => y),
    wanted.map(({label}) => label.split("\n").length * LINE_HEIGHT + 3),
    high
  );
  return wanted.map(({label, tone}, g) =>
    Plot.text([label], {
      frameAnchor: "top-right",
      textAnchor: "start",
      lineAnchor: "middle",
      dx: 8,
      dy: placed[g],
      fill: toneOf(tone),
      fontWeight: 600,
      lineHeight: 1.15
    })
  );
}

const LETTERS = 19;

function wrapped(label: string): string {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
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
