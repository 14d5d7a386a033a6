import * as Plot from "@observablehq/plot";
import type {Cohort} from "../../cohort/readCohort.js";
import {philox} from "../../numeric/random.js";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {formatNumber} from "../formatting.js";
import {toneOf} from "../palette.js";
import {groupedScript} from "../rScript/expressionScripts.js";
import {placesOfPoints} from "../patientPoints.js";
import type {PatientPlaces} from "../patientPoints.js";
import {plotSvg} from "../plotSvg.js";
import type {PlotSvg} from "../plotSvg.js";
import {drawnExpression, expressionUnits} from "./expressionData.js";
import type {ExpressionData} from "./expressionData.js";

interface Sample {
  readonly patient: string;
  readonly group: string;
  readonly value: number;
  readonly jitter: number;
}

/**
 * Expression of a gene in each patient, by group, with the medians.
 *
 * @param by - id of a categorical variable; null: all patients together
 * @param who - the selection that the samples are of, in words
 */
export function geneFigure(cohort: Cohort, data: ExpressionData, gene: string, by: string | null, who: string): Figure {
  const groups = cohort.study.variables.find(({id, type}) => id === by && type === "categorical");
  const column = groups ? cohort.variable(groups.id) : null;
  const values = drawnExpression(data, gene);
  const {uniform} = philox(1);
  const samples = data.rows.map((row, s): Sample => {
    const code = column?.type === "categorical" ? column.codes[row] : -1;
    const group =
      column?.type === "categorical" && code >= 0 ? column.levels[code].label : column ? "Unknown" : "All patients";
    return {patient: cohort.patient(row), group, value: values[s], jitter: uniform() - 0.5};
  });
  const units = expressionUnits(data.kind);
  const order = column?.type === "categorical" ? column.levels.map(({label}) => label) : [];
  const medians = mediansOf(samples, order);
  return {
    draw: samples.length > 0 ? (width) => drawn(samples, medians, gene, units, width) : null,
    csv: () =>
      csvText(
        ["patient", "group", "expression"],
        samples.map(({patient, group, value}) => [patient, group, value])
      ),
    caption: `${gene}, ${units}; selection: ${who}; n = ${samples.length} with gene expression.`,
    note: "One point a patient, its place across the column random; lines: medians.",
    patients: (svg) => pointsOf(samples, svg as PlotSvg),
    script:
      samples.length > 0
        ? {
            write: (file) =>
              groupedScript(
                cohort.study,
                {
                  patient: samples.map(({patient}) => patient),
                  group: samples.map(({group}) => group),
                  value: Float64Array.from(samples, ({value}) => value),
                  order: medians.map(({group}) => group),
                  label: `${gene}, ${units}`
                },
                medians,
                file
              )
          }
        : {none: "no patient has gene expression."}
  };
}

interface GroupMedian {
  readonly group: string;
  readonly median: number;
  readonly n: number;
}

/** @param order - labels of the groups, in the order of the variable's levels; others come last */
function mediansOf(samples: readonly Sample[], order: readonly string[]): GroupMedian[] {
  const present = new Set(samples.map(({group}) => group));
  const groups = [...new Set([...order, ...present])].filter((group) => present.has(group));
  return groups.map((group) => {
    const own = ascendingValues(samples.filter((s) => s.group === group).map(({value}) => value));
    return {group, median: sampleQuantile(own, 0.5), n: own.length};
  });
}

function pointsOf(samples: readonly Sample[], plot: PlotSvg): PatientPlaces {
  const [fx, x, y] = (["fx", "x", "y"] as const).map((name) => plot.scale(name)!);
  const points = samples.map(({patient, group, value, jitter}) => ({
    patient,
    // Each column has the scale of the first place across.
    x: (fx.apply(group) as number) - ([...fx.range!][0] as number) + (x.apply(jitter) as number),
    y: y.apply(value) as number,
    words: `${group}, ${formatNumber(value, 3)}`
  }));
  return placesOfPoints(points);
}

function drawn(
  samples: readonly Sample[],
  medians: readonly GroupMedian[],
  gene: string,
  units: string,
  width: number
): SVGSVGElement {
  const groups = medians.map(({group}) => group);
  const tone = (group: string) =>
    group.startsWith("High") ? toneOf("high") : group.startsWith("Low") ? toneOf("low") : "var(--tone-4)";
  const crowded = groups.join("").length * 8 > width - 60;
  return plotSvg({
    width: Math.min(width, 460),
    height: 280,
    marginLeft: 48,
    marginTop: 28,
    marginBottom: crowded ? 48 : 34,
    ariaLabel: `${gene}: ${medians.map(({group, median, n}) => `${group}, ${n} patients, median ${formatNumber(median, 3)}`).join("; ")}.`,
    fx: {
      domain: groups,
      label: null,
      axis: "bottom",
      tickFormat: (group: string) => (crowded ? group.replaceAll(" ", "\n") : group)
    },
    x: {domain: [-1, 1], axis: null},
    y: {label: `${gene}, ${units}`, labelArrow: "none", nice: true},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickSize: 0, fontWeight: 400}),
      Plot.dot(samples as Sample[], {
        fx: "group",
        x: "jitter",
        y: "value",
        r: 3,
        fill: (d: Sample) => tone(d.group),
        fillOpacity: 0.65
      }),
      Plot.ruleY(medians, {fx: "group", y: "median", x1: -0.8, x2: 0.8, stroke: "var(--ink)", strokeWidth: 2})
    ]
  });
}
