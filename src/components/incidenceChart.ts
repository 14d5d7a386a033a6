import {selectionWords} from "../cohort/selectionWords.js";
import type {Cohort} from "../cohort/readCohort.js";
import {causeOf, COMPETING, EVENT} from "./competingAnswer.js";
import type {CompetingAnswer} from "./competingAnswer.js";
import {endpointCsv} from "./csv.js";
import type {Figure} from "./figureFrame.js";
import type {Shape} from "./drawing.js";
import {counted, exactP, formatCount, formatInterval, formatP, formatPercent} from "./formatting.js";
import {incidencePlot} from "./incidencePlot.js";
import {FEW_AT_RISK} from "./fewAtRisk.js";
import {plotFrame} from "./kaplanMeierPlot.js";
import {picture} from "./plotAxes.js";
import {riskTable} from "./riskTable.js";
import {incidenceScript} from "./rScript/incidenceScript.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {groupCounts} from "./survivalChart.js";
import {incidencePoints} from "./survivalPoints.js";
import {timeTicks} from "./timeTicks.js";

/** What a frame shows where the endpoint has a competing event. */
export function incidenceFigure(cohort: Cohort, answer: SurvivalAnswer, competing: CompetingAnswer): Figure {
  const {study} = cohort;
  const {variable, crossed} = answer.grouping;
  const by = variable ? ` by ${variable.label}${crossed ? ` and ${crossed.variable.label}` : ""}` : "";
  const others = competing.groups.reduce((sum, {competingEvents}) => sum + competingEvents, 0);
  const hazards = "hazards by cause-specific Cox regression (Efron)";
  const test = competing.gray ? `; groups compared by Gray's test, ${hazards}` : competing.groups.length > 1 ? `; ${hazards}` : ""; // prettier-ignore
  return {
    draw: (width) => incidenceChart(answer, competing, width),
    csv: () => incidenceCsv(competing, answer),
    caption: `${answer.endpoint.label}${by}; selection: ${selectionWords(study, answer.selection)}; n = ${formatCount(answer.n)}, ${counted(answer.events, "event")}, ${counted(others, "competing event")}.`,
    note: `Aalen–Johansen estimate with pointwise 95% confidence bands on the log scale, dashed the competing event, faint where fewer than ${FEW_AT_RISK} are at risk${test}. One minus Kaplan–Meier would treat the competing event as censoring and overstate the incidence.`,
    patients: (svg) => incidencePoints(cohort, answer, competing, Number(svg.getAttribute("width"))),
    script: {write: (data) => incidenceScript(cohort, answer, competing, data)}
  };
}

/** The curves with the risk table under their axis, as one SVG. */
export function incidenceChart(answer: SurvivalAnswer, competing: CompetingAnswer, width: number): Shape {
  const frame = plotFrame(width);
  const {start} = answer;
  const end = Math.max(...competing.groups.map(({curve}) => curve.time.at(-1)!), start);
  const ticks = timeTicks(start, end, answer.endpoint.unit, width - frame.marginLeft - frame.marginRight);
  const {parts, x} = incidencePlot(answer, competing, frame, ticks);
  const rows = competing.groups.map((group) => {
    const {curve, entries} = group;
    const [event, other] = [EVENT, COMPETING].map((cause) => causeOf(curve, cause).events);
    const counts = (events: Float64Array) => groupCounts({curve: {...curve, events}, entries}, ticks);
    // At risk are those whom neither kind of event has taken.
    const {atRisk} = counts(event.map((e, j) => e + other[j]));
    return {group, counts: {...counts(event), atRisk}, competing: counts(other).events};
  });
  const {table, height} = riskTable(rows, x, frame.height + 6);
  return picture(width, frame.height + 6 + height, incidenceSummary(answer, competing), parts, table);
}

/** One line under the figure. */
export function incidenceTestLine(
  {hazardRatios}: SurvivalAnswer,
  {gray}: CompetingAnswer
): {text: string; title: string} | null {
  if (!gray) return null;
  const ratio = hazardRatios.length === 1 && hazardRatios[0].estimable ? hazardRatios[0] : null;
  const hr = ratio ? `; cause-specific HR ${formatInterval(ratio.hazardRatio, ratio.lower, ratio.upper)}` : "";
  return {
    text: `Gray's test ${formatP(gray.p)}${hr}`,
    title: `χ² = ${gray.chiSquare.toPrecision(5)} on ${gray.df} df, ${exactP(gray.p)}`
  };
}

/** The figure in words, for those who do not see it. */
export function incidenceSummary(
  {endpoint, years, hazardRatios}: SurvivalAnswer,
  {groups, gray}: CompetingAnswer
): string {
  const curves = groups.map(({label, n, events, competingEvents, at}) => {
    const later = years.map((year, y) => `, ${formatPercent(at[y]?.value ?? NaN)} by ${counted(year, "year")}`);
    return `${label}: ${counted(n, "patient")}, ${counted(events, "event")}, ${counted(competingEvents, "competing event")}${later.join("")}.`;
  });
  const test = gray ? ` Gray's test ${formatP(gray.p)}.` : "";
  const ratios = hazardRatios
    .filter(({estimable}) => estimable)
    .map(
      ({group, versus, hazardRatio, lower, upper}) =>
        ` Cause-specific hazard ratio of ${group} to ${versus} ${formatInterval(hazardRatio, lower, upper)}.`
    );
  return `Cumulative incidence of ${endpoint.label}. ${curves.join(" ")}${test}${ratios.join("")}`;
}

/** The curves drawn, every step of both kinds of event. */
export function incidenceCsv({groups}: CompetingAnswer, {endpoint}: Pick<SurvivalAnswer, "endpoint">): string {
  const header = [
    "group",
    "event",
    "time",
    "at_risk",
    "events",
    "censored",
    "incidence",
    "standard_error",
    "lower",
    "upper"
  ];
  const rows = groups.flatMap(({label, curve}) =>
    [EVENT, COMPETING].flatMap((cause) => {
      const c = causeOf(curve, cause);
      return Array.from(curve.time, (time, j) => [
        label,
        cause === EVENT ? "event" : "competing",
        time,
        curve.atRisk[j],
        c.events[j],
        curve.censored[j],
        c.incidence[j],
        c.standardError[j],
        c.lower[j],
        c.upper[j]
      ]);
    })
  );
  return endpointCsv(endpoint, header, rows);
}
