import * as Plot from "@observablehq/plot";
import type {CumulativeIncidence} from "../survival/cumulativeIncidence.js";
import {causeOf, COMPETING, EVENT} from "./competingAnswer.js";
import type {CompetingAnswer} from "./competingAnswer.js";
import {FEW_AT_RISK} from "./fewAtRisk.js";
import {endLabels, MARGIN_BOTTOM, MARGIN_TOP, timeLabel} from "./kaplanMeierPlot.js";
import type {PlotFrame} from "./kaplanMeierPlot.js";
import {toneOf} from "./palette.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {plotSvg} from "./plotSvg.js";
import type {PlotSvg} from "./plotSvg.js";

interface Step {
  readonly time: number;
  readonly incidence: number;
  readonly lower: number;
  readonly upper: number;
}

/** Incidence of the event with its band, and dashed that of the competing event, by group. */
export function incidencePlot(
  answer: SurvivalAnswer,
  {groups}: CompetingAnswer,
  frame: PlotFrame,
  ticks: readonly number[]
): PlotSvg {
  const {start} = answer;
  const end = Math.max(...groups.map(({curve}) => curve.time.at(-1)!), start);
  const drawn = groups.map(({curve, tone}) => ({
    color: toneOf(tone),
    event: steps(curve, EVENT, start),
    competing: steps(curve, COMPETING, start),
    few: curve.time.findLast((_, j) => curve.atRisk[j] >= FEW_AT_RISK) ?? start
  }));
  const top = incidenceTop(answer, {groups});
  const step = {curve: "step-after", x: "time"} as const;
  return plotSvg({
    ...frame,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    x: {domain: [start, end > start ? end : start + 1], label: null},
    y: {domain: [0, top], label: null, clamp: true},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickFormat: (s: number) => `${Math.round(s * 100)}%`, tickSize: 0}),
      Plot.text([`${answer.endpoint.label} (dashed: competing)`], {
        frameAnchor: "top-left",
        dx: -frame.marginLeft + 4,
        dy: -26,
        fontWeight: 600
      }),
      Plot.axisX({ticks: [...ticks], tickSize: 4}),
      Plot.text([timeLabel(answer)], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      ...drawn.map(({event, color}) =>
        Plot.areaY(
          event.filter(({lower}) => !Number.isNaN(lower)),
          {...step, y1: "lower", y2: "upper", fill: color, fillOpacity: 0.16}
        )
      ),
      ...drawn.flatMap(({event, competing, color, few}) => [
        Plot.lineY(competing, {...step, y: "incidence", stroke: color, strokeDasharray: "5,4", strokeOpacity: 0.7}),
        Plot.lineY(upTo(event, few), {...step, y: "incidence", stroke: color, strokeWidth: 2}),
        Plot.lineY(from(event, few), {...step, y: "incidence", stroke: color, strokeWidth: 2, strokeOpacity: 0.45})
      ]),
      ...endLabels(
        groups.map(({label, tone}, g) => ({label, tone, height: drawn[g].event.at(-1)!.incidence / top})),
        frame
      )
    ]
  });
}

/** A curve's start, its steps and its end. */
function steps(curve: CumulativeIncidence, cause: number, start: number): Step[] {
  const {incidence, lower, upper} = causeOf(curve, cause);
  const out: Step[] = [{time: start, incidence: 0, lower: NaN, upper: NaN}];
  for (let j = 0; j < curve.time.length; j++)
    if (j === curve.time.length - 1 || incidence[j] !== (j > 0 ? incidence[j - 1] : 0))
      out.push({time: curve.time[j], incidence: incidence[j], lower: lower[j], upper: upper[j]});
  return out;
}

/** Where the axis of incidence ends. */
export function incidenceTop({start}: SurvivalAnswer, {groups}: Pick<CompetingAnswer, "groups">): number {
  return axisTop(groups.flatMap(({curve}) => [EVENT, COMPETING].map((cause) => steps(curve, cause, start).at(-1)!)));
}

/** A whole tenth above all curves and, where they are not endless, their limits; at most 1. */
function axisTop(ends: readonly Step[]): number {
  const highest = Math.max(
    0.05,
    ...ends.map(({incidence, upper}) => Math.max(incidence, Number.isNaN(upper) ? 0 : upper))
  );
  return Math.min(1, Math.ceil(highest * 10) / 10);
}

/** The two parts of a curve, which meet at `time`. */
function upTo(points: readonly Step[], time: number): Step[] {
  const before = points.filter((point) => point.time <= time);
  return before.length > 0 ? [...before, {...before.at(-1)!, time}] : before;
}

function from(points: readonly Step[], time: number): Step[] {
  const before = points.findLast((point) => point.time <= time);
  const after = points.filter((point) => point.time > time);
  return before ? [{...before, time}, ...after] : after;
}
