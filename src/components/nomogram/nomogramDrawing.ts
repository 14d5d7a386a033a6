import type {Nomogram} from "../../survival/nomogramPoints.js";
import {linearPredictorOf, survivalAtPoints, totalPoints} from "../../survival/nomogramPoints.js";
import {termEffect} from "../../survival/nomogramTerms.js";
import {svgElement} from "../element.js";
import {formatNumber, formatPercent} from "../formatting.js";
import {labelSpan, LANE} from "./nomogramLayout.js";
import type {NomogramLayout, PlacedAxis} from "./nomogramLayout.js";
import {stepped, valueAtEffect} from "./patientValue.js";
import type {PatientValues} from "./patientValue.js";

export interface NomogramDrawing {
  readonly svg: SVGSVGElement;
  /** Moves the patient without drawing anything else anew. */
  move(values: PatientValues): void;
}

/**
 * A nomogram with a patient on it: one handle a term, to be dragged or moved by the arrow keys.
 *
 * @param onChange - called with the variable and its new value
 */
export function nomogramDrawing(
  nomogram: Nomogram,
  layout: NomogramLayout,
  values: PatientValues,
  onChange: (variable: string, value: number | string) => void
): NomogramDrawing {
  const {width, height} = layout;
  let current = values;
  const handles = layout.axes.map((axis) => handleOf(axis));
  const drop = svgElement("line", {stroke: "var(--ink-soft)", "stroke-dasharray": "2,3"});
  const [total] = layout.axes.filter(({kind}) => kind === "total");
  const last = layout.axes[layout.axes.length - 1];
  const svg = svgElement(
    "svg",
    {width, height, viewBox: `0 0 ${width} ${height}`, role: "group", class: "nomogram", "font-size": 11},
    svgElement(
      "g",
      {"font-family": "system-ui, sans-serif", fill: "var(--ink)"},
      layout.axes.map((a) => axisMarks(a, layout))
    ),
    drop,
    handles.map(({node}) => node)
  );
  const change = (axis: PlacedAxis, value: number | string) => {
    if (value !== current[axis.id]) onChange(axis.id, value);
  };
  handles.forEach(({axis, node}) => {
    if (axis.kind !== "term") return;
    const at = (event: PointerEvent) => {
      const box = svg.getBoundingClientRect();
      const points = layout.pointsAt(((event.clientX - box.left) * width) / box.width);
      change(axis, valueAtEffect(nomogram, axis.id, points));
    };
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      (node.querySelector("[role=slider]") as SVGElement | null)?.focus({preventScroll: true});
      at(event);
    });
    node.addEventListener("pointermove", (event) => node.hasPointerCapture(event.pointerId) && at(event));
    node.addEventListener("keydown", (event) => {
      const next = stepped(nomogram, axis.id, current[axis.id], event.key);
      if (next === null) return;
      event.preventDefault();
      change(axis, next);
    });
  });
  const move = (next: PatientValues) => {
    current = next;
    const sum = totalPoints(nomogram, next);
    const survival = survivalAtPoints(nomogram, sum);
    let horizon = 0;
    for (const handle of handles) {
      const {axis} = handle;
      if (axis.kind === "term") {
        const value = next[axis.id];
        const points = pointsOf(nomogram, axis.id, value);
        const spoken = typeof value === "number" ? formatNumber(value) : levelText(axis, value);
        handle.place(layout.xOfPoints(points), `${spoken}, ${formatNumber(points, 3)} points`, null, spoken);
      } else if (axis.kind === "total") handle.place(layout.xOfTotal(sum), null, formatNumber(sum, 4), "");
      else if (axis.kind === "survival")
        handle.place(layout.xOfTotal(sum), null, formatPercent(survival[horizon++], 1), "");
    }
    const x = layout.xOfTotal(sum);
    for (const [name, value] of Object.entries({x1: x, x2: x, y1: total.y, y2: last.y}))
      drop.setAttribute(name, String(value));
    svg.setAttribute("aria-label", summaryOf(nomogram, layout, next, sum, survival));
  };
  move(values);
  return {svg, move};
}

/** Points of a value on its own axis. */
export function pointsOf(nomogram: Nomogram, variable: string, value: number | string): number {
  const axis = nomogram.terms.find(({name}) => name === variable)!;
  const lowest = Math.min(...axis.effect);
  return (termEffect(variable, nomogram.model.terms[variable], value) - lowest) * nomogram.pointsPerUnit;
}

