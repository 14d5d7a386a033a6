import type {StudyDescription} from "../../cohort/description.js";
import type {CandidateTerm, TermEffect} from "../../survival/candidateTerms.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {counted, formatInterval, formatP} from "../formatting.js";
import {plainTable} from "../plainTable.js";
import {remarkList} from "../remarkList.js";
import {coefficientName} from "./modelFacts.js";

/** Every candidate term alone and beside all the others, with tests of proportional hazards and linearity. */
export function candidateTable(study: StudyDescription, {candidates}: PublishedModels): HTMLElement {
  if (!candidates) return element("p", {}, "There is no candidate term to test: this study names no model.");
  const {terms, multivariable} = candidates;
  const label = (id: string) => study.variables.find((v) => v.id === id)!.label;
  const rows = terms.flatMap((term) => termRows(study, term));
  const sentences = [
    ...candidates.warnings,
    ...candidates.refusals.map((reason) => `Together the terms could not be fitted: ${reason}`),
    ...terms.flatMap(({term, refusals}) => refusals.map((reason) => `${label(term)}: ${reason}`)),
    ...(multivariable && multivariable.events < 10 * multivariable.coefficients
      ? [
          `The multivariable model has ${multivariable.events} events for ${multivariable.coefficients} coefficients; under ten each they are unstable.`
        ]
      : [])
  ];
  return element(
    "div",
    {},
    plainTable(
      "Candidate terms",
      ["Term", "Alone: HR (95% CI)", "p (LR)", "PH test", "Linear?", "Together: HR (95% CI)", "p (LR)", "PH test"],
      rows
    ),
    element(
      "p",
      {class: "note-line"},
      `Training patients only${multivariable ? `; together: ${counted(multivariable.n, "patient")}, ${counted(multivariable.events, "event")}, ${multivariable.coefficients} coefficients` : ""}. p (LR): likelihood-ratio test of the whole term. PH test: score test of proportional hazards (cox.zph). Linear?: likelihood-ratio test of a restricted cubic spline with 4 knots against the straight line; a small p speaks against the line. Tables like this describe; the models' terms were named beforehand in study.json.`
    ),
    remarkList(sentences)
  );
}

function termRows(study: StudyDescription, {term, univariable, multivariable, nonLinear}: CandidateTerm): string[][] {
  const shape = univariable ?? multivariable;
  if (!shape) return [[study.variables.find((v) => v.id === term)!.label, "–", "–", "–", "–", "–", "–", "–"]];
  return shape.coefficients.map(({level}, j) => {
    const first = j === 0;
    return [
      coefficientName(study, term, level),
      ratio(univariable, j),
      first && univariable ? formatP(univariable.likelihoodRatio.p) : "",
      first && univariable ? formatP(univariable.proportionalHazards.p) : "",
      first && nonLinear ? formatP(nonLinear.p) : "",
      ratio(multivariable, j),
      first && multivariable ? formatP(multivariable.likelihoodRatio.p) : "",
      first && multivariable ? formatP(multivariable.proportionalHazards.p) : ""
    ];
  });
}

function ratio(effect: TermEffect | null, j: number): string {
  if (!effect) return "–";
  const {hazardRatio, lower, upper} = effect.coefficients[j];
  return formatInterval(hazardRatio, lower, upper).replace("95% CI ", "");
}
