import type {StudyDescription, Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {endpointOf} from "../../cohort/selection.js";
import type {Selection} from "../../cohort/selection.js";
import {emptyFigure} from "../figureFrame.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatCount, formatP} from "../formatting.js";
import {markerScript} from "../rScript/markerScript.js";
import type {ScriptData} from "../rScript/scriptData.js";
import {forestCsv} from "../subgroups/forestPicture.js";
import type {ForestPicture} from "../subgroups/forestPicture.js";
import {forestPlot} from "../subgroups/forestPlot.js";
import {multiplesFigure} from "../subgroups/multiplesFigure.js";
import {loveCsv, lovePlot} from "./lovePlot.js";
import {markerByTreatmentPlot, markerCsv, markerHeader, markerPoints} from "./markerByTreatmentPlot.js";
import type {MarkerContext} from "./markerByTreatmentPlot.js";
import {scoredPatients} from "./scoredPatients.js";
import type {TreatmentAnswer, effectAlongRisk} from "./treatmentAnswer.js";
import {treatmentGroups} from "./treatmentGroups.js";
import type {WeightedTreatment} from "./weightedTreatment.js";

/** All treatments: hazard ratio in low and in high risk with the test of interaction. */
export function interactionFigure(study: StudyDescription, answer: TreatmentAnswer): Omit<Figure, "script"> {
  const {interactions, endpoint, selection, selected} = answer;
  const picture: ForestPicture = {
    title: `Hazard ratio of treated to untreated patients in low and high risk, ${endpoint.label}`,
    groups: ["Untreated", "Treated"],
    overall: null,
    blocks: interactions.map(({variable, overall, byRisk, interaction}) => ({
      title: variable.label,
      note: null,
      interaction,
      part: null,
      lines: [
        ...answer.risk.map(({label}, r) => ({key: `${variable.id}:${r}`, label, effect: byRisk[r], choose: null})),
        {key: `${variable.id}:all`, label: "All selected", effect: overall, choose: null}
      ]
    }))
  };
  return {
    draw: (width) => forestPlot(picture, width),
    csv: () => forestCsv(picture, endpoint),
    caption: `${picture.title}; selection: ${selectionWords(study, selection)}; ${counted(selected, "patient")} selected.`,
    note: "Cox regression (Efron), not adjusted; one likelihood-ratio test of treatment × risk group a treatment."
  };
}

/** The treatment's hazard ratio along the risk score. */
export function markerFigure(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  treatment: Variable,
  found: ReturnType<typeof effectAlongRisk>
): Figure {
  if ("reason" in found)
    return emptyFigure(`The effect along the risk score cannot be drawn: ${found.reason}`, markerHeader);
  const {value: curve, score} = found;
  const {study} = cohort;
  const {groups, code} = treatmentGroups(cohort, treatment);
  const column = cohort.variable(score.id);
  if (column.type !== "numeric") throw new TypeError(`${score.id} is not numeric.`);
  const context: MarkerContext = {
    treatment: treatment.label,
    groups: [groups[0].label, groups[1].label],
    scoreLabel: score.label,
    cut: study.riskModel?.cut.value ?? null,
    patients: scoredPatients(column.values, rows, code),
    patient: cohort.patient
  };
  const {interaction, linear, n, events, knots} = curve;
  return {
    draw: (width) => markerByTreatmentPlot(curve, context, width),
    csv: () => markerCsv(curve, endpointOf(study, selection)),
    patients: (svg) => markerPoints(curve, context, Number(svg.getAttribute("width"))),
    caption: `Hazard ratio of ${groups[1].label} to ${groups[0].label} along the ${score.label}; selection: ${selectionWords(study, selection)}; n = ${formatCount(n)}, ${counted(events, "event")}. Same effect at every score: ${formatP(interaction.p)} (likelihood ratio, ${interaction.df} df); as a straight line: ${formatP(linear.p)}.`,
    note: `Cox model (Efron) of treatment × restricted cubic spline of the score (${knots.length} knots), pointwise 95% band, between the 5% and 95% quantile of the score. Ticks under the axis are patients: ${groups[0].label} above, ${groups[1].label} below.`,
    script: {write: (data) => markerScript(cohort, {selection, rows, treatment, score}, curve, data)}
  };
}

export function balanceFigure(
  study: StudyDescription,
  {balance, weights, covariates, selection}: WeightedTreatment
): Omit<Figure, "script"> {
  return {
    draw: (width) => lovePlot(balance, width),
    csv: () => loveCsv(balance),
    caption: `Standardised mean differences before and after weighting; selection: ${selectionWords(study, selection)}; n = ${formatCount(weights.n)}.`,
    note: `Logistic regression of treatment on ${covariates.map(({label}) => label).join(", ")}; stabilised inverse-probability weights. Both differences are over the SD before weighting; the grey band is 0.1.`
  };
}

export function weightedFigure(
  cohort: Cohort,
  weighted: WeightedTreatment,
  write: (data: ScriptData) => string
): Figure {
  const [untreated, treated] = weighted.weighted.events;
  // Patients, as n is: of the curves the events are sums of weights.
  const figure = multiplesFigure(cohort, {...weighted.curves, events: untreated + treated}, "weighting", write);
  return {
    ...figure,
    caption: figure.caption.replace(" by weighting", ", weighted by the inverse probability of treatment"),
    note: `Weighted Kaplan–Meier estimates with pointwise 95% ${weighted.selection.interval} bands and a weighted hazard ratio, both with robust errors; counts are sums of weights, rounded.${weighted.selection.band === "pointwise" ? "" : " Weighted curves have no simultaneous band."}`
  };
}
