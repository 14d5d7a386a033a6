import * as Plot from "@observablehq/plot";
import {svgElement} from "../element.js";
import {formatP} from "../formatting.js";
import {hushed} from "../survivalChart.js";
import type {Effect} from "./effectWithin.js";
import {effectText, forestSummary} from "./forestPicture.js";
import type {ForestBlock, ForestLine, ForestPicture} from "./forestPicture.js";

/** Below this counts stand under the name of a line instead of in columns. */
const WIDE = 640;
const AXIS = 46;
const PAD = 4;
/** The axis reaches no further; an interval beyond it ends in an arrow. */
const [LEAST, MOST] = [0.05, 40];
const TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 40];

/** Where the columns stand, in pixels. */
interface Columns {
  readonly wide: boolean;
  readonly width: number;
  readonly line: number;
  /** Counts of the two groups, right-aligned; wide only. */
  readonly counts: readonly [number, number];
  readonly plot: readonly [number, number];
  readonly ratio: number;
  readonly end: number;
}

function columnsOf(width: number): Columns {
  if (width < WIDE)
    return {
      wide: false,
      width,
      line: 36,
      counts: [0, 0],
      plot: [Math.round(width * 0.37), width - 112],
      ratio: width - 106,
      end: width - PAD
    };
  const counts = [width * 0.27, width * 0.36] as const;
  return {
    wide: true,
    width,
    line: 22,
    counts,
    plot: [counts[1] + 18, width - 214],
    ratio: width - 204,
    end: width - PAD
  };
}

/** A placed line, heading or part. */
type Placed =
  | {readonly y: number; readonly line: ForestLine; readonly indent: number}
  | {readonly y: number; readonly heading: ForestBlock}
  | {readonly y: number; readonly part: string};

/**
 * Hazard ratios with intervals on a log axis, a line a level, with n, events and the interaction test of each factor.
 *
 * A line that selects patients is a button: click, Enter or Space.
 */
export function forestPlot(picture: ForestPicture, width: number): SVGSVGElement {
  const columns = columnsOf(width);
  const {placed, height: body} = place(picture, columns);
  const top = columns.wide ? 40 : 8;
  const height = top + body + AXIS;
  const lines = placed.filter((row) => "line" in row).map((row) => ({...row, y: row.y + top}));
  const plot = intervals(picture, lines, columns, top, height);
  hushed(plot);
  const interactive = lines.some(({line}) => line.choose);
  const focused = document.activeElement?.getAttribute("data-line");
  const svg = svgElement(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      class: "forest",
      "font-family": "system-ui, sans-serif",
      "font-size": 12.5,
      fill: "var(--ink)",
      role: interactive ? "group" : "img",
      "aria-label": forestSummary(picture)
    },
    plot,
    columns.wide ? headings(picture, columns) : null,
    placed.map((row) => drawn(row, columns, top))
  );
  // The line in use keeps the focus when what it selected is drawn.
  if (focused) queueMicrotask(() => svg.querySelector<SVGGElement>(`[data-line="${CSS.escape(focused)}"]`)?.focus());
  return svg;
}

function place({overall, blocks}: ForestPicture, {line: step}: Columns): {placed: Placed[]; height: number} {
  const placed: Placed[] = [];
  let y = 0;
  if (overall) {
    placed.push({y: y + step / 2, line: overall, indent: 0});
    y += step + 6;
  }
  for (const block of blocks) {
    if (block.part) {
      placed.push({y: y + 15, part: block.part});
      y += 26;
    }
    if (block.title) {
      placed.push({y: y + 12, heading: block});
      y += 22;
    }
    for (const line of block.lines) {
      placed.push({y: y + step / 2, line, indent: block.title ? 12 : 0});
      y += step;
    }
    y += 6;
  }
  return {placed, height: y};
}

