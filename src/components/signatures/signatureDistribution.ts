import * as Plot from "@observablehq/plot";
import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {groupedScript} from "../rScript/expressionScripts.js";
import type {PatientPlaces} from "../patientPoints.js";
import {plotSvg} from "../plotSvg.js";
import type {PlotSvg} from "../plotSvg.js";
import {counted, formatCount, formatNumber} from "../formatting.js";

interface Value {
  readonly patient: string;
  readonly set: string;
  readonly value: number;
}

/** Histogram of a numeric variable among the rows of a mask, one row a set of the split, with its median. */
export function signatureDistribution(cohort: Cohort, variable: Variable, rows: Uint8Array): Figure {
  const values = valuesBySet(cohort, variable, rows);
  const sets = setsInOrder(cohort, values);
  const missing = rows.reduce((sum, row) => sum + row, 0) - values.length;
  const left = missing > 0 ? ` ${counted(missing, "patient")} without it left out.` : "";
  return {
    draw: values.length > 0 ? (width) => histogram(values, sets, variable, width) : null,
    csv: () =>
      csvText(
        ["patient", "set", variable.id],
        values.map(({patient, set, value}) => [patient, set, value])
      ),
    caption: `n = ${formatCount(values.length)}.${left}`,
    note: "Histograms with the median of each set as a line.",
    patients: (svg) => pointsOf(values, svg as PlotSvg),
    script:
      values.length > 0
        ? {
            write: (file) =>
              groupedScript(
                cohort.study,
                {
                  patient: values.map(({patient}) => patient),
                  group: values.map(({set}) => set),
                  value: Float64Array.from(values, ({value}) => value),
                  order: sets,
                  label: variable.label
                },
                mediansOf(values, sets),
                file
              )
          }
        : {none: "no patient has a value."}
  };
}

function valuesBySet(cohort: Cohort, variable: Variable, rows: Uint8Array): Value[] {
  const column = cohort.variable(variable.id);
  if (column.type !== "numeric") return [];
  const {split} = cohort.study;
  const sets = split ? cohort.variable(split.variable) : null;
  const setOf = (row: number) => {
    if (sets?.type !== "categorical") return "All patients";
    return sets.codes[row] < 0 ? "In neither set" : sets.levels[sets.codes[row]].label;
  };
  return Array.from(column.values, (value, row) => ({patient: "", set: setOf(row), value, row}))
    .filter(({value, row}) => rows[row] === 1 && !Number.isNaN(value))
    .map(({row, set, value}) => ({patient: cohort.patient(row), set, value}));
}

/** As the study lists them, those of neither set last. */
function setsInOrder({study, variable}: Cohort, values: readonly Value[]): string[] {
  const column = study.split ? variable(study.split.variable) : null;
  const listed = column?.type === "categorical" ? column.levels.map(({label}) => label) : [];
  const found = new Set(values.map(({set}) => set));
  return [...listed.filter((set) => found.has(set)), ...[...found].filter((set) => !listed.includes(set))];
}

function mediansOf(values: readonly Value[], sets: readonly string[]) {
  return sets.map((set) => {
    const own = ascendingValues(values.filter((v) => v.set === set).map(({value}) => value));
    return {group: set, median: sampleQuantile(own, 0.5), n: own.length};
  });
}

/** A patient stands at the value, as high as the bars of the set. */
function pointsOf(values: readonly Value[], plot: PlotSvg): PatientPlaces {
  const [x, fy] = [plot.scale("x")!, plot.scale("fy")!];
  const half = fy.bandwidth! / 2;
  return {
    x: Float32Array.from(values, ({value}) => x.apply(value) as number),
    y: Float32Array.from(values, ({set}) => (fy.apply(set) as number) + half),
    tall: half,
    patient: (k) => values[k].patient,
    words: (k) => `${values[k].set}, ${formatNumber(values[k].value, 3)}`
  };
}

function histogram(values: readonly Value[], sets: readonly string[], {label, units}: Variable, width: number) {
  const medians = mediansOf(values, sets);
  const words = medians.map(({group: set, median, n}) => `${set}: n ${n}, median ${formatNumber(median)}`).join("; ");
  const bars = {fy: "set", fill: "var(--tone-4)", fillOpacity: 0.75} satisfies Plot.RectYOptions;
  return plotSvg({
    width,
    height: 90 * sets.length + 50,
    marginLeft: 44,
    marginRight: 90,
    marginBottom: 40,
    ariaLabel: `Distribution of ${label}. ${words}.`,
    x: {label: units ? `${label} (${units})` : label, nice: true, labelAnchor: "center"},
    y: {label: "Patients", ticks: 3, grid: true, nice: true},
    fy: {label: null, domain: sets},
    marks: [
      Plot.rectY(values, Plot.binX({y: "count"}, {x: "value", thresholds: 24, ...bars})),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      Plot.ruleX(medians, {x: "median", fy: "group", stroke: "var(--ink)", strokeWidth: 2}),
      Plot.text(medians, {
        x: "median",
        fy: "group",
        frameAnchor: "top",
        textAnchor: "start",
        dx: 5,
        dy: 2,
        fill: "var(--ink)",
        stroke: "var(--paper)",
        strokeWidth: 4,
        text: (d: {median: number}) => `median ${formatNumber(d.median, 3)}`
      })
    ]
  });
}
