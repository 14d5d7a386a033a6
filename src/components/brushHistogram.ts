import {scaleLinear, scaleSymlog} from "d3";
import type {CrossCounts} from "../cohort/crossfilter.js";
import type {Variable} from "../cohort/description.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {element, svgElement} from "./element.js";
import {formatNumber} from "./formatting.js";

/** A range as a filter has it; null is no bound. */
export type Bounds = readonly [number | null, number | null];

/** How a numeric variable is drawn: edges of its bins, evenly wide on the screen. */
export interface BrushScale {
  readonly edges: readonly number[];
  /** 0 … 1 */
  readonly place: (value: number) => number;
  readonly value: (place: number) => number;
}

const BINS = 28;
const WIDTH = 216;
const HEIGHT = 64;
const FLOOR = 50;
/** A largest value so many times the median asks for logarithms. */
const LONG_TAIL = 30;

/** Linear, or logarithmic from about the median down to 0 for long tails as of DNA copies. */
export function brushScale(values: Float64Array): BrushScale {
  const known = ascendingValues(values.filter((value) => value === value));
  const [low, high] = known.length > 0 ? [known[0], known[known.length - 1]] : [0, 1];
  const positive = known.filter((value) => value > 0);
  const middle = positive.length > 0 ? sampleQuantile(positive, 0.5) : 0;
  const tailed = low >= 0 && middle > 0 && high > LONG_TAIL * middle;
  const scale = tailed
    ? scaleSymlog([low, high], [0, 1]).constant(Math.max(positive[0], middle / 100))
    : scaleLinear([low, high === low ? low + 1 : high], [0, 1]);
  const edges = Array.from({length: BINS + 1}, (_, k) => scale.invert(k / BINS));
  edges[0] = low;
  edges[BINS] = high === low ? low + 1 : high;
  return {edges, place: (value) => Math.min(1, Math.max(0, scale(value))), value: (place) => scale.invert(place)};
}

export interface BrushHistogram {
  readonly element: HTMLElement;
  /** Draws what other filters leave, and where the bounds are now. */
  update(counts: CrossCounts, bounds: Bounds): void;
}

/**
 * A histogram to drag a range on: by its handles (arrow keys too), by the range as a whole, or anew from anywhere.
 *
 * @param onSlide - the range while it is dragged
 * @param onSettle - the movement is over
 */
