import * as Plot from "@observablehq/plot";
import {csvText} from "../csv.js";
import {svgElement} from "../element.js";
import {formatNumber} from "../formatting.js";
import {plotSvg} from "../plotSvg.js";
import {BALANCED} from "./treatmentCautions.js";
import type {BalanceLine} from "./weightedTreatment.js";

const LINE = 22;
const TOP = 34;
const BOTTOM = 44;

/** Standardised mean differences of every covariate before and after weighting, the largest before first. */
export function lovePlot(balance: readonly BalanceLine[], width: number): SVGSVGElement {
  const lines = [...balance].sort((a, b) => Math.abs(b.before) - Math.abs(a.before));
  const left = Math.min(260, Math.round(width * 0.42));
  const height = TOP + lines.length * LINE + BOTTOM;
  const most = Math.max(
    0.3,
    ...lines.flatMap(({before, after}) => [before, after].filter(Number.isFinite).map(Math.abs))
  );
  const y = (_: BalanceLine, k: number) => TOP + (k + 0.5) * LINE;
  const bottom = height - BOTTOM;
  const plot = plotSvg({
    width,
    height,
    marginLeft: left,
    marginRight: 16,
    marginTop: 0,
    marginBottom: BOTTOM,
    x: {domain: [-most * 1.05, most * 1.05], label: null},
    y: {domain: [0, bottom], range: [0, bottom], axis: null},
    marks: [
      Plot.rect([0], {x1: -BALANCED, x2: BALANCED, y1: TOP - 4, y2: bottom, fill: "var(--rule)", fillOpacity: 0.45}),
      Plot.ruleX([0], {y1: TOP - 4, y2: bottom, stroke: "var(--ink-soft)"}),
      Plot.ruleY([bottom], {stroke: "var(--ink-soft)"}),
      Plot.axisX({ticks: Math.max(3, Math.floor((width - left) / 70)), tickSize: 4}),
      Plot.text(["Treated minus untreated, in SD"], {frameAnchor: "bottom", dy: 38}),
      Plot.ruleY(lines, {y, x1: "before", x2: "after", stroke: "var(--ink-soft)"}),
      Plot.dot(lines, {x: "before", y, r: 4.5, stroke: "var(--tone-4)", fill: "var(--paper)", strokeWidth: 1.8}),
      Plot.dot(lines, {x: "after", y, r: 4.5, fill: "var(--tone-1)"})
    ]
  });
  const labels = lines.map((line, k) => svgElement("text", {x: 4, y: y(line, k) + 4}, shortened(line.label, left)));
  return svgElement(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": "system-ui, sans-serif",
      "font-size": 12.5,
      fill: "var(--ink)",
      role: "img",
      "aria-label": loveSummary(balance)
    },
    plot,
    key(left),
    labels
  );
}

/** Before and after named beside their marks, above the axis. */
function key(left: number): SVGElement {
  const after = left + 90;
  return svgElement(
    "g",
    {},
    svgElement("circle", {cx: left + 8, cy: 14, r: 4.5, fill: "none", stroke: "var(--tone-4)", "stroke-width": 1.8}),
    svgElement("text", {x: left + 18, y: 18, fill: "var(--tone-4)"}, "before"),
    svgElement("circle", {cx: after, cy: 14, r: 4.5, fill: "var(--tone-1)"}),
    svgElement("text", {x: after + 10, y: 18, fill: "var(--tone-1)"}, "after")
  );
}

const shortened = (label: string, room: number) => {
  const letters = Math.floor(room / 6.8);
  return label.length > letters ? `${label.slice(0, letters - 1)}…` : label;
};

/** The figure in words, for those who do not see it. */
export function loveSummary(balance: readonly BalanceLine[]): string {
  const said = balance.map(
    ({label, before, after}) => `${label} ${formatNumber(before, 2)} before, ${formatNumber(after, 2)} after`
  );
  return `Standardised mean differences of treated and untreated, before and after weighting: ${said.join("; ")}.`;
}

/** Columns of the CSV. */
export const loveHeader = ["covariate", "difference_before", "difference_after"];

export function loveCsv(balance: readonly BalanceLine[]): string {
  return csvText(
    loveHeader,
    balance.map(({label, before, after}) => [label, before, after])
  );
}
