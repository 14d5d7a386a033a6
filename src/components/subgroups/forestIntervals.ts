import * as Plot from "@observablehq/plot";
import {plotSvg} from "../plotSvg.js";
import type {ForestLine, ForestPicture} from "./forestPicture.js";

/** Height of the axis below the lines. */
export const AXIS = 46;
/** The axis reaches no further; an interval beyond it ends in an arrow. */
const [LEAST, MOST] = [0.05, 40];
const TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 40];

/** Where the axis stands in the picture, in pixels. */
export interface IntervalFrame {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly left: number;
  readonly right: number;
}

/** Squares with their intervals on a log axis, the whole a diamond; the rest of the picture stays empty. */
export function forestIntervals(
  {overall, groups}: ForestPicture,
  placed: readonly {readonly y: number; readonly line: ForestLine}[],
  {width, height, top, left, right}: IntervalFrame
): SVGSVGElement {
  const found = placed.filter(({line}) => !line.effect.reason);
  const low = Math.max(LEAST, Math.min(0.8, ...found.map(({line}) => line.effect.lower)));
  const high = Math.min(MOST, Math.max(1.25, ...found.map(({line}) => line.effect.upper)));
  const most = Math.max(1, ...found.map(({line: {effect}}) => effect.events[0] + effect.events[1]));
  const marks = found.map(({y, line}) => {
    const {hazardRatio, lower, upper, events} = line.effect;
    return {
      y,
      ratio: Math.min(high, Math.max(low, hazardRatio)),
      outside: hazardRatio < low || hazardRatio > high,
      from: Math.max(low, lower),
      to: Math.min(high, upper),
      cutLow: lower < low,
      cutHigh: upper > high,
      size: 2.2 + 4 * Math.sqrt((events[0] + events[1]) / most),
      whole: line === overall
    };
  });
  const whole = overall && !overall.effect.reason ? overall.effect.hazardRatio : null;
  const ends = {frameAnchor: "bottom", dy: 36, fill: "var(--ink-soft)", fontSize: 11} as const;
  const arrow = (side: "cutLow" | "cutHigh") => ({
    filter: (d: (typeof marks)[number]) => d[side],
    x: side === "cutLow" ? "from" : "to",
    y: "y",
    text: () => (side === "cutLow" ? "◂" : "▸"),
    fill: "currentColor"
  });
  const ticks = TICKS.filter((t) => t >= low && t <= high);
  return plotSvg({
    width,
    height,
    marginLeft: left,
    marginRight: width - right,
    marginTop: 0,
    marginBottom: AXIS,
    x: {type: "log", domain: [low, high], label: null},
    y: {domain: [0, height - AXIS], range: [0, height - AXIS], axis: null},
    marks: [
      Plot.ruleX([1], {y1: top - 4, y2: height - AXIS, stroke: "var(--ink-soft)"}),
      whole
        ? Plot.ruleX([whole], {y1: top, y2: height - AXIS, stroke: "var(--ink-soft)", strokeDasharray: "2,4"})
        : null,
      Plot.axisX(sparse(ticks, right - left), {text: (t: number) => String(t), tickSize: 4}),
      Plot.ruleY([height - AXIS], {stroke: "var(--ink-soft)"}),
      Plot.ruleY(marks, {y: "y", x1: "from", x2: "to", stroke: "currentColor", strokeWidth: 1.4}),
      Plot.dot(marks, {
        filter: (d) => !d.outside && !d.whole,
        x: "ratio",
        y: "y",
        r: "size",
        symbol: "square",
        fill: "currentColor"
      }),
      Plot.dot(marks, {
        filter: (d) => !d.outside && d.whole,
        x: "ratio",
        y: "y",
        r: 7,
        symbol: "diamond",
        fill: "currentColor"
      }),
      Plot.text(marks, arrow("cutLow")),
      Plot.text(marks, arrow("cutHigh")),
      ...(right - left > 200
        ? [
            Plot.text([`← lower hazard, ${groups[1]}`], {...ends, frameAnchor: "bottom-left"}),
            Plot.text(["higher →"], {...ends, frameAnchor: "bottom-right"})
          ]
        : [Plot.text(["hazard ratio"], ends)])
    ],
    r: {type: "identity"}
  });
}

/** No more ticks than there is room for; 1 always. */
function sparse(ticks: readonly number[], room: number): number[] {
  const most = Math.max(2, Math.floor(room / 28));
  const step = Math.ceil(ticks.length / most);
  const one = ticks.indexOf(1);
  return ticks.filter((_, k) => (k - one) % step === 0);
}
