import * as Plot from "@observablehq/plot";
import type {Endpoint} from "../../cohort/description.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatNumber, formatPercent} from "../formatting.js";
import {toneOf} from "../palette.js";
import {aucScript, decisionScript} from "../rScript/performanceScripts.js";
import type {JudgedPatients} from "../rScript/performanceScripts.js";
import {plotSvg} from "../plotSvg.js";
import type {BootstrapResult} from "./bootstrapTask.js";
import type {PerformanceAnswer} from "./performanceAnswer.js";
import {thresholds} from "./performanceAnswer.js";

const style = {fontSize: "12px", fontFamily: "system-ui, sans-serif", background: "none", color: "var(--ink)"};
const dashes = ["none", "7,3", "2,3", "9,3,2,3", "12,4", "4,2"];

const caption = ({n, events, missing}: PerformanceAnswer, set: string) =>
  `${set}: ${counted(n, "patient")}, ${counted(events, "event")}${missing > 0 ? `; ${counted(missing, "patient")} without follow-up or a score left out` : ""}.`;

interface Line {
  readonly label: string;
  readonly tone: number;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly lower?: number;
    readonly upper?: number;
  }[];
}

/** Time-dependent AUC of each model over the follow-up. */
export function aucFigure(answer: PerformanceAnswer, judged: JudgedPatients, {unit}: Endpoint, set: string): Figure {
  const lines = answer.models.flatMap(({model, aucCurve}, tone): Line[] =>
    aucCurve
      ? [
          {
            label: model.label,
            tone,
            points: Array.from(aucCurve.time, (x, i) => ({x, y: aucCurve.auc[i]})).filter(({y}) => !Number.isNaN(y))
          }
        ]
      : []
  );
  return {
    draw:
      lines.length > 0
        ? (width) =>
            drawnLines(lines, width, {
              x: `${unit[0].toUpperCase()}${unit.slice(1)}`,
              y: "Time-dependent AUC",
              domain: [Math.min(0.4, ...lines.flatMap(({points}) => points.map(({y}) => y))), 1],
              rule: 0.5,
              tick: (v) => v.toFixed(1)
            })
        : null,
    csv: () =>
      csvText(
        ["model", `time_${unit}`, "auc", "lower", "upper"],
        answer.models.flatMap(({model, aucCurve}) =>
          aucCurve
            ? Array.from(aucCurve.time, (t, i) => [
                model.label,
                t,
                aucCurve.auc[i],
                aucCurve.lower[i],
                aucCurve.upper[i]
              ])
            : []
        )
      ),
    caption: caption(answer, set),
    note: "Cumulative/dynamic AUC with inverse-probability-of-censoring weights at 25 quantiles of the event times; 0.5 is chance. Limits are in the CSV.",
    script: lines.length > 0 ? {write: (data) => aucScript(judged, answer, data)} : {none: "no model has an AUC here."}
  };
}

/** Net benefit of each model at one horizon, with bootstrap bands once they are there. */
export function decisionFigure(
  answer: PerformanceAnswer,
  judged: JudgedPatients,
  bootstrap: BootstrapResult | null,
  set: string
): Figure {
  const {year} = judged;
  const found = answer.models.flatMap(({model, decision}, tone) => (decision ? [{model, decision, tone}] : []));
  const [first] = found;
  const most = first
    ? usefulThreshold(
        first.decision.treatAll,
        found.map(({decision}) => decision.netBenefit)
      )
    : 1;
  const points = (values: Float64Array, band?: {lower: Float64Array; upper: Float64Array}) =>
    Array.from(thresholds, (x, j) => ({x, y: values[j], lower: band?.lower[j], upper: band?.upper[j]})).filter(
      ({x, y}) => x <= most && !Number.isNaN(y)
    );
  const lines: Line[] = found.map(({model, decision, tone}) => ({
    label: model.label,
    tone,
    // One band is read; five on each other are not.
    points: points(decision.netBenefit, tone === 0 ? bootstrap?.performance?.netBenefit[model.id] : undefined)
  }));
  const prevalence = first?.decision.eventProbability ?? 0;
  return {
    draw: first
      ? (width) =>
          drawnLines([...lines, {label: "Treat all", tone: -1, points: points(first.decision.treatAll)}], width, {
            x: `Threshold probability of the event by ${year} y`,
            y: "Net benefit",
            domain: [-0.05, Math.max(0.05, prevalence * 1.08)],
            rule: 0,
            tick: (v) => v.toFixed(2)
          })
      : null,
    csv: () =>
      csvText(
        ["model", "threshold", "net_benefit", "lower", "upper", "treat_all"],
        found.flatMap(({model, decision}) =>
          Array.from(thresholds, (t, j) => [
            model.label,
            t,
            decision.netBenefit[j],
            bootstrap?.performance?.netBenefit[model.id]?.lower[j] ?? null,
            bootstrap?.performance?.netBenefit[model.id]?.upper[j] ?? null,
            decision.treatAll[j]
          ])
        )
      ),
    caption: `${caption(answer, set)} Event by ${year} y: ${formatPercent(prevalence)}.`,
    note: `Net benefit by Kaplan–Meier (Vickers 2008); the line at 0 is treating nobody.${bootstrap?.performance ? ` Band: 95% percentile bootstrap of ${first?.model.label}, ${bootstrap.performance.resamples} resamples; all limits are in the CSV.` : ""}`,
    script: first ? {write: (data) => decisionScript(judged, answer, data)} : {none: "no model has a net benefit here."}
  };
}

