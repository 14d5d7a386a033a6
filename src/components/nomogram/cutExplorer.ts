import type {Endpoint, RiskModelDescription} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {csvText} from "../csv.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {counted, formatCount, formatNumber, formatP} from "../formatting.js";
import {cutScript} from "../rScript/cutScript.js";
import type {CutQuestion} from "../rScript/cutScript.js";
import type {FigureScript} from "../rScript/rScript.js";
import {cutAnswer} from "./cutAnswer.js";
import type {CutAnswer} from "./cutAnswer.js";
import {cutCurves, sentenceOf} from "./cutCurves.js";
import type {CutCurves} from "./cutCurves.js";
import {cutHistogram} from "./cutHistogram.js";
import type {CutHistogram} from "./cutHistogram.js";
import {patientSets} from "./patientSets.js";

/**
 * The risk score's histogram with its cut, and what low and high risk are at the cut chosen.
 *
 * Moving the cut is exploratory: the frozen cut stays marked, and nothing else on the site changes.
 *
 * @param selected - mask of the patients shown; null for all
 * @param begin - cut shown first; null for the frozen one
 * @param onCut - told of the cut shown
 */
export function cutExplorer(
  cohort: Cohort,
  model: RiskModelDescription,
  selected: Uint8Array | null,
  begin: number | null,
  onCut: (cut: number) => void
): HTMLElement {
  const {study} = cohort;
  const endpoint = study.endpoints.find(({id}) => id === model.endpoint)!;
  const variable = study.variables.find(({id}) => id === "risk_score")!;
  const column = cohort.variable("risk_score");
  if (column.type !== "numeric") throw new Error("The risk score is no number.");
  const score = column.values;
  const frozen = model.cut.value;
  const sets = patientSets(cohort, selected);
  let cut = begin ?? frozen;
  let histogram: CutHistogram | null = null;
  const curves: (CutCurves | null)[] = sets.map(() => null);
  const root = element("div", {class: "cut-explorer"});
  const status = element("p", {class: "status", role: "status"});
  const reset = element("button", {type: "button", onclick: () => move(frozen)}, "Back to the frozen cut");
  const histogramFrame = figureFrame("Risk score", `${study.id}-risk-score`);
  const frames = sets.map(({id, label}) => figureFrame(`${label} at this cut`, `${study.id}-cut-${id}`));
  const answerOf = (s: number) => cutAnswer(cohort, model.endpoint, score, sets[s], cut);

  const paint = () => {
    histogram?.update(cut);
    const answers = sets.map((_, s) => answerOf(s));
    answers.forEach((answer, s) => curves[s]?.update(answer));
    status.textContent = statusLine(cut, frozen, answers);
    reset.hidden = cut === frozen;
    root.dataset.cut = String(cut);
    onCut(cut);
  };
  let asked = false;
  const move = (next: number) => {
    cut = next;
    if (asked) return;
    asked = true;
    // However many pointer events a frame has, it is painted once, for the last of them.
    requestAnimationFrame(() => {
      asked = false;
      paint();
    });
  };
  const shown = selected ?? new Uint8Array(cohort.n).fill(1);
  const scoredRows = Array.from(score.keys()).filter((i) => shown[i] === 1 && !Number.isNaN(score[i]));
  const scored = Float64Array.from(scoredRows, (i) => score[i]);
  const {p} = model.cut;
  const script = (rows: Uint8Array, more: () => Partial<CutQuestion>): FigureScript => ({
    write: (data) => cutScript(cohort, {endpoint, variable, cut, best: null, ...more()}, rows, data)
  });
  histogramFrame.show({
    draw:
      scored.length > 0
        ? (width) => (histogram = cutHistogram(scored, "Risk score (log hazard)", frozen, cut, width, move)).svg
        : null,
    csv: () =>
      csvText(
        ["patient", "risk_score"],
        scoredRows.map((i) => [cohort.patient(i), score[i]])
      ),
    caption: `${selected ? "Selected: " : "All "}${counted(scored.length, "patient")} with a score; ${ruleWords(model)}`,
    note: "Dashed: the frozen cut. Drag the line, or focus its knob and use the arrow keys.",
    script: script(shown, () => (p === null ? {} : {best: {cut: frozen, p}, searched: patientSets(cohort)[0].rows}))
  });
  sets.forEach((set, s) => {
    const {time, event} = cohort.followUp(model.endpoint);
    const known = Array.from(score.keys()).filter((i) => set.rows[i] === 1 && !Number.isNaN(score[i] + time[i]));
    const end = known.reduce((most, i) => Math.max(most, time[i]), 0);
    const events = known.reduce((sum, i) => sum + event[i], 0);
    frames[s].show({
      draw: end > 0 ? (width) => (curves[s] = cutCurves(endpoint, end, width, answerOf(s))).svg : null,
      csv: () => cutCsv(answerOf(s), endpoint),
      caption: `${set.label}, ${endpoint.label}; n = ${formatCount(known.length)}, ${counted(events, "event")}, parted at the line of the histogram.`,
      note: "Kaplan–Meier with 95% CI on the log-log scale; high risk is a score above the cut.",
      script: script(set.rows, () => ({said: [sentenceOf(answerOf(s))]}))
    });
  });
  root.append(
    histogramFrame.element,
    status,
    reset,
    element(
      "div",
      {class: "pair"},
      frames.map((frame) => frame.element)
    )
  );
  paint();
  return root;
}

function statusLine(cut: number, frozen: number, answers: readonly CutAnswer[]): string {
  const sets = answers.map(
    (answer) => `${answer.set.label}: ${answer.low?.n ?? 0} low, ${answer.high?.n ?? 0} high; ${sentenceOf(answer)}.`
  );
  const which =
    cut === frozen
      ? `Cut ${formatNumber(cut, 3)}, the frozen one.`
      : `Cut ${formatNumber(cut, 3)}, exploratory: it was chosen while looking at these curves, so its p-values are too small. The frozen cut is ${formatNumber(frozen, 3)}.`;
  return `${which} ${sets.join(" ")}`;
}

function ruleWords({cut: {rule, value, learnedOn, p, spread}}: RiskModelDescription): string {
  if (rule === "fixed") return `the cut ${formatNumber(value)} is fixed by study.json.`;
  if (rule === "median") return `the cut ${formatNumber(value)} is the median of ${learnedOn}.`;
  const [low, , , , high] = spread!.quantiles;
  return `the cut ${formatNumber(value)} is the maximally selected one of ${learnedOn} (${formatP(p!)}, adjusted for the cuts looked at); over ${spread!.resamples} bootstrap resamples it lies between ${formatNumber(low)} and ${formatNumber(high)} (95%).`;
}

function cutCsv({low, high, cut}: CutAnswer, {unit}: Endpoint): string {
  const rows = (
    [
      ["low", low],
      ["high", high]
    ] as const
  ).flatMap(([group, curve]) =>
    curve
      ? Array.from(curve.time, (t, i) => [
          group,
          cut,
          t,
          curve.atRisk[i],
          curve.events[i],
          curve.censored[i],
          curve.survival[i],
          curve.lower[i],
          curve.upper[i]
        ])
      : []
  );
  return csvText(["risk", "cut", `time_${unit}`, "at_risk", "events", "censored", "survival", "lower", "upper"], rows);
}
