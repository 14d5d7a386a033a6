import type {RiskTable} from "../survival/survivalAt.js";
import {svgElement} from "./element.js";
import {formatCount} from "./formatting.js";
import type {PlotFrame} from "./kaplanMeierPlot.js";
import {toneOf} from "./palette.js";
import type {GroupAnswer} from "./survivalAnswer.js";

const LINE = 15;
const GAP = 7;

/** A group with its counts at the ticks. */
export interface RiskRow {
  readonly group: GroupAnswer;
  readonly counts: RiskTable;
}

/**
 * Numbers at risk, censored and with the event so far, aligned under the ticks of the plot above.
 *
 * @param x - where a time lies, in pixels
 * @see Morris et al. (2019), BMJ Open 9:e030215 (KMunicate)
 */
export function riskTable(rows: readonly RiskRow[], frame: PlotFrame, x: (time: number) => number) {
  const height = rows.length * (4 * LINE + GAP) + 4;
  const table = svgElement("g", {"font-family": "system-ui, sans-serif", "font-size": 12, fill: "var(--ink)"});
  rows.forEach(({group, counts}, g) => {
    const top = g * (4 * LINE + GAP) + LINE;
    const name = {x: 4, y: top, fill: toneOf(group.tone), "font-weight": 600};
    table.append(svgElement("text", name, group.label));
    [
      {label: "At risk", values: counts.atRisk, soft: false},
      {label: "Censored", values: counts.censored, soft: true},
      {label: "Events", values: counts.events, soft: true}
    ].forEach(({label, values, soft}, k) => {
      const y = top + (k + 1) * LINE;
      const fill = soft ? "var(--ink-soft)" : "var(--ink)";
      table.append(svgElement("text", {x: 4, y, fill}, label));
      values.forEach((n, t) => {
        const place = {x: x(counts.time[t]), y, fill, "text-anchor": "middle"};
        table.append(svgElement("text", place, formatCount(n)));
      });
    });
  });
  return {table, height, width: frame.width};
}
