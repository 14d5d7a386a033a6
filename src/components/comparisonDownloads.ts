import type {Cohort} from "../cohort/readCohort.js";
import {selectionWords} from "../cohort/selectionWords.js";
import type {KindComparison} from "./competingComparison.js";
import {endpointCsv} from "./csv.js";
import {element} from "./element.js";
import {download} from "./exportFigure.js";
import {besideScript, downloadScript} from "./figureFrame.js";
import {counted, formatCount, perYear} from "./formatting.js";
import type {Estimate, GroupComparison} from "./groupComparison.js";
import {comparisonScript} from "./rScript/comparisonScript.js";
import type {ScriptData} from "./rScript/scriptData.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** A comparison of groups and what it was made of. */
export interface Compared {
  readonly cohort: Cohort;
  readonly rows: Uint8Array;
  readonly answer: SurvivalAnswer;
  readonly comparison: GroupComparison;
  /** Of an endpoint with a competing event, else none. */
  readonly kinds: readonly KindComparison[];
}

const TITLE = "Comparison of groups";

/**
 * Buttons that hand out a comparison of groups as CSV and as an R script.
 *
 * @param name - of the files, without extension
 * @param compared - what the page shows when one is pressed
 */
export function comparisonDownloads(name: string, compared: () => Compared | null): HTMLElement {
  const said = element("span", {class: "note-line", role: "status"});
  const button = (kind: string, act: (shown: Compared) => void | Promise<void>) =>
    element(
      "button",
      {
        type: "button",
        "aria-label": `Download ${kind}: ${TITLE}`,
        onclick: () => {
          const shown = compared();
          if (shown) void act(shown);
        }
      },
      kind
    );
  return element(
    "div",
    {class: "downloads"},
    button("CSV", (shown) => download(comparisonCsv(shown), `${name}.csv`, "text/csv")),
    button("R script", async (shown) => {
      const {cohort, rows, answer, comparison, kinds} = shown;
      const {endpoint, selection, n, events} = answer;
      const about = {
        title: TITLE,
        caption: `${endpoint.label}; selection: ${selectionWords(cohort.study, selection)}; n = ${formatCount(n)}, ${counted(events, "event")}.`,
        note: endpoint.competing
          ? "Time lost and differences of incidence with normal intervals, variances by the infinitesimal jackknife."
          : "Restricted means and differences with normal intervals, Greenwood's variances.",
        script: {
          write: (data: ScriptData) => comparisonScript(cohort, answer, comparison, kinds, rows, data)
        }
      };
      said.textContent = (await downloadScript(about, name)) ? besideScript(name) : "";
    }),
    said
  );
}

/** Every estimate of a comparison, a line each. */
export function comparisonCsv({
  answer: {endpoint, years},
  comparison,
  kinds
}: Pick<Compared, "answer" | "comparison" | "kinds">): string {
  const {lines, tau, reference, pairs, proportional} = comparison;
  type Row = (string | number | null)[];
  const row = (
    quantity: string,
    group: string,
    versus: string | null,
    time: number | null,
    estimate: Estimate | null
  ): Row[] =>
    estimate ? [[quantity, group, versus, time, estimate.value, estimate.lower, estimate.upper, estimate.p, null]] : [];
  const rows = [
    ...lines.flatMap(({group: {label}, ...line}) => [
      ...row("restricted mean", label, null, tau, line.mean),
      ...row("difference of restricted means", label, reference, tau, line.meanDifference),
      ...row("survival", label, null, tau, line.survivalAtTau),
      ...row("difference of survival", label, reference, tau, line.survivalAtTauDifference),
      ...years.flatMap((year, y) =>
        row("difference of survival", label, reference, year * perYear[endpoint.unit], line.survivalDifference[y])
      )
    ]),
    ...kinds.flatMap(({kind, lines}) =>
      lines.flatMap(({group, ...line}) => [
        ...row(`time lost to the ${kind}`, group, null, tau, line.timeLost),
        ...row(`difference of time lost to the ${kind}`, group, reference, tau, line.timeLostDifference),
        ...line.at.flatMap(({time, incidence, difference}) => [
          ...row(`incidence of the ${kind}`, group, null, time, incidence),
          ...row(`difference of incidence of the ${kind}`, group, reference, time, difference)
        ])
      ])
    ),
    ...pairs.map(({first, second, p, adjusted}): Row => [
      "log-rank test",
      second,
      first,
      null,
      null,
      null,
      null,
      p,
      adjusted
    ]),
    ...(proportional?.terms.map(({group, p}): Row => [
      "proportional hazards",
      group,
      reference,
      null,
      null,
      null,
      null,
      p,
      null
    ]) ?? [])
  ];
  return endpointCsv(
    endpoint,
    ["quantity", "group", "versus", "time", "estimate", "lower", "upper", "p", "p_adjusted"],
    rows
  );
}
