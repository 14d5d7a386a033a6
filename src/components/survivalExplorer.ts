import type {CohortDatabase} from "../cohort/duckdb.js";
import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import type {Selection} from "../cohort/selection.js";
import {inTimeUnit} from "../cohort/timeUnit.js";
import {adjustedSection} from "./adjusted/adjustedSection.js";
import {afterChanges} from "./afterChanges.js";
import {changeInto} from "./changeInto.js";
import {comparisonDownloads} from "./comparisonDownloads.js";
import type {Compared} from "./comparisonDownloads.js";
import {competingAnswer} from "./competingAnswer.js";
import {competingComparison} from "./competingComparison.js";
import {cutFigure} from "./cutFigure.js";
import {element, setText} from "./element.js";
import {exclusionRemarks} from "./exclusionRemarks.js";
import {factorChoice} from "./factorChoice.js";
import {figureFrame} from "./figureFrame.js";
import {followSelection} from "./followSelection.js";
import {counted} from "./formatting.js";
import {groupComparison} from "./groupComparison.js";
import {groupComparisonView} from "./groupComparisonView.js";
import {hazardRatioFigure} from "./hazardRatioOverTime.js";
import {incidenceFigure, incidenceTestLine} from "./incidenceChart.js";
import {incidenceTables} from "./incidenceTables.js";
import {referenceChoice} from "./referenceChoice.js";
import {remarkList} from "./remarkList.js";
import {linkProblems, selectionPanel} from "./selectionPanel.js";
import {statisticsTable} from "./statisticsTable.js";
import {strataControls} from "./strataControls.js";
import {survivalAnswer} from "./survivalAnswer.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";
import {testLine} from "./survivalChart.js";
import {survivalFigure} from "./survivalFigure.js";
import {panelFactors, panelsFigure, survivalPanels} from "./survivalPanels.js";
import {survivalRemarks} from "./survivalRemarks.js";
import {unitOfAnalysis} from "./unitOfAnalysis.js";

export interface ExplorerOptions {
  /** Opens DuckDB; called once the first figure is painted. */
  readonly openDatabase: () => Promise<CohortDatabase>;
}

/** Up to so many patients the groups are compared with the curves; beyond, after them, unless that takes no time either. */
const AT_ONCE = 5000;

/** Two groups as they are, with events at so many times at most, as days are: all of them are compared in milliseconds. */
const FEW_TIMES = 20_000;
const quicklyCompared = ({groups, grouping, cox, endpoint}: SurvivalAnswer) =>
  groups.length <= 2 && grouping.cut === null && !endpoint.competing && (cox?.counts.times ?? 0) <= FEW_TIMES;

/**
 * The Kaplan–Meier explorer: groups and filters of the reader's choice, kept in the URL.
 *
 * The element's data attributes say who checked the rows ("checked-by") and which change is drawn ("drawn", counting up).
 */
