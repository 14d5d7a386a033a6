import {interpolateGreys, interpolateRdBu} from "d3";
import type {Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {dot} from "../../numeric/dot.js";
import {averageLinkage} from "../../numeric/hierarchicalClustering.js";
import {csvText} from "../csv.js";
import {svgElement} from "../element.js";
import type {Figure} from "../figureFrame.js";
import {formatNumber} from "../formatting.js";
import {REACH as REACH_OF_POINTER} from "../patientPoints.js";
import {placesOfPoints} from "../patientPoints.js";
import type {PatientPlaces} from "../patientPoints.js";
import {heatMapScript} from "../rScript/expressionScripts.js";
import {columnsOfGenes, drawnExpression, expressionUnits} from "./expressionData.js";
import type {ExpressionData} from "./expressionData.js";

/** Values beyond so many standard deviations have the colour of the end. */
const REACH = 2.5;
const MOST = 50;
const ROW = 14;
const TRACK = 12;
const LEFT = 84;
/** Where the strips begin. */
const STRIPS = 22;

/** One strip above the map: what a patient has of a variable. */
interface Track {
  readonly label: string;
  readonly colour: (row: number) => string;
  readonly words: (row: number) => string;
}

/** z-scores of genes in patients, in the order they are drawn. */
export interface HeatMap {
  readonly genes: readonly string[];
  /** By column: row of the cohort. */
  readonly rows: readonly number[];
  /** genes × columns. */
  readonly z: Float64Array;
}

/**
 * Standardises genes over the patients and puts similar ones side by side: genes by average linkage on 1 − r, patients by
 * average linkage on Euclidean distance, or by a value.
 *
 * @param by - by row of the cohort, to put patients in its order; null to cluster them
 */
export function heatMap(data: ExpressionData, genes: readonly string[], by: ArrayLike<number> | null): HeatMap {
  const n = data.rows.length;
  const rows = genes.flatMap((gene) => {
    const z = standardised(drawnExpression(data, gene));
    return z ? [{gene, z}] : [];
  });
  const geneOrder = averageLinkage(
    distances(rows.length, (a, b) => 1 - dot(rows[a].z, rows[b].z) / (n - 1)),
    rows.length
  ).order;
  const columns = by
    ? inOrder(Array.from(data.rows, (row) => by[row]))
    : averageLinkage(
        distances(n, (a, b) => Math.sqrt(rows.reduce((sum, {z}) => sum + (z[a] - z[b]) ** 2, 0))),
        n
      ).order;
  const z = new Float64Array(rows.length * n);
  geneOrder.forEach((g, r) => columns.forEach((s, c) => (z[r * n + c] = rows[g].z[s])));
  return {
    genes: Array.from(geneOrder, (g) => rows[g].gene),
    rows: Array.from(columns, (s) => data.rows[s]),
    z
  };
}

/** Places of values, ascending; those without a value come last. */
function inOrder(values: readonly number[]): number[] {
  const last = (v: number) => (Number.isNaN(v) ? Infinity : v);
  return Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [last(values[a]), last(values[b])];
    return x === y ? a - b : x - y;
  });
}

function standardised(values: Float64Array): Float64Array | null {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1));
  return sd > 0 ? values.map((v) => (v - mean) / sd) : null;
}

function distances(n: number, of: (a: number, b: number) => number): Float64Array {
  const distance = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) distance[a * n + b] = distance[b * n + a] = of(a, b);
  return distance;
}

/**
 * The leading edge of a set over the patients, under strips of the risk score, the risk group and the first strata.
 *
 * @param options - `who`: the selection that the samples are of, in words
 */
