import type {Variable} from "../../cohort/description.js";
import type {CohortDatabase} from "../../cohort/duckdb.js";
import type {Cohort} from "../../cohort/readCohort.js";
import type {Selection} from "../../cohort/selection.js";
import {inTimeUnit} from "../../cohort/timeUnit.js";
import {afterChanges} from "../afterChanges.js";
import {changeInto} from "../changeInto.js";
import {element, setText} from "../element.js";
import {exclusionRemarks} from "../exclusionRemarks.js";
import {emptyFigure, figureFrame} from "../figureFrame.js";
import {followSelection} from "../followSelection.js";
import {columnP, counted} from "../formatting.js";
import {readOption, writeOption} from "../pageOptions.js";
import {remarkList} from "../remarkList.js";
import {linkProblems, selectionPanel} from "../selectionPanel.js";
import {facetsScript} from "../rScript/facetsScript.js";
import type {FacetsAsked} from "../rScript/facetsScript.js";
import {interactionScript} from "../rScript/interactionScript.js";
import type {ScriptData} from "../rScript/scriptData.js";
import {weightsScript} from "../rScript/weightsScript.js";
import type {FacetedCurves} from "../subgroups/facetedCurves.js";
import {multiplesFigure, multiplesHeader} from "../subgroups/multiplesFigure.js";
import {unitOfAnalysis} from "../unitOfAnalysis.js";
import {interactionHeadline, interactionTable, weightedTable} from "./interactionTable.js";
import {effectAlongRisk, treatmentAnswer, treatmentCurves} from "./treatmentAnswer.js";
import type {TreatmentAnswer, TreatmentsAndRisk} from "./treatmentAnswer.js";
import {loveHeader} from "./lovePlot.js";
import {treatmentCautions} from "./treatmentCautions.js";
import {covariateControls, treatmentControls} from "./treatmentControls.js";
import {balanceFigure, interactionFigure, markerFigure, weightedFigure} from "./treatmentFigures.js";
import {riskGroups, treatmentGroups, treatmentQuestion} from "./treatmentGroups.js";
import {possibleCovariates, usualCovariates, weightedTreatment} from "./weightedTreatment.js";

/** In larger cohorts what takes long is computed after the rest. */
const AT_ONCE = 5000;

type Open = () => Promise<CohortDatabase>;

/** Who benefits from what? Interaction of treatment and risk first; a study that cannot be asked says so. */
export function treatmentExplorer(cohort: Cohort, {openDatabase}: {readonly openDatabase: Open}): HTMLElement {
  const question = treatmentQuestion(cohort.study);
  if ("refusal" in question) return element("p", {class: "missing"}, question.refusal);
  return explorer(cohort, question, openDatabase);
}

function explorer(published: Cohort, question: TreatmentsAndRisk, openDatabase: Open): HTMLElement {
  const {study} = published;
  const {treatments, risk} = question;
  const root = element("div", {class: "explorer"});
  const parts = findings(study.id);
  let treatment = treatments.find(({id}) => id === readOption("treatment")) ?? treatments[0];
  let covariates = readCovariates(study);
  const later = afterChanges("painted");

  const show = (asked: Selection, rows: Uint8Array, by: string) => {
    const {cohort, selection} = inTimeUnit(published, asked);
    const {study} = cohort;
    const answer = treatmentAnswer(cohort, selection, rows, question);
    const one = answer.interactions.find(({variable}) => variable === treatment)!;
    const curves = treatmentCurves(cohort, selection, rows, treatment, risk);
    const events = one.overall.events[0] + one.overall.events[1];
    setText(parts.status, `${counted(one.overall.n[0] + one.overall.n[1], "patient")}, ${counted(events, "event")}.`);
    changeInto(parts.headline, interactionHeadline(answer, one));
    const figure = interactionFigure(study, answer);
    parts.interaction.show({
      ...figure,
      note: `${figure.note} Rows selected by ${by}.`,
      script:
        answer.selected > 0
          ? {write: (data) => interactionScript(cohort, answer, risk, rows, data)}
          : {none: "nobody is selected."}
    });
    changeInto(parts.table, interactionTable(answer, treatment.id));
    const [treated, high] = [treatmentGroups(cohort, treatment), riskGroups(cohort, risk)];
    const multiples = (shown: FacetedCurves, by: string, groups: FacetsAsked) =>
      multiplesFigure(cohort, shown, by, (data) => facetsScript(cohort, shown, rows, groups, data));
    parts.byRisk.show(multiples(curves.byRisk, "risk group", {compared: treated, levels: high}));
    parts.byTreatment.show(multiples(curves.byTreatment, treatment.label, {compared: high, levels: treated}));
    const rest = () => showRest(parts, cohort, selection, rows, {answer, one, risk, treatment, covariates});
    if (rows.length <= AT_ONCE) {
      later.cancel();
      return rest();
    }
    for (const frame of [parts.marker, parts.balance, parts.weighted]) frame.wait();
    // Out of sight but in their place, so that nothing below them jumps.
    for (const part of [parts.cautions, parts.weightedTable]) part.classList.add("awaited");
    later.run(rest);
  };
  const followed = followSelection(published, root, openDatabase, show);
  const asked = () =>
    treatmentControls(study, followed.current(), treatments, treatment, {
      treatment: (next) => {
        treatment = next;
        writeOption("treatment", next === treatments[0] ? null : next.id);
        followed.redraw();
      },
      change: followed.change
    });
  const balanced = () =>
    covariateControls(study, covariates, (next) => {
      covariates = next;
      writeOption("covariates", next.map(({id}) => id).join(","));
      followed.redraw();
    });
  root.append(
    ...linkProblems(followed),
    selectionPanel(published, followed, () => element("div", {class: "panel-controls"}, asked(), balanced())),
    element("div", {class: "findings"}, unitOfAnalysis(published), ...parts.elements)
  );
  return root;
}

