import {bin} from "d3";
import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {element, svgElement} from "../element.js";
import {formatNumber, formatPercent} from "../formatting.js";

const SIZE = {width: 320, height: 56};

/** Where a patient's value lies among everyone's: a small histogram with a mark, and the share below in words. */
export function placeInCohort(cohort: Cohort, variable: Variable, row: number): HTMLElement {
  const column = cohort.variable(variable.id);
  const value = column.type === "numeric" ? column.values[row] : NaN;
  const name = variable.units ? `${variable.label}, ${variable.units}` : variable.label;
  if (column.type !== "numeric" || Number.isNaN(value)) return element("p", {}, `${name}: missing.`);
  const known = column.values.filter((v) => !Number.isNaN(v));
  const below = known.filter((v) => v < value).length / known.length;
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const bins = bin<number, number>().domain([low, high]).thresholds(30)(Array.from(known));
  const most = Math.max(...bins.map((b) => b.length));
  const x = (v: number) => 4 + ((v - low) / (high - low || 1)) * (SIZE.width - 8);
  const floor = SIZE.height - 8;
  const words = `${name}: ${formatNumber(value)}, higher than ${formatPercent(below)} of the cohort.`;
  return element(
    "div",
    {class: "place"},
    svgElement(
      "svg",
      {...SIZE, viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": words},
      bins
        .filter((b) => b.length > 0)
        .map((b) =>
          svgElement("rect", {
            x: x(b.x0!),
            width: Math.max(1, x(b.x1!) - x(b.x0!) - 1),
            y: floor - (b.length / most) * (floor - 6),
            height: (b.length / most) * (floor - 6),
            fill: "var(--tone-4)",
            "fill-opacity": 0.6
          })
        ),
      svgElement("line", {x1: x(value), x2: x(value), y1: 0, y2: floor, stroke: "var(--tone-1)", "stroke-width": 3}),
      svgElement("line", {x1: 0, x2: SIZE.width, y1: floor, y2: floor, stroke: "var(--rule)"})
    ),
    element("p", {class: "note-line"}, words)
  );
}
