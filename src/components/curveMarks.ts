import * as Plot from "@observablehq/plot";
import {fewFrom, sure, unsure} from "./fewAtRisk.js";
import {svgElement} from "./element.js";
import {toneOf} from "./palette.js";
import type {GroupAnswer} from "./survivalAnswer.js";
import {censorMarks, thinCurve} from "./thinCurve.js";

/** Half the height of a censor mark, in pixels. */
const CENSOR_HALF = 4;

/** What a survival curve is drawn of: its band, to lie below all curves, and its steps, median and censor marks. */
export interface CurveMarks {
  readonly band: Plot.Markish;
  readonly lines: readonly Plot.Markish[];
}

/**
 * @param start - of the axis of time
 * @param pixel - width of a pixel in units of time
 */
export function curveMarks(
  {curve, tone, median}: Pick<GroupAnswer, "curve" | "tone" | "median">,
  start: number,
  pixel: number
): CurveMarks {
  const stroke = toneOf(tone);
  const points = thinCurve(curve, start, pixel / 2);
  const from = fewFrom(curve);
  const steps = {curve: "step-after", x: "time", y: "survival", stroke, strokeWidth: 2} as const;
  const middle = median.time >= start ? [median.time] : [];
  return {
    band: Plot.areaY(points.slice(1), {
      curve: "step-after",
      x: "time",
      y1: "lower",
      y2: "upper",
      fill: stroke,
      fillOpacity: 0.16
    }),
    lines: [
      Plot.lineY(sure(points, from), steps),
      Plot.lineY(unsure(points, from), {...steps, strokeOpacity: 0.45}),
      Plot.ruleX(middle, {y1: 0, y2: 0.5, stroke, strokeWidth: 1, strokeDasharray: "2,3"}),
      censorPath(censorMarks(curve, pixel), stroke)
    ]
  };
}

/** All of a curve's censor marks as one path: a line each would be most of the elements of the page. */
function censorPath(
  marks: readonly {readonly time: number; readonly survival: number}[],
  stroke: string
): Plot.Markish {
  return (_index, {x, y}) => {
    const at = ({time, survival}: {time: number; survival: number}) =>
      `M${Number(x!(time)).toFixed(1)},${(Number(y!(survival)) - CENSOR_HALF).toFixed(1)}v${2 * CENSOR_HALF}`;
    return svgElement("path", {d: marks.map(at).join(""), stroke, fill: "none"});
  };
}
