import type {StudyDescription, Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {baselineHazardAt} from "../../survival/coxPrediction.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {csvText} from "../csv.js";
import {element} from "../element.js";
import {download} from "../exportFigure.js";
import {downloadScript} from "../figureFrame.js";
import {formatInterval, formatNumber, formatP, perYear} from "../formatting.js";
import {remarkList} from "../remarkList.js";
import {plainTable} from "../plainTable.js";
import {fittedOn, horizonsOf, typicalPatient} from "./nomogramExplorer.js";
import {modelScript} from "../rScript/modelScript.js";

/** Everything needed to compute a prediction by hand: coefficients, baseline survival, the formula, and files of them. */
export function modelFacts(cohort: Cohort, model: PublishedModel): HTMLElement {
  const {study} = cohort;
  const {unit} = study.endpoints.find(({id}) => id === model.endpoint)!;
  const years = horizonsOf(study, model);
  const baseline = years.map((year) => Math.exp(-baselineHazardAt(model.prediction, year * perYear[unit])));
  return element(
    "section",
    {class: "model-facts"},
    element("h3", {}, model.label),
    element("p", {}, `Cox regression (Efron), ${fittedOn(model)}. ${testSentence(model)}`),
    remarkList(model.warnings),
    plainTable(
      `Coefficients of ${model.label}`,
      ["Term", "Coefficient", "SE", "HR (95% CI)", "p", "Proportional hazards"],
      model.coefficients.map((c, j) => [
        coefficientName(study, c.variable, c.level),
        formatNumber(c.coef, 6),
        formatNumber(c.standardError, 4),
        formatInterval(c.hazardRatio, c.lower, c.upper).replace("95% CI ", ""),
        formatP(c.p),
        j === model.coefficients.findIndex(({variable}) => variable === c.variable) ? zphOf(model, c.variable) : ""
      ])
    ),
    element("p", {class: "equation"}, equation(study, model, years, baseline)),
    element("p", {class: "downloads"}, downloads(cohort, model, years))
  );
}

export function coefficientName(study: StudyDescription, id: string, level: string | null): string {
  const variable = study.variables.find((v) => v.id === id)!;
  const name = variable.units ? `${variable.label}, ${variable.units}` : variable.label;
  if (level === null) return name;
  return `${name}: ${levelLabel(variable, level)}`;
}

function levelLabel({levels}: Variable, level: string): string {
  return levels?.find(({value}) => value === level)?.label ?? level;
}

function testSentence({likelihoodRatio: {statistic, df, p}, proportionalHazards}: PublishedModel): string {
  const global = proportionalHazards.find(({term}) => term === null)!;
  return `Likelihood ratio χ² = ${formatNumber(statistic)} on ${df} df, ${formatP(p)}; proportional hazards (cox.zph, all terms together) ${formatP(global.p)}.`;
}

function zphOf({proportionalHazards}: PublishedModel, variable: string): string {
  const row = proportionalHazards.find(({term}) => term === variable);
  return row ? formatP(row.p) : "–";
}

/** S(t) = S₀(t)^exp(η), with all numbers in full. */
function equation(
  study: StudyDescription,
  model: PublishedModel,
  years: readonly number[],
  baseline: readonly number[]
) {
  const sum = model.coefficients.map(({variable, level, coef}, j) => {
    const name = coefficientName(study, variable, level).replace(/, [^:]*$/, "");
    const sign = coef < 0 ? " − " : j > 0 ? " + " : "";
    const term = level === null ? name : `[${name}]`;
    return `${sign}${formatNumber(Math.abs(coef), 8)} × ${term}`;
  });
  const horizons = years.map((year, h) => `S₀(${year} y) = ${formatNumber(baseline[h], 8)}`);
  return `S(t) = S₀(t)^exp(η), where η = ${sum.join("")} and ${horizons.join(", ")}. A term in square brackets is 1 if it holds, else 0; S₀ is the survival of a patient for whom η = 0.`;
}

function downloads(cohort: Cohort, model: PublishedModel, years: readonly number[]): HTMLElement[] {
  const name = `${cohort.study.id}-${model.id}-model`;
  const button = (kind: string, act: () => void) =>
    element("button", {type: "button", "aria-label": `Download ${kind}: ${model.label}`, onclick: act}, kind);
  return [
    button("JSON", () => download(JSON.stringify(model, null, 2), `${name}.json`, "application/json")),
    button("CSV", () => download(coefficientsCsv(model), `${name}.csv`, "text/csv")),
    button(
      "R script",
      () =>
        void downloadScript(
          {
            title: model.label,
            caption: `Cox regression (Efron), ${fittedOn(model)}.`,
            note: "The patient has the median of every number and the reference of every factor.",
            script: {write: (data) => modelScript(cohort, model, typicalPatient(cohort, model), years, data)}
          },
          name
        )
    )
  ];
}

function coefficientsCsv({coefficients, prediction}: PublishedModel): string {
  const [{time}] = prediction.baselines;
  return [
    csvText(
      ["coefficient", "variable", "level", "coef", "standard_error", "z", "p", "hazard_ratio", "lower", "upper"],
      coefficients.map((c) => [
        c.name,
        c.variable,
        c.level,
        c.coef,
        c.standardError,
        c.z,
        c.p,
        c.hazardRatio,
        c.lower,
        c.upper
      ])
    ),
    csvText(
      ["time", "baseline_survival"],
      time.map((t) => [t, Math.exp(-baselineHazardAt(prediction, t))])
    )
  ].join("\r\n");
}
