import * as Plot from "@observablehq/plot";
import type {Cohort} from "../../cohort/readCohort.js";
import {attempt} from "../../survival/attempt.js";
import {functionalForm} from "../../survival/functionalForm.js";
import type {FunctionalForm} from "../../survival/functionalForm.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {csvText} from "../csv.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatNumber, formatP} from "../formatting.js";
import {functionalFormScript} from "../rScript/functionalFormScript.js";
import {remarkList} from "../remarkList.js";
import {plotSvg} from "../plotSvg.js";
import {survOf} from "../survivalAnswer.js";
import {patientSets} from "./patientSets.js";

/** The shape of every numeric term's effect, alone, on training patients: straight line against spline. */
export function functionalFormFigures(cohort: Cohort, {models}: PublishedModels): HTMLElement {
  const {study} = cohort;
  const numeric = [
    ...new Set(models.flatMap(({terms}) => terms.filter(({kind}) => kind === "linear").map((t) => t.variable)))
  ];
  const sets = patientSets(cohort);
  const {rows} = sets.find(({id}) => id === "training") ?? sets[0];
  const endpoint = study.endpoints.find(({id}) => id === models[0].endpoint)!;
  const surv = survOf(cohort, models[0].endpoint);
  const refusals: string[] = [];
  const figures = numeric.flatMap((id) => {
    const {label, units} = study.variables.find((v) => v.id === id)!;
    const column = cohort.variable(id);
    if (column.type !== "numeric") return [];
    const form = attempt(refusals, () => functionalForm({surv, rows, terms: {[id]: column.values}, variable: id}));
    if (!form) return [];
    const frame = figureFrame(`Shape of ${label}`, `${study.id}-shape-${id}`);
    frame.show({
      ...figureOf(
        form,
        units ? `${label}, ${units}` : label,
        Float64Array.from(column.values.filter((_, i) => rows[i] === 1))
      ),
      script: {write: (data) => functionalFormScript(cohort, endpoint, form, rows, data)}
    });
    return [frame.element];
  });
  return element("div", {}, element("div", {class: "multiples"}, figures), remarkList([...new Set(refusals)]));
}

function figureOf(form: FunctionalForm, label: string, values: Float64Array): Omit<Figure, "script"> {
  const {curve, nonLinear, n, events} = form;
  return {
    draw: (width) => drawn(form, label, values, width),
    csv: () =>
      csvText(
        ["x", "log_hazard_ratio", "lower", "upper"],
        Array.from(curve.x, (x, i) => [x, curve.logHazardRatio[i], curve.lower[i], curve.upper[i]])
      ),
    caption: `Training patients, n = ${n}, ${counted(events, "event")}. Spline against straight line: ${formatP(nonLinear.p)}.`,
    note: `Log hazard ratio against the median, ${formatNumber(form.reference)}, by a restricted cubic spline with ${form.knots.length} knots and 95% CI; dashed: the straight line.`
  };
}

function drawn(form: FunctionalForm, label: string, values: Float64Array, width: number): SVGSVGElement {
  const {curve, linearCoef, reference, nonLinear} = form;
  const points = Array.from(curve.x, (x, i) => ({
    x,
    y: curve.logHazardRatio[i],
    lower: curve.lower[i],
    upper: curve.upper[i]
  }));
  const extent = points.flatMap(({lower, upper}) => [lower, upper]);
  const domain = [Math.max(-4, Math.min(...extent)), Math.min(4, Math.max(...extent))];
  return plotSvg({
    width: Math.min(width, 380),
    height: 260,
    marginLeft: 44,
    marginTop: 28,
    marginBottom: 44,
    ariaLabel: `Log hazard ratio over ${label}; test of linearity ${formatP(nonLinear.p)}.`,
    x: {label: null},
    y: {label: null, domain, nice: true},
    marks: [
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisY({ticks: 5, tickSize: 0}),
      Plot.axisX({ticks: 5, tickSize: 4}),
      Plot.text(["Log hazard ratio"], {frameAnchor: "top-left", dx: -40, dy: -24, fontWeight: 600}),
      Plot.text([label], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      Plot.areaY(points, {x: "x", y1: "lower", y2: "upper", fill: "var(--tone-0)", fillOpacity: 0.16, clip: true}),
      Plot.lineY(points, {
        x: "x",
        y: (d: {x: number}) => linearCoef * (d.x - reference),
        stroke: "var(--ink-soft)",
        strokeDasharray: "4,3",
        clip: true
      }),
      Plot.lineY(points, {x: "x", y: "y", stroke: "var(--tone-0)", strokeWidth: 2, clip: true}),
      Plot.ruleX(values, {
        x: (v: number) => v,
        y1: domain[0],
        y2: domain[0] + (domain[1] - domain[0]) * 0.03,
        stroke: "var(--ink-soft)",
        strokeOpacity: 0.4
      })
    ]
  });
}
