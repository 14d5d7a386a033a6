import type {CompetingAnswer} from "./competingAnswer.js";
import {element} from "./element.js";
import {counted, exactP, formatCount, formatInterval, formatP, formatPercent} from "./formatting.js";
import type {Estimate} from "./groupComparison.js";
import {estimateCell, stackedTable} from "./stackedTable.js";
import type {HazardRatio, SurvivalAnswer} from "./survivalAnswer.js";

/** A row a group: n, both kinds of event, their incidences and cause-specific hazard ratios; then Gray's tests. */
export function incidenceTables(answer: SurvivalAnswer, competing: CompetingAnswer): HTMLElement {
  const {years} = answer;
  const {groups, gray, competingGray, reference} = competing;
  const compared = groups.length > 1;
  const head = [
    "Group",
    "n",
    "Events",
    "Competing",
    ...years.map((year) => `Incidence by ${counted(year, "year")} (95% CI)`),
    ...(compared ? ["Cause-specific HR (95% CI)", "HR of the competing event (95% CI)"] : [])
  ];
  const rows = groups.map(({label, n, events, competingEvents, at}) => [
    label,
    formatCount(n),
    formatCount(events),
    formatCount(competingEvents),
    ...at.map(share),
    ...(compared ? [answer.hazardRatios, competing.competingHazardRatios].map((all) => ratio(all, label)) : [])
  ]);
  const tests = [
    {test: gray, of: "the event"},
    {test: competingGray, of: "the competing event"}
  ].filter(({test}) => test !== null);
  return element(
    "div",
    {class: "incidence"},
    stackedTable("Cumulative incidence by group", head, rows),
    tests.map(({test, of}) =>
      element(
        "p",
        {class: "test", "data-p": test!.p, title: exactP(test!.p)},
        `Gray's test of the incidence of ${of}: χ² = ${test!.chiSquare.toFixed(2)} on ${test!.df} df, ${formatP(test!.p)}.`
      )
    ),
    compared && years.length > 0 ? differences(competing, years, reference) : null
  );
}

function differences({groups}: CompetingAnswer, years: readonly number[], reference: string): HTMLElement {
  const rows = groups
    .filter(({label}) => label !== reference)
    .map(({label, difference}) => [label, ...difference.map(points)]);
  return stackedTable(
    "Differences in cumulative incidence",
    [`Incidence minus that of ${reference}, points`, ...years.map((year) => `by ${counted(year, "year")} (95% CI)`)],
    rows
  );
}

function share(estimate: Estimate | null): string {
  if (!estimate) return "–";
  const {value, lower, upper} = estimate;
  const limits = Number.isNaN(lower) ? "" : ` (${(100 * lower).toFixed(1)}–${(100 * upper).toFixed(1)})`;
  return `${formatPercent(value, 1)}${limits}`;
}

function points(estimate: Estimate | null): HTMLElement | string {
  if (!estimate) return "–";
  const [value, lower, upper] = [estimate.value, estimate.lower, estimate.upper].map((v) =>
    (100 * v).toFixed(1).replace("-", "−")
  );
  return estimateCell(`${value} (${lower} to ${upper})`, formatP(estimate.p!));
}

function ratio(ratios: readonly HazardRatio[], label: string): HTMLElement | string {
  const found = ratios.find(({group}) => group === label);
  if (!found) return ratios.length > 0 ? "1 (reference)" : "–";
  if (!found.estimable) return "not estimable";
  return estimateCell(
    formatInterval(found.hazardRatio, found.lower, found.upper).replace("95% CI ", ""),
    formatP(found.p)
  );
}
