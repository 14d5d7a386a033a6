import type {Group} from "../cohort/groups.js";
import type {RiskTable} from "../survival/survivalAt.js";
import {svgElement} from "./element.js";
import {formatCount} from "./formatting.js";
import type {PlotFrame} from "./kaplanMeierPlot.js";
import {toneOf} from "./palette.js";
import {pixels} from "./plotAxes.js";
import type {Place} from "./plotAxes.js";

const LINE = 15;
const GAP = 7;

/** A group with its counts at the ticks. */
export interface RiskRow {
  readonly group: Group;
  readonly counts: RiskTable;
  /** Competing events so far, where the endpoint has such; they are not among the censored. */
  readonly competing?: Float64Array;
}

/**
 * Numbers at risk, censored and with the event so far, aligned under the ticks of the plot above.
 *
 * @param x - where a time lies, in pixels
 * @see Morris et al. (2019), BMJ Open 9:e030215 (KMunicate)
 */
export function riskTable(rows: readonly RiskRow[], frame: PlotFrame, x: Place) {
  const lines = rows.some(({competing}) => competing) ? 5 : 4;
  const height = rows.length * (lines * LINE + GAP) + 4;
  const table = svgElement("g");
  rows.forEach(({group, counts, competing}, g) => {
    const top = g * (lines * LINE + GAP) + LINE;
    const name = {x: 4, y: top, fill: toneOf(group.tone), "font-weight": 600};
    table.append(svgElement("text", name, group.label));
    [
      {label: "At risk", values: counts.atRisk, soft: false},
      {label: "Censored", values: counts.censored, soft: true},
      {label: "Events", values: counts.events, soft: true},
      ...(competing ? [{label: "Competing", values: competing, soft: true}] : [])
    ].forEach(({label, values, soft}, k) => {
      const y = top + (k + 1) * LINE;
      const fill = soft ? "var(--ink-soft)" : "var(--ink)";
      table.append(svgElement("text", {x: 4, y, fill}, label));
      values.forEach((n, t) => {
        const place = {x: pixels(x(counts.time[t])), y, fill, "text-anchor": "middle"};
        table.append(svgElement("text", place, formatCount(n)));
      });
    });
  });
  return {table, height, width: frame.width};
}
