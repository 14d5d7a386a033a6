import {scaleLinear} from "d3";
import type {Cohort} from "../../cohort/readCohort.js";
import type {Variable} from "../../cohort/description.js";
import {pearson} from "../../enrichment/correlation.js";
import type {Correlation} from "../../enrichment/correlation.js";
import type {PathwayResult} from "../../enrichment/publishedPathways.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {adjust} from "../../numeric/adjust.js";
import {csvText} from "../csv.js";
import {element, svgElement} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import type {Figure} from "../figureFrame.js";
import {formatCorrelation, formatNumber, genomicP} from "../formatting.js";
import {correlationScript} from "../rScript/expressionScripts.js";
import type {ScriptData} from "../rScript/scriptData.js";
import {placesOfPoints} from "../patientPoints.js";
import {byPatient, columnsOfGenes, setScores} from "./expressionData.js";
import type {ExpressionData} from "./expressionData.js";
import {setLabel} from "./pathwayDots.js";

const MOST = 20;

interface Cell extends Correlation {
  readonly set: string;
  readonly variable: Variable;
  readonly score: Float64Array;
  q: number;
}

/**
 * From image to gene: correlation of each set's score with signatures and risk score, and the patients behind each.
 *
 * @param who - the selection that the samples are of, in words
 */
export function correlationMap(
  cohort: Cohort,
  data: ExpressionData,
  sets: readonly GeneSet[],
  pathways: readonly PathwayResult[],
  who: string
): HTMLElement {
  const variables = cohort.study.variables.filter(({type, origin}) => type === "numeric" && origin !== "measured");
  if (variables.length === 0) return element("p", {}, "This study has no signature to correlate with.");
  const cells = correlations(cohort, data, sets, pathways.slice(0, MOST), variables);
  if (cells.length === 0) return element("p", {}, "No gene set was tested.");
  const frame = figureFrame("A gene set's score and a signature", `${cohort.study.id}-correlation`);
  const buttons: HTMLButtonElement[] = [];
  const show = (cell: Cell, button: HTMLButtonElement | null) => {
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    const found = sets.find(({name}) => name === cell.set)!;
    frame.show({
      ...scatterFigure(cohort, cell, who),
      script: {write: (file) => repeated(cohort, data, found, cell, file)}
    });
  };
  const rows = [...new Set(cells.map(({set}) => set))];
  const body = rows.map((set) =>
    element(
      "tr",
      {},
      element("th", {scope: "row"}, setLabel(set)),
      cells.filter((cell) => cell.set === set).map((cell) => element("td", {}, cellButton(cell, buttons, show)))
    )
  );
  const strongest = cells.reduce((best, cell) => (cell.p < best.p ? cell : best));
  show(strongest, buttons[cells.indexOf(strongest)]);
  return element(
    "div",
    {class: "pair"},
    element(
      "div",
      {},
      element(
        "div",
        {
          class: "table-room dense",
          tabindex: 0,
          role: "region",
          "aria-label": "Correlation of gene sets with signatures"
        },
        element(
          "table",
          {class: "correlations"},
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              ["Gene set", ...variables.map(({label}) => label)].map((text) => element("th", {scope: "col"}, text))
            )
          ),
          element("tbody", {}, body)
        )
      ),
      element(
        "p",
        {class: "note-line"},
        "Pearson's r of the set's score (z-scores of its genes, Lee 2008) over patients with gene expression. *: q < 0.05, Benjamini–Hochberg over the table. The darker, the stronger. Press a number for its patients."
      )
    ),
    frame.element
  );
}

function cellButton(cell: Cell, buttons: HTMLButtonElement[], show: (cell: Cell, button: HTMLButtonElement) => void) {
  const {r, p, q, n, set, variable} = cell;
  const text = `${formatCorrelation(r)}${q < 0.05 ? " *" : ""}`;
  const button = element(
    "button",
    {
      type: "button",
      class: "cell",
      "aria-pressed": "false",
      title: `${setLabel(set)}, ${variable.label}: n = ${n}, ${genomicP(p)}, ${genomicP(q, "q")}`,
      onclick: () => show(cell, button)
    },
    text
  );
  const share = Number.isNaN(r) ? 0 : Math.round(Math.abs(r) * 60);
  button.style.background = `color-mix(in srgb, var(--tone-${r > 0 ? "high" : "low"}) ${share}%, transparent)`;
  buttons.push(button);
  return button;
}

function correlations(
  cohort: Cohort,
  data: ExpressionData,
  sets: readonly GeneSet[],
  pathways: readonly PathwayResult[],
  variables: readonly Variable[]
): Cell[] {
  const genesOf = new Map(sets.map(({name, genes}) => [name, genes]));
  const cells = pathways.flatMap(({name}): Cell[] => {
    const score = byPatient(data, setScores(data, genesOf.get(name)!), cohort.n);
    return variables.map((variable) => {
      const column = cohort.variable(variable.id);
      const values = column.type === "numeric" ? column.values : new Float64Array(cohort.n).fill(NaN);
      return {set: name, variable, score, q: NaN, ...pearson(score, values)};
    });
  });
  const q = adjust(
    cells.map(({p}) => p),
    "BH"
  );
  cells.forEach((cell, c) => (cell.q = q[c]));
  return cells;
}

