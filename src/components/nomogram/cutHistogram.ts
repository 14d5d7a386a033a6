import {bin, max, ticks} from "d3";
import {svgElement} from "../element.js";
import {formatNumber} from "../formatting.js";
import {toneOf} from "../palette.js";
import type {Group} from "../../cohort/groups.js";

const MARGIN = {left: 44, right: 12, top: 34, bottom: 40};
const HEIGHT = 190;
let drawings = 0;

export interface CutHistogram {
  readonly svg: SVGSVGElement;
  update(cut: number): void;
}

/**
 * Histogram of a score with a cut to drag; a frozen one stays marked.
 *
 * @param scores - of the patients shown, no NaN
 * @param frozen - null: there is none
 * @param onCut - called while the cut is dragged or moved by the arrow keys
 * @param options - tones of the bars below and above the cut; `onEnd` is called when the reader lets go of pointer or key
 */
export function cutHistogram(
  scores: Float64Array,
  label: string,
  frozen: number | null,
  cut: number,
  width: number,
  onCut: (cut: number) => void,
  {
    tones = ["low", "high"],
    onEnd = () => {}
  }: {readonly tones?: readonly [Group["tone"], Group["tone"]]; readonly onEnd?: () => void} = {}
): CutHistogram {
  const domain = [scores.reduce((a, b) => Math.min(a, b)), scores.reduce((a, b) => Math.max(a, b))] as const;
  const marks = ticks(domain[0], domain[1], Math.max(10, Math.min(40, Math.round(width / 18))));
  const bins = bin<number, number>().domain([domain[0], domain[1]]).thresholds(marks)(Array.from(scores));
  const most = max(bins, (b) => b.length) ?? 1;
  const [left, right, floor] = [MARGIN.left, width - MARGIN.right, HEIGHT - MARGIN.bottom];
  const x = (v: number) => left + ((v - domain[0]) / (domain[1] - domain[0] || 1)) * (right - left);
  const y = (n: number) => floor - (n / most) * (floor - MARGIN.top);
  const id = `cut-${++drawings}`;
  const clip = svgElement("rect", {x: 0, y: 0, height: HEIGHT});
  const bars = (fill: string, clipped: boolean) =>
    svgElement(
      "g",
      {fill, "clip-path": clipped ? `url(#${id})` : null},
      bins
        .filter((b) => b.length > 0)
        .map((b) =>
          svgElement("rect", {
            x: x(b.x0!) + 0.5,
            width: Math.max(0.5, x(b.x1!) - x(b.x0!) - 1),
            y: y(b.length),
            height: floor - y(b.length)
          })
        )
    );
  const line = svgElement("line", {y1: MARGIN.top - 4, y2: floor, stroke: "var(--ink)", "stroke-width": 2});
  const knob = svgElement("circle", {
    r: 8,
    cy: MARGIN.top - 4,
    class: "knob",
    fill: "var(--ink)",
    stroke: "var(--paper)",
    "stroke-width": 2,
    role: "slider",
    tabindex: 0,
    "aria-label": `Cut of the ${label.toLowerCase()}`,
    "aria-valuemin": domain[0],
    "aria-valuemax": domain[1]
  });
  const value = svgElement("text", {y: 14, "text-anchor": "middle", "font-weight": 600});
  const reach = svgElement("rect", {x: left, width: right - left, y: 0, height: floor, fill: "transparent"});
  const handle = svgElement("g", {class: "handle"}, reach, line, knob, value);
  const svg = svgElement(
    "svg",
    {
      width,
      height: HEIGHT,
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: "group",
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      fill: "var(--ink)"
    },
    svgElement("clipPath", {id}, clip),
    bars(toneOf(tones[1]), false),
    bars(toneOf(tones[0]), true),
    svgElement("line", {x1: left, x2: right, y1: floor, y2: floor, stroke: "var(--ink-soft)"}),
    ticks(domain[0], domain[1], Math.max(3, Math.round(width / 90))).map((t) =>
      svgElement("text", {x: x(t), y: floor + 16, "text-anchor": "middle"}, formatNumber(t))
    ),
    svgElement("text", {x: (left + right) / 2, y: floor + 33, "text-anchor": "middle"}, label),
    [0, most].map((n) => svgElement("text", {x: left - 6, y: y(n), dy: "0.32em", "text-anchor": "end"}, String(n))),
    svgElement("text", {x: 4, y: 14, "font-weight": 600}, "Patients"),
    frozen === null
      ? []
      : svgElement("line", {
          x1: x(frozen),
          x2: x(frozen),
          y1: MARGIN.top,
          y2: floor + 5,
          stroke: "var(--ink)",
          "stroke-dasharray": "3,3"
        }),
    handle
  );
  const held = (v: number) => Math.min(domain[1], Math.max(domain[0], v));
  let now = cut;
  const at = (event: PointerEvent) => {
    const box = svg.getBoundingClientRect();
    const px = ((event.clientX - box.left) * width) / box.width;
    onCut(held(domain[0] + ((px - left) / (right - left)) * (domain[1] - domain[0])));
  };
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    knob.focus({preventScroll: true});
    at(event);
  });
  handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && at(event));
  handle.addEventListener("lostpointercapture", onEnd);
  handle.addEventListener("keyup", (event) => event.key !== "Tab" && event.key !== "Shift" && onEnd());
  handle.addEventListener("keydown", (event) => {
    const step = (domain[1] - domain[0]) / 100;
    const by = {
      ArrowRight: step,
      ArrowUp: step,
      ArrowLeft: -step,
      ArrowDown: -step,
      PageUp: 10 * step,
      PageDown: -10 * step
    }[event.key];
    const next =
      event.key === "Home" ? domain[0] : event.key === "End" ? domain[1] : by === undefined ? null : now + by;
    if (next === null) return;
    event.preventDefault();
    onCut(held(next));
  });
  const update = (next: number) => {
    now = next;
    const px = x(held(next));
    clip.setAttribute("width", String(px));
    for (const name of ["x1", "x2"]) line.setAttribute(name, String(px));
    knob.setAttribute("cx", String(px));
    knob.setAttribute("aria-valuenow", String(next));
    knob.setAttribute(
      "aria-valuetext",
      `${formatNumber(next)}${frozen === null ? "" : next === frozen ? ", the frozen cut" : ", exploratory"}`
    );
    value.setAttribute("x", String(Math.min(right - 30, Math.max(left + 60, px))));
    value.textContent = `cut ${formatNumber(next, 3)}`;
  };
  update(cut);
  return {svg, update};
}
