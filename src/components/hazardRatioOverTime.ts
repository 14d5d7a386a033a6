import {area as areaPath, line as linePath, scaleLinear, scaleLog} from "d3";
import type {Cohort} from "../cohort/readCohort.js";
import {selectionWords} from "../cohort/selectionWords.js";
import type {SmoothedCurve} from "../survival/smoothedCoefficient.js";
import {endpointCsv} from "./csv.js";
import {shape} from "./drawing.js";
import type {Shape} from "./drawing.js";
import type {Figure} from "./figureFrame.js";
import {counted, formatCount, formatRatio} from "./formatting.js";
import {bottomAxis, bottomLabel, leftAxis, levelLine, picture, ratioTicks, topLabel} from "./plotAxes.js";
import {hazardRatioScript} from "./rScript/hazardRatioScript.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {timeLabel, timeTicks} from "./timeTicks.js";

interface HazardRatioPoint {
  readonly time: number;
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

/** The hazard ratio of two groups as it changes with time, beside the constant one of the Cox model. */
export function hazardRatioFigure(cohort: Cohort, answer: SurvivalAnswer, smooth: SmoothedCurve): Figure {
  const [{group, versus, hazardRatio}] = answer.hazardRatios;
  const points = Array.from(smooth.time, (time, k): HazardRatioPoint => ({
    time,
    ratio: Math.exp(smooth.coef[k]),
    lower: Math.exp(smooth.lower[k]),
    upper: Math.exp(smooth.upper[k])
  }));
  return {
    draw: (width) => hazardRatioPlot(answer, points, width),
    csv: () =>
      endpointCsv(
        answer.endpoint,
        ["time", "hazard_ratio", "lower", "upper"],
        points.map(({time, ratio, lower, upper}) => [time, ratio, lower, upper])
      ),
    caption: `Hazard of ${group} relative to ${versus} over time; dashed the constant ratio of the Cox model, ${formatRatio(hazardRatio)}; ${answer.endpoint.label}; selection: ${selectionWords(cohort.study, answer.selection)}; n = ${formatCount(answer.n)}, ${counted(answer.events, "event")}.`,
    note: "Natural cubic spline with 4 degrees of freedom through the scaled Schoenfeld residuals, two standard errors on either side.",
    script: {write: (data) => hazardRatioScript(cohort, answer, smooth, data)}
  };
}

function hazardRatioPlot(
  {endpoint, selection, hazardRatios: [{hazardRatio, group, versus}]}: SurvivalAnswer,
  points: readonly HazardRatioPoint[],
  width: number
): Shape {
  // A band may be endless where events are few: it is cut at four times the range of the curve.
  const shown = [...points.map(({ratio}) => ratio), hazardRatio, 1];
  const domain = [Math.min(...shown) / 4, Math.max(...shown) * 4];
  const held = (value: number) => Math.min(domain[1], Math.max(domain[0], value));
  const [first, last] = [points[0], points.at(-1)!];
  const height = Math.min(280, Math.max(220, width * 0.4));
  const area = {left: 56, right: width - 20, top: 28, bottom: height - 40};
  const x = scaleLinear([first.time, last.time], [area.left, area.right]);
  const y = scaleLog(domain, [area.bottom, area.top]);
  const times = timeTicks(first.time, last.time, endpoint.unit, area.right - area.left);
  const ratios = ratioTicks(domain[0], domain[1]);
  const band = areaPath<HazardRatioPoint>()
    .x(({time}) => x(time))
    .y0(({lower}) => y(held(lower)))
    .y1(({upper}) => y(held(upper)));
  const curve = linePath<HazardRatioPoint>(
    ({time}) => x(time),
    ({ratio}) => y(ratio)
  );
  return picture(
    width,
    height,
    `Hazard ratio of ${group} to ${versus} over time: ${formatRatio(first.ratio)} at first, ${formatRatio(last.ratio)} at the end.`,
    topLabel("Hazard ratio"),
    leftAxis(ratios, y, area),
    bottomAxis(times, x, area),
    bottomLabel(timeLabel(endpoint, selection.landmark), area),
    levelLine(y(1), area),
    levelLine(y(hazardRatio), area, {"stroke-dasharray": "4,4"}),
    shape("path", {d: band.digits(1)(points), fill: "var(--tone-3)", "fill-opacity": 0.18}),
    shape("path", {d: curve.digits(1)(points), fill: "none", stroke: "var(--tone-3)", "stroke-width": 2})
  );
}
