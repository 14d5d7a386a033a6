import * as Plot from "@observablehq/plot";
import {svgElement} from "../element.js";
import type {TrainingLog} from "../../cohort/trainingLog.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatNumber} from "../formatting.js";
import {plotSvg} from "../plotSvg.js";

/** One point of a curve. */
interface Point {
  readonly panel: string;
  /** "1", "2", … an inner fold; "all": all folds together. */
  readonly fold: string;
  readonly at: number;
  readonly value: number;
}

const PRETEXT = "Pretext stage: mean squared error";
const LOSS = "DeepSurvLoss";
const CONCORDANCE = "C, patients trained on";
const SCORE = "Score of the patients left out";

/** Curves of the training run: loss and C of every inner fold, the score that stopped it, and the pretext stage. */
export function trainingCurves(log: TrainingLog): Figure {
  const points = curvePoints(log);
  const {folds, chosenEpoch, foldScores} = log;
  const panels = [PRETEXT, LOSS, CONCORDANCE, SCORE].filter((panel) => points.some((point) => point.panel === panel));
  return {
    draw: points.length > 0 ? (width) => drawn(points, panels, log, width) : null,
    csv: () => csvText(["curve", "fold", "step_or_epoch", "value"], points.map(({panel, fold, at, value}) => [panel, fold, at, value])), // prettier-ignore
    caption: `${counted(folds.length, "inner fold")}, ${counted(Math.max(0, foldScores.length - 1), "epoch")}; ${chosenEpoch === 0 ? "no epoch of DeepSurvLoss did better than the Cox head alone, so none was kept" : `${counted(chosenEpoch, "epoch")} kept`}.`,
    note: `Score: what the left-out patients add to the log partial likelihood, summed over folds; the highest (${formatNumber(foldScores[chosenEpoch])}, marked) stops the training. Epoch 0 is the network after the pretext stage under a ridge Cox head. Pretext error: 1 means nothing is known; every tenth step.`,
    script: {none: "the training run wrote these numbers; they are in the CSV."}
  };
}

/** The curves of a log as points. */
export function curvePoints({pretextLosses, folds, foldScores}: TrainingLog): Point[] {
  return [
    ...pretextLosses.map((value, k) => ({panel: PRETEXT, fold: "all", at: 10 * (k + 1), value})),
    ...folds.flatMap((epochs, fold) =>
      epochs.flatMap(({epoch, loss, concordance}) => [
        ...(loss === null ? [] : [{panel: LOSS, fold: String(fold + 1), at: epoch, value: loss}]),
        {panel: CONCORDANCE, fold: String(fold + 1), at: epoch, value: concordance}
      ])
    ),
    ...foldScores.map((value, epoch) => ({panel: SCORE, fold: "all", at: epoch, value}))
  ];
}

function drawn(points: readonly Point[], panels: readonly string[], log: TrainingLog, width: number): SVGSVGElement {
  const columns = width >= 620 ? 2 : 1;
  const side = Math.floor((width - 20 * (columns - 1)) / columns);
  const tall = 190;
  const rows = Math.ceil(panels.length / columns);
  const words = panels.map((panel) => panelWords(points.filter((p) => p.panel === panel), panel)).join("; "); // prettier-ignore
  return svgElement(
    "svg",
    {
      width,
      height: rows * tall,
      viewBox: `0 0 ${width} ${rows * tall}`,
      role: "img",
      "aria-label": `Training of the ${log.model.modality.toUpperCase()} network. ${words}.`
    },
    panels.map((panel, k) => {
      const plot = panelPlot(points.filter((p) => p.panel === panel), panel, log.chosenEpoch, side, tall - 12); // prettier-ignore
      plot.setAttribute("x", String((k % columns) * (side + 20)));
      plot.setAttribute("y", String(Math.floor(k / columns) * tall));
      return plot;
    })
  );
}

function panelWords(points: readonly Point[], panel: string): string {
  const last = Math.max(...points.map(({at}) => at));
  const first = Math.min(...points.map(({at}) => at));
  const mean = (at: number) => {
    const values = points.filter((point) => point.at === at).map(({value}) => value);
    return formatNumber(values.reduce((sum, value) => sum + value, 0) / values.length, 4);
  };
  return `${panel} from ${mean(first)} to ${mean(last)}`;
}

function panelPlot(points: readonly Point[], panel: string, chosen: number, width: number, height: number) {
  const pretext = panel === PRETEXT;
  const means = [...new Set(points.map(({at}) => at))].map((at) => {
    const values = points.filter((point) => point.at === at).map(({value}) => value);
    return {at, value: values.reduce((sum, value) => sum + value, 0) / values.length};
  });
  const epochs = [...new Set(points.map(({at}) => at))];
  const faint = {x: "at", y: "value", z: "fold", stroke: "var(--tone-4)", strokeOpacity: 0.6} as const;
  return plotSvg({
    width,
    height,
    marginLeft: 56,
    marginTop: 30,
    marginBottom: 38,
    x: pretext
      ? {label: "Step", labelAnchor: "center"}
      : {label: "Epoch", labelAnchor: "center", ticks: epochs, tickFormat: "d"},
    y: {label: null, nice: true, grid: true, ticks: 5},
    marks: [
      Plot.text([panel], {frameAnchor: "top-left", dx: -52, dy: -24, fontWeight: 600, fill: "var(--ink)"}),
      pretext || panel === SCORE ? null : Plot.line(points, faint),
      Plot.line(means, {x: "at", y: "value", stroke: "var(--tone-3)", strokeWidth: pretext ? 1.2 : 2}),
      pretext ? null : Plot.dot(means, {x: "at", y: "value", fill: "var(--tone-3)", r: 3}),
      panel === SCORE
        ? Plot.dot(
            means.filter(({at}) => at === chosen),
            {x: "at", y: "value", r: 8, stroke: "var(--tone-3)", strokeWidth: 2}
          )
        : null
    ]
  });
}
