import {element} from "./element.js";
import {columnP, exactP, formatCount, formatInterval, formatP, formatPercent, formatTime} from "./formatting.js";
import {toneOf} from "./palette.js";
import type {GroupAnswer, SurvivalAnswer} from "./survivalAnswer.js";

/** A row a group: patients, events, median, survival at 1, 3 and 5 years, hazard ratio; then the test of all groups. */
export function statisticsTable(answer: SurvivalAnswer): HTMLElement {
  const {endpoint, years, groups, logRank} = answer;
  if (groups.length === 0) return element("div", {});
  const compared = groups.length > 1;
  const head = [
    "Group",
    "n",
    "Events",
    `Median, ${endpoint.unit} (95% CI)`,
    ...years.map((year) => `${year}-year survival (95% CI)`),
    ...(compared ? ["Hazard ratio (95% CI)", "p"] : [])
  ];
  const table = element(
    "table",
    {class: "statistics"},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        head.map((text) => element("th", {scope: "col"}, text))
      )
    ),
    element(
      "tbody",
      {},
      groups.map((group) => groupRow(answer, group, compared))
    )
  );
  const test = logRank
    ? element(
        "p",
        {class: "test", "data-p": logRank.p},
        `Log-rank test: χ² = ${logRank.chiSquare.toFixed(2)} on ${logRank.df} df, `,
        element("span", {title: exactP(logRank.p)}, formatP(logRank.p)),
        "."
      )
    : null;
  return element(
    "div",
    {class: "table-room", tabindex: 0, role: "region", "aria-label": "Statistics by group"},
    table,
    answer.selection.band === "pointwise"
      ? null
      : element(
          "p",
          {class: "note-line"},
          `Limits in this table are pointwise (${answer.selection.interval}), those of the figure hold whole curves.`
        ),
    test
  );
}

function groupRow(answer: SurvivalAnswer, group: GroupAnswer, compared: boolean): HTMLElement {
  const {median, at, n, events, label, tone} = group;
  const cells: (string | HTMLElement)[] = [
    formatCount(n),
    formatCount(events),
    `${formatTime(median.time)} (${limit(median.lower)}–${limit(median.upper)})`,
    ...answer.years.map((_, y) => yearly(at.survival[y], at.lower[y], at.upper[y])),
    ...(compared ? hazard(answer, label) : [])
  ];
  return element(
    "tr",
    {},
    element("th", {scope: "row", style: `color: ${toneOf(tone)}`}, label),
    cells.map((cell) => element("td", {}, cell))
  );
}

const limit = (time: number) => (Number.isNaN(time) ? "NR" : formatTime(time));

function yearly(survival: number, lower: number, upper: number): string {
  if (Number.isNaN(survival)) return "–";
  const limits = Number.isNaN(lower) ? "" : ` (${(100 * lower).toFixed(0)}–${(100 * upper).toFixed(0)})`;
  return `${formatPercent(survival)}${limits}`;
}

function hazard({hazardRatios}: SurvivalAnswer, label: string): (string | HTMLElement)[] {
  const ratio = hazardRatios.find(({group}) => group === label);
  if (!ratio) return ["1 (reference)", ""];
  if (!ratio.estimable) return ["not estimable", ""];
  const text = formatInterval(ratio.hazardRatio, ratio.lower, ratio.upper).replace("95% CI ", "");
  return [text, element("span", {title: `Wald test, ${exactP(ratio.p)}`}, columnP(ratio.p))];
}
