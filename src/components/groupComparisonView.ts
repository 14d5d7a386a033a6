import type {KindComparison} from "./competingComparison.js";
import {element} from "./element.js";
import {columnP, formatNumber, formatP, formatPercent, formatTime} from "./formatting.js";
import type {Estimate, GroupComparison} from "./groupComparison.js";
import {plainTable} from "./plainTable.js";
import {estimateCell, stackedTable} from "./stackedTable.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/**
 * What groups differ in, as tables and sentences.
 *
 * @param cutAt - cuts the stratifying variable at a value
 * @param kinds - of an endpoint with a competing event
 */
export function groupComparisonView(
  answer: SurvivalAnswer,
  comparison: GroupComparison,
  cutAt: (value: number) => void,
  kinds: readonly KindComparison[] = []
): (HTMLElement | null)[] {
  return [
    element("h2", {}, "By how much do they differ?"),
    ...(answer.endpoint.competing
      ? incidenceDifferences(answer, comparison, kinds)
      : [differences(answer, comparison)]),
    pairTable(comparison),
    bestCutLine(answer, comparison, cutAt),
    element("h2", {}, "Is the hazard ratio the same at all times?"),
    element("p", {class: "proportional"}, proportionalWords(comparison))
  ];
}

function differences({endpoint, years}: SurvivalAnswer, comparison: GroupComparison): HTMLElement {
  const {lines, tau, tauChosen, reference} = comparison;
  const chosen = <T>(...cells: readonly T[]) => (tauChosen ? cells : []);
  const head = [
    "Group",
    `Mean ${endpoint.unit} up to ${formatTime(tau)} (95% CI)`,
    `Difference to ${reference} (95% CI)`,
    ...chosen(
      `Survival at ${formatTime(tau)} ${endpoint.unit} (95% CI)`,
      `Difference to ${reference}, points (95% CI)`
    ),
    ...years.map((year) => `Difference in ${year}-year survival, points (95% CI)`)
  ];
  const rows = lines.map(
    ({group, mean, meanDifference, survivalAtTau, survivalAtTauDifference, survivalDifference}) => [
      group.label,
      withInterval(mean, time),
      group.label === reference ? "reference" : withInterval(meanDifference, time),
      ...chosen(
        withInterval(survivalAtTau, percent),
        group.label === reference ? "reference" : withInterval(survivalAtTauDifference, points)
      ),
      ...survivalDifference.map((d) => (group.label === reference ? "reference" : withInterval(d, points)))
    ]
  );
  return stackedTable("Restricted means and differences in survival", head, rows);
}

/** A table a kind of event: restricted means would take the competing one for censoring. */
function incidenceDifferences(
  {endpoint}: SurvivalAnswer,
  {tau, tauChosen, reference}: GroupComparison,
  kinds: readonly KindComparison[]
): HTMLElement[] {
  const until = `${formatTime(tau)} ${endpoint.unit}`;
  const chosen = <T>(...cells: readonly T[]) => (tauChosen ? cells : []);
  const beside = (group: string, estimate: Estimate | null, format: (value: number) => string) =>
    group === reference ? "reference" : withInterval(estimate, format);
  const tables = kinds.map(({kind, lines}) =>
    stackedTable(
      `The ${kind}: time lost and differences in incidence`,
      [
        "Group",
        `Mean ${endpoint.unit} lost to the ${kind} up to ${formatTime(tau)} (95% CI)`,
        `Difference to ${reference} (95% CI)`,
        ...chosen(`Incidence of the ${kind} by ${until} (95% CI)`, `Difference to ${reference}, points (95% CI)`)
      ],
      lines.map(({group, timeLost, timeLostDifference, at}) => [
        group,
        withInterval(timeLost, time),
        beside(group, timeLostDifference, time),
        ...(tauChosen ? [withInterval(at[0].incidence, percent), beside(group, at[0].difference, points)] : [])
      ])
    )
  );
  return [
    ...tables,
    element(
      "p",
      {class: "note-line"},
      `Time lost is the area under the cumulative incidence. What follows concerns the cause-specific hazard.`
    )
  ];
}

const time = (value: number) => formatNumber(value, 3);
const percent = (value: number) => formatPercent(value, 1);
const points = (value: number) => formatPercent(value, 1).replace("%", "").replace("-", "−");

function withInterval(estimate: Estimate | null, format: (value: number) => string): HTMLElement | string {
  if (!estimate) return "–";
  const {value, lower, upper, p} = estimate;
  return estimateCell(`${format(value)} (${format(lower)} to ${format(upper)})`, p === null ? null : formatP(p));
}

function pairTable({pairs}: GroupComparison): HTMLElement | null {
  if (pairs.length === 0) return null;
  const rows = pairs.map(({first, second, p, adjusted, reason}) =>
    reason ? [`${first} – ${second}`, reason, ""] : [`${first} – ${second}`, formatP(p), formatP(adjusted)]
  );
  return element(
    "div",
    {},
    element("h3", {}, "Each pair of groups"),
    plainTable("Log-rank tests of pairs", ["Pair", "Log-rank", `Adjusted for ${pairs.length} pairs (BH)`], rows)
  );
}

function bestCutLine(
  {grouping}: SurvivalAnswer,
  {bestCut}: GroupComparison,
  cutAt: (value: number) => void
): HTMLElement | null {
  if (!bestCut) return null;
  const {label} = grouping.variable!;
  const here = grouping.cut!.length === 1 && grouping.cut![0] === bestCut.cut;
  const words = `${here ? "This is the cut" : `The cut at ${formatNumber(bestCut.cut)} is the one`} of ${label} that parts these patients best, of all that leave a tenth on either side; its p, adjusted for the search (Lausen and Schumacher 1994), is ${columnP(bestCut.p)}.${here ? " Read this p, not that of the log-rank test above." : ""} `;
  const use = element("button", {type: "button", name: "best-cut", onclick: () => cutAt(bestCut.cut)}, "Cut there");
  return element("p", {class: "option best-cut", "data-p": bestCut.p}, words, here ? null : use);
}

function proportionalWords({proportional, smooth}: GroupComparison): string {
  if (!proportional) return "This cannot be tested for these groups.";
  const each =
    proportional.terms.length > 1
      ? ` (${proportional.terms.map(({group, p}) => `${group} ${formatP(p)}`).join("; ")})`
      : "";
  const verdict =
    proportional.p < 0.05
      ? "There is evidence that the ratio changes with time: a single hazard ratio is an average over follow-up, and the differences above say more."
      : "No change with time was found; with few events a change may well be missed.";
  return `Test of proportional hazards (scaled Schoenfeld residuals on the Kaplan–Meier scale): ${formatP(proportional.p)}${each}. ${verdict}${smooth ? "" : proportional.terms.length > 1 ? " Choose two groups to see the ratio over time." : ""}`;
}