export function brushHistogram(
  {label, units}: Variable,
  {edges, place, value}: BrushScale,
  onSlide: (bounds: Bounds) => void,
  onSettle: () => void
): BrushHistogram {
  const x = (at: number) => 6 + at * (WIDTH - 12);
  const bars = {
    offered: svgElement("path", {fill: "var(--tone-4)", "fill-opacity": 0.35}),
    kept: svgElement("path", {fill: "var(--tone-3)"})
  };
  const range = svgElement("rect", {
    y: 2,
    height: FLOOR - 2,
    fill: "var(--tone-3)",
    "fill-opacity": 0.12,
    class: "range"
  });
  const unit = units ? ` ${units}` : "";
  const handle = (side: "from" | "to") =>
    svgElement("rect", {
      y: 2,
      width: 8,
      height: FLOOR - 2,
      rx: 3,
      class: "handle",
      fill: "var(--ink-soft)",
      role: "slider",
      tabindex: 0,
      "aria-label": `${label}, ${side === "from" ? "lowest" : "highest"} value`,
      "aria-valuemin": edges[0],
      "aria-valuemax": edges[BINS]
    });
  const handles = [handle("from"), handle("to")] as const;
  const said = svgElement("text", {x: WIDTH / 2, y: HEIGHT - 2, "text-anchor": "middle"});
  const svg = svgElement(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: "brush",
      role: "group",
      "aria-label": `Range of ${label}`,
      "font-size": 12,
      "font-family": "system-ui, sans-serif",
      fill: "var(--ink)"
    },
    [bars.offered, bars.kept],
    range,
    handles,
    said
  );
  let bounds: Bounds = [null, null];
  const places = (): [number, number] => [
    bounds[0] === null ? 0 : place(bounds[0]),
    bounds[1] === null ? 1 : place(bounds[1])
  ];
  const show = () => {
    const [a, b] = places();
    range.setAttribute("x", String(x(a)));
    range.setAttribute("width", String(Math.max(0, x(b) - x(a))));
    [a, b].forEach((at, h) => {
      handles[h].setAttribute("x", String(x(at) - 4));
      handles[h].setAttribute("aria-valuenow", String(bounds[h] ?? edges[h === 0 ? 0 : BINS]));
      const text = bounds[h] === null ? "no bound" : `${formatNumber(bounds[h], 4)}${unit}`;
      handles[h].setAttribute("aria-valuetext", text);
    });
    const [from, to] = bounds.map((v) => (v === null ? null : formatNumber(v, 4)));
    said.textContent =
      from && to ? `${from} to ${to}${unit}` : from ? `≥ ${from}${unit}` : to ? `≤ ${to}${unit}` : `all values`;
  };
  const set = (a: number, b: number) => {
    const [low, high] = [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
    bounds = [low <= 0 ? null : rounded(low), high >= 1 ? null : rounded(high)];
    show();
    onSlide(bounds);
  };
  /** To as many digits as the drawing can tell apart. */
  const rounded = (at: number) => {
    const step = Math.abs(value(Math.min(1, at + 1 / WIDTH)) - value(Math.max(0, at - 1 / WIDTH))) || 1;
    const power = 10 ** Math.floor(Math.log10(step));
    return Number((Math.round(value(at) / power) * power).toPrecision(12));
  };
  const at = (event: PointerEvent) => {
    const box = svg.getBoundingClientRect();
    return (((event.clientX - box.left) / box.width) * WIDTH - 6) / (WIDTH - 12);
  };
  let drag: ((to: number) => void) | null = null;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [a, b] = places();
    const start = at(event);
    const grip = 9 / WIDTH;
    if (event.target === handles[0] || Math.abs(start - a) < grip) drag = (to) => set(to, b);
    else if (event.target === handles[1] || Math.abs(start - b) < grip) drag = (to) => set(a, to);
    else if (start > a && start < b && (a > 0 || b < 1)) {
      drag = (to) => {
        const shift = Math.min(1 - b, Math.max(-a, to - start));
        set(a + shift, b + shift);
      };
    } else drag = (to) => set(start, to);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => drag?.(at(event)));
  const end = () => {
    if (!drag) return;
    drag = null;
    onSettle();
  };
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);
  handles.forEach((one, h) =>
    one.addEventListener("keydown", (event) => {
      const {key} = event;
      const [a, b] = places();
      const step = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4}[key];
      const to = key === "Home" ? 0 : key === "End" ? 1 : step === undefined ? null : [a, b][h] + step / BINS;
      if (to === null) return;
      event.preventDefault();
      if (h === 0) set(Math.min(to, b), b);
      else set(a, Math.max(to, a));
      onSettle();
    })
  );
  return {
    element: element("div", {class: "brush-room"}, svg),
    update(counts, next) {
      bounds = next;
      const most = Math.max(1, ...counts.offered);
      for (const part of ["offered", "kept"] as const) bars[part].setAttribute("d", columns(counts[part], most, x));
      show();
    }
  };
}

/** Columns of a histogram as one path: an element each would be styled and laid out each, at every change. */
function columns(counts: Uint32Array, most: number, x: (at: number) => number): string {
  const width = x(1 / BINS) - x(0) - 1;
  let d = "";
  counts.forEach((n, k) => {
    const height = Math.max(1, (n / most) * (FLOOR - 6));
    if (n > 0) d += `M${(x(k / BINS) + 0.5).toFixed(2)},${FLOOR}v${(-height).toFixed(2)}h${width.toFixed(2)}V${FLOOR}Z`;
  });
  return d;
}