function headings({groups}: ForestPicture, {counts, ratio, end}: Columns): SVGElement {
  const bold = {"font-weight": 600, y: 14};
  return svgElement(
    "g",
    {},
    groups.map((group, g) =>
      svgElement(
        "text",
        {...bold, "text-anchor": "end"},
        svgElement("tspan", {x: counts[g]}, short(group)),
        svgElement("tspan", {x: counts[g], dy: 14, "font-weight": 400, fill: "var(--ink-soft)"}, "events / n")
      )
    ),
    svgElement("text", {...bold, x: ratio}, "HR (95% CI)"),
    svgElement("text", {...bold, x: end, "text-anchor": "end"}, "Interaction")
  );
}

const short = (label: string) => (label.length > 15 ? `${label.slice(0, 14)}…` : label);

function drawn(row: Placed, columns: Columns, top: number): SVGElement {
  const y = row.y + top;
  if ("part" in row)
    return svgElement("text", {x: PAD, y: y + 4, fill: "var(--ink-soft)", "font-style": "italic"}, row.part);
  if ("heading" in row) return headingOf(row.heading, y, columns);
  return lineOf(row.line, y, row.indent, columns);
}

function headingOf({title, note, interaction}: ForestBlock, y: number, {wide, end}: Columns): SVGElement {
  const beside = note && wide ? svgElement("tspan", {"font-weight": 400, fill: "var(--ink-soft)"}, `  ${note}`) : null;
  const name = svgElement("text", {x: PAD, y: y + 4, "font-weight": 600}, title, beside);
  if (!interaction) return name;
  const p = wide ? formatP(interaction.p) : `interaction ${formatP(interaction.p)}`;
  return svgElement("g", {}, name, svgElement("text", {x: end, y: y + 4, "text-anchor": "end"}, p));
}

