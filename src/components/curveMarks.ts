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
  readonly lines: Shape;
}

/**
 * @param start - of the axis of time
 * @param pixel - width of a pixel in units of time
 */
export function curveMarks(
  {label, curve, band, tone, median}: Pick<GroupAnswer, "label" | "curve" | "band" | "tone" | "median">,
  start: number,
  pixel: number,
  x: Place,
  y: Place
): CurveMarks {
  const stroke = toneOf(tone);
  const points = thinCurve(curve, start, pixel / 2, band ? (j) => [band.lower[j], band.upper[j]] : undefined);
  const from = fewFrom(curve);
  const steps = (part: readonly CurvePoint[]) => stepPath(part, x, ({survival}) => y(survival));
  const path = {fill: "none", stroke, "stroke-width": 2, "stroke-linejoin": "round"};
  const drop = `M${pixels(x(median.time))},${pixels(y(0))}V${pixels(y(0.5))}`;
  return {
    band: shape("path", {key: label, d: bandPath(points.slice(1), x, y), fill: stroke, "fill-opacity": 0.16}),
    lines: shape(
      "g",
      {key: label},
      shape("path", {...path, d: steps(sure(points, from))}),
      shape("path", {...path, d: steps(unsure(points, from)), "stroke-opacity": 0.45}),
      shape("path", {d: median.time >= start ? drop : "", fill: "none", stroke, "stroke-dasharray": "2,3"}),
      shape("path", {d: censorTicks(censorMarks(curve, pixel), x, y), fill: "none", stroke})
    )
  };
}

/** A curve that keeps each height until the next point. */
export function stepPath<P extends {readonly time: number}>(
  points: readonly P[],
  x: Place,
  height: (point: P) => number
): string {
  let path = "";
  for (const point of points)
    path += `${path === "" ? "M" : "H"}${pixels(x(point.time))}${path === "" ? "," : "V"}${pixels(height(point))}`;
  return path;
}

/** A step's limits; NaN where they are not known. */
interface Limits {
  readonly time: number;
  readonly lower: number;
  readonly upper: number;
}

/** A band between the limits of steps, from where they are known until they are not. */
export function bandPath(points: readonly Limits[], x: Place, y: Place): string {
  const known = points.filter(({lower, upper}) => !Number.isNaN(lower + upper));
  if (known.length < 2) return "";
  let path = stepPath(known, x, ({upper}) => y(upper));
  for (let j = known.length - 2; j >= 0; j--) path += `V${pixels(y(known[j].lower))}H${pixels(x(known[j].time))}`;
  return `${path}Z`;
}

/** All of a curve's censor marks as one path: a line each would be most of the elements of the page. */
function censorTicks(marks: readonly {readonly time: number; readonly survival: number}[], x: Place, y: Place): string {
  return marks
    .map(({time, survival}) => `M${pixels(x(time))},${pixels(y(survival) - CENSOR_HALF)}v${2 * CENSOR_HALF}`)
    .join("");
}
