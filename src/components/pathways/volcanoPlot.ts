import {scaleLinear} from "d3";
import type {PublishedTests} from "../../enrichment/publishedPathways.js";
import {csvText} from "../csv.js";
import {svgElement} from "../element.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatNumber} from "../formatting.js";
import {dragRectangle} from "./dragRectangle.js";
import type {Region} from "./geneRegion.js";

/** False-discovery rate under which a gene is coloured. */
export const CALLED = 0.05;
const MARGIN = {left: 48, right: 14, top: 28, bottom: 44};

/** What a reader does with the plot. */
export interface VolcanoActs {
  readonly onGene: (gene: string) => void;
  /** A rectangle was dragged. */
  readonly onRegion: (region: Region) => void;
}

/**
 * log₂ fold change against −log₁₀ p; a gene is chosen by pressing its point, many by dragging a rectangle.
 *
 * @param chosen - a gene to mark, or null
 */
export function volcanoFigure(tests: PublishedTests, chosen: string | null, acts: VolcanoActs): Omit<Figure, "script"> {
  const {genes, samples, steps, names} = tests;
  const called = genes.q.filter((q) => q < CALLED).length;
  return {
    draw: genes.gene.length > 0 ? (width) => drawn(tests, chosen, width, acts) : null,
    csv: () =>
      csvText(
        ["gene", "log2_fold_change", "lower", "upper", "mean_expression", "t", "p", "q", "B"],
        genes.gene.map((gene, i) => [
          gene,
          genes.logFoldChange[i],
          genes.lower[i],
          genes.upper[i],
          genes.meanExpression[i],
          genes.t[i],
          genes.p[i],
          genes.q[i],
          genes.b[i]
        ])
      ),
    caption: `${counted(genes.gene.length, "gene")} tested, ${names[1]} (${samples[1]} samples) against ${names[0]} (${samples[0]}); ${called} with q < ${CALLED}.`,
    note: `${steps.join(" ")} Coloured: q < ${CALLED} (Benjamini–Hochberg). Points that would lie on each other are drawn once; the CSV has every gene. Press a point for its gene; drag a rectangle for many.`
  };
}