interface Asked {
  readonly answer: TreatmentAnswer;
  readonly one: TreatmentAnswer["interactions"][number];
  readonly risk: Variable;
  readonly treatment: Variable;
  readonly covariates: readonly Variable[];
}

/** The effect along the risk score and the weighted comparison, with the cautions that need them. */
function showRest(
  parts: ReturnType<typeof findings>,
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  {answer, one, risk, treatment, covariates}: Asked
): void {
  const {study} = cohort;
  for (const part of [parts.cautions, parts.weightedTable]) part.classList.remove("awaited");
  const weighted = weightedTreatment(cohort, selection, rows, {treatment, risk, covariates});
  const along = effectAlongRisk(cohort, selection, rows, treatment);
  changeInto(
    parts.cautions,
    remarkList([
      ...exclusionRemarks(cohort, selection),
      ...treatmentCautions(answer, one, weighted),
      ...testsMade(answer)
    ])
  );
  parts.marker.show(markerFigure(cohort, selection, rows, treatment, along));
  if ("value" in weighted) {
    const write = (data: ScriptData) => weightsScript(cohort, weighted.value, rows, {treatment, risk}, data);
    parts.balance.show({...balanceFigure(study, weighted.value), script: {write}});
    parts.weighted.show(weightedFigure(cohort, weighted.value, write));
    changeInto(parts.weightedTable, weightedTable(weighted.value, one, answer.risk));
  } else {
    parts.balance.show(emptyFigure(weighted.reason, loveHeader));
    parts.weighted.show(emptyFigure(weighted.reason, multiplesHeader));
    parts.weightedTable.replaceChildren();
  }
}

/** Those the address names, or the usual ones. */
function readCovariates(study: Cohort["study"]): readonly Variable[] {
  const named = readOption("covariates")?.split(",");
  return named ? possibleCovariates(study).filter(({id}) => named.includes(id)) : usualCovariates(study);
}

function testsMade({tests, interactions}: TreatmentAnswer): string[] {
  if (tests < 2) return [];
  const smallest = interactions
    .filter(({interaction}) => interaction)
    .reduce((least, one) => (one.interaction!.p < least.interaction!.p ? one : least));
  return [
    `${counted(tests, "treatment")} were tested for interaction; the smallest p, of ${smallest.variable.label}, is ${columnP(smallest.interaction!.p)} and ${columnP(smallest.adjustedP)} when adjusted for that (Holm). A large p does not show that the effect is the same.`
  ];
}

/** The page's figures in their order, empty at first. */
function findings(study: string) {
  const status = element("p", {class: "status", role: "status"});
  const [headline, cautions, table, weightedRows] = Array.from({length: 4}, () => element("div", {}));
  const interaction = figureFrame("Treatment by risk", `${study}-treatment-by-risk`);
  const marker = figureFrame("Effect along the risk score", `${study}-marker-by-treatment`);
  const byRisk = figureFrame("Treated and untreated within each risk group", `${study}-treated-by-risk`);
  const byTreatment = figureFrame("High and low risk, untreated and treated", `${study}-risk-by-treatment`);
  const balance = figureFrame("Balance of covariates", `${study}-balance`);
  const weighted = figureFrame("Weighted curves", `${study}-weighted-curves`);
  const heading = (text: string) => element("h2", {}, text);
  return {
    status,
    headline,
    cautions,
    table,
    weightedTable: weightedRows,
    interaction,
    marker,
    byRisk,
    byTreatment,
    balance,
    weighted,
    elements: [
      headline,
      status,
      interaction.element,
      cautions,
      table,
      heading("How the effect changes with risk"),
      marker.element,
      heading("Treated and untreated within each risk group"),
      byRisk.element,
      heading("High and low risk within untreated and treated"),
      byTreatment.element,
      heading("Weighted for who was treated"),
      weightedRows,
      balance.element,
      weighted.element
    ]
  };
}
