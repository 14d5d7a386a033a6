import * as Plot from "@observablehq/plot";
import type {StudyDescription, Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {formatCount, formatNumber} from "../formatting.js";
import {placeScript} from "../rScript/expressionScripts.js";
import {plotSvg} from "../plotSvg.js";

/** Where a value lies among the training patients, all patients of a study without a split. */
export interface CohortPlace {
  /** Values of those patients who have one, ascending. */
  readonly values: Float64Array;
  /** Whose they are, in words. */
  readonly of: string;
  /** Share of them below the value, ties counted half. */
  readonly percentile: number;
}

export function cohortPlace(cohort: Cohort, variable: string, value: number): CohortPlace {
  const column = cohort.variable(variable);
  const {split} = cohort.study;
  const sets = split ? cohort.variable(split.variable) : null;
  const isTraining = (row: number) =>
    sets?.type !== "categorical" || sets.levels[sets.codes[row]]?.value === split!.training;
  const all = column.type === "numeric" ? column.values : new Float64Array();
  const values = all.filter((v, row) => !Number.isNaN(v) && isTraining(row)).sort();
  let below = 0;
  for (const v of values) below += v < value ? 1 : v === value ? 0.5 : 0;
  return {values, of: split ? "training patients" : "patients", percentile: below / values.length};
}

/** "above 63% of the 269 training patients" */
export function placeWords({values, of, percentile}: CohortPlace): string {
  return `above ${Math.round(100 * percentile)}% of the ${formatCount(values.length)} ${of}`;
}

/** Histogram of the patients with the reader's value marked. */
export function placeFigure(
  study: StudyDescription,
  place: CohortPlace,
  {id, label, units}: Variable,
  value: number
): Figure {
  return {
    draw: place.values.length > 0 ? (width) => histogram(place, {label, units}, value, width) : null,
    csv: () =>
      csvText(
        ["whose", id],
        [["this image", value], ...Array.from(place.values, (v) => ["a patient of the cohort", v] as const)]
      ),
    caption: `${formatCount(place.values.length)} ${place.of}; the line is this image, ${formatNumber(value, 3)} ${units ?? ""}.`,
    note: "Signatures of training patients are by networks trained without the patient; this image's is by the whole network, as those of test patients are.",
    script: {write: (file) => placeScript(study, {...place, value, label}, file)}
  };
}

function histogram(
  place: CohortPlace,
  {label, units}: Pick<Variable, "label" | "units">,
  value: number,
  width: number
) {
  const {values} = place;
  const low = Math.min(value, values[0]);
  const high = Math.max(value, values[values.length - 1]);
  const bars = {fill: "var(--tone-4)", fillOpacity: 0.75} satisfies Plot.RectYOptions;
  return plotSvg({
    width,
    height: 200,
    marginLeft: 44,
    marginRight: 24,
    marginTop: 28,
    marginBottom: 40,
    ariaLabel: `Distribution of the ${label} with this image's ${formatNumber(value, 3)}, ${placeWords(place)}.`,
    x: {label: units ? `${label} (${units})` : label, domain: [low, high], nice: true, labelAnchor: "center"},
    y: {label: "Patients", ticks: 3, grid: true, nice: true},
    marks: [
      Plot.rectY(values, Plot.binX({y: "count"}, {x: Plot.identity, thresholds: 24, ...bars})),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      Plot.ruleX([value], {stroke: "var(--tone-high)", strokeWidth: 3}),
      Plot.text([value], {
        x: (v: number) => v,
        frameAnchor: "top",
        dy: -18,
        textAnchor: value > (low + high) / 2 ? "end" : "start",
        fill: "var(--ink)",
        fontWeight: 600,
        text: () => `this image ${formatNumber(value, 3)}`
      })
    ]
  });
}
