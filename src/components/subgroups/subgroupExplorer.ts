import type {StudyDescription, Variable} from "../../cohort/description.js";
import type {CohortDatabase} from "../../cohort/duckdb.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {withFilter} from "../../cohort/selection.js";
import type {Filter, Selection} from "../../cohort/selection.js";
import {inTimeUnit} from "../../cohort/timeUnit.js";
import {changeInto} from "../changeInto.js";
import {element, setText} from "../element.js";
import {exclusionRemarks} from "../exclusionRemarks.js";
import {factorChoice} from "../factorChoice.js";
import {emptyFigure, figureFrame} from "../figureFrame.js";
import {followSelection} from "../followSelection.js";
import {counted, formatInterval} from "../formatting.js";
import {readOption, writeOption} from "../pageOptions.js";
import {remarkList} from "../remarkList.js";
import {linkProblems, selectionPanel} from "../selectionPanel.js";
import {strataControls} from "../strataControls.js";
import {survOf} from "../survivalAnswer.js";
import {facetsScript} from "../rScript/facetsScript.js";
import {forestScript} from "../rScript/forestScript.js";
import type {ScriptData} from "../rScript/scriptData.js";
import {unitOfAnalysis} from "../unitOfAnalysis.js";
import {facetedCurves} from "./facetedCurves.js";
import {multiplesFigure, multiplesHeader} from "./multiplesFigure.js";
import {factorLevels, factorsOf, subgroupAnswer} from "./subgroupAnswer.js";
import type {SubgroupAnswer} from "./subgroupAnswer.js";
import {multiplicityRemarks, subgroupFigure} from "./subgroupForest.js";
import type {ForestOrder} from "./subgroupForest.js";

/** Does the difference between two groups hold everywhere? Forest plot and small multiples of the reader's selection. */
export function subgroupExplorer(
  published: Cohort,
  {openDatabase}: {readonly openDatabase: () => Promise<CohortDatabase>}
): HTMLElement {
  const {study} = published;
  const root = element("div", {class: "explorer"});
  const status = element("p", {class: "status", role: "status"});
  const remarks = element("div", {});
  const forest = figureFrame("Subgroups", `${study.id}-subgroups`);
  const panels = figureFrame("Curves by subgroup", `${study.id}-subgroup-curves`);
  let order: ForestOrder = readOption("order") === "sorted" ? "sorted" : "grouped";

  const show = (asked: Selection, rows: Uint8Array, by: string) => {
    const {cohort, selection} = inTimeUnit(published, asked);
    const {study} = cohort;
    const answer = subgroupAnswer(cohort, selection, rows);
    const {compared} = answer;
    const figure = subgroupFigure(study, answer, order, (filters) => followed.choose({filters}));
    forest.show({
      ...figure,
      note: `${figure.note} Rows selected by ${by}.`,
      script: compared
        ? {write: (data) => forestScript(cohort, answer, compared, rows, data)}
        : {none: "there are no two groups to compare."}
    });
    setText(status, answer.refusal ?? overallWords(answer));
    changeInto(
      remarks,
      remarkList([
        ...exclusionRemarks(cohort, selection),
        ...multiplicityRemarks(answer),
        ...missingRemarks(cohort, answer, rows)
      ])
    );
    sets.show(asked);
    panelChoice.offer(factorsOf(study, selection));
    showPanels(cohort, selection, rows, answer, panelChoice.chosen(), panels);
  };
  const followed = followSelection(published, root, openDatabase, show);
  const sets = setChoice(study, (filter) => {
    const {filters} = withFilter(followed.current(), study.split!.variable, filter);
    followed.choose({filters});
  });
  const panelChoice = factorChoice(study, () => followed.redraw());
  const orders = orderChoice(order, (next) => {
    order = next;
    followed.redraw();
  });

  const controls = () =>
    element("div", {class: "panel-controls"}, sets.element, strataControls(study, followed.current(), followed.change));
  root.append(
    ...linkProblems(followed),
    selectionPanel(published, followed, controls),
    element(
      "div",
      {class: "findings"},
      status,
      unitOfAnalysis(published),
      orders,
      forest.element,
      remarks,
      element("h2", {}, "The curves in each subgroup"),
      panelChoice.element,
      panels.element
    )
  );
  return root;
}