function summaryOf(
  nomogram: Nomogram,
  layout: NomogramLayout,
  values: PatientValues,
  sum: number,
  survival: Float64Array
): string {
  const axes = layout.axes.filter(({kind}) => kind === "survival");
  const predicted = axes.map(({title}, h) => `${title} ${formatPercent(survival[h], 1)}`).join(", ");
  const lp = formatNumber(linearPredictorOf(nomogram, values), 3);
  return `Nomogram. The patient has ${formatNumber(sum, 4)} points in all (linear predictor ${lp}): ${predicted}.`;
}

function levelText({ticks}: PlacedAxis, value: number | string): string {
  return ticks.find((tick) => tick.value === value)?.text ?? String(value);
}

function axisMarks({title, y, from, to, ticks, kind}: PlacedAxis, {titleRoom, width}: NomogramLayout): SVGGElement {
  const marked = kind === "total" || kind === "survival";
  const name =
    titleRoom > 0
      ? svgElement(
          "text",
          {x: titleRoom - 6, y, dy: "0.32em", "text-anchor": "end", "font-weight": 600, "font-size": 12},
          title
        )
      : svgElement(
          "text",
          {
            x: 4,
            y: y - LANE - (marked || ticks.some(({lane}) => lane < 0) ? LANE : 0) + 3,
            "font-weight": 600,
            "font-size": 12
          },
          title
        );
  const small = kind === "points" || kind === "total";
  return svgElement(
    "g",
    {},
    name,
    svgElement("line", {x1: from, x2: to, y1: y, y2: y, stroke: "var(--ink)", "stroke-width": small ? 1 : 1.4}),
    ticks.flatMap(({x, text, lane}) => {
      const [a, b] = labelSpan(x, text, width);
      const end = lane > 0 ? y + 5 : y - 5;
      return [
        svgElement("line", {x1: x, x2: x, y1: y, y2: end, stroke: "var(--ink)"}),
        Math.abs(lane) > 1 &&
          svgElement("line", {x1: x, x2: x, y1: end, y2: textY(y, lane) - (lane > 0 ? 9 : -3), stroke: "var(--rule)"}),
        text && svgElement("text", {x: (a + b) / 2, y: textY(y, lane), "text-anchor": "middle"}, text)
      ];
    })
  );
}

function textY(y: number, lane: number): number {
  return lane > 0 ? y + 4 + lane * LANE - 1 : y - 8 + (lane + 1) * LANE;
}

interface Handle {
  readonly axis: PlacedAxis;
  readonly node: SVGGElement;
  /** @param spoken - what a screen reader says; @param label - written beside the mark */
  place(x: number, spoken: string | null, label: string | null, now: string): void;
}

function handleOf(axis: PlacedAxis): Handle {
  const {y, kind, title, from, to} = axis;
  if (kind === "points") return {axis, node: svgElement("g", {}), place: () => {}};
  if (kind !== "term") {
    const mark = svgElement("path", {d: "M0,-7l5,7l-5,7l-5,-7z", fill: "var(--tone-1)", stroke: "var(--paper)"});
    const text = svgElement("text", {
      y: y - 9,
      "text-anchor": "middle",
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      "font-weight": 700,
      fill: "var(--tone-1)",
      stroke: "var(--paper)",
      "stroke-width": 4,
      "paint-order": "stroke"
    });
    return {
      axis,
      node: svgElement("g", {}, mark, text),
      place(x, _, label) {
        mark.setAttribute("transform", `translate(${x},${y})`);
        text.setAttribute("x", String(Math.max(24, x)));
        text.textContent = label;
      }
    };
  }
  const knob = svgElement("circle", {
    r: 8,
    class: "knob",
    fill: "var(--tone-1)",
    stroke: "var(--paper)",
    "stroke-width": 2,
    role: "slider",
    tabindex: 0,
    "aria-label": title,
    "aria-orientation": "horizontal"
  });
  const range = axis.ticks.map(({value}) => value);
  const numeric = range.every((value) => typeof value === "number");
  const limits = numeric ? [Math.min(...(range as number[])), Math.max(...(range as number[]))] : [1, range.length];
  knob.setAttribute("aria-valuemin", String(limits[0]));
  knob.setAttribute("aria-valuemax", String(limits[1]));
  const reach = svgElement("rect", {x: from - 12, y: y - 14, width: to - from + 24, height: 28, fill: "transparent"});
  const node = svgElement("g", {class: "handle"}, reach, knob);
  return {
    axis,
    node,
    place(x, spoken, _, now) {
      knob.setAttribute("cx", String(x));
      knob.setAttribute("cy", String(y));
      knob.setAttribute("aria-valuetext", spoken!);
      const index = axis.ticks.findIndex(({text}) => text === now) + 1;
      knob.setAttribute("aria-valuenow", numeric ? now.replace("−", "-") : String(index));
    }
  };
}