function drawn(
  {genes, names}: PublishedTests,
  chosen: string | null,
  width: number,
  {onGene, onRegion}: VolcanoActs
): SVGSVGElement {
  const height = Math.min(400, Math.max(280, width * 0.6));
  const points = genes.gene.map((gene, i) => ({
    gene,
    x: genes.logFoldChange[i],
    y: -Math.log10(Math.max(genes.p[i], 1e-300)),
    q: genes.q[i]
  }));
  const reach = points.reduce((most, {x}) => Math.max(most, Math.abs(x)), 0.1) * 1.04;
  const top = points.reduce((most, {y}) => Math.max(most, y), 1) * 1.06;
  const x = scaleLinear([-reach, reach], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, top], [height - MARGIN.bottom, MARGIN.top]);
  const shown = thinned(points, x, y);
  const best = labelled(
    points.filter(({q}) => q < CALLED).sort((a, b) => b.y - a.y),
    x,
    y,
    chosen
  );
  const marked = points.find(({gene}) => gene === chosen);
  const tip = svgElement("text", {
    "text-anchor": "middle",
    "font-weight": 600,
    "pointer-events": "none",
    stroke: "var(--paper)",
    "stroke-width": 4,
    "paint-order": "stroke"
  });
  const name = (p: (typeof points)[number], weight: number) =>
    svgElement(
      "text",
      {
        x: x(p.x),
        y: y(p.y) - 7,
        "text-anchor": p.x > reach * 0.8 ? "end" : p.x < -reach * 0.8 ? "start" : "middle",
        "font-weight": weight,
        stroke: "var(--paper)",
        "stroke-width": 3,
        "paint-order": "stroke",
        "pointer-events": "none"
      },
      p.gene
    );
  const svg = svgElement(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `Volcano plot of ${points.length} genes. Highest: ${best.map(({gene, x}) => `${gene} (log fold change ${formatNumber(x, 3)})`).join(", ") || "none under the threshold"}.`,
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      fill: "var(--ink)"
    },
    svgElement("text", {x: 4, y: 14, "font-weight": 600}, "−log₁₀ p"),
    svgElement(
      "text",
      {x: (MARGIN.left + width - MARGIN.right) / 2, y: height - 6, "text-anchor": "middle"},
      `log₂ fold change, ${names[1]} against ${names[0]}`
    ),
    y.ticks(5).flatMap((t) => [
      svgElement("line", {
        x1: MARGIN.left,
        x2: width - MARGIN.right,
        y1: y(t),
        y2: y(t),
        stroke: t === 0 ? "var(--ink-soft)" : "var(--rule)"
      }),
      svgElement("text", {x: MARGIN.left - 6, y: y(t), dy: "0.32em", "text-anchor": "end"}, String(t))
    ]),
    x
      .ticks(Math.max(3, Math.round(width / 110)))
      .map((t) =>
        svgElement("text", {x: x(t), y: height - MARGIN.bottom + 17, "text-anchor": "middle"}, formatNumber(t))
      ),
    svgElement("line", {x1: x(0), x2: x(0), y1: MARGIN.top, y2: height - MARGIN.bottom, stroke: "var(--rule)"}),
    shown.map((p) => {
      const tone = p.q >= CALLED ? "var(--tone-4)" : p.x > 0 ? "var(--tone-high)" : "var(--tone-low)";
      return svgElement("circle", {
        cx: x(p.x),
        cy: y(p.y),
        r: p.q < CALLED ? 3.4 : 2.2,
        fill: tone,
        "fill-opacity": p.q < CALLED ? 0.85 : 0.4
      });
    }),
    best.map((p) => name(p, 500)),
    marked
      ? svgElement("circle", {
          cx: x(marked.x),
          cy: y(marked.y),
          r: 7,
          fill: "none",
          stroke: "var(--ink)",
          "stroke-width": 2
        })
      : null,
    marked ? name(marked, 700) : null,
    tip
  );
  const at = ({clientX, clientY}: PointerEvent): [number, number] => {
    const box = svg.getBoundingClientRect();
    return [((clientX - box.left) * width) / box.width, ((clientY - box.top) * width) / box.width];
  };
  const nearest = (event: PointerEvent) => {
    const [px, py] = at(event);
    let best: (typeof points)[number] | null = null;
    let least = 14;
    for (const p of points) {
      const distance = Math.hypot(x(p.x) - px, y(p.y) - py);
      if (distance < least) [best, least] = [p, distance];
    }
    return best;
  };
  svg.addEventListener("pointermove", (event) => {
    const p = nearest(event);
    tip.textContent = p ? `${p.gene}: ${formatNumber(p.x, 3)}, q ${formatNumber(p.q, 2)}` : "";
    if (p)
      for (const [key, value] of Object.entries({x: Math.min(width - 70, Math.max(70, x(p.x))), y: y(p.y) - 10}))
        tip.setAttribute(key, String(value));
    svg.style.cursor = p ? "pointer" : "default";
  });
  svg.addEventListener("pointerleave", () => (tip.textContent = ""));
  dragRectangle(
    svg,
    at,
    (event) => {
      const p = nearest(event);
      if (p) onGene(p.gene);
    },
    ([x0, y0], [x1, y1]) =>
      onRegion({change: [x.invert(x0), x.invert(x1)], strength: [Math.max(0, y.invert(y1)), y.invert(y0)]})
  );
  return svg;
}

/** One uncalled gene a cell of 2 pixels; every called one. */
function thinned<P extends {x: number; y: number; q: number}>(
  points: readonly P[],
  x: (v: number) => number,
  y: (v: number) => number
): P[] {
  const taken = new Set<number>();
  return points.filter((p) => {
    if (p.q < CALLED) return true;
    const cell = Math.round(x(p.x) / 2) * 10_000 + Math.round(y(p.y) / 2);
    if (taken.has(cell)) return false;
    taken.add(cell);
    return true;
  });
}

/** The strongest genes whose names find room beside those already written; the chosen one is written anyway. */
function labelled<P extends {x: number; y: number; gene: string}>(
  ranked: readonly P[],
  x: (v: number) => number,
  y: (v: number) => number,
  chosen: string | null
): P[] {
  const first = ranked.filter(({gene}) => gene === chosen);
  const kept: P[] = [];
  for (const p of [...first, ...ranked.slice(0, 20)]) {
    const free = kept.every(
      (other) =>
        Math.abs(x(p.x) - x(other.x)) > 3.6 * (p.gene.length + other.gene.length) || Math.abs(y(p.y) - y(other.y)) > 14
    );
    if (free) kept.push(p);
  }
  return kept.filter(({gene}) => gene !== chosen);
}