export function heatMapFigure(
  cohort: Cohort,
  data: ExpressionData,
  genes: readonly string[],
  {byScore, who, onGene}: {readonly byScore: boolean; readonly who: string; readonly onGene: (gene: string) => void}
): Figure {
  const {study} = cohort;
  const score = study.variables.find(({origin, type}) => origin === "risk" && type === "numeric");
  const scores = score && cohort.variable(score.id);
  const by = byScore && scores?.type === "numeric" ? scores.values : null;
  const shown = genes.slice(0, MOST);
  const map = heatMap(data, shown, by);
  const staged = study.strata.map((id) => study.variables.find((v) => v.id === id)!).filter(({ordered}) => ordered);
  const groups = study.variables.find(({origin, type}) => origin === "risk" && type === "categorical");
  const tracks = [score, groups, ...staged.slice(0, 2)].flatMap((v) => (v ? [trackOf(cohort, v)] : []));
  const units = expressionUnits(data.kind);
  return {
    draw: map.genes.length > 0 ? (width) => drawn(cohort, map, tracks, width, onGene) : null,
    csv: () =>
      csvText(
        ["gene", ...map.rows.map((row) => cohort.patient(row))],
        map.genes.map((gene, g) => [gene, ...map.z.subarray(g * map.rows.length, (g + 1) * map.rows.length)])
      ),
    caption: `Leading edge: ${shown.length < genes.length ? `the first ${shown.length} of ${genes.length}` : genes.length} genes; selection: ${who}; n = ${map.rows.length} with gene expression.`,
    patients: (svg) => stripPoints(cohort, map, tracks, Number(svg.getAttribute("width"))),
    note: `z-scores of ${units} over these patients, cut at ±${REACH}: blue low, red high. Genes in the order of average linkage on 1 − r; patients ${by ? "by their risk score" : "in that of average linkage on Euclidean distance"}. Arrow keys move from cell to cell; Enter or a click opens the gene, a click on the strips the patient.`,
    script: {
      write: (file) =>
        heatMapScript(
          study,
          columnsOfGenes(data, shown),
          by && Float64Array.from(data.rows, (row) => by[row]),
          {genes: map.genes, patients: map.rows.map((row) => cohort.patient(row))},
          file
        )
    }
  };
}

function trackOf(cohort: Cohort, variable: Variable): Track {
  const column = cohort.variable(variable.id);
  const {label} = variable;
  if (column.type === "numeric") {
    const known = column.values.filter((v) => v === v);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const unknown = (row: number) => Number.isNaN(column.values[row]);
    return {
      label,
      colour: (row) =>
        unknown(row) ? "transparent" : interpolateGreys(0.1 + (0.85 * (column.values[row] - low)) / (high - low || 1)),
      words: (row) => (unknown(row) ? "unknown" : formatNumber(column.values[row], 3))
    };
  }
  const share = (code: number) => (column.levels.length === 1 ? 1 : code / (column.levels.length - 1));
  const risk = variable.origin === "risk";
  return {
    label,
    colour: (row) => {
      const code = column.codes[row];
      if (code < 0) return "transparent";
      return risk ? `var(--tone-${column.levels[code].value})` : interpolateGreys(0.15 + 0.75 * share(code));
    },
    words: (row) => (column.codes[row] < 0 ? "unknown" : column.levels[column.codes[row]].label)
  };
}

const cellWidth = (width: number, patients: number) => (width - LEFT - 4) / patients;

/** A patient is picked in the strips; below them a click means a gene. */
function stripPoints(cohort: Cohort, {rows}: HeatMap, tracks: readonly Track[], width: number): PatientPlaces {
  const high = tracks.length * (TRACK + 2);
  const tall = Math.max(0, high / 2 - REACH_OF_POINTER);
  const points = rows.map((row, c) => ({
    patient: cohort.patient(row),
    x: LEFT + (c + 0.5) * cellWidth(width, rows.length),
    y: STRIPS + high - REACH_OF_POINTER - tall,
    words: tracks.map(({label, words}) => `${label} ${words(row)}`).join(", ")
  }));
  return placesOfPoints(points, tall);
}

