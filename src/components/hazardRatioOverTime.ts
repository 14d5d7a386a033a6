import * as Plot from "@observablehq/plot";
import type {Cohort} from "../cohort/readCohort.js";
import {selectionWords} from "../cohort/selectionWords.js";
import type {SmoothedCurve} from "../survival/smoothedCoefficient.js";
import {csvText} from "./csv.js";
import type {Figure} from "./figureFrame.js";
import {counted, formatCount, formatRatio} from "./formatting.js";
import {hazardRatioScript} from "./rScript/hazardRatioScript.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {plotSvg} from "./plotSvg.js";

/** The hazard ratio of two groups as it changes with time, beside the constant one of the Cox model. */
export function hazardRatioFigure(cohort: Cohort, answer: SurvivalAnswer, smooth: SmoothedCurve): Figure {
  const [{group, versus, hazardRatio}] = answer.hazardRatios;
  const points = Array.from(smooth.time, (time, k) => ({
    time,
    ratio: Math.exp(smooth.coef[k]),
    lower: Math.exp(smooth.lower[k]),
    upper: Math.exp(smooth.upper[k])
  }));
  return {
    draw: (width) => hazardRatioPlot(answer, points, width),
    csv: () =>
      csvText(
        ["time", "hazard_ratio", "lower", "upper"],
        points.map(({time, ratio, lower, upper}) => [time, ratio, lower, upper])
      ),
    caption: `Hazard of ${group} relative to ${versus} over time; dashed the constant ratio of the Cox model, ${formatRatio(hazardRatio)}; ${answer.endpoint.label}; selection: ${selectionWords(cohort.study, answer.selection)}; n = ${formatCount(answer.n)}, ${counted(answer.events, "event")}.`,
    note: "Natural cubic spline with 4 degrees of freedom through the scaled Schoenfeld residuals, two standard errors on either side.",
    script: {write: (data) => hazardRatioScript(cohort, answer, smooth, data)}
  };
}

function hazardRatioPlot(
  {endpoint, hazardRatios: [{hazardRatio, group, versus}]}: SurvivalAnswer,
  points: readonly {time: number; ratio: number; lower: number; upper: number}[],
  width: number
): SVGSVGElement {
  // A band may be endless where events are few: it is cut at four times the range of the curve.
  const shown = [...points.map(({ratio}) => ratio), hazardRatio, 1];
  const domain = [Math.min(...shown) / 4, Math.max(...shown) * 4];
  const held = (value: number) => Math.min(domain[1], Math.max(domain[0], value));
  const [first, last] = [points[0], points.at(-1)!];
  return plotSvg({
    ariaLabel: `Hazard ratio of ${group} to ${versus} over time: ${formatRatio(first.ratio)} at first, ${formatRatio(last.ratio)} at the end.`,
    width,
    height: Math.min(280, Math.max(220, width * 0.4)),
    marginLeft: 56,
    marginTop: 28,
    marginBottom: 40,
    x: {label: null},
    y: {type: "log", domain, label: null},
    marks: [
      Plot.axisX({tickSize: 4, ticks: Math.max(3, Math.round(width / 90))}),
      Plot.axisY({ticks: 5, tickFormat: (v: number) => String(Number(v.toPrecision(2))), tickSize: 0}),
      Plot.text(["Hazard ratio"], {frameAnchor: "top-left", dx: -52, dy: -22, fontWeight: 600}),
      Plot.text([endpoint.unit[0].toUpperCase() + endpoint.unit.slice(1)], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([1], {stroke: "var(--ink-soft)"}),
      Plot.ruleY([hazardRatio], {stroke: "var(--ink-soft)", strokeDasharray: "4,4"}),
      Plot.areaY(points, {
        x: "time",
        y1: (d: {lower: number}) => held(d.lower),
        y2: (d: {upper: number}) => held(d.upper),
        fill: "var(--tone-3)",
        fillOpacity: 0.18
      }),
      Plot.lineY(points, {x: "time", y: "ratio", stroke: "var(--tone-3)", strokeWidth: 2})
    ]
  });
}
