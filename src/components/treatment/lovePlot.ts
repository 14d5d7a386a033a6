import {scaleLinear} from "d3";
import {csvText} from "../csv.js";
import {shape} from "../drawing.js";
import type {Shape} from "../drawing.js";
import {formatNumber} from "../formatting.js";
import {bottomAxis, bottomLabel, levelLine, picture, pixels, uprightLine} from "../plotAxes.js";
import type {Place} from "../plotAxes.js";
import {BALANCED} from "./treatmentCautions.js";
import type {BalanceLine} from "./weightedTreatment.js";

const LINE = 22;
const TOP = 34;
const BOTTOM = 44;

/** Standardised mean differences of every covariate before and after weighting, the largest before first. */
export function lovePlot(balance: readonly BalanceLine[], width: number): Shape {
  const lines = [...balance].sort((a, b) => Math.abs(b.before) - Math.abs(a.before));
  const left = Math.min(260, Math.round(width * 0.42));
  const height = TOP + lines.length * LINE + BOTTOM;
  const most = Math.max(
    0.3,
    ...lines.flatMap(({before, after}) => [before, after].filter(Number.isFinite).map(Math.abs))
  );
  const area = {left, right: width - 16, top: TOP - 4, bottom: height - BOTTOM};
  const x = scaleLinear([-most * 1.05, most * 1.05], [area.left, area.right]);
  const y = (k: number) => TOP + (k + 0.5) * LINE;
  const ticks = Math.max(3, Math.floor((width - left) / 70));
  const [from, to] = [-BALANCED, BALANCED].map((difference) => pixels(x(difference)));
  const band = {x: from, width: pixels(to - from), y: area.top, height: area.bottom - area.top};
  const known = lines
    .map((line, k) => ({...line, y: y(k)}))
    .filter(({before, after}) => Number.isFinite(before + after));
  const ways = known.map(({before, after, y}) => `M${pixels(x(before))},${y}H${pixels(x(after))}`);
  return picture(
    width,
    height,
    loveSummary(balance),
    shape("rect", {...band, fill: "var(--rule)", "fill-opacity": 0.45}),
    uprightLine(x(0), area),
    levelLine(area.bottom, area),
    bottomAxis(x.ticks(ticks), x, area, x.tickFormat(ticks)),
    bottomLabel("Treated minus untreated, in SD", area),
    shape("path", {d: ways.join(""), stroke: "var(--ink-soft)"}),
    shape("path", {
      d: dots(
        lines.map(({before}) => before),
        x,
        y
      ),
      ...BEFORE
    }),
    shape("path", {
      d: dots(
        lines.map(({after}) => after),
        x,
        y
      ),
      ...AFTER
    }),
    key(left),
    lines.map(({label}, k) => shape("text", {x: 4, y: y(k) + 4}, shortened(label, left - 8)))
  );
}

const BEFORE = {stroke: "var(--tone-4)", fill: "var(--paper)", "stroke-width": 1.8};
const AFTER = {fill: "var(--tone-1)"};
/** Radius of a dot, in pixels. */
const DOT = 4.5;

/** A circle a line, as one path; none where the difference is not known. */
function dots(differences: readonly number[], x: Place, y: (line: number) => number): string {
  const circle = `a${DOT},${DOT} 0 1 0 ${2 * DOT},0a${DOT},${DOT} 0 1 0 ${-2 * DOT},0`;
  return differences.map((d, k) => (Number.isFinite(d) ? `M${pixels(x(d) - DOT)},${y(k)}${circle}` : "")).join("");
}

/** Before and after named beside their marks, above the axis. */
function key(left: number): Shape {
  const after = left + 90;
  return shape(
    "g",
    {},
    shape("circle", {cx: left + 8, cy: 14, r: DOT, ...BEFORE}),
    shape("text", {x: left + 18, y: 18, fill: "var(--tone-4)"}, "before"),
    shape("circle", {cx: after, cy: 14, r: DOT, ...AFTER}),
    shape("text", {x: after + 10, y: 18, fill: "var(--tone-1)"}, "after")
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
