import * as Plot from "@observablehq/plot";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import type {TreatmentEffectCurve} from "../../survival/treatmentEffectCurve.js";
import {csvText} from "../csv.js";
import {formatInterval, formatNumber, formatP} from "../formatting.js";
import {plotSvg} from "../plotSvg.js";
import type {PlotSvg} from "../plotSvg.js";

/** What the plot needs besides the curve. */
export interface MarkerContext {
  readonly treatment: string;
  readonly untreated: string;
  readonly scoreLabel: string;
  /** Where high risk begins. */
  readonly cut: number | null;
  /** Scores of [untreated, treated] patients, drawn as a rug. */
  readonly scores: readonly [Float64Array, Float64Array];
}

const TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
/** Patients drawn in a rug at most; more are thinned evenly. */
const RUG = 400;

/** Hazard ratio of treatment along the risk score with its pointwise band, on a log axis; rugs show where patients are. */
export function markerByTreatmentPlot(
  curve: TreatmentEffectCurve,
  context: MarkerContext,
  width: number
): SVGSVGElement {
  const points = Array.from(curve.score, (score, k) => ({
    score,
    ratio: curve.hazardRatio[k],
    lower: Math.max(0.02, curve.lower[k]),
    upper: Math.min(50, curve.upper[k])
  }));
  const [first, last] = [points[0], points.at(-1)!];
  const low = Math.min(0.5, ...points.map((p) => Math.max(p.lower, 0.05)));
  const high = Math.max(2, ...points.map((p) => Math.min(p.upper, 20)));
  const height = Math.min(400, Math.max(300, width * 0.5));
  const margin = {marginLeft: 56, marginRight: 16, marginTop: 30, marginBottom: 58};
  const within = (values: Float64Array) => thinned(values.filter((s) => s >= first.score && s <= last.score));
  const {cut} = context;
  const shown = cut !== null && cut > first.score && cut < last.score ? [cut] : [];
  const inside = {frameAnchor: "top-left", fill: "var(--ink-soft)", fontSize: 11.5, dx: 6} as const;
  const plot = plotSvg({
    ariaLabel: markerSummary(curve, context),
    width,
    height,
    ...margin,
    clip: true,
    x: {domain: [first.score, last.score], label: null},
    y: {type: "log", domain: [low, high], label: null},
    marks: [
      Plot.gridY(
        TICKS.filter((t) => t >= low && t <= high),
        {stroke: "var(--rule)", strokeOpacity: 0.6}
      ),
      Plot.axisY(
        TICKS.filter((t) => t >= low && t <= high),
        {text: (t: number) => String(t), tickSize: 0}
      ),
      Plot.axisX({ticks: Math.max(3, Math.floor(width / 90)), tickSize: 4}),
      Plot.text([`Hazard ratio of ${context.treatment}`], {
        frameAnchor: "top-left",
        dx: -52,
        dy: -26,
        fontWeight: 600,
        clip: false
      }),
      Plot.text([`${context.scoreLabel} →`], {frameAnchor: "bottom", dy: 52, clip: false}),
      Plot.areaY(points, {x: "score", y1: "lower", y2: "upper", fill: "var(--tone-1)", fillOpacity: 0.18}),
      Plot.ruleY([1], {stroke: "var(--ink-soft)"}),
      Plot.ruleX(shown, {stroke: "var(--ink-soft)", strokeDasharray: "3,3"}),
      Plot.text(shown, {
        x: (c: number) => c,
        frameAnchor: "bottom",
        dy: -6,
        dx: -5,
        textAnchor: "end",
        text: () => "low risk",
        fill: "var(--tone-low)",
        fontWeight: 600
      }),
      Plot.text(shown, {
        x: (c: number) => c,
        frameAnchor: "bottom",
        dy: -6,
        dx: 5,
        textAnchor: "start",
        text: () => "high risk",
        fill: "var(--tone-high)",
        fontWeight: 600
      }),
      Plot.lineY(points, {x: "score", y: "ratio", stroke: "var(--tone-1)", strokeWidth: 2.5}),
      Plot.text(["↑ higher hazard when treated"], {...inside, dy: 8}),
      Plot.text(["↓ lower hazard when treated"], {...inside, frameAnchor: "bottom-left", dy: -24})
    ]
  });
  rugs(plot, context, within, {height, ...margin});
  return plot;
}

/** Ticks below the axis: untreated above, treated below them. */
function rugs(
  plot: PlotSvg,
  {scores}: MarkerContext,
  within: (values: Float64Array) => number[],
  frame: {height: number; marginBottom: number}
): void {
  const scale = plot.scale("x")!;
  const base = frame.height - frame.marginBottom + 22;
  scores.forEach((values, g) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const top = base + g * 8;
    path.setAttribute(
      "d",
      within(values)
        .map((s) => `M${scale.apply(s).toFixed(1)},${top}v6`)
        .join("")
    );
    path.setAttribute("stroke", g === 1 ? "var(--tone-1)" : "var(--tone-4)");
    path.setAttribute("stroke-opacity", "0.7");
    plot.append(path);
  });
}

function thinned(values: Float64Array): number[] {
  const ascending = values.toSorted();
  const step = Math.max(1, Math.ceil(ascending.length / RUG));
  return Array.from(ascending).filter((_, k) => k % step === 0);
}

/** The figure in words, for those who do not see it. */
export function markerSummary(
  curve: TreatmentEffectCurve,
  {treatment, untreated, scoreLabel, scores}: MarkerContext
): string {
  const all = ascendingValues(Float64Array.from([...scores[0], ...scores[1]]));
  const said = [0.1, 0.5, 0.9].map((share) => {
    const score = sampleQuantile(all, share);
    const k = nearest(curve.score, score);
    const name = share === 0.5 ? "the median" : `the ${share * 100}% quantile`;
    return `at ${name} (${formatNumber(curve.score[k], 3)}) ${formatInterval(curve.hazardRatio[k], curve.lower[k], curve.upper[k])}`;
  });
  const {interaction} = curve;
  return `Hazard ratio of ${treatment} to ${untreated} along the ${scoreLabel}: ${said.join("; ")}. Test that it is the same at every score: χ² = ${interaction.statistic.toFixed(2)} on ${interaction.df} df, ${formatP(interaction.p)}.`;
}

function nearest(ascending: Float64Array, value: number): number {
  let best = 0;
  for (let k = 1; k < ascending.length; k++)
    if (Math.abs(ascending[k] - value) < Math.abs(ascending[best] - value)) best = k;
  return best;
}

/** Columns of the CSV. */
export const markerHeader = ["risk_score", "hazard_ratio", "lower", "upper"];

export function markerCsv({score, hazardRatio, lower, upper}: TreatmentEffectCurve): string {
  return csvText(
    markerHeader,
    Array.from(score, (s, k) => [s, hazardRatio[k], lower[k], upper[k]])
  );
}
