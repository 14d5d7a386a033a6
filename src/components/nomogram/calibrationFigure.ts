import * as Plot from "@observablehq/plot";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatPercent} from "../formatting.js";
import {toneOf} from "../palette.js";
import {calibrationScript} from "../rScript/performanceScripts.js";
import type {JudgedPatients} from "../rScript/performanceScripts.js";
import {plotSvg} from "../plotSvg.js";
import type {ModelPerformance} from "./performanceAnswer.js";

/** Observed against predicted probability of the event: groups with their intervals, and a smooth curve. */
export function calibrationFigure(
  performance: ModelPerformance,
  tone: number,
  judged: JudgedPatients,
  set: string
): Figure {
  const {model, calibration} = performance;
  const {year} = judged;
  const smooth = calibration?.smooth ?? null;
  return {
    draw: calibration ? (width) => drawn({model, calibration} as ModelPerformance, tone, year, width) : null,
    csv: () =>
      csvText(
        ["kind", "predicted", "observed", "lower", "upper", "n", "events"],
        [
          ...(calibration?.groups ?? []).map((g) => ["group", g.meanRisk, g.observed, g.lower, g.upper, g.n, g.events]),
          ...Array.from(smooth?.risk ?? [], (risk, i) => ["smooth", risk, smooth!.observed[i], null, null, null, null])
        ]
      ),
    caption: `${model.label}, ${set.toLowerCase()}: ${calibration ? counted(calibration.n, "patient") : "none"}; event by ${year} y observed in ${calibration ? formatPercent(calibration.overall.observed) : "–"}, predicted for ${calibration ? formatPercent(calibration.overall.meanRisk) : "–"}.`,
    note: `Points: fifths of predicted risk, observed by Kaplan–Meier with 95% CI. Line: Cox regression on a restricted cubic spline of the risk (Austin 2020). On the diagonal predictions are right.`,
    script: calibration
      ? {write: (data) => calibrationScript(judged, performance, data)}
      : {none: "there is no calibration here."}
  };
}

function drawn({model, calibration}: ModelPerformance, tone: number, year: number, width: number): SVGSVGElement {
  const {groups, smooth, overall} = calibration!;
  const side = Math.min(width, 380);
  const curve = Array.from(smooth?.risk ?? [], (x, i) => ({x, y: smooth!.observed[i]}));
  const values = [
    ...groups.flatMap(({upper, meanRisk, observed}) => [upper, meanRisk, observed]),
    ...curve.map(({x}) => x)
  ];
  const most = Math.min(1, Math.ceil(Math.max(0.1, ...values.filter((v) => !Number.isNaN(v))) * 10) / 10);
  const points = groups.map((g) => ({
    x: g.meanRisk,
    y: g.observed,
    lower: Number.isNaN(g.lower) ? g.observed : g.lower,
    upper: Number.isNaN(g.upper) ? g.observed : g.upper
  }));
  const color = toneOf(tone);
  return plotSvg({
    width: side,
    height: side,
    marginLeft: 48,
    marginTop: 28,
    marginBottom: 46,
    marginRight: 14,
    ariaLabel: `Calibration of ${model.label} at ${year} years: observed ${formatPercent(overall.observed)}, predicted ${formatPercent(overall.meanRisk)}. ${points.map(({x, y}) => `Predicted ${formatPercent(x)}, observed ${formatPercent(y)}`).join("; ")}.`,
    x: {domain: [0, most], label: null},
    y: {domain: [0, most], label: null},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickFormat: "%", tickSize: 0}),
      Plot.axisX({ticks: 5, tickFormat: "%", tickSize: 4}),
      Plot.text([`Observed by ${year} y`], {frameAnchor: "top-left", dx: -44, dy: -24, fontWeight: 600}),
      Plot.text([`Predicted probability of the event by ${year} y`], {frameAnchor: "bottom", dy: 34}),
      Plot.line(
        [
          [0, 0],
          [most, most]
        ],
        {stroke: "var(--ink-soft)", strokeDasharray: "3,4"}
      ),
      Plot.lineY(curve, {x: "x", y: "y", stroke: color, strokeWidth: 2, clip: true}),
      Plot.ruleX(points, {x: "x", y1: "lower", y2: "upper", stroke: "var(--ink)", clip: true}),
      Plot.dot(points, {x: "x", y: "y", r: 4, fill: color, stroke: "var(--paper)"}),
      Plot.ruleX(curve, {x: "x", y1: 0, y2: most * 0.018, stroke: "var(--ink-soft)", strokeOpacity: 0.5})
    ]
  });
}