/** The score from the set's genes, and its correlation, in R. */
function repeated(cohort: Cohort, data: ExpressionData, {name, genes}: GeneSet, cell: Cell, file: ScriptData): string {
  const column = cohort.variable(cell.variable.id);
  const values = Float64Array.from(data.rows, (row) => (column.type === "numeric" ? column.values[row] : NaN));
  const samples = columnsOfGenes(data, genes);
  return correlationScript(cohort.study, {set: name, label: cell.variable.label, samples, values, found: cell}, file);
}

const MARGIN = {left: 48, right: 12, top: 26, bottom: 42};

function scatterFigure(cohort: Cohort, cell: Cell, who: string): Omit<Figure, "script"> {
  const {set, variable, score, r, lower, upper, p, q, n} = cell;
  const column = cohort.variable(variable.id);
  const values = column.type === "numeric" ? column.values : new Float64Array(cohort.n).fill(NaN);
  const points = Array.from(score.keys())
    .filter((row) => score[row] === score[row] && values[row] === values[row])
    .map((row) => ({patient: cohort.patient(row), x: values[row], y: score[row]}));
  const label = setLabel(set);
  return {
    draw: points.length > 0 ? (width) => scatter(points, variable.label, label, Math.min(width, 520), r) : null,
    csv: () =>
      csvText(
        ["patient", variable.id, "score"],
        points.map(({patient, x, y}) => [patient, x, y])
      ),
    caption: `Score of ${label} and ${variable.label}: r = ${formatCorrelation(r)} (95% CI ${formatCorrelation(lower)} to ${formatCorrelation(upper)}), ${genomicP(p)}, ${genomicP(q, "q")}; selection: ${who}; n = ${n}.`,
    note: "One point a patient. Interval by Fisher's transformation; line: least squares.",
    patients: (svg) =>
      placesOfPoints(
        Array.from(svg.querySelectorAll("circle"), (circle, k) => ({
          patient: points[k].patient,
          x: circle.cx.baseVal.value,
          y: circle.cy.baseVal.value,
          words: `${variable.label} ${formatNumber(points[k].x, 3)}, score ${formatNumber(points[k].y, 3)}`
        }))
      )
  };
}

function scatter(
  points: readonly {readonly x: number; readonly y: number}[],
  xLabel: string,
  yLabel: string,
  width: number,
  r: number
): SVGSVGElement {
  const height = Math.round(width * 0.7);
  const range = (of: (p: {x: number; y: number}) => number): [number, number] => [
    Math.min(...points.map(of)),
    Math.max(...points.map(of))
  ];
  const x = scaleLinear(
    range((p) => p.x),
    [MARGIN.left, width - MARGIN.right]
  ).nice();
  const y = scaleLinear(
    range((p) => p.y),
    [height - MARGIN.bottom, MARGIN.top]
  ).nice();
  const mean = (of: (p: {x: number; y: number}) => number) => points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const [mx, my] = [mean((p) => p.x), mean((p) => p.y)];
  const slope = mean((p) => (p.x - mx) * (p.y - my)) / mean((p) => (p.x - mx) ** 2);
  const [from, to] = range((p) => p.x);
  return svgElement(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `${yLabel} against ${xLabel} in ${points.length} patients, r ${formatCorrelation(r)}`,
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      fill: "var(--ink)"
    },
    svgElement("text", {x: 4, y: 14, "font-weight": 600}, `Score of ${yLabel}`),
    svgElement("text", {x: (MARGIN.left + width) / 2, y: height - 6, "text-anchor": "middle"}, xLabel),
    y
      .ticks(5)
      .flatMap((t) => [
        svgElement("line", {x1: MARGIN.left, x2: width - MARGIN.right, y1: y(t), y2: y(t), stroke: "var(--rule)"}),
        svgElement("text", {x: MARGIN.left - 6, y: y(t), dy: "0.32em", "text-anchor": "end"}, formatNumber(t))
      ]),
    x
      .ticks(5)
      .map((t) =>
        svgElement("text", {x: x(t), y: height - MARGIN.bottom + 17, "text-anchor": "middle"}, formatNumber(t))
      ),
    svgElement("line", {
      x1: x(from),
      x2: x(to),
      y1: y(my + slope * (from - mx)),
      y2: y(my + slope * (to - mx)),
      stroke: "var(--ink-soft)",
      "stroke-width": 1.5
    }),
    points.map((p) =>
      svgElement("circle", {cx: x(p.x), cy: y(p.y), r: 3.2, fill: "var(--tone-3)", "fill-opacity": 0.7})
    )
  );
}
