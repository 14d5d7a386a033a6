import {shape} from "../drawing.js";
import type {Shape} from "../drawing.js";
import {columnP, formatNumber} from "../formatting.js";
import {picture} from "../plotAxes.js";
import {fitting} from "../subgroups/forestColumns.js";
import {AXIS, forestIntervals} from "../subgroups/forestIntervals.js";
import {effectText} from "../subgroups/forestPicture.js";
import {HALO} from "../subgroups/forestPlot.js";
import type {ForestLine} from "../subgroups/forestPicture.js";
import type {AdjustedAnswer, AdjustedLine, AdjustedTerm} from "./adjustedAnswer.js";

const HEADING = 22;
const GAP = 6;
const TOP = 40;
/** Below this a line's mark stands under its texts, and counts and p go, which the CSV has. */
const WIDE = 640;
/** Height of a line, and how far below its texts the mark lies. */
const LINES = {wide: {step: 22, mark: 0}, narrow: {step: 36, mark: 16}};

/** A line or a heading in its place. */
type Placed = {readonly y: number; readonly title: string} | {readonly y: number; readonly line: AdjustedLine};

/** Hazard ratios of all terms of one model on a log axis; references are named beside theirs. */
export function adjustedPlot(answer: AdjustedAnswer, width: number): Shape {
  const wide = width >= WIDE;
  const {step, mark} = LINES[wide ? "wide" : "narrow"];
  const {placed, height} = place(answer.terms, step);
  const p = width - 4;
  const ratio = width - (wide ? 190 : 126);
  const label = wide ? Math.round(width * 0.26) : ratio;
  const counts = label + 80;
  const plot = wide ? {left: counts + 18, right: ratio - 14} : {left: 16, right: width - 12};
  const lines = placed.filter((row) => "line" in row);
  const marks = lines.map(({y, line}) => ({y: y + mark + TOP, line: forestLine(line)}));
  return picture(
    width,
    height + TOP + AXIS,
    adjustedWords(answer),
    wide ? shape("text", {x: counts, y: 14, "text-anchor": "end", "font-weight": 600}, "events / n") : null,
    shape("text", {x: ratio, y: 14, "font-weight": 600}, "HR (95% CI)"),
    wide ? shape("text", {x: p, y: 14, "text-anchor": "end", "font-weight": 600}, "p") : null,
    forestIntervals({title: "", groups: ["", ""], overall: null, blocks: []}, marks, {
      height: height + TOP + AXIS,
      top: TOP - 6,
      ...plot
    }),
    placed.flatMap((row) => {
      const y = row.y + TOP + 4;
      if ("title" in row) return [shape("text", {x: 4, y, "font-weight": 600, ...HALO}, fitting(row.title, label))];
      const {line} = row;
      const soft = {fill: "var(--ink-soft)"};
      return [
        shape("text", {x: 16, y, ...HALO}, fitting(line.label, label - 16)),
        wide ? shape("text", {x: counts, y, "text-anchor": "end"}, `${line.events} / ${line.n}`) : null,
        line.reference || line.reason
          ? shape("text", {x: ratio, y, ...soft}, line.reference ? "1 (reference)" : "no estimate")
          : shape("text", {x: ratio, y}, effectText(forestLine(line).effect)),
        wide && !line.reference && !line.reason ? shape("text", {x: p, y, "text-anchor": "end"}, columnP(line.p)) : null
      ];
    })
  );
}

function place(terms: readonly AdjustedTerm[], step: number): {placed: Placed[]; height: number} {
  const placed: Placed[] = [];
  let y = 0;
  for (const term of terms) {
    placed.push({y: y + HEADING / 2, title: term.title});
    y += HEADING;
    for (const line of term.lines) {
      placed.push({y: y + LINES.wide.step / 2, line: term.per === null ? line : {...line, label: perWords(term)}});
      y += line.reference ? LINES.wide.step : step;
    }
    y += GAP;
  }
  return {placed, height: y};
}

/** "per 14 years" */
const perWords = ({per, units}: AdjustedTerm) => `per ${formatNumber(per!, 3)}${units ? ` ${units}` : ""}`;

function forestLine(line: AdjustedLine): ForestLine {
  const {label, n, events, hazardRatio, lower, upper, p, reference} = line;
  const reason = reference ? "reference" : line.reason;
  return {
    key: label,
    label,
    effect: {hazardRatio, lower, upper, p, n: [0, n], events: [0, events], reason},
    choose: null
  };
}

/** The figure in words, for those who do not see it. */
function adjustedWords({terms}: AdjustedAnswer): string {
  const said = terms.map((term) => {
    const lines = term.lines
      .filter(({reference}) => !reference)
      .map((line) => `${term.per === null ? line.label : perWords(term)} ${effectText(forestLine(line).effect)}`);
    return `${term.title}: ${lines.join("; ")}.`;
  });
  return `Hazard ratios of one Cox model. ${said.join(" ")}`;
}
