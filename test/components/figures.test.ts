import fc from "fast-check";
import type {VNode} from "preact";
import {beforeAll, describe, expect, it} from "vitest";
import type {StudyDescription, Variable} from "../../src/cohort/description.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import type {Selection} from "../../src/cohort/selection.js";
import {inTimeUnit} from "../../src/cohort/timeUnit.js";
import {competingAnswer} from "../../src/components/competingAnswer.js";
import type {Figure} from "../../src/components/figureFrame.js";
import {incidenceFigure} from "../../src/components/incidenceChart.js";
import {facetsScript} from "../../src/components/rScript/facetsScript.js";
import {scriptData} from "../../src/components/rScript/scriptData.js";
import {facetedCurves} from "../../src/components/subgroups/facetedCurves.js";
import {multiplesFigure} from "../../src/components/subgroups/multiplesFigure.js";
import {comparedGroups, factorLevels, subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {subgroupFigure} from "../../src/components/subgroups/subgroupForest.js";
import {survivalAnswer, survOf} from "../../src/components/survivalAnswer.js";
import {survivalFigure} from "../../src/components/survivalFigure.js";
import {panelFactors, panelsFigure, survivalPanels} from "../../src/components/survivalPanels.js";
import {effectAlongRisk, treatmentAnswer, treatmentCurves} from "../../src/components/treatment/treatmentAnswer.js";
import {
  balanceFigure,
  interactionFigure,
  markerFigure,
  weightedFigure
} from "../../src/components/treatment/treatmentFigures.js";
import {treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {possibleCovariates, weightedTreatment} from "../../src/components/treatment/weightedTreatment.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {awkwardCohort} from "./awkwardCohort.js";
import {mgusStudy} from "./mgusStudy.js";
import {pbcCohort} from "./pbcCohort.js";
import {rotterdamCohort} from "./rotterdamCohort.js";
import {selectionOf} from "./studySelections.js";

interface Asked {
  readonly cohort: Cohort;
  readonly selection: Selection;
  readonly rows: Uint8Array;
  /** Weighted by; and what makes panels. */
  readonly chosen: readonly Variable[];
  readonly panels: Variable;
}

type Drawn = Omit<Figure, "script"> & Partial<Pick<Figure, "script">>;

function survivalFigures({cohort, selection, rows, panels}: Asked): Drawn[] {
  const answer = survivalAnswer(cohort, selection, rows);
  const competing = competingAnswer(cohort, rows, answer);
  const figure = competing ? incidenceFigure(cohort, answer, competing) : survivalFigure(cohort, selection, answer);
  const factor = panelFactors(cohort, answer).find((variable) => variable === panels);
  return factor ? [figure, panelsFigure(cohort, rows, survivalPanels(cohort, rows, answer, factor))] : [figure];
}

function subgroupFigures({cohort, selection, rows, panels}: Asked): Drawn[] {
  const answer = subgroupAnswer(cohort, selection, rows);
  const forest = subgroupFigure(cohort.study, answer, "sorted", () => {});
  const compared = comparedGroups(cohort, selection, rows);
  if ("refusal" in compared) return [forest];
  const {coded: levels} = factorLevels(cohort, selection, rows, panels);
  const patients = {surv: survOf(cohort, selection.endpoint), rows};
  const curves = facetedCurves(patients, answer.endpoint, selection, compared, levels);
  const script = (data: ReturnType<typeof scriptData>) => facetsScript(cohort, curves, rows, {compared, levels}, data);
  return [forest, multiplesFigure(cohort, curves, panels.label, script)];
}

function treatmentFigures({cohort, selection, rows, chosen}: Asked): Drawn[] {
  const {study} = cohort;
  const question = treatmentQuestion(study);
  if ("refusal" in question) return [];
  const {risk, treatments} = question;
  const answer = treatmentAnswer(cohort, selection, rows, question);
  return [
    interactionFigure(study, answer),
    ...treatments.flatMap((treatment) => {
      const {byRisk, byTreatment} = treatmentCurves(cohort, selection, rows, treatment, risk);
      const along = effectAlongRisk(cohort, selection, rows, treatment);
      const covariates = possibleCovariates(study).filter((variable) => chosen.includes(variable));
      const weighted = weightedTreatment(cohort, selection, rows, {treatment, risk, covariates});
      return [
        ...[byRisk, byTreatment].map((curves) => multiplesFigure(cohort, curves, "panel", () => "")),
        markerFigure(cohort, selection, rows, treatment, along),
        ...("value" in weighted
          ? [balanceFigure(study, weighted.value), weightedFigure(cohort, weighted.value, () => "")]
          : [])
      ];
    })
  ];
}

/** Texts and attributes of a drawing, each with where it is. */
function* written(node: unknown, path = "svg"): Generator<string> {
  if (node === null || node === undefined || typeof node === "boolean") return;
  if (Array.isArray(node)) for (const one of node) yield* written(one, path);
  else if (typeof node !== "object") yield `text in ${path}: ${String(node as string | number)}`;
  else {
    const {type, props} = node as VNode<Record<string, unknown>>;
    for (const [name, value] of Object.entries(props))
      if (name === "children") yield* written(value, `${path} ${String(type)}`);
      else if (typeof value !== "function") yield `${path} ${String(type)} ${name}: ${String(value)}`;
  }
}

/** What no reader should see, and no browser can draw. */
const BROKEN = /NaN|undefined|Infinity|\[object|^text .*\d\.\d{7}/;

function expectSound({caption, note, csv, draw, script}: Drawn): void {
  for (const text of [caption, note]) expect(text).not.toMatch(BROKEN);
  expect(caption.length).toBeGreaterThan(0);
  expect(csv()).not.toMatch(/undefined|\[object/);
  for (const width of [340, 860]) {
    const drawing = draw?.(width);
    if (drawing) for (const text of written(drawing)) if (BROKEN.test(text)) expect(text).not.toMatch(BROKEN);
  }
  if (script && "write" in script) expect(script.write(scriptData("figure"))).not.toMatch(/undefined|\[object/);
}

let competing: {readonly cohort: Cohort; readonly study: StudyDescription};
beforeAll(async () => {
  competing = await mgusStudy();
});

describe("the figures of any selection", () => {
  it.each([
    ["lung", () => lungCohort()],
    ["pbc", () => pbcCohort()],
    ["mgus", () => competing],
    ["rotterdam", () => rotterdamCohort()],
    ["awkward", () => awkwardCohort()]
  ])("can be drawn, and say nothing of code: %s", (_, open) => {
    const {cohort: published, study} = open();
    const {variables} = study;
    const asked = fc.tuple(selectionOf(study), fc.subarray([...variables]), fc.constantFrom(...variables));
    fc.assert(
      fc.property(asked, ([drawn, chosen, panels]) => {
        const rows = rowMask(published, drawn);
        const {cohort, selection} = inTimeUnit(published, drawn);
        const of = {cohort, selection, rows, chosen, panels};
        for (const figures of [survivalFigures, subgroupFigures, treatmentFigures]) figures(of).forEach(expectSound);
      }),
      {numRuns: 100}
    );
  });
});
