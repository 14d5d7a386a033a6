import type {Group} from "../cohort/groups.js";
import type {RiskTable} from "../survival/survivalAt.js";
import {shape} from "./drawing.js";
import {formatCount} from "./formatting.js";
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
 * @param top - where it begins, in pixels
 * @see Morris et al. (2019), BMJ Open 9:e030215 (KMunicate)
 */
export function riskTable(rows: readonly RiskRow[], x: Place, top: number) {
  const lines = rows.some(({competing}) => competing) ? 5 : 4;
  const height = rows.length * (lines * LINE + GAP) + 4;
  const table = rows.map(({group, counts, competing}, g) => {
    const first = g * (lines * LINE + GAP) + LINE;
    const line = (k: number, label: string, values: Float64Array, fill: string) => {
      const y = first + k * LINE;
      const count = (n: number, t: number) => shape("tspan", {x: pixels(x(counts.time[t]))}, formatCount(n));
      return [
        shape("text", {x: 4, y, fill}, label),
        shape("text", {y, fill, "text-anchor": "middle"}, Array.from(values, count))
      ];
    };
    return shape(
      "g",
      {key: group.label},
      shape("text", {x: 4, y: first, fill: toneOf(group.tone), "font-weight": 600}, group.label),
      line(1, "At risk", counts.atRisk, "var(--ink)"),
      line(2, "Censored", counts.censored, SOFT),
      line(3, "Events", counts.events, SOFT),
      competing ? line(4, "Competing", competing, SOFT) : null
    );
  });
  return {table: shape("g", {transform: `translate(0,${top})`}, table), height};
}

const SOFT = "var(--ink-soft)";
