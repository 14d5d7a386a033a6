import {scaleLinear} from "d3";
import type {CumulativeIncidence} from "../survival/cumulativeIncidence.js";
import {causeOf, COMPETING, EVENT} from "./competingAnswer.js";
import type {CompetingAnswer} from "./competingAnswer.js";
import {bandPath, stepPath} from "./curveMarks.js";
import {shape, together} from "./drawing.js";
import type {Shape} from "./drawing.js";
import {FEW_AT_RISK} from "./fewAtRisk.js";
import {areaOf, endLabels, shareAxis} from "./kaplanMeierPlot.js";
import type {PlotFrame} from "./kaplanMeierPlot.js";
import {toneOf} from "./palette.js";
import {bottomAxis, bottomLabel, endpointLabel, topLabel} from "./plotAxes.js";
import type {Place} from "./plotAxes.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {timeLabel} from "./timeTicks.js";

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
): {readonly parts: readonly (Shape | null)[]; readonly x: Place} {
  const {start} = answer;
  const end = Math.max(...groups.map(({curve}) => curve.time.at(-1)!), start);
  const drawn = groups.map(({curve, tone}) => ({
    color: toneOf(tone),
    event: steps(curve, EVENT, start),
    competing: steps(curve, COMPETING, start),
    few: curve.time.findLast((_, j) => curve.atRisk[j] >= FEW_AT_RISK) ?? start
  }));
  const top = incidenceTop(answer, {groups});
  const area = areaOf(frame);
  const x = scaleLinear([start, end > start ? end : start + 1], [area.left, area.right]);
  const y = scaleLinear([0, top], [area.bottom, area.top]).clamp(true);
  const line = (points: readonly Step[], stroke: string, look: Readonly<Record<string, string | number>>) =>
    shape("path", {d: stepPath(points, x, ({incidence}) => y(incidence)), fill: "none", stroke, ...look});
  const parts = [
    topLabel(endpointLabel(answer.endpoint, frame.width, {short: "The event", after: " (dashed: competing)"})),
    ...shareAxis(y, area, top),
    bottomAxis(ticks, x, area),
    bottomLabel(timeLabel(answer.endpoint, answer.selection.landmark), area),
    together(
      drawn.map(({event, color}) => shape("path", {d: bandPath(event, x, y), fill: color, "fill-opacity": 0.16}))
    ),
    together(
      drawn.flatMap(({event, competing, color, few}) => [
        line(competing, color, {"stroke-dasharray": "5,4", "stroke-opacity": 0.7, "stroke-width": 1.5}),
        line(upTo(event, few), color, {"stroke-width": 2}),
        line(from(event, few), color, {"stroke-width": 2, "stroke-opacity": 0.45})
      ])
    ),
    endLabels(
      groups.map(({label, tone}, g) => ({label, tone, height: drawn[g].event.at(-1)!.incidence / top})),
      frame
    )
  ];
  return {parts, x};
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
