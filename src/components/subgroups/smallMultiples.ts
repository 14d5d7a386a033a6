import {scaleLinear} from "d3";
import {riskTable as riskCounts} from "../../survival/survivalAt.js";
import type {RiskTable} from "../../survival/survivalAt.js";
import {bandSummary} from "../curveBand.js";
import {curveMarks} from "../curveMarks.js";
import {shape, together} from "../drawing.js";
import type {Shape} from "../drawing.js";
import {counted, formatP, formatPercent} from "../formatting.js";
import {shareAxis} from "../kaplanMeierPlot.js";
import {bottomAxis, bottomLabel, endpointLabel, picture} from "../plotAxes.js";
import {riskTable} from "../riskTable.js";
import {timeLabel, timeTicks} from "../timeTicks.js";
import type {Facet, FacetedCurves} from "./facetedCurves.js";

/** From here on two panels stand beside each other. */
const TWO_COLUMNS = 620;
const GAP = 20;
export const TITLE = 40;
export const PLOT_HEIGHT = 220;
export const MARGIN = {left: 84, right: 12, top: 8, bottom: 38};
const TABLE_GAP = 4;

/** What all panels share, so that curves and counts can be compared across them. */
interface Shared {
  readonly width: number;
  readonly start: number;
  readonly end: number;
  readonly ticks: readonly number[];
  readonly timeLabel: string;
  /** Pixels of one unit of time, inverted. */
  readonly pixel: number;
}

/** Kaplan–Meier curves in each level of a factor: shared axes, a risk table under each panel. */
export function smallMultiples(answer: FacetedCurves, width: number): Shape {
  const {columns, panel} = panelWidth(answer, width);
  const shared = sharedAxes(answer, panel);
  const panels = answer.facets.map((facet) => panelOf(answer, facet, shared));
  const high = TITLE + PLOT_HEIGHT + TABLE_GAP + Math.max(0, ...panels.map(({table}) => table));
  const height = Math.ceil(panels.length / columns) * (high + GAP) - GAP;
  return picture(
    width,
    height,
    multiplesSummary(answer),
    panels.map(({label, content}, k) => {
      const [across, down] = [(k % columns) * (panel + GAP), Math.floor(k / columns) * (high + GAP)];
      return shape("g", {key: label, transform: `translate(${across},${down})`}, content);
    })
  );
}

/** Panels side by side, and the width of one. */
export function panelWidth({facets}: FacetedCurves, width: number): {readonly columns: number; readonly panel: number} {
  const columns = width >= TWO_COLUMNS && facets.length > 1 ? 2 : 1;
  return {columns, panel: Math.floor((width - GAP * (columns - 1)) / columns)};
}

export function sharedAxes({facets, selection, endpoint, start}: FacetedCurves, width: number): Shared {
  const last = facets.flatMap(({groups}) => groups.map(({curve}) => curve.time.at(-1)!));
  const end = Math.max(start, ...last);
  const room = width - MARGIN.left - MARGIN.right;
  return {
    width,
    start,
    end: end > start ? end : start + 1,
    ticks: timeTicks(start, end, endpoint.unit, room),
    timeLabel: timeLabel(endpoint, selection.landmark),
    pixel: (end - start || 1) / room
  };
}

function panelOf({endpoint}: FacetedCurves, {label, groups, note}: Facet, shared: Shared) {
  const title = [
    shape("text", {x: 4, y: 14, "font-weight": 600, "font-size": 13.5}, label),
    shape("text", {x: 4, y: 31}, note)
  ];
  if (groups.length === 0) return {label, content: title, table: 0};
  const {plot, x} = curvesPlot(groups, endpointLabel(endpoint, PLOT_HEIGHT), shared);
  const rows = groups.map((group) => ({group, counts: rounded(riskCounts(group.curve, shared.ticks))}));
  const {table, height} = riskTable(rows, x, TITLE + PLOT_HEIGHT + TABLE_GAP);
  return {label, content: [...title, plot, table], table: height};
}

/** Sums of weights are no whole numbers, and there is no room for their digits. */
function rounded({time, atRisk, censored, events}: RiskTable): RiskTable {
  return {time, atRisk: atRisk.map(Math.round), censored: censored.map(Math.round), events: events.map(Math.round)};
}

function curvesPlot(groups: Facet["groups"], survival: string, {width, start, end, ticks, timeLabel, pixel}: Shared) {
  const area = {
    left: MARGIN.left,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: PLOT_HEIGHT - MARGIN.bottom
  };
  const x = scaleLinear([start, end], [area.left, area.right]);
  const y = scaleLinear([0, 1], [area.bottom, area.top]);
  const drawn = groups.map((group) => curveMarks(group, start, pixel, x, y));
  const beside = `translate(13,${(area.top + area.bottom) / 2}) rotate(-90)`;
  const plot = shape(
    "g",
    {transform: `translate(0,${TITLE})`},
    shape("text", {transform: beside, "text-anchor": "middle", fill: "var(--ink-soft)"}, survival),
    shareAxis(y, area),
    bottomAxis(ticks, x, area),
    bottomLabel(timeLabel, area),
    together(drawn.map(({band}) => band)),
    together(drawn.map(({lines}) => lines))
  );
  return {plot, x};
}

/** The figure in words, for those who do not see it. */
export function multiplesSummary(answer: FacetedCurves): string {
  const {endpoint, compared, facets, pooled, interaction, years} = answer;
  const year = years.at(-1);
  const banded = facets.some(({groups}) => groups.some(({band}) => band)) ? bandSummary(answer.selection) : "";
  const panels = facets.map(({label, groups, note}) => {
    const curves = groups.map(({label: group, n, events, at}) => {
      const later =
        year === undefined ? "" : `, ${formatPercent(at.survival[years.length - 1])} at ${counted(year, "year")}`;
      return `${group} ${counted(n, "patient")}, ${counted(events, "event")}${later}`;
    });
    return `${label}: ${[...curves, ...(note === "" ? [] : [note.replace(/^HR /, "hazard ratio ")])].join("; ").replace(/\.?$/, ".")}`;
  });
  const tests = [
    pooled ? ` Log-rank test stratified by these panels ${formatP(pooled.p)}.` : "",
    interaction ? ` Interaction ${formatP(interaction.p)}.` : ""
  ];
  return `Kaplan–Meier curves of ${endpoint.label}, ${comparedWords(compared)}, in ${facets.length} panels. ${panels.join(" ")}${banded}${tests.join("")}`;
}

/** "High risk and Low risk": the reference last. */
export const comparedWords = (compared: FacetedCurves["compared"]): string =>
  [...compared.slice(1), compared[0]].map(({label}) => label).join(" and ");
