import {riskTable as riskCounts} from "../survival/survivalAt.js";
import type {RiskCounts, RiskTable} from "../survival/survivalAt.js";
import {bandSummary} from "./curveBand.js";
import type {Shape} from "./drawing.js";
import {counted, exactP, formatInterval, formatP, formatPercent, formatTime} from "./formatting.js";
import {kaplanMeierPlot, plotFrame} from "./kaplanMeierPlot.js";
import {picture} from "./plotAxes.js";
import {riskTable} from "./riskTable.js";
import type {GroupAnswer, SurvivalAnswer} from "./survivalAnswer.js";
import {timeTicks} from "./timeTicks.js";

/** The curves with the risk table under their axis, as one SVG. */
export function survivalChart(answer: SurvivalAnswer, width: number): Shape {
  const frame = plotFrame(width);
  const {start} = answer;
  const end = Math.max(...answer.groups.map(({curve}) => curve.time.at(-1)!), start);
  const ticks = timeTicks(start, end, answer.endpoint.unit, width - frame.marginLeft - frame.marginRight);
  const {parts, x} = kaplanMeierPlot(answer, frame, ticks);
  const rows = answer.groups.map((group) => ({group, counts: groupCounts(group, ticks)}));
  const {table, height} = riskTable(rows, x, frame.height + 6);
  return picture(width, frame.height + 6 + height, survivalSummary(answer), parts, table);
}

/** Counts under a group's curve. With late entry at risk are those who have entered and not left, R's (entry, end]. */
export function groupCounts(
  {curve, entries}: {readonly curve: RiskCounts; readonly entries?: GroupAnswer["entries"]},
  times: readonly number[]
): RiskTable {
  const counts = riskCounts(curve, times);
  if (!entries) return counts;
  const atRisk = counts.time.map((t, j) => {
    const entered = entries.findIndex((entry) => entry >= t);
    return (entered < 0 ? entries.length : entered) - counts.events[j] - counts.censored[j];
  });
  return {...counts, atRisk};
}

/** The figure in words, for those who do not see it. */
export function survivalSummary({groups, endpoint, logRank, hazardRatios, years, selection}: SurvivalAnswer): string {
  const curves = groups.map(({label, n, events, median, at}) => {
    const later = years.map((year, y) => `${formatPercent(at.survival[y])} at ${counted(year, "year")}`);
    const middle = `median ${formatTime(median.time)}${Number.isNaN(median.time) ? "" : ` ${endpoint.unit}`}`;
    return `${label}: ${counted(n, "patient")}, ${counted(events, "event")}, ${[middle, ...later].join(", ")}.`;
  });
  const test = logRank ? ` Log-rank ${formatP(logRank.p)}.` : "";
  const ratio = hazardRatios
    .filter(({estimable}) => estimable)
    .map(
      ({group, versus, hazardRatio, lower, upper}) =>
        ` Hazard ratio of ${group} to ${versus} ${formatInterval(hazardRatio, lower, upper)}.`
    );
  return `Kaplan–Meier curves of ${endpoint.label}. ${curves.join(" ")}${bandSummary(selection)}${test}${ratio.join("")}`;
}

/** One line under the figure. */
export function testLine({logRank, hazardRatios}: SurvivalAnswer): {text: string; title: string} | null {
  if (!logRank) return null;
  const ratio = hazardRatios.length === 1 && hazardRatios[0].estimable ? hazardRatios[0] : null;
  const hr = ratio ? `; HR ${formatInterval(ratio.hazardRatio, ratio.lower, ratio.upper)}` : "";
  return {
    text: `Log-rank ${formatP(logRank.p)}${hr}`,
    title: `χ² = ${logRank.chiSquare.toPrecision(5)} on ${logRank.df} df, ${exactP(logRank.p)}`
  };
}