function drawn(
  cohort: Cohort,
  {genes, rows, z}: HeatMap,
  tracks: readonly Track[],
  width: number,
  onGene: (gene: string) => void
): SVGSVGElement {
  const n = rows.length;
  const top = STRIPS + tracks.length * (TRACK + 2) + 4;
  const cell = cellWidth(width, n);
  const height = top + genes.length * ROW + 6;
  const label = `Heat map of ${genes.length} genes in ${n} patients.`;
  const said = svgElement("text", {x: LEFT, y: 14, "font-weight": 600}, "");
  const cursor = svgElement("rect", {
    width: Math.max(3, cell),
    height: ROW,
    fill: "none",
    stroke: "var(--ink)",
    "stroke-width": 2,
    visibility: "hidden",
    "pointer-events": "none"
  });
  const svg = svgElement(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "application",
      tabindex: 0,
      "aria-label": label,
      "font-family": "system-ui, sans-serif",
      "font-size": 11,
      fill: "var(--ink)"
    },
    said,
    tracks.flatMap((track, t) => {
      const y = STRIPS + t * (TRACK + 2);
      return [
        svgElement("text", {x: LEFT - 6, y: y + TRACK - 2, "text-anchor": "end"}, cut(track.label, 14)),
        ...rows.map((row, c) =>
          svgElement("rect", {x: LEFT + c * cell, y, width: cell + 0.4, height: TRACK, fill: track.colour(row)})
        )
      ];
    }),
    svgElement("image", {
      x: LEFT,
      y: top,
      width: n * cell,
      height: genes.length * ROW,
      preserveAspectRatio: "none",
      href: picture(z, n, genes.length),
      style: "image-rendering: pixelated"
    }),
    genes.map((gene, g) =>
      svgElement(
        "text",
        {x: LEFT - 6, y: top + g * ROW + ROW - 3, "text-anchor": "end", "pointer-events": "none"},
        cut(gene, 12)
      )
    ),
    legend(width),
    cursor
  );
  let [column, line] = [0, 0];
  const point = () => {
    const row = rows[column];
    const words = tracks.map((track) => `${track.label} ${track.words(row)}`).join(", ");
    const text = `${genes[line]}, ${cohort.patient(row)}: z ${formatNumber(z[line * n + column], 2)}`;
    said.textContent = text;
    svg.setAttribute("aria-label", `${text}; ${words}`);
    cursor.setAttribute("x", String(LEFT + column * cell));
    cursor.setAttribute("y", String(top + line * ROW));
    cursor.setAttribute("visibility", "visible");
  };
  const under = (event: Event) => {
    const {clientX, clientY} = event as PointerEvent;
    const box = svg.getBoundingClientRect();
    const scale = width / box.width;
    const c = Math.floor(((clientX - box.left) * scale - LEFT) / cell);
    const g = Math.floor(((clientY - box.top) * scale - top) / ROW);
    if (c < 0 || c >= n || g < 0 || g >= genes.length) return false;
    [column, line] = [c, g];
    return true;
  };
  svg.addEventListener("pointermove", (event) => under(event) && point());
  svg.addEventListener("click", (event) => under(event) && onGene(genes[line]));
  svg.addEventListener("blur", () => {
    cursor.setAttribute("visibility", "hidden");
    svg.setAttribute("aria-label", label);
  });
  svg.addEventListener("keydown", (event) => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (event.key === "Enter") return onGene(genes[line]);
    if (!move) return;
    event.preventDefault();
    column = Math.min(n - 1, Math.max(0, column + move[0]));
    line = Math.min(genes.length - 1, Math.max(0, line + move[1]));
    point();
  });
  return svg;
}

/** What the colours mean, at the upper right. */
function legend(width: number): SVGElement[] {
  const steps = 21;
  const step = 4;
  const left = width - 4 - steps * step - 26;
  const bars = Array.from({length: steps}, (_, k) =>
    svgElement("rect", {
      x: left + k * step,
      y: 5,
      width: step + 0.3,
      height: 10,
      fill: interpolateRdBu(1 - k / (steps - 1))
    })
  );
  return [
    svgElement("text", {x: left - 4, y: 14, "text-anchor": "end"}, `z −${REACH}`),
    ...bars,
    svgElement("text", {x: left + steps * step + 4, y: 14}, `${REACH}`)
  ];
}

const cut = (text: string, letters: number) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text);

/** One pixel a value: thousands of cells in one element. */
function picture(z: Float64Array, width: number, height: number): string {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d")!;
  for (let at = 0; at < z.length; at++) {
    const share = Math.min(1, Math.max(-1, z[at] / REACH));
    context.fillStyle = interpolateRdBu(0.5 - share / 2);
    context.fillRect(at % width, Math.floor(at / width), 1, 1);
  }
  return canvas.toDataURL();
}