function lineOf({key, label, effect, choose}: ForestLine, y: number, indent: number, columns: Columns): SVGElement {
  const {wide, line, width, counts, ratio} = columns;
  const base = wide ? y + 4 : y - 3;
  const [first, second] = [0, 1].map((g) => `${effect.events[g]} / ${effect.n[g]}`);
  const soft = {fill: "var(--ink-soft)"};
  const texts = wide
    ? [
        svgElement("text", {x: PAD + indent, y: base}, label),
        svgElement("text", {x: counts[0], y: base, "text-anchor": "end"}, first),
        svgElement("text", {x: counts[1], y: base, "text-anchor": "end"}, second)
      ]
    : [
        svgElement("text", {x: PAD + indent, y: base}, label),
        svgElement("text", {x: PAD + indent, y: base + 14, "font-size": 11, ...soft}, `${first} v ${second}`)
      ];
  const value = effect.reason
    ? reasonText(effect, y, columns)
    : svgElement("text", {x: ratio, y: y + 4}, effectText(effect));
  const area = {x: 0, y: y - line / 2, width, height: line, rx: 3};
  if (!choose) return svgElement("g", {}, texts, value);
  const {pressed, act} = choose;
  const press = (event: Event) => {
    if (event instanceof KeyboardEvent && ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    act();
  };
  return svgElement(
    "g",
    {
      role: "button",
      tabindex: 0,
      "aria-pressed": String(pressed),
      "data-line": key,
      onclick: press,
      onkeydown: press
    },
    svgElement("rect", {
      ...area,
      class: "hit",
      fill: pressed ? "var(--link)" : "var(--ink)",
      "fill-opacity": pressed ? 0.16 : 0
    }),
    texts.flatMap((text) => [text, " "]),
    value
  );
}

/** Why there is no ratio: over the empty plot, where there is room. */
function reasonText({reason}: Effect, y: number, {wide, plot, ratio}: Columns): SVGElement {
  const place = wide ? {x: plot[0], y: y + 4} : {x: ratio, y: y + 4};
  return svgElement("text", {...place, fill: "var(--ink-soft)", "font-size": 11.5}, wide ? reason : "no estimate");
}

function intervals(
  {overall, groups}: ForestPicture,
  placed: readonly {y: number; line: ForestLine}[],
  {width, plot: [left, right]}: Columns,
  top: number,
  height: number
): SVGSVGElement {
  const found = placed.filter(({line}) => !line.effect.reason);
  const low = Math.max(LEAST, Math.min(0.8, ...found.map(({line}) => line.effect.lower)));
  const high = Math.min(MOST, Math.max(1.25, ...found.map(({line}) => line.effect.upper)));
  const most = Math.max(1, ...found.map(({line: {effect}}) => effect.events[0] + effect.events[1]));
  const marks = found.map(({y, line}) => {
    const {hazardRatio, lower, upper, events} = line.effect;
    return {
      y,
      ratio: Math.min(high, Math.max(low, hazardRatio)),
      outside: hazardRatio < low || hazardRatio > high,
      from: Math.max(low, lower),
      to: Math.min(high, upper),
      cutLow: lower < low,
      cutHigh: upper > high,
      size: 2.2 + 4 * Math.sqrt((events[0] + events[1]) / most),
      whole: line === overall
    };
  });
  const whole = overall && !overall.effect.reason ? overall.effect.hazardRatio : null;
  const ends = {frameAnchor: "bottom", dy: 36, fill: "var(--ink-soft)", fontSize: 11} as const;
  const arrow = (side: "cutLow" | "cutHigh") => ({
    filter: (d: (typeof marks)[number]) => d[side],
    x: side === "cutLow" ? "from" : "to",
    y: "y",
    text: () => (side === "cutLow" ? "◂" : "▸"),
    fill: "currentColor"
  });
  const ticks = TICKS.filter((t) => t >= low && t <= high);
  return Plot.plot({
    width,
    height,
    marginLeft: left,
    marginRight: width - right,
    marginTop: 0,
    marginBottom: AXIS,
    style: {fontSize: "12px", fontFamily: "system-ui, sans-serif", background: "none", color: "var(--ink)"},
    x: {type: "log", domain: [low, high], label: null},
    y: {domain: [0, height - AXIS], range: [0, height - AXIS], axis: null},
    marks: [
      Plot.ruleX([1], {y1: top - 4, y2: height - AXIS, stroke: "var(--ink-soft)"}),
      whole
        ? Plot.ruleX([whole], {y1: top, y2: height - AXIS, stroke: "var(--ink-soft)", strokeDasharray: "2,4"})
        : null,
      Plot.axisX(sparse(ticks, right - left), {text: (t: number) => String(t), tickSize: 4}),
      Plot.ruleY([height - AXIS], {stroke: "var(--ink-soft)"}),
      Plot.ruleY(marks, {y: "y", x1: "from", x2: "to", stroke: "currentColor", strokeWidth: 1.4}),
      Plot.dot(marks, {
        filter: (d) => !d.outside && !d.whole,
        x: "ratio",
        y: "y",
        r: "size",
        symbol: "square",
        fill: "currentColor"
      }),
      Plot.dot(marks, {
        filter: (d) => !d.outside && d.whole,
        x: "ratio",
        y: "y",
        r: 7,
        symbol: "diamond",
        fill: "currentColor"
      }),
      Plot.text(marks, arrow("cutLow")),
      Plot.text(marks, arrow("cutHigh")),
      ...(right - left > 200
        ? [
            Plot.text([`← lower hazard, ${groups[1]}`], {...ends, frameAnchor: "bottom-left"}),
            Plot.text(["higher →"], {...ends, frameAnchor: "bottom-right"})
          ]
        : [Plot.text(["hazard ratio"], ends)])
    ],
    r: {type: "identity"}
  }) as SVGSVGElement;
}

/** No more ticks than there is room for; 1 always. */
function sparse(ticks: readonly number[], room: number): number[] {
  const most = Math.max(2, Math.floor(room / 34));
  const step = Math.ceil(ticks.length / most);
  const one = ticks.indexOf(1);
  return ticks.filter((_, k) => (k - one) % step === 0);
}