export function survivalExplorer(published: Cohort, {openDatabase}: ExplorerOptions): HTMLElement {
  const {id} = published.study;
  const frame = figureFrame("Kaplan–Meier curves", `${id}-survival`);
  const incidence = figureFrame("Cumulative incidence", `${id}-incidence`);
  const overTime = figureFrame("Hazard ratio over time", `${id}-hazard-ratio`);
  const panels = figureFrame("Curves by panel", `${id}-survival-panels`);
  const results = element("div", {class: "results"});
  const comparisons = element("div", {class: "comparisons"});
  let compared: Compared | null = null;
  const handedOut = comparisonDownloads(`${id}-comparison`, () => compared);
  const status = element("p", {class: "status", role: "status"});
  const root = element("div", {class: "explorer"});
  /** Nothing may keep the first curve waiting. */
  let painted = false;
  const later = afterChanges("unpainted");

  const cutAt = (value: number) => followed.choose({cut: {rule: "at", values: [value]}});
  const dragged = cutFigure(
    published,
    (value) => {
      const selection = followed.current();
      show({...selection, cut: {rule: "at", values: [value]}}, rowMask(published, selection), "this page's own code");
    },
    cutAt
  );
  const show = (asked: Selection, rows: Uint8Array, by: string) => {
    const {cohort, selection} = inTimeUnit(published, asked);
    const {study} = cohort;
    const answer = survivalAnswer(cohort, selection, rows);
    const competing = competingAnswer(cohort, rows, answer);
    const figure = competing ? incidenceFigure(cohort, answer, competing) : survivalFigure(cohort, selection, answer);
    [frame.element.hidden, incidence.element.hidden] = [competing !== null, competing === null];
    (competing ? incidence : frame).show({...figure, note: `${figure.note} Rows selected by ${by}.`});
    dragged.show(rows, answer);
    comparedWith.offer(answer);
    panelChoice.offer(panelFactors(cohort, answer));
    const factor = panelChoice.chosen();
    panels.element.hidden = factor === null;
    if (factor) panels.show(panelsFigure(cohort, rows, survivalPanels(cohort, rows, answer, factor)));
    const test = competing ? incidenceTestLine(answer, competing) : testLine(answer);
    const table = () => (competing ? incidenceTables(answer, competing) : statisticsTable(answer));
    const said = () => [...exclusionRemarks(cohort, selection), ...survivalRemarks(study, answer)];
    const found = `${counted(answer.n, "patient")}, ${counted(answer.events, "event")}`;
    setText(status, `${found}${test ? `. ${test.text}.` : "."}`);
    status.title = test?.title ?? "";
    const compare = () => {
      comparisons.removeAttribute("aria-busy");
      const comparison = groupComparison(cohort, rows, answer);
      const lost: string[] = [];
      const kinds =
        comparison && competing ? competingComparison(cohort, rows, answer, competing, comparison, lost) : [];
      compared = comparison && {cohort, rows, answer, comparison, kinds};
      handedOut.hidden = !comparison;
      const refused = [...(comparison?.refusals ?? []), ...(competing?.refusals ?? []), ...lost].filter(
        (reason) => !answer.refusals.includes(reason)
      );
      const remarks = [...new Set([...said(), ...refused])];
      changeInto(results, table(), remarkList(remarks));
      adjusted.show(cohort, rows, answer);
      overTime.element.hidden = !comparison?.smooth;
      if (comparison?.smooth) overTime.show(hazardRatioFigure(cohort, answer, comparison.smooth));
      changeInto(
        comparisons,
        ...(comparison ? groupComparisonView(answer, comparison, cutAt, kinds) : []).filter((part) => part !== null)
      );
    };
    const atOnce = painted && (answer.n <= AT_ONCE || (quicklyCompared(answer) && !adjusted.asked()));
    painted = true;
    if (atOnce) {
      later.cancel();
      return compare();
    }
    // What belongs to the selection before must not stand beside the new curves.
    changeInto(results, table(), remarkList(said()));
    overTime.element.hidden = true;
    handedOut.hidden = true;
    adjusted.wait();
    comparisons.setAttribute("aria-busy", "true");
    changeInto(comparisons, element("p", {class: "note-line"}, "Comparing the groups …"));
    later.run(compare);
  };
  const followed = followSelection(published, root, openDatabase, show);
  const comparedWith = referenceChoice((reference) => followed.change({reference}));
  const adjusted = adjustedSection(published, () => followed.redraw());
  const panelChoice = factorChoice(published.study, () => followed.redraw(), "nothing: no panels");
  root.append(
    ...linkProblems(followed),
    selectionPanel(published, followed, () =>
      strataControls(published.study, followed.current(), followed.change, {offersCross: true})
    ),
    element(
      "div",
      {class: "findings"},
      status,
      unitOfAnalysis(published),
      frame.element,
      incidence.element,
      dragged.element,
      comparedWith.element,
      panelChoice.element,
      panels.element
    ),
    results,
    element("div", {class: "results"}, comparisons, handedOut, overTime.element, adjusted.element)
  );
  return root;
}