function overallWords({overall, compared}: SubgroupAnswer): string {
  if (!overall || !compared) return "";
  const {n, events, hazardRatio, lower, upper, reason} = overall;
  const found = `${counted(n[0] + n[1], "patient")}, ${counted(events[0] + events[1], "event")}`;
  const [first, second] = compared.groups.map(({label}) => label);
  return `${found}. ${second} against ${first}: ${reason ?? `HR ${formatInterval(hazardRatio, lower, upper)}.`}`;
}

function missingRemarks(cohort: Cohort, {endpoint, selected, overall}: SubgroupAnswer, rows: Uint8Array): string[] {
  if (!overall) return [];
  const {time} = cohort.followUp(endpoint.id);
  let unfollowed = 0;
  for (let i = 0; i < rows.length; i++) if (time[i] !== time[i]) unfollowed += rows[i];
  const ungrouped = selected - unfollowed - overall.n[0] - overall.n[1];
  return [
    // Of a defined endpoint `exclusionRemarks` says more.
    ...(unfollowed > 0 && !endpoint.definition
      ? [`${counted(unfollowed, "selected patient")} without follow-up left out.`]
      : []),
    ...(ungrouped > 0 ? [`${counted(ungrouped, "selected patient")} without a group left out.`] : [])
  ];
}

function showPanels(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  {compared, endpoint}: SubgroupAnswer,
  factor: Variable | null,
  frame: ReturnType<typeof figureFrame>
): void {
  if (!compared || !factor)
    return frame.show(emptyFigure(`${endpoint.label}: two groups and a factor are needed.`, multiplesHeader));
  const {coded} = factorLevels(cohort, selection, rows, factor);
  const patients = {surv: survOf(cohort, selection.endpoint), rows};
  const curves = facetedCurves(patients, endpoint, selection, compared, coded);
  const script = (data: ScriptData) => facetsScript(cohort, curves, rows, {compared, levels: coded}, data);
  frame.show(multiplesFigure(cohort, curves, factor.label, script));
}

/** Training, test or all: a filter on the split, within reach. The buttons stay in place while they are used. */
function setChoice({split, variables}: StudyDescription, choose: (filter: Filter | null) => void) {
  if (!split) return {element: null, show: () => {}};
  const variable = variables.find(({id}) => id === split.variable)!;
  const label = (value: string) => variable.levels?.find((level) => level.value === value)?.label ?? value;
  const radio = (value: string) => {
    const input = element("input", {
      type: "radio",
      name: "set",
      value,
      onchange: () => {
        choose(value === "" ? null : {variable: split.variable, levels: [value]});
        // The panel was filled anew around it.
        input.focus();
      }
    });
    return input;
  };
  const buttons = ["", split.training, split.test].map((value) => ({value, input: radio(value)}));
  return {
    element: element(
      "fieldset",
      {class: "inner"},
      element("legend", {}, variable.label),
      buttons.map(({value, input}) =>
        element("label", {class: "choice"}, input, value === "" ? "All patients" : label(value))
      )
    ),
    show: ({filters}: Selection) => {
      const present = filters.find((filter) => filter.variable === split.variable);
      const levels = present && "levels" in present ? present.levels : [];
      const now = !present ? "" : levels.length === 1 ? levels[0] : null;
      for (const {value, input} of buttons) input.checked = value === now;
    }
  };
}

function orderChoice(order: ForestOrder, change: (order: ForestOrder) => void): HTMLElement {
  const select = element(
    "select",
    {
      name: "order",
      onchange: () => {
        const next = select.value as ForestOrder;
        writeOption("order", next === "grouped" ? null : next);
        change(next);
      }
    },
    element("option", {value: "grouped", selected: order === "grouped"}, "by factor"),
    element("option", {value: "sorted", selected: order === "sorted"}, "by hazard ratio, largest first")
  );
  return element("p", {class: "option"}, element("label", {}, "Order of the lines ", select));
}