/** Beyond the last threshold at which anything is above 0 the curves say nothing. */
function usefulThreshold(treatAll: Float64Array, curves: readonly Float64Array[]): number {
  let most = 0.2;
  thresholds.forEach((t, j) => {
    if (treatAll[j] > 0 || curves.some((curve) => curve[j] > 0.002)) most = Math.max(most, t);
  });
  return Math.min(1, most + 0.05);
}

interface LinesOptions {
  readonly x: string;
  readonly y: string;
  readonly domain: readonly [number, number];
  readonly rule: number;
  readonly tick: (value: number) => string;
}

function drawnLines(lines: readonly Line[], width: number, {x, y, domain, rule, tick}: LinesOptions): SVGSVGElement {
  const color = (tone: number) => (tone < 0 ? "var(--ink-soft)" : toneOf(tone));
  const columns = width < 560 ? 1 : 2;
  const legendRows = Math.ceil(lines.length / columns);
  const marginBottom = 48 + 18 * legendRows;
  const ends = lines.map(({label, points}) => `${label} ${formatNumber(points.at(-1)?.y ?? NaN, 3)}`).join(", ");
  return plotSvg({
    width,
    height: Math.min(330, Math.max(240, width * 0.5)) + 18 * legendRows,
    marginLeft: 48,
    marginRight: 16,
    marginTop: 28,
    marginBottom,
    ariaLabel: `${y} of ${lines.map(({label}) => label).join(", ")}. At the right end: ${ends}.`,
    style,
    x: {label: null},
    y: {domain: [...domain], label: null},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickFormat: tick, tickSize: 0}),
      Plot.axisX({ticks: Math.max(3, Math.round(width / 90)), tickSize: 4}),
      Plot.text([y], {frameAnchor: "top-left", dx: -44, dy: -24, fontWeight: 600}),
      Plot.text([x], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([rule], {stroke: "var(--ink-soft)"}),
      ...lines.map(({points, tone}) =>
        Plot.areaY(
          points.filter((p) => p.lower !== undefined && !Number.isNaN(p.lower)),
          {x: "x", y1: "lower", y2: "upper", fill: color(tone), fillOpacity: 0.14, clip: true}
        )
      ),
      ...lines.map(({points, tone}) =>
        Plot.lineY(points, {
          x: "x",
          y: "y",
          stroke: color(tone),
          strokeWidth: tone === 0 ? 2.6 : 1.7,
          strokeDasharray: tone < 0 ? "1,3" : dashes[tone % dashes.length],
          clip: true
        })
      ),
      ...legend(lines, width, columns, color)
    ]
  });
}

/** Names under the plot, each beside a piece of its line. */
function legend(
  lines: readonly Line[],
  width: number,
  columns: number,
  color: (tone: number) => string
): Plot.Markish[] {
  const room = (width - 64) / columns;
  return lines.flatMap(({label, tone}, i) => {
    const at = {
      frameAnchor: "bottom-left" as const,
      dx: (i % columns) * room,
      dy: 56 + 18 * Math.floor(i / columns)
    };
    return [
      Plot.vector([0], {
        ...at,
        length: 26,
        rotate: 90,
        anchor: "start",
        shape: {
          draw: (context: {moveTo(x: number, y: number): void; lineTo(x: number, y: number): void}, l: number) => {
            context.moveTo(0, 0);
            context.lineTo(0, -l);
          }
        },
        stroke: color(tone),
        strokeWidth: tone === 0 ? 2.6 : 1.7,
        strokeLinecap: "butt",
        strokeDasharray: tone < 0 ? "1,3" : dashes[tone % dashes.length]
      }),
      Plot.text([label], {...at, dx: at.dx + 34, textAnchor: "start", lineAnchor: "middle"})
    ];
  });
}
