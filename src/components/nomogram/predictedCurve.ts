import * as Plot from "@observablehq/plot";
import type {Endpoint} from "../../cohort/description.js";
import type {PredictedCurve} from "../../survival/coxPrediction.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {formatPercent, perYear} from "../formatting.js";
import {plotSvg} from "../plotSvg.js";
import {timeLabel, timeTicks} from "../timeTicks.js";

/** Predicted survival of one patient at a horizon. */
export interface PredictedAt {
  readonly years: number;
  readonly survival: number;
  readonly lower: number;
  readonly upper: number;
}

/** The predicted curve of one patient with its limits. */
export function predictedFigure(
  curve: PredictedCurve,
  at: readonly PredictedAt[],
  endpoint: Endpoint,
  model: string,
  fittedOn: string
): Omit<Figure, "script"> {
  return {
    draw: curve.survival.some((s) => !Number.isNaN(s)) ? (width) => drawn(curve, at, endpoint, width) : null,
    csv: () =>
      csvText(
        [`time_${endpoint.unit}`, "survival", "lower", "upper", "standard_error"],
        Array.from(curve.time, (t, i) => [t, curve.survival[i], curve.lower[i], curve.upper[i], curve.standardError[i]])
      ),
    caption: `${model}, ${fittedOn}.`,
    note: "Predicted survival of a patient with these values: Cox model, baseline by Efron's estimate; band: 95% CI on the log-log scale, which holds for coefficients and baseline together."
  };
}

/** The predicted values in words. */
export function predictedSummary(at: readonly PredictedAt[], {label}: Endpoint): string {
  const values = at.map(
    ({years, survival, lower, upper}) =>
      `${years}-year ${formatPercent(survival, 1)} (95% CI ${formatPercent(lower, 1)}–${formatPercent(upper, 1)})`
  );
  return `Predicted ${label.toLowerCase()}: ${values.join(", ")}.`;
}

function drawn(curve: PredictedCurve, at: readonly PredictedAt[], endpoint: Endpoint, width: number): SVGSVGElement {
  const end = curve.time[curve.time.length - 1];
  const points = Array.from(curve.time, (time, i) => ({
    time,
    survival: curve.survival[i],
    lower: Number.isNaN(curve.lower[i]) ? curve.survival[i] : curve.lower[i],
    upper: Number.isNaN(curve.upper[i]) ? curve.survival[i] : curve.upper[i]
  }));
  const marks = at.map((a) => ({...a, time: a.years * perYear[endpoint.unit]}));
  const step = {curve: "step-after", x: "time"} as const;
  return plotSvg({
    width,
    height: Math.min(320, Math.max(230, width * 0.5)),
    marginLeft: 44,
    marginRight: 16,
    marginTop: 26,
    marginBottom: 40,
    ariaLabel: predictedSummary(at, endpoint),
    x: {domain: [0, end], label: null},
    y: {domain: [0, 1], label: null},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickFormat: (s: number) => `${Math.round(s * 100)}%`, tickSize: 0}),
      Plot.text([`Predicted ${endpoint.label.toLowerCase()}`], {
        frameAnchor: "top-left",
        dx: -40,
        dy: -22,
        fontWeight: 600
      }),
      Plot.axisX({ticks: [...timeTicks(0, end, endpoint.unit, width - 60)], tickSize: 4}),
      Plot.text([timeLabel(endpoint)], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      Plot.areaY(points, {...step, y1: "lower", y2: "upper", fill: "var(--tone-1)", fillOpacity: 0.18}),
      Plot.lineY(points, {...step, y: "survival", stroke: "var(--tone-1)", strokeWidth: 2}),
      Plot.dot(marks, {x: "time", y: "survival", r: 4, fill: "var(--tone-1)", stroke: "var(--paper)"}),
      Plot.text(marks, {
        x: "time",
        y: "survival",
        text: (d: PredictedAt) => formatPercent(d.survival, 1),
        textAnchor: "start",
        dx: 6,
        dy: -9,
        fill: "var(--ink)",
        stroke: "var(--paper)",
        strokeWidth: 4,
        fontWeight: 600
      })
    ]
  });
}
