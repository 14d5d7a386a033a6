import {scaleLog} from "d3";
import {shape} from "../drawing.js";
import type {Shape} from "../drawing.js";
import {bottomAxis, levelLine, pixels, ratioTicks, uprightLine} from "../plotAxes.js";
import type {Place} from "../plotAxes.js";
import type {ForestLine, ForestPicture} from "./forestPicture.js";

/** Height of the axis below the lines. */
export const AXIS = 46;
/** The axis reaches no further; an interval beyond it ends in an arrow. */
const [LEAST, MOST] = [0.05, 40];

/** Where the axis stands in the picture, in pixels. */
export interface IntervalFrame {
  readonly height: number;
  readonly top: number;
  readonly left: number;
  readonly right: number;
}

/** Squares with their intervals on a log axis, the whole a diamond; the rest of the picture stays empty. */
export function forestIntervals(
  {overall, groups}: ForestPicture,
  placed: readonly {readonly y: number; readonly line: ForestLine}[],
  {height, top, left, right}: IntervalFrame
): Shape {
  const found = placed.filter(({line}) => !line.effect.reason);
  const low = Math.max(LEAST, Math.min(0.8, ...found.map(({line}) => line.effect.lower)));
  const high = Math.min(MOST, Math.max(1.25, ...found.map(({line}) => line.effect.upper)));
  const most = Math.max(1, ...found.map(({line: {effect}}) => effect.events[0] + effect.events[1]));
  const marks = found.map(({y, line}): Mark => {
    const {hazardRatio, lower, upper, events} = line.effect;
    return {
      y,
      ratio: Math.min(high, Math.max(low, hazardRatio)),
      outside: hazardRatio < low || hazardRatio > high,
      from: Math.max(low, lower),
      to: Math.min(high, upper),
      cutLow: lower < low,
      cutHigh: upper > high,
      size: 2 + 3.5 * Math.sqrt((events[0] + events[1]) / most),
      whole: line === overall
    };
  });
  const x = scaleLog([low, high], [left, right]);
  const area = {left, right, top, bottom: height - AXIS};
  const whole = overall && !overall.effect.reason ? overall.effect.hazardRatio : null;
  const ends = (k: 0 | 0.5 | 1, text: string) =>
    shape(
      "text",
      {
        x: left + k * (right - left),
        y: height - 12,
        "text-anchor": {0: "start", 0.5: "middle", 1: "end"}[k],
        fill: "var(--ink-soft)",
        "font-size": 11
      },
      text
    );
  return shape(
    "g",
    {},
    uprightLine(x(1), {...area, top: top - 4}),
    whole ? uprightLine(x(whole), area, {"stroke-dasharray": "2,4"}) : null,
    bottomAxis(sparse(ratioTicks(low, high), right - left), x, area),
    levelLine(area.bottom, area),
    shape("path", {
      d: marks.map((mark) => intervalPath(mark, x)).join(""),
      stroke: "var(--ink)",
      "stroke-width": 1.4
    }),
    shape("path", {d: marks.map((mark) => symbolPath(mark, x)).join("")}),
    right - left > 200
      ? [ends(0, groups[1] ? `← lower hazard, ${groups[1]}` : "← lower hazard"), ends(1, "higher →")]
      : ends(0.5, "hazard ratio")
  );
}

/** An interval as the axis can show it. */
interface Mark {
  readonly y: number;
  readonly ratio: number;
  readonly from: number;
  readonly to: number;
  /** The estimate lies beyond the axis, or an end of its interval does. */
  readonly outside: boolean;
  readonly cutLow: boolean;
  readonly cutHigh: boolean;
  /** Half the side of its square, in pixels. */
  readonly size: number;
  /** Of all patients together. */
  readonly whole: boolean;
}

const intervalPath = ({y, from, to}: Mark, x: Place) => `M${pixels(x(from))},${pixels(y)}H${pixels(x(to))}`;

/** A square, of the whole a diamond; an arrowhead where the interval goes on. */
function symbolPath({y, ratio, outside, from, to, cutLow, cutHigh, size, whole}: Mark, x: Place): string {
  const at = pixels(x(ratio));
  const square = `M${pixels(at - size)},${pixels(y - size)}h${pixels(2 * size)}v${pixels(2 * size)}h${pixels(-2 * size)}Z`;
  const diamond = `M${pixels(at - 7)},${y}l7,-8l7,8l-7,8Z`;
  const arrow = (end: number, way: 1 | -1) => `M${pixels(x(end) + 4 * way)},${y}l${-7 * way},-4v8Z`;
  return [outside ? "" : whole ? diamond : square, cutLow ? arrow(from, -1) : "", cutHigh ? arrow(to, 1) : ""].join("");
}

/** No more ticks than there is room for; 1 always. */
function sparse(ticks: readonly number[], room: number): number[] {
  const most = Math.max(2, Math.floor(room / 28));
  const step = Math.ceil(ticks.length / most);
  const one = ticks.indexOf(1);
  return ticks.filter((_, k) => (k - one) % step === 0);
}
