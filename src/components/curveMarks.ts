import {area, curveStepAfter, line} from "d3";
import {fewFrom, sure, unsure} from "./fewAtRisk.js";
import {shape} from "./drawing.js";
import type {Shape} from "./drawing.js";
import {toneOf} from "./palette.js";
import {pixels} from "./plotAxes.js";
import type {Place} from "./plotAxes.js";
import type {GroupAnswer} from "./survivalAnswer.js";
import {censorMarks, thinCurve} from "./thinCurve.js";
import type {CurvePoint} from "./thinCurve.js";

/** Half the height of a censor mark, in pixels. */
const CENSOR_HALF = 4;

/** What a survival curve is drawn of: its band, to lie below all curves, and its steps, median and censor marks. */
export interface CurveMarks {
  readonly band: Shape;
  readonly lines: readonly Shape[];
}

/**
 * @param start - of the axis of time
 * @param pixel - width of a pixel in units of time
 */
export function curveMarks(
  {curve, tone, median}: Pick<GroupAnswer, "curve" | "tone" | "median">,
  start: number,
  pixel: number,
  x: Place,
  y: Place
): CurveMarks {
  const stroke = toneOf(tone);
  const points = thinCurve(curve, start, pixel / 2);
  const from = fewFrom(curve);
  const steps = stepPath<CurvePoint>(x, ({survival}) => y(survival));
  const path = {fill: "none", stroke, "stroke-width": 2, "stroke-linejoin": "round"};
  const drop = `M${pixels(x(median.time))},${pixels(y(0))}V${pixels(y(0.5))}`;
  return {
    band: shape("path", {d: bandPath(x, y)(points.slice(1)), fill: stroke, "fill-opacity": 0.16}),
    lines: [
      shape("path", {...path, d: steps(sure(points, from))}),
      shape("path", {...path, d: steps(unsure(points, from)), "stroke-opacity": 0.45}),
      shape("path", {d: median.time >= start ? drop : "", fill: "none", stroke, "stroke-dasharray": "2,3"}),
      shape("path", {d: censorTicks(censorMarks(curve, pixel), x, y), fill: "none", stroke})
    ]
  };
}

/** Writes a curve that keeps each height until the next point; nothing where there are no points. */
export function stepPath<P extends {readonly time: number}>(x: Place, height: (point: P) => number) {
  const write = line<P>(({time}) => x(time), height)
    .curve(curveStepAfter)
    .digits(1);
  return (points: readonly P[]): string => write(points) ?? "";
}

/** Writes a band between limits; gaps where they are not known. */
export function bandPath(x: Place, y: Place) {
  const write = area<{readonly time: number; readonly lower: number; readonly upper: number}>()
    .x(({time}) => x(time))
    .y0(({lower}) => y(lower))
    .y1(({upper}) => y(upper))
    .defined(({lower, upper}) => !Number.isNaN(lower + upper))
    .curve(curveStepAfter)
    .digits(1);
  return (points: Parameters<typeof write>[0]): string => write(points) ?? "";
}

/** All of a curve's censor marks as one path: a line each would be most of the elements of the page. */
function censorTicks(marks: readonly {readonly time: number; readonly survival: number}[], x: Place, y: Place): string {
  return marks
    .map(({time, survival}) => `M${pixels(x(time))},${pixels(y(survival) - CENSOR_HALF)}v${2 * CENSOR_HALF}`)
    .join("");
}
