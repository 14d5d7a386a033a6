import * as Plot from "@observablehq/plot";
import {max, min, scaleLinear} from "d3";
import type {Variable} from "../../cohort/description.js";
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
    const variable = study.variables.find((v) => v.id === id)!;
    const {label} = variable;
    const column = cohort.variable(id);
    if (column.type !== "numeric") return [];
    const form = attempt(refusals, () => functionalForm({surv, rows, terms: {[id]: column.values}, variable: id}));
    if (!form) return [];
    const frame = figureFrame(`Shape of ${label}`, `${study.id}-shape-${id}`);
    frame.show({
      ...figureOf(form, variable, trainingValues(cohort, rows, column.values)),
      script: {write: (data) => functionalFormScript(cohort, endpoint, form, rows, data)}
    });
    return [frame.element];
  });
  return element("div", {}, element("div", {class: "multiples"}, figures), remarkList([...new Set(refusals)]));
}

/** A patient's own value, a tick in the rug. */
interface PatientsValue {
  /** Id; asked for where a patient is picked, since a large cohort's ids take long to read. */
  readonly patient: () => string;
  readonly value: number;
}

function trainingValues(cohort: Cohort, rows: Uint8Array, values: ArrayLike<number>): PatientsValue[] {
  const known = Array.from(rows.keys()).filter((i) => rows[i] === 1 && !Number.isNaN(values[i]));
  return known.map((i) => ({patient: () => cohort.patient(i), value: values[i]}));
}

function figureOf(
  form: FunctionalForm,
  {label, units}: Variable,
  values: readonly PatientsValue[]
): Omit<Figure, "script"> {
  const {curve, nonLinear, n, events} = form;
  const name = units ? `${label}, ${units}` : label;
  return {
    draw: (width) => drawn(form, name, values, width),
    patients: (svg) => {
      const {x, rug} = scalesOf(form, values, Number(svg.getAttribute("width")));
      return {
        x: Float32Array.from(values, ({value}) => x(value)),
        y: new Float32Array(values.length).fill((rug.from + rug.to) / 2),
        patient: (k) => values[k].patient(),
        words: (k) => `${label} ${formatNumber(values[k].value)}${units ? ` ${units}` : ""}`
      };
    },
    csv: () =>
      csvText(
        ["x", "log_hazard_ratio", "lower", "upper"],
        Array.from(curve.x, (x, i) => [x, curve.logHazardRatio[i], curve.lower[i], curve.upper[i]])
      ),
    caption: `Training patients, n = ${n}, ${counted(events, "event")}. Spline against straight line: ${formatP(nonLinear.p)}.`,
    note: `Log hazard ratio against the median, ${formatNumber(form.reference)}, by a restricted cubic spline with ${form.knots.length} knots and 95% CI; dashed: the straight line. Ticks on the axis are patients.`
  };
}

const WIDEST = 380;
const HEIGHT = 260;
const MARGIN = {left: 44, right: 20, top: 28, bottom: 44};

/** Places of the drawing in its own pixels; the rug lies on the axis. */
function scalesOf({curve}: FunctionalForm, values: readonly PatientsValue[], width: number) {
  const all = [...curve.x, ...values.map(({value}) => value)];
  const x = scaleLinear([min(all)!, max(all)!], [MARGIN.left, Math.min(width, WIDEST) - MARGIN.right]);
  const extent = [...curve.lower, ...curve.upper];
  const heights = [Math.max(-4, min(extent)!), Math.min(4, max(extent)!)];
  const y = scaleLinear(heights, [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const bottom = y.range()[0];
  return {x, y, rug: {from: bottom, to: bottom - 6}};
}

function drawn(form: FunctionalForm, label: string, values: readonly PatientsValue[], width: number): SVGSVGElement {
  const {curve, linearCoef, reference, nonLinear} = form;
  const {x, y, rug} = scalesOf(form, values, width);
  const points = Array.from(curve.x, (x, i) => ({
    x,
    y: curve.logHazardRatio[i],
    lower: curve.lower[i],
    upper: curve.upper[i]
  }));
  return plotSvg({
    width: Math.min(width, WIDEST),
    height: HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    ariaLabel: `Log hazard ratio over ${label}; test of linearity ${formatP(nonLinear.p)}.`,
    x: {label: null, domain: x.domain()},
    y: {label: null, domain: y.domain()},
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
        x: "value",
        y1: y.invert(rug.from),
        y2: y.invert(rug.to),
        stroke: "var(--ink-soft)",
        strokeOpacity: 0.4
      })
    ]
  });
}
