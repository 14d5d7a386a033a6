import {shape} from "../drawing.js";
import type {Shape} from "../drawing.js";
import {formatP} from "../formatting.js";
import type {Effect} from "./effectWithin.js";
import {columnsOf, fitting, PAD} from "./forestColumns.js";
import type {ForestColumns} from "./forestColumns.js";
import {AXIS, forestIntervals} from "./forestIntervals.js";
import {countsText, effectText, forestSummary} from "./forestPicture.js";
import type {ForestBlock, ForestLine, ForestPicture} from "./forestPicture.js";

/** Keeps a text legible where a line of the plot passes behind it. */
export const HALO = {stroke: "var(--paper)", "stroke-width": 4, "paint-order": "stroke", "stroke-linejoin": "round"};

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
export function forestPlot(picture: ForestPicture, width: number): Shape {
  const columns = columnsOf(picture, width);
  const {top, mark} = columns;
  const {placed, height: body} = place(picture, columns);
  const height = top + body + AXIS;
  const lines = placed.filter((row) => "line" in row).map((row) => ({...row, y: row.y + top + mark}));
  const plot = forestIntervals(picture, lines, {height, top, left: columns.plot[0], right: columns.plot[1]});
  const interactive = lines.some(({line}) => line.choose);
  return shape(
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
    headings(picture, columns),
    placed.map((row) => drawn(row, columns, top))
  );
}

function place({overall, blocks}: ForestPicture, {line: step}: ForestColumns): {placed: Placed[]; height: number} {
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

function headings({groups, blocks}: ForestPicture, {wide, names, counts, ratio, end}: ForestColumns): Shape {
  const soft = {fill: "var(--ink-soft)"};
  if (!wide) {
    const said = {...soft, y: 13, "font-size": 11};
    const told = fitting(`events / n: ${groups[0]} v ${groups[1]}`, ratio * 1.1);
    return shape(
      "g",
      {},
      shape("text", {...said, x: PAD}, told),
      shape("text", {...said, x: end, "text-anchor": "end"}, "HR (95% CI)")
    );
  }
  const bold = {"font-weight": 600, y: 14};
  const deepest = Math.max(...names.map((lines) => lines.length));
  const count = (lines: readonly string[], g: number) =>
    shape(
      "text",
      {...bold, y: 14 * (1 + deepest - lines.length), "text-anchor": "end"},
      lines.map((line, k) => shape("tspan", {x: counts[g], dy: k ? 14 : null}, line)),
      shape("tspan", {...soft, x: counts[g], dy: 14, "font-weight": 400}, "events / n")
    );
  return shape(
    "g",
    {},
    names.map(count),
    shape("text", {...bold, x: ratio}, "HR (95% CI)"),
    blocks.some(({interaction}) => interaction)
      ? shape("text", {...bold, x: end, "text-anchor": "end"}, "Interaction")
      : null
  );
}

function drawn(row: Placed, columns: ForestColumns, top: number): Shape {
  const y = row.y + top;
  if ("part" in row)
    return shape("text", {x: PAD, y: y + 4, fill: "var(--ink-soft)", "font-style": "italic"}, row.part);
  if ("heading" in row) return headingOf(row.heading, y, columns);
  return lineOf(row.line, y, row.indent, columns);
}

function headingOf({title, note, interaction}: ForestBlock, y: number, {wide, end}: ForestColumns): Shape {
  const beside = note && wide ? shape("tspan", {"font-weight": 400, fill: "var(--ink-soft)"}, `  ${note}`) : null;
  const name = shape("text", {x: PAD, y: y + 4, "font-weight": 600, ...HALO}, title, beside);
  if (!interaction) return name;
  const p = wide ? formatP(interaction.p) : `interaction ${formatP(interaction.p)}`;
  return shape("g", {}, name, shape("text", {x: end, y: y + 4, "text-anchor": "end", ...HALO}, p));
}

function lineOf({key, label, effect, choose}: ForestLine, y: number, indent: number, columns: ForestColumns): Shape {
  const {wide, line, mark, below, width, counts, ratio} = columns;
  const [first, second] = ([0, 1] as const).map((g) => countsText(effect, g));
  const base = y + mark + 4;
  const name = {x: PAD + indent, y: wide ? base : base - 17, ...HALO};
  const texts = [
    shape("text", name, fitting(label, columns.label - indent)),
    ...(wide
      ? [
          shape("text", {x: counts[0], y: base, "text-anchor": "end"}, first),
          shape("text", {x: counts[1], y: base, "text-anchor": "end"}, second)
        ]
      : [
          shape(
            "text",
            {x: PAD + indent, y: base + below, "font-size": 11, fill: "var(--ink-soft)", ...HALO},
            `${first} v ${second}`
          )
        ])
  ];
  const value = effect.reason
    ? reasonText(effect, base, columns)
    : shape("text", {x: ratio, y: base}, effectText(effect));
  const area = {x: 0, y: y - line / 2, width, height: line, rx: 3};
  if (!choose) return shape("g", {key}, texts, value);
  const {pressed, act} = choose;
  const press = (event: Event) => {
    if (event instanceof KeyboardEvent && ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    act();
  };
  return shape(
    "g",
    {
      key,
      role: "button",
      tabindex: 0,
      "aria-pressed": String(pressed),
      "data-line": key,
      onclick: press,
      onkeydown: press
    },
    shape("rect", {
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
function reasonText({reason}: Effect, y: number, {wide, plot, ratio, end}: ForestColumns): Shape {
  const soft = {y, fill: "var(--ink-soft)", "font-size": 11.5, ...HALO};
  if (!wide) return shape("text", {...soft, x: ratio}, "no estimate");
  return shape("text", {...soft, x: plot[0]}, fitting(reason!, (end - plot[0]) * 1.1));
}
