import type {Endpoint} from "../../cohort/description.js";
import type {KaplanMeier} from "../../survival/kaplanMeier.js";
import {svgElement} from "../element.js";
import {counted, formatInterval, formatP} from "../formatting.js";
import {bandPath, stepPath} from "../curveMarks.js";
import {thinCurve} from "../thinCurve.js";
import {timeLabel, timeTicks} from "../timeTicks.js";
import {eventsIn} from "./cutAnswer.js";
import type {CutAnswer} from "./cutAnswer.js";

const MARGIN = {left: 44, right: 12, top: 26, bottom: 74};

export interface CutCurves {
  readonly svg: SVGSVGElement;
  /** Moves the curves only: axes stand still while a cut is dragged. */
  update(answer: CutAnswer): void;
}

/** Curves of low and high risk on axes that do not change with the cut. @param end - last follow-up of the set */
export function cutCurves(endpoint: Endpoint, end: number, width: number, first: CutAnswer): CutCurves {
  const height = Math.min(330, Math.max(250, width * 0.62));
  const [inner, high] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const x = (time: number) => MARGIN.left + (time / end) * inner;
  const y = (survival: number) => MARGIN.top + (1 - survival) * high;
  const text = {"font-family": "system-ui, sans-serif", "font-size": 12, fill: "var(--ink)"};
  const lines = (["low", "high"] as const).map((group) => ({
    group,
    band: svgElement("path", {fill: `var(--tone-${group})`, "fill-opacity": 0.15}),
    line: svgElement("path", {fill: "none", stroke: `var(--tone-${group})`, "stroke-width": 2}),
    label: svgElement("text", {
      fill: `var(--tone-${group})`,
      "font-weight": 600,
      stroke: "var(--paper)",
      "stroke-width": 4,
      "paint-order": "stroke"
    })
  }));
  const found = [20, 4].map((up) => svgElement("text", {x: 4, y: height - up}));
  const svg = svgElement(
    "svg",
    {width, height, viewBox: `0 0 ${width} ${height}`, role: "img", ...text},
    [0, 0.25, 0.5, 0.75, 1].flatMap((s) => [
      svgElement("line", {
        x1: MARGIN.left,
        x2: width - MARGIN.right,
        y1: y(s),
        y2: y(s),
        stroke: s === 0 ? "var(--ink-soft)" : "var(--rule)"
      }),
      svgElement("text", {x: MARGIN.left - 6, y: y(s), dy: "0.32em", "text-anchor": "end"}, `${100 * s}%`)
    ]),
    timeTicks(0, end, endpoint.unit, inner).map((t) =>
      svgElement("text", {x: x(t), y: height - MARGIN.bottom + 16, "text-anchor": "middle"}, String(t))
    ),
    svgElement("text", {x: 4, y: 14, "font-weight": 600}, `${endpoint.label}, ${first.set.label.toLowerCase()}`),
    svgElement(
      "text",
      {x: width - MARGIN.right, y: height - MARGIN.bottom + 31, "text-anchor": "end"},
      timeLabel(endpoint)
    ),
    lines.flatMap(({band, line}) => [band, line]),
    lines.map(({label}) => label),
    found
  );
  const update = (answer: CutAnswer) => {
    for (const {group, band, line, label} of lines) {
      const curve = answer[group];
      const points = curve ? thinCurve(curve, 0, end / inner / 2) : [];
      line.setAttribute(
        "d",
        stepPath(points, x, (p) => y(p.survival))
      );
      band.setAttribute("d", bandPath(points.slice(1), x, y));
      label.textContent = curve
        ? `${group === "low" ? "Low" : "High"} risk: ${curve.n}, ${counted(eventsIn(curve), "event")}`
        : "";
      label.setAttribute("x", String(MARGIN.left + 8));
      label.setAttribute("y", String(y(0) - (group === "low" ? 26 : 10)));
    }
    const [ratio, test] = sentenceOf(answer).split(/, (?=log-rank)/);
    [found[0].textContent, found[1].textContent] = [ratio, test ?? ""];
    svg.setAttribute(
      "aria-label",
      `${answer.set.label}: ${describe(answer.low, "low")}, ${describe(answer.high, "high")}. ${sentenceOf(answer)}`
    );
  };
  update(first);
  return {svg, update};
}

/** Hazard ratio and test, or why there are none. */
export function sentenceOf({hazardRatio, logRankP, refusals}: CutAnswer): string {
  const parts = [
    hazardRatio ? `HR ${formatInterval(hazardRatio.estimate, hazardRatio.lower, hazardRatio.upper)}` : null,
    logRankP === null ? null : `log-rank ${formatP(logRankP)}`
  ].filter((part) => part !== null);
  return parts.length > 0 ? `High v low risk: ${parts.join(", ")}` : (refusals[0] ?? "");
}

function describe(curve: KaplanMeier | null, group: string): string {
  return curve
    ? `${group} risk ${counted(curve.n, "patient")}, ${counted(eventsIn(curve), "event")}`
    : `nobody at ${group} risk`;
}
